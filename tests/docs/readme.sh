#!/bin/bash
# What README.md tells people to type on their first day works as it stands there, and
# the tests and files that it names are there.
. "$(dirname "$0")/../harness/script.sh"
source=${YIZHAN_SOURCE_DIR:?}

mkdir bin blocks
ln -s "$YIZHAN" bin/yizhan
export PATH=$HERE/bin:$PATH
"${YIZHAN_PYTHON:?}" "$source/tests/docs/blocks.py" "$source/README.md" blocks

# One after another, in one shell, as a reader would.
for block in village township join stick answer backup audit; do
  [ -s "blocks/$block" ] || fail "README.md has no block $block"
  printf '# %s\n' "$block"
  cat "blocks/$block"
done >day.sh
bash -euo pipefail day.sh >day 2>&1 || fail "$(cat day)"
is "blocks beside those of the day" "" "$(find blocks -type f ! -name '*.*' -printf '%f\n' | grep -vxE 'village|township|join|stick|answer|backup|audit')"
# What else it names of the program, between back quotes, help knows.
grep -oE '`(yizhan )?[a-z]+( [a-z]+)*( --[a-z-]+)?[^`]*`' "$source/README.md" | tr -d '`' >named
"$YIZHAN" help | awk 'NF == 0 { part++ } part == 1 && NF' | sed -E 's/^  //; s/  +.*//; s/ [A-Z[].*//' >commands
known=0
while read -r words; do
  words=$(sed -E 's/^(yizhan )?(--dir [a-z]+ )?//' <<<"$words")
  command=$(awk -v words="$words " 'index(words, $0 " ") == 1 && length > length(best) { best = $0 } END { print best }' commands)
  [ -n "$command" ] || continue
  known=$((known + 1))
  # shellcheck disable=SC2086
  "$YIZHAN" help $command >help
  for option in $(grep -oE -e ' --[a-z-]+' <<<"$words" || true); do
    grep -qE -- "^  (-[a-z], )?$option( |\$)" help || fail "README.md says '$words', and '$command' has no $option"
  done
done <named
[ "$known" -ge 8 ] || fail "README.md names $known commands beside"

is "state at the hub" '["closed"]' "$(yj hub 'map(.state) | tojson' case list)"
for node in hub village restored; do is "verified at $node" true "$(yj "$node" .ok verify)"; done
is "cases of the restored node" 1 "$(yj restored .cases status)"

# The other commands are files of the tree, presets, or the program's own.
grep -oE '^(tools/[a-z-]+|(cmake|ctest) --(build --)?preset [a-z]+)' "$source/README.md" | sort -u | while read -r first rest; do
  case $first in
    tools/*) [ -x "$source/$first" ] || fail "README.md names $first, which cannot be run" ;;
    *) jq -e --arg name "${rest##* }" '[.configurePresets, .buildPresets, .testPresets] | all(any(.name == $name))' \
      "$source/CMakePresets.json" >/dev/null || fail "README.md names a preset that is not there: $rest" ;;
  esac
done

# Each promise names tests that are there.
promises=$(sed -n '/^| promise |/,/^$/p' "$source/README.md" | sed 1,2d)
[ "$(wc -l <<<"$promises")" -ge 8 ] || fail "README.md promises little"
grep -oE '`[a-z0-9]+(_[a-z0-9]+)+`' <<<"$promises" | tr -d '`' | sort -u | while read -r name; do
  grep -qE "^ *(yizhan_(script_)?test\(|add_test\(NAME )$name " "$source/tests/CMakeLists.txt" || fail "README.md names a test that is not there: $name"
done
while read -r promise; do
  [[ $promise == *'`'* ]] || fail "no test shows this promise: $promise"
done <<<"$promises"
echo "README.md holds"
