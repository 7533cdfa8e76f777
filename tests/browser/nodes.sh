# The nodes of the stories. Sourced after node/web/serve.sh.
HERE=${HERE:?}

# joined NODE: a village, and its township at hub; its ledger is SL.git.
joined() {
  village "$1"
  y hub hub init --township '示例镇 Sample Township' --code SZ --worker Officer >said
  git init -q --bare SL.git
  y hub hub invite --village '示例村 Sample Village' --code SL --ledger "$HERE/SL.git" --output invitation >said
  y "$1" join invitation >said
}

# township: at hub, to be reached over the net.
township() {
  y hub hub init --township '示例镇 Sample Township' --code SZ --worker '示例镇干部 Officer' >said
  y hub hub config url https://township.example:8443 >said
}

# invited CODE NAME: a village that has not joined yet.
invited() {
  git init -q --bare "$1.git"
  y hub hub invite --village "$2" --code "$1" --ledger "$HERE/$1.git" --output "$1.invitation" >said
}

# add_village NODE CODE NAME: one that has.
add_village() {
  invited "$2" "$3"
  y "$1" join "$2.invitation" --worker "干部 Clerk $2" >said
}
