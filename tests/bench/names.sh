# shellcheck shell=bash
# A name among ten thousand residents, each sealed, looked for in the page after login. Floor: as many sealed
# names opened by libsodium and compared.
people=$(size 10000 100) rounds=$(size 20 2)
cases "$people" 6 plain.jsonl
jq -c '.resident = ("示例村民" + ("000\(input_line_number % 10000)" | .[-4:]))' plain.jsonl >people.jsonl
echo 'sample passphrase' >passphrase
y v --passphrase-file passphrase init --village 示例村 --code SL --worker 示例干部 >/dev/null
y v --as 示例干部 --passphrase-file passphrase case import people.jsonl >/dev/null
serve_page v serve --listen 127.0.0.1:0
python3 "$source/tests/bench/page.py" "$url" 示例干部 "$(cat passphrase)" "$rounds" names >page.json
end_page
"$YIZHAN_BENCH" names-floor "$people" >names.json
floor=$(jq '.seconds[] * 1000' names.json | median)
for name in 'a name' 'no name'; do
  measured=$(jq --arg name "$name" '.took[$name][] * 1000' page.json | median)
  figure "$name among 10,000 residents" ms "$measured" "$floor" "$(calc "$measured / $floor")" '<= 50' "$measured"
done
rm -rf v plain.jsonl people.jsonl page.json names.json
