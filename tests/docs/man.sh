#!/bin/bash
# Both manual pages name every command with its arguments, under it every option, and
# the options of every command; and nothing beside. Each is in its own language.
. "$(dirname "$0")/../harness/script.sh"
man=${YIZHAN_SOURCE_DIR:?}/man

# What help says, and what a page says: a command with its arguments, and below it its options,
# those of every command first.
options() { sed -nE "s/^  ((-[a-z], )?--[a-z-]+( [^ ]+)?)  .*/$1: \\1/p"; }
said_by_help() {
  "$YIZHAN" help >help
  sed '1,/^Options of every command:/d' help | options 'every command'
  awk 'NF == 0 { part++ } part == 1 && NF' help | sed -E 's/^  //; s/  +.*//' | while read -r command; do
    echo "$command"
    # Its words stand apart.
    # shellcheck disable=SC2046
    "$YIZHAN" help $(sed -E 's/ [A-Z[].*//' <<<"$command") | sed '/^Options of every command:/,$d' | options "$command"
  done
}
said_by() { # PAGE GLOBAL-HEADING
  sed -E 's/\\-/-/g; s/\\&//g; s/\\://g; s/\\\(ga/`/g' "$1" | awk -v every="$2" '
    /^\.SH / { heading = $0 == ".SH " every ? "every command" : "" }
    /^\.SS "/ { heading = $0; sub(/^\.SS "/, "", heading); sub(/"$/, "", heading); print heading }
    /^\.B (-[a-z], )?--/ && heading != "" { sub(/^\.B /, ""); print heading ": " $0 }'
}

said_by_help >want
[ "$(grep -cv : want)" -gt 30 ] || fail "help names few commands"
said_by "$man/yizhan.1" 'OPTIONS OF EVERY COMMAND' >english
said_by "$man/zh_CN/yizhan.1" 各命令通用的选项 >chinese
for page in english chinese; do
  diff want $page >difference || fail "help (<) and the $page page (>) differ: $(cat difference)"
done

# What people read of a page: neither its examples nor, in the English one, a date as it may be typed.
prose() { sed '/^\.\(EX\|nf\)/,/^\.\(EE\|fi\)/d' "$1"; }
han='[\x{2e80}-\x{9fff}\x{f900}-\x{faff}\x{ff00}-\x{ffef}]'
prose "$man/yizhan.1" | sed -E 's/[0-9]+年[0-9]+月[0-9]+日//' | grep -P "$han" >foreign && fail "not English: $(cat foreign)"
prose "$man/zh_CN/yizhan.1" | grep -v '^\.' | grep -vP "$han" >foreign && fail "not Chinese: $(cat foreign)"

# In the Chinese page, as it is installed, no blank stands where a line of the source ends: \c joins two
# lines where a full-width mark ends the one or begins the other, or Chinese meets Chinese.
joined() { # PAGE: the lines that are not
  perl -CSD -ne '
    our ($before, $example);
    chomp;
    my $wide = qr/[\x{2e80}-\x{9fff}\x{f900}-\x{faff}\x{ff00}-\x{ffef}]/;
    my $mark = qr/[\x{3000}-\x{303f}\x{ff01}-\x{ff0f}\x{ff1a}-\x{ff20}\x{ff3b}-\x{ff40}\x{ff5b}-\x{ff65}]/;
    $example = 1 if /^\.(EX|nf)/;
    my $text = !$example && $_ ne "" && !/^\./;
    print "$before\n" if defined $before && $text && $before !~ /\\c$/ && $before !~ /^\.(?![BIR]+ )/
      && ($before =~ /$mark$/ || /^$mark/ || ($before !~ /^\./ && $before =~ /$wide$/ && /^$wide/));
    $example = 0 if /^\.(EE|fi)/;
    $before = $example || $_ eq "" ? undef : $_;' "$1"
}
LC_ALL=C awk -f "$man/join.awk" "$man/zh_CN/yizhan.1" >installed
joined installed >apart
[ ! -s apart ] || fail "a blank stands behind these lines of the Chinese page: $(cat apart)"
cmp <(sed 's/\\c$//; s/、\\:/、/g' installed) "$man/zh_CN/yizhan.1" || fail "the lines themselves are not the same"
printf '%s\n' 一句。 二句。 '三句。\c' 四 'see 五' .EX 六。 七。 .EE '.IR a ，' 八 '.B b' ，九 .SS '十。' .br 十一、 十二 >planted
is "the lines that are found" '一句。 二句。 .IR a ， .B b 十一、' "$(joined planted | paste -sd' ')"
LC_ALL=C awk -f "$man/join.awk" planted >mended
is "are mended" "" "$(joined mended)"

# Every error code that the library has.
for code in $(sed -n '/^const char \*yz_code_name/,/^}/p' "$YIZHAN_SOURCE_DIR/sync/error.c" | grep -oE '"[a-z-]+"' | tr -d '"'); do
  case $code in ok | unknown) continue ;; esac
  for page in "$man/yizhan.1" "$man/zh_CN/yizhan.1"; do
    sed 's/\\-/-/g' "$page" | grep -x "\.B $code" >/dev/null || fail "$page does not name the error code $code"
  done
done

# Every flag that a case can bear.
sed -n '/^static const char \*const flag_names/,/;$/p' "$YIZHAN_SOURCE_DIR/node/cases/moves.c" | grep -oE '"[a-z-]+"' | tr -d '"' >flags
[ "$(wc -l <flags)" -ge 7 ] || fail "few flags are known"
flags_said() { sed 's/\\-/-/g' "$1" | tr '\n' ' ' | grep -oE "$2" | grep -oE '[a-z]+(-[a-z]+)*'; } # PAGE WHERE
diff flags <(flags_said "$man/yizhan.1" 'Flags: [^.]*' | sed 1d) || fail "the English page names other flags (>)"
diff flags <(flags_said "$man/zh_CN/yizhan.1" '标志：[^。]*。') || fail "the Chinese page names other flags (>)"
echo "the manual pages name everything"
