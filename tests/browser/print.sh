#!/bin/bash
# The receipt and contact card on A4 and on a strip of 80 mm, in both languages: print.mjs. zbarimg reads its code.
. "$(dirname "$0")/../harness/script.sh"
. "$(dirname "$0")/../node/web/serve.sh"
browser
village v
ben="y v --as Ben --passphrase-file passphrase"
$ben case open --title '路灯不亮 Street lamp' --resident '示例居民 Sample' >said
number=$(yj v '.[0].case' case list)
show v
export URL
story print
for picture in zh-a4 zh-80mm en-a4 en-80mm; do
  is "the code of $picture" "$number" "$(zbarimg -q --nodbus --raw "$picture.png")"
done
# A long one, as invitations are.
is "a long code" "$(cat long.txt)" "$(zbarimg -q --nodbus --raw long.png)"
for language in zh en; do head -c 5 "$language-figures.pdf" | grep -q '%PDF-' || fail "$language-figures.pdf is no PDF"; done
is "the figures lie across A4" '842 595' "$(grep -ao '/MediaBox *\[[^]]*' zh-figures.pdf | tr -d '[' | awk 'NR == 1 { printf "%.0f %.0f", $(NF - 1), $NF }')"
# One page of its size each; points are 1/72 inch.
for language in zh en; do
  for size in 'a4 595 842' '80mm 227 842'; do
    read -r name wide high <<<"$size"
    head -c 5 "$language-$name.pdf" | grep -q '%PDF-' || fail "$language-$name.pdf is no PDF"
    is "pages of $language-$name" 1 "$(grep -ac '/Type */Page$' "$language-$name.pdf")"
    found=$(grep -ao '/MediaBox *\[[^]]*' "$language-$name.pdf" | tr -d '[' | awk '{ printf "%.0f %.0f", $(NF - 1), $NF }')
    # Browsers round to whole dots of 1/96 inch.
    read -r found_wide found_high <<<"$found"
    [ $((found_wide - wide)) -ge -2 ] && [ $((found_wide - wide)) -le 2 ] && [ $((found_high - high)) -ge -2 ] && [ $((found_high - high)) -le 2 ] ||
      fail "the size of $language-$name: $found"
  done
done
hide v
