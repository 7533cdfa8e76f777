# What the script tests share: a folder of one's own that goes when the test ends,
# the program, and checks that say what they found. Sourced first.
set -euo pipefail
: "${YIZHAN:?the program to test}"

HERE=$(mktemp -d "${TMPDIR:-/tmp}/yizhan-test.XXXXXX")
[ -n "${YIZHAN_KEEP:-}" ] || trap 'rm -rf "$HERE"' EXIT
cd "$HERE"
export HOME="$HERE" YIZHAN_LANG=en GIT_CONFIG_NOSYSTEM=1
unset YIZHAN_DIR YIZHAN_WORKER YIZHAN_PASSPHRASE_FILE XDG_DATA_HOME

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# end PID...: those processes are asked to end, and have.
end() {
  kill "$@" 2>/dev/null || true
  local pid
  for pid in "$@"; do
    wait "$pid" 2>/dev/null || true
    while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
  done
}

# y NODE ARGUMENTS...: the program at a node.
y() {
  local node=$1
  shift
  "$YIZHAN" --dir "$node" "$@"
}

# yj NODE FILTER ARGUMENTS...: with --json, and what jq makes of the answer.
yj() {
  local node=$1 filter=$2
  shift 2
  y "$node" --json "$@" | jq -r "$filter"
}

# is WHAT EXPECTED FOUND
is() {
  [ "$2" = "$3" ] || fail "$1: expected '$2', found '$3'"
}

# exits STATUS COMMAND...: it ends with this status; what it said is in $HERE/said.
exits() {
  local expected=$1 status=0
  shift
  "$@" >"$HERE/said" 2>&1 || status=$?
  [ "$status" = "$expected" ] || fail "expected status $expected of '$*', found $status: $(cat "$HERE/said")"
}

# until_so COMMAND: waits until it succeeds; after two minutes it is taken for never.
until_so() {
  for _ in {1..1200}; do
    ! eval "$1" || return 0
    sleep 0.1
  done
  fail "it did not come to be: $1"
}

# signed REPOSITORY NODE: stock git finds it whole, and every commit well signed by
# those whom the node's allowed-signers file names.
signed() {
  local repository=$1 node=$2 commits good
  y "$node" ledger allowed-signers >"$HERE/signers"
  git -C "$repository" fsck --strict --no-dangling >"$HERE/fsck" 2>&1 || fail "fsck: $(cat "$HERE/fsck")"
  [ ! -s "$HERE/fsck" ] || fail "fsck of $repository says: $(cat "$HERE/fsck")"
  commits=$(git -C "$repository" rev-list --all --count)
  good=$(git -C "$repository" -c gpg.format=ssh -c gpg.ssh.allowedSignersFile="$HERE/signers" \
    log --all --format='%G?' | grep -c '^G$' || true)
  [ "$commits" -gt 0 ] || fail "no commit in $repository"
  is "well signed commits of $repository" "$commits" "$good"
}
