#!/bin/bash
# Faults planted in a copy of one source file each: the simulation must go red. The copy is
# compiled and linked before the libraries, in a folder of its own, and the promise that it breaks
# must be the one that is found broken. A fault that can no longer be planted is red too.
#
#   mutants.sh SOURCE_DIR BUILD_DIR    the build's compile_commands.json and libraries are used
set -euo pipefail
source_dir=$1 build=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# The command that the build has for an object or, by its output, for linking.
compile() { # file, output: as the build compiles it, from another file
  python3 - "$build/compile_commands.json" "$source_dir/$1" "$2" "$3" <<'PY'
import json, shlex, sys
commands, original, changed, out = sys.argv[1:]
entry = next(c for c in json.load(open(commands)) if c["file"] == original)
words = shlex.split(entry["command"])
words[words.index("-o") + 1] = out
words[words.index("-c") + 1] = changed
words = [w for i, w in enumerate(words) if w not in ("-MD",) and words[i - 1] not in ("-MT", "-MF")
         and w not in ("-MT", "-MF")]
import os, subprocess
words.insert(1 if "ccache" not in words[0] else 2, "-I" + os.path.dirname(original))
sys.exit(subprocess.call(words, cwd=entry["directory"]))
PY
}

link() { # object, program
  local command
  command=$(ninja -C "$build" -t commands check/sim | tail -1)
  command=${command#*&& }
  command=${command%% && :*}
  command=${command/-o check\/sim/-o $2}
  # The changed object stands before the libraries that hold the sound one.
  (cd "$build" && eval "${command/ tests\/CMakeFiles\/sim.dir/ $1 tests\/CMakeFiles\/sim.dir}")
}

# plant NAME FILE CHANGE EXPECTED: the change as sed makes it; what the simulation must then say, in
# one of the first 20 seeds. Other things that go wrong on the way do not count, nor does a crash.
plant() {
  local name=$1 file=$2 change=$3 expected=$4 from
  mkdir -p "$work/$name"
  local copy=$work/$name/$(basename "$file")
  sed -E -z "$change" "$source_dir/$file" > "$copy"
  if cmp -s "$copy" "$source_dir/$file"; then
    echo "RED: $name: the fault cannot be planted in $file any more"
    failed=1
    return
  fi
  compile "$file" "$copy" "$work/$name/changed.o"
  link "$work/$name/changed.o" "$work/$name/sim"
  for from in 1 3 5 9 13 17; do
    local seeds=$((from < 5 ? 2 : 4))
    if "$work/$name/sim" --villages 4 --from $from --seeds $seeds --all > "$work/$name/out" 2>&1; then continue; fi
    if grep -m1 -aE "^WRONG: seed [0-9]+, step [1-9][0-9]*: .*($expected)" "$work/$name/out" | sed "s/^/$name: noticed: /"; then
      return
    fi
    grep -a -e '^WRONG' -e '^RED' "$work/$name/out" | sed "s/^/$name: beside what is expected: /" || true
  done
  echo "RED: $name was not noticed in 20 seeds by: $expected"
  failed=1
}

plant tie_break node/cases/graph.c \
  's/(compare_stamps[^}]*count[^\n]*\n)[^\n]*return[^;]*;/\1  return 0;/' \
  'show case [0-9a-f]+ differently'
plant fsync node/store/open.c \
  's/"PRAGMA synchronous=FULL;"/"PRAGMA synchronous=NORMAL;"/' \
  'loses [0-9a-f]+ with the power, which it had told of'
# What was told as saved is committed when the next command begins, if there is one.
plant acknowledged_early node/store/open.c \
  's/(\n  yz_json_forget\(\);\n)  if \(rc == 0\) (rc = db_run\(s, "COMMIT", NULL, 0, err\);)/\1  extern _Bool faults_begun;\n  if (rc == 0 \&\& !faults_begun) \2/; s/(\n  township_forget\(s\);\n)/\1  if (sqlite3_get_autocommit(s->db) == 0) (void)!db_run(s, "COMMIT", NULL, 0, NULL);\n/' \
  'has lost records [0-9]+ to [0-9]+ of a log|which it had told of'
plant revocation sync/judge.c \
  's/(static bool revoked\(const struct yz_roster \*r, const struct yz_key \*node,\n[^{]*\{\n)/\1  if (record->seq > 0) return false;\n/' \
  'accepts what was signed without right|lets count what was signed without right'
plant batch_key_kept sync/erase.c \
  's/if \(erased_held\(&e->erased, &items\)\) rc = seal_rest/if (erased_held(\&e->erased, \&items) \&\& row->first == 0) rc = seal_rest/' \
  'can still read what was erased'
plant keys_kept_in_history sync/erase.c \
  's/if \(!rc\) rc = store->drop_ref\(store->ctx, &e->log->ledger, e->keys_ref, e->err\);//' \
  'can still read what was erased'
plant keys_kept_in_git sync/remains.c 's/rc = yz_ledger_prune\(git, is_nobodys, &waiting, err\);/(void)is_nobodys;/' \
  'can still read what was erased'
plant words_kept node/store/erased.c \
  's/return rc == 0 \? db_run\(s, WORDS,/return rc == 0 ? db_run(s, s == NULL ? WORDS : NAMES,/' \
  'still holds words that were erased'
exit $failed
