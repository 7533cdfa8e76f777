/* The object store stays small, and nothing in it is lost. */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/sync/git/kit.h"

enum { COMMITS = 5000, ROAD_COMMITS = 60, MAX_WRITTEN = 200 };

/* Flushes are not what thousands of commits test: in memory, where there is some. */
static int start_in_memory(void **state) {
  if (access("/dev/shm", W_OK) == 0 && setenv("TMPDIR", "/dev/shm", 1)) return -1;
  return kit_start(state);
}

/* Every pack that was ever seen, and what they took together. */
struct written {
  char names[MAX_WRITTEN][NAME_MAX + 1];
  size_t n;
  int64_t bytes;
};

static bool is_known(const struct written *w, const char *name) {
  for (size_t i = 0; i < w->n; i++)
    if (strcmp(w->names[i], name) == 0) return true;
  return false;
}

static void look_at_packs(struct kit *k, struct written *w) {
  char folder[TMP_PATH], file[TMP_PATH];
  struct stat st;
  tmp_join(folder, k->path, "objects/pack");
  DIR *d = opendir(folder);
  assert_non_null(d);
  for (struct dirent *e; (e = readdir(d)) != NULL;) {
    if (strstr(e->d_name, ".pack") == NULL || is_known(w, e->d_name)) continue;
    assert_true(w->n < MAX_WRITTEN);
    tmp_join(file, folder, e->d_name);
    assert_int_equal(stat(file, &st), 0);
    snprintf(w->names[w->n++], sizeof w->names[0], "%s", e->d_name);
    w->bytes += st.st_size;
  }
  assert_int_equal(closedir(d), 0);
}

static size_t loose_objects(struct kit *k) {
  char *text = kit_git(k->path, "count-objects", NULL);
  size_t n = strtoul(text, NULL, 10);
  free(text);
  return n;
}

static void upkeep(struct kit *k, bool now) {
  struct yz_error err = {0};
  kit_ok(yz_ledger_upkeep(k->l, now, &err), &err);
}

/* FORMAT.md §9: 1234 → 4/1/2/3/1234.jsonl */
static void path_of(int seq, const char *end, char out[static 64]) {
  char digits[16], *at = out;
  int n = snprintf(digits, sizeof digits, "%d", seq);
  at += snprintf(at, 8, "%d/", n);
  for (int i = 0; i < n - 1; i++) at += snprintf(at, 4, "%c/", digits[i]);
  (void)snprintf(at, 32, "%s%s", digits, end);
}

/* A segment such as a village writes: some text that repeats, some that does not. */
static int segment(int seq, char *out, size_t max) {
  char hex[2 * YZ_HASH_LEN + 1];
  struct yz_hash h;
  yz_sha256(&(struct yz_part){&seq, sizeof seq}, 1, &h);
  yz_to_hex(h.bytes, sizeof h.bytes, hex);
  return snprintf(out, max,
                  "{\"v\":1,\"log\":\"%s\",\"first\":%d,\"before\":\"%s\"}\n"
                  "[{\"v\":1,\"seq\":%d,\"type\":\"case.note\"},\"%s%.20s==\"]\n",
                  KIT_ID, seq, hex, seq, hex, hex);
}

static struct yz_oid write_segment(struct kit *k, const struct yz_oid *parent, int seq) {
  char path[64], text[512];
  path_of(seq, ".jsonl", path);
  int n = segment(seq, text, sizeof text);
  return kit_commit(k, k->l, parent, path, text, (size_t)n, 1700000000000 + seq);
}

static void five_thousand_commits_stay_small(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_oid tip, before = {{0}};
  size_t packs = 0, n;
  struct written *written = calloc(1, sizeof *written);
  assert_non_null(written);
  for (int i = 1; i <= COMMITS; i++) {
    tip = write_segment(k, i > 1 ? &before : NULL, i);
    kit_ok(yz_ledger_move_ref(k->l, KIT_LOG, i > 1 ? &before : NULL, &tip, &err), &err);
    before = tip;
    upkeep(k, false);
    kit_size(k->path, "objects/pack", ".pack", &n);
    if (n > packs) packs = n;
    look_at_packs(k, written);
  }
  assert_in_range(packs, 1, 20);
  assert_in_range(loose_objects(k), 0, 1000);
  upkeep(k, true);
  assert_int_equal(loose_objects(k), 0);
  int64_t ours = kit_size(k->path, "objects/pack", ".pack", &packs);
  char *count = kit_git(k->path, "rev-list", "--count", KIT_LOG, NULL);
  assert_int_equal(strtol(count, NULL, 10), COMMITS);
  free(count);
  kit_fsck(k->path);
  free(kit_git(k->path, "repack", "-adq", NULL));
  int64_t one = kit_size(k->path, "objects/pack", ".pack", &n);
  print_message("%zu packs of %lld bytes, %lld in one by git, %lld written\n", packs,
                (long long)ours, (long long)one, (long long)written->bytes);
  assert_true(ours * 10 <= one * 13);
  assert_true(written->bytes <= ours * 6); /* log2 of 40 times a thousand objects */
  free(written);
}

