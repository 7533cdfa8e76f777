#!/bin/bash
# The six tasks of every day in the browser, in both languages, by visible labels alone and within so many clicks and keys:
# tasks.mjs. A village and its township, each with its page; the township's network is a folder that both reach.
. "$(dirname "$0")/../harness/script.sh"
. "$(dirname "$0")/../node/web/serve.sh"
browser
for language in zh en; do
  (
    cd "$HERE" && mkdir "$language" stick-$language
    y "$language/hub" hub init --township '示例镇 Sample Township' --code SZ --worker Officer >said
    # A PC that was just set up: its village works alone until it joins.
    y "$language/v" init --village '示例村 Sample Village' --code SL --worker Ben >said
  )
  by_hand "$language/v"
  show "$language/v"
  export VILLAGE=$URL
  show "$language/hub"
  export HUB=$URL LANGUAGE=$language ROOM=$PWD/$language STICK=$PWD/stick-$language
  story tasks
  is "closed" 2 "$(yj "$language/v" 'map(select(.state == "closed")) | length' case list)"
  is "the same at the township" 2 "$(yj "$language/hub" 'map(select(.state == "closed")) | length' case list)"
  is "nothing is apart" 0 "$(yj "$language/v" 'map(.conflict_count) | add' case list)"
  y "$language/v" verify >said
  y "$language/hub" verify >said
  hide "$language/v"
  hide "$language/hub"
done
