#!/bin/bash
# Photos, scans and sound in the page, and a case for the township alone: files.mjs, in both languages. What a camera wrote
# into a photo never leaves the browser.
. "$(dirname "$0")/../harness/script.sh"
. "$(dirname "$0")/../node/web/serve.sh"
. "$(dirname "$0")/nodes.sh"
browser
joined v
by_hand v
printf '%%PDF-1.4\n%%sample\n' >scan.pdf
cp scan.pdf more.pdf
printf '<script>alert(1)</script>' >page.html
show v
export URL ROOM=$PWD
story files
for language in zh en; do
  number=$(yj v ".[] | select((.title // \"\") | startswith(\"photo $language\")) | .case" case list)
  y v --as Ben --passphrase-file passphrase case attachment "$number" 1 -o "$language.jpg" >said
  is "what it is" ffd8ff "$(head -c 3 "$language.jpg" | xxd -p)"
  ! grep -qaE 'Exif|SECRET-PLACE' "$language.jpg" || fail "the camera's words went along"
  [ "$(stat -c %s "$language.jpg")" -lt "$(stat -c %s camera.jpg)" ] || fail "it is not smaller"
  y v --as Ben --passphrase-file passphrase case attachment "$number" 2 -o "$language.pdf" >said
  cmp "$language.pdf" scan.pdf
done
y v sync >said
y hub hub ingest >said
is "read by the township alone" 'secret en,secret zh' "$(yj hub '[.[] | select(.flags | index("township-only")) | .title] | sort | join(",")' case list)"
y v verify >said
hide v
