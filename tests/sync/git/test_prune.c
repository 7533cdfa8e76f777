/* What no ref reaches goes; what one does stays, whatever others push beside it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/sync/git/kit.h"

#define STRAY "refs/heads/keys/" KIT_OTHER
enum { SHARED_AT = 64, DOUBLED = 60 };

static bool strays_may(void *ctx, const char *ref) {
  (void)ctx;
  return strcmp(ref, STRAY) == 0;
}

static void note(void *ctx, const char *fault) {
  assert_int_equal(yz_buf_printf(ctx, "%s\n", fault), 0);
}

static void is_whole(struct kit *k) {
  struct yz_error err = {0};
  struct yz_buf faults = {0};
  assert_int_equal(yz_buf_puts(&faults, ""), 0);
  kit_ok(yz_ledger_check(k->l, note, &faults, &err), &err);
  assert_string_equal((char *)faults.data, "");
  yz_buf_finish(&faults);
}

static void is_there(struct kit *k, const char *ref, bool want) {
  struct yz_oid at;
  assert_int_equal(yz_ledger_ref(k->l, ref, &at, NULL), want ? 0 : YZ_E_NOT_FOUND);
}

/* A log whose last commit has folders. */
static void put_honest(struct kit *k) {
  kit_put(k, k->l, KIT_LOG, "1/1.jsonl", "one");
  kit_put(k, k->l, KIT_LOG, "1/2.jsonl", "two");
}

/* A folder that names a tree, under each of so many names. */
static char *folder_of(struct kit *k, const char *tree, int names) {
  static const char *const words[] = {"mktree", NULL};
  char text[256];
  int len = 0;
  for (int i = 0; i < names; i++)
    len += snprintf(text + len, sizeof text - (size_t)len, "040000 tree %s\t%d\n", tree, i);
  return kit_git_in(k->path, text, (size_t)len, words);
}

/* Frees tree. */
static char *nest(struct kit *k, char *tree, int levels, int names) {
  for (int i = 0; i < levels; i++) {
    char *outer = folder_of(k, tree, names);
    free(tree);
    tree = outer;
  }
  return tree;
}

static char *empty_tree(struct kit *k) {
  return kit_git_in(k->path, "", 0, (const char *[]){"mktree", NULL});
}

/* As somebody pushes it. Frees tree. */
static void put_stray(struct kit *k, char *tree) {
  char *commit = kit_git(k->path, "-c", "user.name=x", "-c", "user.email=x@y", "commit-tree", "-m",
                         "x", tree, NULL);
  free(kit_git(k->path, "update-ref", STRAY, commit, NULL));
  free(commit);
  free(tree);
}

static void prune(struct kit *k) {
  struct yz_error err = {0};
  kit_ok(yz_ledger_prune(k->l, strays_may, NULL, &err), &err);
  is_whole(k);
  is_there(k, KIT_LOG, true);
}

/* It may stay itself: what is too deep in it is in already. */
static void what_lies_too_deep_in_others_stays(void **state) {
  struct kit *k = *state;
  put_honest(k);
  put_stray(k, nest(k, kit_git(k->path, "rev-parse", KIT_LOG "^{tree}", NULL), SHARED_AT, 1));
  prune(k);
}

static int64_t bytes_of_all(struct kit *k) {
  char *text =
      kit_git(k->path, "cat-file", "--batch-all-objects", "--batch-check=%(objectsize)", NULL);
  int64_t all = 0;
  for (char *at = strtok(text, "\n"); at != NULL; at = strtok(NULL, "\n"))
    all += strtol(at, NULL, 10);
  free(text);
  return all;
}

static void what_cannot_be_read_is_waste(void **state) {
  struct kit *k = *state;
  int64_t waste = -1;
  put_honest(k);
  put_stray(k, nest(k, empty_tree(k), 2 * SHARED_AT, 1));
  kit_ok(yz_ledger_upkeep(k->l, true, NULL), NULL);
  int64_t before = bytes_of_all(k);
  kit_ok(yz_ledger_waste(k->l, &waste, NULL), NULL);
  prune(k);
  is_there(k, STRAY, false);
  assert_true(waste > 0);
  assert_int_equal(waste, before - bytes_of_all(k));
}

