#!/bin/bash
# A new PC set up in the browser, alone and by an invitation, and a village to practise in: setup.mjs, in both languages.
. "$(dirname "$0")/../harness/script.sh"
. "$(dirname "$0")/../node/web/serve.sh"
browser
y hub hub init --township '示例镇 Sample Township' --code SZ --worker Officer >said
for language in zh en; do
  code=$([ $language = zh ] && echo ZH || echo EN)
  git init -q --bare "$code.git"
  y hub hub invite --village "示例村 $language" --code "$code" --ledger "$HERE/$code.git" --output "invitation.$language" >said
  show "alone-$language"
  ALONE=$URL
  show "joins-$language"
  JOINS=$URL
  up "practice-$language" "practice" serve --practice --listen 127.0.0.1:0
  PRACTICE=$(jq -r .url "practice-$language.page")
  export ALONE JOINS PRACTICE LANGUAGE=$language INVITATION=$PWD/invitation.$language
  story setup
  is "a case of the first day" 1 "$(yj "alone-$language" length case list)"
  y hub hub ingest >said
  is "joined" "示例村 $language" "$(yj "joins-$language" .name status)"
  hide "alone-$language"
  hide "joins-$language"
  hide "practice-$language"
  is "tried out" 7 "$(yj "practice-$language-practice" length case list)"
done
is "villages" 'EN ZH' "$(yj hub '[.[] | .code] | sort | join(" ")' hub villages)"
