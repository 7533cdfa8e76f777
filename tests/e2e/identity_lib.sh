# shellcheck shell=bash
# What tests share of identities where workers have passphrases. Sourced after lib.sh; the passphrase is in the file "one".
. "$ROOM/hunt_lib.sh"
echo 'first words' >one

# k NODE ARGUMENTS...: the program with it; kj NODE FILTER ARGUMENTS...: and what jq makes of its answer.
k() { local n=$1; shift; y "$n" --passphrase-file one "$@"; }
kj() { local n=$1 filter=$2; shift 2; k "$n" --json "$@" | jq -r "$filter"; }