/* Frees tree. */
static char *as_a_file(struct kit *k, char *tree) {
  static const char *const words[] = {"hash-object", "-t",          "tree", "-w",
                                      "--stdin",     "--literally", NULL};
  char entry[9 + YZ_OID_LEN] = "100644 x";
  struct yz_oid oid = kit_oid(tree);
  memcpy(entry + 9, oid.bytes, YZ_OID_LEN);
  free(tree);
  return kit_git_in(k->path, entry, sizeof entry, words);
}

static void a_folder_in_a_files_place_stays(void **state) {
  struct kit *k = *state;
  put_honest(k);
  put_stray(k, as_a_file(k, kit_git(k->path, "rev-parse", KIT_LOG "^{tree}", NULL)));
  struct yz_error err = {0};
  kit_ok(yz_ledger_prune(k->l, strays_may, NULL, &err), &err);
  kit_ok(yz_ledger_delete_ref(k->l, STRAY, &err), &err);
  is_whole(k);
  put_stray(k, as_a_file(k, nest(k, empty_tree(k), 1, 1)));
  prune(k);
  is_there(k, STRAY, false);
}

/* In as many steps as there are folders, not as there are ways to them. */
static void folders_named_twice_are_looked_at_once(void **state) {
  struct kit *k = *state;
  put_honest(k);
  put_stray(k, nest(k, kit_git(k->path, "rev-parse", KIT_LOG "^{tree}", NULL), DOUBLED, 2));
  prune(k);
  is_there(k, STRAY, true);
  put_stray(k, nest(k, kit_git(k->path, "rev-parse", KIT_LOG "^{tree}", NULL), 2 * DOUBLED, 2));
  prune(k);
  is_there(k, STRAY, false);
}

/* Where the disk says of a commit that was taken in that it is a folder: its kind stands, hashed by
 * nobody, in the bits that a pack's entry begins with. */
static void a_branch_that_counts_never_goes(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_buf bytes = {0};
  char path[TMP_PATH], name[128];
  put_honest(k);
  kit_ok(yz_ledger_upkeep(k->l, true, &err), &err);
  char *tip = kit_git(k->path, "rev-parse", KIT_LOG, NULL);
  struct run r = {0};
  run(&r, &(struct run_how){.dir = k->path},
      (const char *[]){"find", "objects/pack", "-name", "*.pack", NULL});
  snprintf(name, sizeof name, "%s", strtok((char *)r.out.data, "\n"));
  run_finish(&r);
  char *list = kit_git(k->path, "verify-pack", "-v", name, NULL);
  long at = -1;
  for (char *line = strtok(list, "\n"); line != NULL; line = strtok(NULL, "\n"))
    if (strncmp(line, tip, YZ_OID_HEX) == 0)
      assert_int_equal(sscanf(line, "%*s commit %*d %*d %ld", &at), 1);
  free(list);
  tmp_join(path, k->path, name);
  tmp_read(path, &bytes);
  assert_true(at > 0 && (size_t)at < bytes.len);
  assert_int_equal(bytes.data[at] >> 4 & 7, 1);
  bytes.data[at] ^= 0x20;
  assert_int_equal(unlink(path), 0);
  tmp_write(path, bytes.data, bytes.len);
  yz_ledger_destroy(k->l);
  kit_ok(yz_ledger_open(&k->l, k->path, false, &err), &err);
  assert_int_equal(yz_ledger_prune(k->l, strays_may, NULL, &err), YZ_E_FORMAT);
  is_there(k, KIT_LOG, true);
  assert_int_equal(access(path, F_OK), 0);
  yz_buf_finish(&bytes);
  free(tip);
}

int main(void) {
#define T(f) cmocka_unit_test_setup_teardown(f, kit_start, kit_stop)
  const struct CMUnitTest tests[] = {
      T(what_lies_too_deep_in_others_stays), T(what_cannot_be_read_is_waste),
      T(a_folder_in_a_files_place_stays),    T(folders_named_twice_are_looked_at_once),
      T(a_branch_that_counts_never_goes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
