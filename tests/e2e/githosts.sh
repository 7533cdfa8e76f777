#!/bin/bash
# Somebody else's git server carries a ledger: sshd with git-shell, whose host key is pinned, and nginx
# with git's http-backend, which wants a user and a token.
. "$(dirname "$0")/lib.sh"
. "$ROOM/nginx_lib.sh"
PATH=$PATH:/usr/sbin
for program in sshd fcgiwrap; do command -v $program >/dev/null || { echo "no $program here"; exit 77; }; done
trap 'end $(cat pids) ${FRONT_PROCESS:-}; rm -rf "$HERE"' EXIT
: >pids

y hub --json hub init --township 青山镇 --code QSZ | jq -r .recovery_key >recovery
for v in 1 2; do git init -q --bare -b main "v$v.git"; done

# sshd: only git may be run, by one key; and nothing of one's own ~/.bashrc (SHLVL).
mkdir -m 700 .ssh
install -d -m 755 /run/sshd 2>said || true
for key in host other .ssh/id_ed25519; do ssh-keygen -q -t ed25519 -N '' -C sample -f "$key"; done
echo "restrict,command=\"git-shell -c \\\"\$SSH_ORIGINAL_COMMAND\\\"\" $(cat .ssh/id_ed25519.pub)" >allowed
SSH=$(free_port)
cat >sshd_config <<CONF
ListenAddress 127.0.0.1:$SSH
HostKey $HERE/host
AuthorizedKeysFile $HERE/allowed
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
PidFile none
LogLevel QUIET
PermitRootLogin prohibit-password
SetEnv SHLVL=2
CONF
"$(command -v sshd)" -D -f sshd_config &
echo $! >>pids
answers "$SSH"
hostpin() { cut -d ' ' -f 2 "$1.pub" | base64 -d | sha256sum | cut -c1-64; }
place=ssh://$(id -un)@127.0.0.1:$SSH$HERE/v1.git
export SSH_AUTH_SOCK=
unset SSH_AUTH_SOCK

# nginx: by name and token alone.
HTTPS=$(free_port)
echo "village:$(openssl passwd -apr1 'to/ken')" >users
mkdir -p front
GIT_CONFIG_GLOBAL=$HERE/git.config fcgiwrap -s "unix:$HERE/front/socket" 2>front/fcgi &
echo $! >>pids
git config -f git.config http.receivepack true
git config -f git.config safe.directory '*'
front "$HTTPS" "
  auth_basic git;
  auth_basic_user_file $HERE/users;
  fastcgi_pass unix:$HERE/front/socket;
  fastcgi_param SCRIPT_FILENAME $(git --exec-path)/git-http-backend;
  fastcgi_param GIT_PROJECT_ROOT $HERE;
  fastcgi_param GIT_HTTP_EXPORT_ALL 1;
  fastcgi_param PATH_INFO \$uri;
  fastcgi_param REMOTE_USER \$remote_user;
  fastcgi_param QUERY_STRING \$query_string;
  fastcgi_param REQUEST_METHOD \$request_method;
  fastcgi_param CONTENT_TYPE \$content_type;
  fastcgi_param CONTENT_LENGTH \$content_length;"

y hub hub invite --village 村1 --code V1 -o v1.json --ledger "$place#$(hostpin host)" >said
echo "https://village:to%2Fken@127.0.0.1:$HTTPS/v2.git#$FRONT_PIN" >address
y hub hub invite --village 村2 --code V2 -o v2.json --ledger @address >said
is "the host key in the invitation" "$(hostpin host)" "$(jq -r '.pins[0]' v1.json)"
is "the address without it" "$place" "$(jq -r .url v1.json)"
for v in 1 2; do
  y "v$v" join "v$v.json" --worker "干部$v" >said
  opens "v$v" "村$v 的事" >said
done
visit v1 v2
for v in 1 2; do
  number=$(yj "v$v" '.[0].case' case list)
  y hub case resolve "$number" --text 已修 >said
done
y hub hub ingest >said
for v in 1 2; do y "v$v" sync >said; well "v$v" "V$v"; done
is "signed, on both" "0 0" "$(for v in 1 2; do git -C "v$v.git" fsck --strict >said 2>&1; echo $?; done | paste -sd ' ')"
# A pass is for the hub's door alone, and nobody is asked twice for a token.
is "turned away" 0 "$(awk '$9 == 401' front/log | wc -l)"

# Another host key, another TLS key, another token: nothing goes there, and what is said holds no secret.
astray() { # NODE URL WHAT-IS-SAID
  echo "$2" >elsewhere
  for json in '' --json; do
    # shellcheck disable=SC2086
    y "$1" $json ledger move @elsewhere >moved 2>&1
    ! grep -q 'village:\|wrong' moved || fail "a secret was said: $(cat moved)"
  done
  exits 1 y "$1" sync
  grep -q "$3" said || fail "$1: $(cat said)"
  ! grep -q 'wrong\|to.*ken@' said || fail "a secret was said: $(cat said)"
}
for v in v1 v2; do opens "$v" 之后 >said; done
astray v1 "$place#$(hostpin other)" 'key is not known here'
astray v2 "https://village:wrong@127.0.0.1:$HTTPS/v2.git#$FRONT_PIN" 'git host does not let'
astray v2 "https://village:to%2Fken@127.0.0.1:$HTTPS/v2.git#$(hostpin host)" 'key is another one'
echo "https://token@127.0.0.1:$HTTPS/v2.git" >elsewhere
exits 2 y v2 ledger move @elsewhere
! grep -q 'token@' said || fail "a secret was said: $(cat said)"
# Nor does one stand on a command line, where others could see it.
exits 2 y v2 ledger move "https://village:to%2Fken@127.0.0.1:$HTTPS/v2.git"
grep -q '@FILE' said || fail "a token on the command line: $(cat said)"
! grep -q 'ken@' said || fail "a secret was said: $(cat said)"
exits 2 y hub hub invite --village 村3 --code V3 -o v3.json --ledger "https://village:wrong@127.0.0.1:$HTTPS/v2.git"
y v1 ledger move "$place#$(hostpin host)" >said
y v2 ledger move @address >said
visit v1 v2
well v1 V1
well v2 V2
clean hub v1 v2

# Who goes on for a lost hub names places too, and what is said of them holds no secret: where nothing lies, where
# one is not let in, and where it is done.
y lost --json hub init --township 失镇 --code SHI | jq -r .recovery_key >paper
git init -q --bare -b main v4.git
heir() { y heir $1 hub recover --recovery-key-file "$2" --township 继任镇 --code JRZ "${@:3}" >said 2>&1; }
login=https://village:to%2Fken@127.0.0.1:$HTTPS
echo "$login/v4.git#$FRONT_PIN" >nothing
echo "https://village:wrong@127.0.0.1:$HTTPS/v2.git#$FRONT_PIN" >wrong
for json in '' --json; do
  for place in nothing wrong; do
    ! heir "$json" paper "@$place" || fail "it went on with what is not there: $(cat said)"
    grep -q "127.0.0.1:$HTTPS/v" said || fail "which place: $(cat said)"
    ! grep -q 'village:\|wrong@\|ken@' said || fail "a secret was said: $(cat said)"
  done
done
rm -rf heir
heir '' recovery @address || fail "it did not go on: $(cat said)"
grep -q "127.0.0.1:$HTTPS/v2.git" said || fail "where it lies: $(cat said)"
! grep -q 'village:\|ken@' said || fail "a secret was said: $(cat said)"
echo "other people's git servers carry ledgers"