/* What no ref reaches may be shown by the next push: it stays. */
static void nothing_unreachable_is_lost(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_commit_view v;
  struct yz_oid free_commit = kit_commit(k, k->l, NULL, "1/1.jsonl", "one", 3, 0);
  char *blob =
      kit_git_in(k->path, "alone", 5, (const char *[]){"hash-object", "-w", "--stdin", NULL});
  upkeep(k, true);
  assert_int_equal(loose_objects(k), 0);
  kit_put(k, k->l, KIT_LOG, "a", "x");
  upkeep(k, true);
  kit_ok(yz_ledger_read_commit(k->l, &free_commit, &v, &err), &err);
  yz_commit_view_finish(&v);
  char *text = kit_git(k->path, "cat-file", "blob", blob, NULL);
  assert_string_equal(text, "alone");
  free(text);
  free(blob);
  kit_fsck(k->path);
}

/* Each fetch brings a pack; a pack that is marked is left alone. */
static void packs_of_the_road_are_gathered(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_ledger *other = NULL;
  char path[TMP_PATH], name[64];
  size_t packs, most = 0;
  tmp_join(path, k->dir, "other.git");
  kit_ok(yz_ledger_open(&other, path, true, &err), &err);
  for (int i = 0; i < ROAD_COMMITS; i++) {
    path_of(i + 1, ".jsonl", name);
    kit_put(k, other, KIT_LOG, name, name);
    kit_ok(yz_ledger_fetch(k->l, &(struct yz_road){.url = path}, &err), &err);
    upkeep(k, false);
    kit_size(k->path, "objects/pack", ".pack", &packs);
    if (packs > most) most = packs;
  }
  assert_in_range(most, 10, 20);
  char *count = kit_git(k->path, "rev-list", "--count", "refs/remote/log/" KIT_ID, NULL);
  assert_int_equal(strtol(count, NULL, 10), ROAD_COMMITS);
  free(count);
  kit_fsck(k->path);
  yz_ledger_destroy(other);
}

/* A push that is under way has its pack marked: it stays as it is. */
static void a_marked_pack_stays(void **state) {
  struct kit *k = *state;
  struct run r = {0};
  size_t packs;
  kit_put(k, k->l, KIT_LOG, "a", "x");
  upkeep(k, true);
  run(&r, &(struct run_how){.dir = k->path},
      (const char *[]){"sh", "-c",
                       "cd objects/pack && for p in *.pack; do touch ${p%.pack}.keep; done", NULL});
  assert_int_equal(r.status, 0);
  run_finish(&r);
  for (int i = 0; i < 3; i++) {
    kit_put(k, k->l, KIT_LOG, "b", i == 0 ? "0" : i == 1 ? "1" : "2");
    upkeep(k, true);
  }
  kit_size(k->path, "objects/pack", ".keep", &packs);
  assert_int_equal(packs, 1);
  run(&r, &(struct run_how){.dir = k->path},
      (const char *[]){
          "sh", "-c",
          "cd objects/pack && for k in *.keep; do test -e ${k%.keep}.pack || exit 1; done", NULL});
  assert_int_equal(r.status, 0);
  run_finish(&r);
  kit_fsck(k->path);
}

static void again_and_again_changes_nothing(void **state) {
  struct kit *k = *state;
  size_t packs;
  for (int i = 0; i < 3; i++) upkeep(k, true);
  kit_size(k->path, "objects/pack", ".pack", &packs);
  assert_int_equal(packs, 0);
  kit_put(k, k->l, KIT_LOG, "a", "x");
  for (int i = 0; i < 3; i++) {
    upkeep(k, true);
    kit_size(k->path, "objects/pack", ".pack", &packs);
    assert_int_equal(packs, 1);
    kit_fsck(k->path);
  }
}

/* Some objects loose again, of a pack that has them and more. The one pack that
 * comes of both may be the old one, and must not go with it. */
static void loose_copies_of_packed_objects_go(void **state) {
  struct kit *k = *state;
  char copy[TMP_PATH];
  struct run r = {0};
  size_t packs;
  kit_put(k, k->l, KIT_LOG, "a", "x");
  kit_put(k, k->l, KIT_LOG, "b", "y");
  tmp_join(copy, k->dir, "copy");
  run(&r, NULL, (const char *[]){"cp", "-r", k->path, copy, NULL});
  assert_int_equal(r.status, 0);
  kit_put(k, k->l, KIT_LOG, "c", "z");
  upkeep(k, true);
  for (int round = 0; round < 3; round++) {
    run(&r, &(struct run_how){.dir = copy},
        (const char *[]){"sh", "-c", "cp -rf objects/?? ../ledger.git/objects/", NULL});
    assert_int_equal(r.status, 0);
    assert_int_equal(loose_objects(k), 6);
    for (int i = 0; i < 2; i++) {
      upkeep(k, true);
      assert_int_equal(loose_objects(k), 0);
      kit_fsck(k->path);
    }
    kit_size(k->path, "objects/pack", ".pack", &packs);
    assert_int_equal(packs, 1);
  }
  run_finish(&r);
}

int main(void) {
#define T(f) cmocka_unit_test_setup_teardown(f, kit_start, kit_stop)
  const struct CMUnitTest tests[] = {
      T(nothing_unreachable_is_lost),
      T(packs_of_the_road_are_gathered),
      T(a_marked_pack_stays),
      T(again_and_again_changes_nothing),
      T(loose_copies_of_packed_objects_go),
      cmocka_unit_test_setup_teardown(five_thousand_commits_stay_small, start_in_memory, kit_stop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
