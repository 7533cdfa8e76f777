#!/bin/bash
# What every command has: options, help, languages, exit statuses, output that is
# not lost in silence, text from files, and terminals that nothing from outside steers.
. "$(dirname "$0")/../../harness/script.sh"

"$YIZHAN" init --village 石桥村 --code QS3 --dir v >said

# Options stand before and after the command, in one word or two, or in the environment.
for way in "--dir v case list --json" "case list --dir=v --json" "case --dir v list"; do
  status=0
  # shellcheck disable=SC2086
  "$YIZHAN" $way >out 2>said || status=$?
  case $way in
  "case --dir v list") is "words apart" 2 "$status" ;;
  *) is "$way" "[]" "$(cat out)" ;;
  esac
done
is "environment" "[]" "$(YIZHAN_DIR=v "$YIZHAN" case list --json)"
is "the option wins" "[]" "$(YIZHAN_DIR=elsewhere "$YIZHAN" --dir v case list --json)"
mkdir -p data
XDG_DATA_HOME="$HERE/data" "$YIZHAN" init --village a --code AB >said
[ -f data/yizhan/yizhan.db ] || fail "no node below XDG_DATA_HOME"
"$YIZHAN" init --village a --code AB >said
[ -f .local/share/yizhan/yizhan.db ] || fail "no node below HOME"
is "mode of the folder" 700 "$(stat -c %a .local/share/yizhan)"

# Help and version.
"$YIZHAN" --version >out
grep -qx 'yizhan [0-9.]*' out || fail "version: $(cat out)"
for way in "--help" "help"; do
  "$YIZHAN" $way >out
  for command in init "case open" "case import" "hub invite" sync; do
    grep -q "^  $command" out || fail "$way does not name $command"
  done
done
for way in "case open --help" "help case open"; do
  # shellcheck disable=SC2086
  "$YIZHAN" $way >out
  grep -q -- "--title TEXT" out || fail "$way does not name --title"
done

# The command line is wrong: 2, and a sentence.
for way in "" "nonsense" "case" "case list --bogus" "case list --limit" "case list --limit x" \
  "case list --limit -1" "case list --status lost" "case list --since 2026-02-30" "case show" \
  "case show a b" "case open" "case list --lang fr" "case followup N --result happy" \
  "init --village a --code toolongcode" "init --village a --code a" "export --format xml"; do
  # shellcheck disable=SC2086
  exits 2 y v $way
  [ -s said ] || fail "'$way' says nothing"
done
# What is wrong with an option is said of the option, as it is typed.
said_of() {
  exits 2 y v "${@:2}"
  grep -q "^yizhan: --$1: " said || fail "'${*:2}' does not name --$1: $(cat said)"
}
said_of title case open
said_of title case open --title a --title b
said_of text case note QS3-26-0001-N --text ""
said_of solved case solve --title a --done b --solved yes
said_of days case extend QS3-26-0001-N --days 0 --reason r
said_of days case extend QS3-26-0001-N --days 3651 --reason r
exits 2 y v case open --title "  "
exits 2 y v case open --title $'\xe3\x80\x80\n'
exits 2 y v case edit QS3-26-0001-N
is "said as JSON" input "$(y v --json case list --bogus 2>/dev/null | jq -r .error.code)"
is "JSON asked for later" input "$(y v case list --bogus --json 2>/dev/null | jq -r .error.code)"

# Failures: 1, with the code's name.
exits 1 y nowhere case list
is "no node" not-found "$(y nowhere --json case list 2>/dev/null | jq -r .error.code || true)"
is "a message too" true "$(y nowhere --json case list 2>/dev/null | jq -r '.error.message | length > 0')"
exits 1 "$YIZHAN" init --village a --code AB --dir v
is "a node twice" exists "$("$YIZHAN" init --village a --code AB --dir v --json 2>/dev/null | jq -r .error.code)"

exits 2 y v case frobnicate
grep 'yizhan: case frobnicate: ' said >found || fail "no command: $(cat said)"
exits 2 y v hub roster
grep 'yizhan: hub roster: Several commands begin so' said >found || fail "no command of a group: $(cat said)"
for way in "help hub roster" "hub roster --help"; do
  # Its words stand apart.
  # shellcheck disable=SC2086
  is "help of a group" "hub roster grant,hub roster list,hub roster revoke" \
    "$("$YIZHAN" $way | sed -nE 's/^  ([a-z]+ [a-z]+ [a-z]+).*/\1/p' | sort | paste -sd,)"
done

# Languages.
y v --lang zh case list --bogus 2>said && fail "bogus was taken"
LC_ALL=C grep -q '[^ -~]' said || fail "no Chinese: $(cat said)"
YIZHAN_LANG=zh_CN.UTF-8 y v case show Q 2>said && fail "Q was found"
LC_ALL=C grep -q '[^ -~]' said || fail "no Chinese from the environment: $(cat said)"

# What was printed must not be lost in silence; nor may it end in the store.
y v case open --title "一" >said
sum=$(sha256sum <v/yizhan.db)
exits 1 bash -c '"$1" --dir v case list --json >/dev/full' - "$YIZHAN"
exits 1 bash -c '"$1" --dir v case list --json >&-' - "$YIZHAN"
exits 0 bash -c '"$1" --dir v case list <&- 2>&-' - "$YIZHAN"
exits 1 bash -c '"$1" --dir closed init --village a --code AB >&-' - "$YIZHAN"
[ ! -s closed/lock ] || fail "what was printed stands in the lock: $(cat closed/lock)"
is "the store is as it was" "$sum" "$(sha256sum <v/yizhan.db)"
(
  set +o pipefail
  y v case list --json 2>said | true
)
# Who sees no number is told that the case is there; who was refused is not.
before=$(yj v length case list)
exits 1 bash -c '"$1" --dir v case open --title 二 >/dev/full' - "$YIZHAN"
grep -q 'is recorded' said || fail "it does not say that it is done: $(cat said)"
is "the case is there" $((before + 1)) "$(yj v length case list)"
exits 1 bash -c '"$1" --dir v --json case show VA-26-0001-X >/dev/full' - "$YIZHAN"
! grep -q 'is recorded' said || fail "what failed is said to be done: $(cat said)"

# Text: as it is, from a file, from standard input.
printf '\xef\xbb\xbf一\r\n二\n\n' >note.txt
n=$(yj v .case case open --title 注)
y v case note "$n" --text @note.txt >said
y v case note "$n" --text - <note.txt >said
y v case note "$n" --text $'三\n' >said
is "from a file" '一\n二\n' "$(yj v '.history[1].body.text | tojson | .[1:-1]' case show "$n")"
is "from standard input" '一\n二\n' "$(yj v '.history[2].body.text | tojson | .[1:-1]' case show "$n")"
is "as it is" '三\n' "$(yj v '.history[3].body.text | tojson | .[1:-1]' case show "$n")"
head -c 1048577 /dev/zero | tr '\0' a >long.txt
exits 1 y v case note "$n" --text @long.txt
exits 1 y v case note "$n" --text - <long.txt
exits 1 y v case note "$n" --text @missing.txt
exits 2 y v case note "$n" --text $'\xff'
exits 2 y v case note "$n" --text $'a\033[31mb'
exits 2 y v case note "$n" --text ""
is "nothing of it was kept" 4 "$(yj v '.history | length' case show "$n")"

# No escape sequence from outside reaches a terminal.
! y v case show $'\033[31m\xe2\x80\xae\xc2\x9b1m' >out 2>&1 || fail "that was found"
! grep -q $'\033' out || fail "an escape came through"
! grep -q $'\xe2\x80\xae' out || fail "a turn of direction came through"
! y v --json case show $'\033[31m\xe2\x80\xae\xc2\x9b1m' >out 2>&1 || fail "that was found"
! grep -q $'\xe2\x80\xae\|\xc2\x9b' out || fail "one came through in JSON"
is "what is left of it" '?[31m???1m' "$(grep '^{' out | jq -r .error.subject)"

# What holds or ends other programs.
mkfifo pipe
exits 1 timeout 10 "$YIZHAN" --dir w restore pipe
exits 2 y "" status
exits 1 bash -c 'ulimit -f 8; "$1" --dir v case open --title 满' - "$YIZHAN"
grep -q . said || fail "a file that may not grow ends it without a word"
y v case open --title 又 >said
y v verify >said || fail "$(cat said)"
