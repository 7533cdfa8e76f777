/* What differs between two trees; trees that nobody may write. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sync/git/kit.h"

static int note(void *ctx, const char *path, const struct yz_oid *blob, bool deleted) {
  char hex[YZ_OID_HEX + 1];
  assert_int_equal(yz_buf_printf(ctx, "%c%s %.4s\n", deleted ? '-' : '+', path, kit_hex(blob, hex)),
                   0);
  return 0;
}

/* git's own opinion, in note's words. */
static char *git_diff(struct kit *k, const struct yz_oid *old, const struct yz_oid *new) {
  char a[YZ_OID_HEX + 1], b[YZ_OID_HEX + 1];
  struct yz_buf out = {0};
  char *raw = kit_git(k->path, "diff-tree", "-r", "--no-renames", "--full-index", kit_hex(old, a),
                      kit_hex(new, b), NULL);
  assert_int_equal(yz_buf_puts(&out, ""), 0);
  for (char *line = strtok(raw, "\n"); line != NULL; line = strtok(NULL, "\n")) {
    /* :100644 100644 <old> <new> M\tpath */
    char *was = line + 15, *is = was + 41, *path = strchr(line, '\t') + 1;
    bool gone = strchr(is, ' ')[1] == 'D';
    assert_int_equal(yz_buf_printf(&out, "%c%s %.4s\n", gone ? '-' : '+', path, gone ? was : is),
                     0);
  }
  free(raw);
  return (char *)out.data;
}

static void same_as_git(struct kit *k, const struct yz_oid *old, const struct yz_oid *new) {
  struct yz_error err = {0};
  struct yz_buf ours = {0};
  assert_int_equal(yz_buf_puts(&ours, ""), 0);
  char *theirs = git_diff(k, old, new);
  kit_ok(yz_ledger_diff(k->l, old, new, note, &ours, &err), &err);
  assert_string_equal((char *)ours.data, theirs);
  free(theirs);
  yz_buf_finish(&ours);
}

/* A commit by git over a tree it is given. */
static struct yz_oid commit_of(struct kit *k, const char *tree) {
  char *made = kit_git(k->path, "-c", "user.name=a", "-c", "user.email=b", "commit-tree", "-m", "m",
                       tree, NULL);
  struct yz_oid oid = kit_oid(made);
  free(made);
  return oid;
}

static char *blob_of(struct kit *k, const char *text) {
  return kit_git_in(k->path, text, strlen(text),
                    (const char *[]){"hash-object", "-w", "--stdin", NULL});
}

/* A raw tree object, whatever it says. */
static char *tree_of(struct kit *k, const struct yz_buf *raw) {
  return kit_git_in(
      k->path, raw->data, raw->len,
      (const char *[]){"hash-object", "-t", "tree", "-w", "--literally", "--stdin", NULL});
}

static void entry(struct yz_buf *raw, const char *mode, const char *name, const char *hex) {
  struct yz_oid oid = kit_oid(hex);
  assert_int_equal(yz_buf_printf(raw, "%s %s", mode, name), 0);
  assert_int_equal(yz_buf_append(raw, "", 1), 0);
  assert_int_equal(yz_buf_append(raw, oid.bytes, sizeof oid.bytes), 0);
}

static void differences_are_gits(void **state) {
  struct kit *k = *state;
  struct yz_oid c[7];
  static const char *const paths[] = {"1/1.jsonl", "1/2.jsonl", "ack.json",   "a/b/c/d",
                                      "a.b",       "1/1.jsonl", "a-b/c/d/e/f"};
  for (size_t i = 0; i < 7; i++)
    c[i] = kit_commit(k, k->l, i > 0 ? &c[i - 1] : NULL, paths[i], &i, sizeof i, 0);
  for (size_t i = 0; i < 7; i++)
    for (size_t j = 0; j < 7; j++) same_as_git(k, &c[i], &c[j]);
}

/* "a" is a file in one and a folder in the other, "a.b" stands between them. */
static void a_file_becomes_a_folder(void **state) {
  struct kit *k = *state;
  struct yz_oid file = kit_commit(k, k->l, NULL, "a", "1", 1, 0), folder, both;
  file = kit_commit(k, k->l, &file, "a.b", "2", 1, 0);
  folder = kit_commit(k, k->l, NULL, "a/c", "3", 1, 0);
  both = kit_commit(k, k->l, &folder, "a.b", "2", 1, 0);
  same_as_git(k, &file, &folder);
  same_as_git(k, &folder, &file);
  same_as_git(k, &file, &both);
  same_as_git(k, &both, &file);
}

static int count(void *ctx, const char *path, const struct yz_oid *blob, bool deleted) {
  (void)path, (void)blob, (void)deleted;
  return ++*(int *)ctx == 2 ? 7 : 0;
}

static void all_files_of_one_and_stopping(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_buf out = {0};
  int n = 0;
  struct yz_oid c = kit_commit(k, k->l, NULL, "b/x", "1", 1, 0);
  c = kit_commit(k, k->l, &c, "a", "1", 1, 0);
  c = kit_commit(k, k->l, &c, "c", "1", 1, 0);
  kit_ok(yz_ledger_files(k->l, &c, note, &out, &err), &err);
  assert_string_equal((char *)out.data, "+a 56a6\n+b/x 56a6\n+c 56a6\n");
  assert_int_equal(yz_ledger_files(k->l, &c, count, &n, NULL), 7);
  assert_int_equal(n, 2);
  yz_buf_finish(&out);
}

static void refused(struct kit *k, char *tree, const char *subject) {
  struct yz_error err = {0};
  struct yz_buf out = {0};
  struct yz_oid c = commit_of(k, tree);
  assert_int_equal(yz_ledger_files(k->l, &c, note, &out, &err), YZ_E_FORMAT);
  assert_string_equal(err.subject, subject);
  yz_buf_finish(&out);
  free(tree);
}

/* One entry beside a good one. */
static char *planted(struct kit *k, const char *mode, const char *name, const char *hex) {
  struct yz_buf raw = {0};
  entry(&raw, mode, name, hex);
  char *tree = tree_of(k, &raw);
  yz_buf_finish(&raw);
  return tree;
}

static void nothing_but_plain_files_and_folders(void **state) {
  struct kit *k = *state;
  char *blob = blob_of(k, "/etc/passwd");
  static const char commit[] = "1111111111111111111111111111111111111111";
  refused(k, planted(k, "120000", "link", blob), "link");
  refused(k, planted(k, "100755", "program", blob), "program");
  refused(k, planted(k, "100664", "group", blob), "group");
  refused(k, planted(k, "160000", "module", commit), "module");
  refused(k, planted(k, "100644", "..", blob), "");
  refused(k, planted(k, "100644", ".", blob), "");
  refused(k, planted(k, "100644", ".git", blob), "");
  refused(k, planted(k, "100644", ".GIT", blob), "");
  refused(k, planted(k, "100644", "a/b", blob), "");
  refused(k, planted(k, "100644", "a\nb", blob), "");
  refused(k, planted(k, "100644", "\xe5\x90\x8d", blob), "");
  free(blob);
}

static void a_bad_one_below_is_refused_too(void **state) {
  struct kit *k = *state;
  char *blob = blob_of(k, "x"), *low = planted(k, "120000", "link", blob);
  refused(k, planted(k, "40000", "folder", low), "folder/link");
  free(low);
  free(blob);
}

static void out_of_order_or_twice_is_refused(void **state) {
  struct kit *k = *state;
  char *blob = blob_of(k, "x");
  static const char *const pairs[][2] = {{"b", "a"}, {"a", "a"}};
  for (size_t i = 0; i < 2; i++) {
    struct yz_buf raw = {0};
    entry(&raw, "100644", pairs[i][0], blob);
    entry(&raw, "100644", pairs[i][1], blob);
    refused(k, tree_of(k, &raw), "");
    yz_buf_finish(&raw);
  }
  free(blob);
}

/* levels folders, the last of them holding a file "f". */
static char *nested(struct kit *k, int levels, const char *name) {
  char *blob = blob_of(k, "x"), *tree = planted(k, "100644", "f", blob);
  for (int i = 0; i < levels; i++) {
    char *above = planted(k, "40000", name, tree);
    free(tree);
    tree = above;
  }
  free(blob);
  return tree;
}

static void depth_and_length_have_bounds(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_buf out = {0};
  char *tree = nested(k, 23, "d");
  struct yz_oid c = commit_of(k, tree);
  kit_ok(yz_ledger_files(k->l, &c, note, &out, &err), &err);
  free(tree);
  yz_buf_finish(&out);
  refused(k, nested(k, 24, "d"), "d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d");
  char longer[102], above[101];
  memset(longer, 'n', 101);
  longer[101] = '\0';
  refused(k, nested(k, 1, longer), "");
  memcpy(above, longer, 99);
  above[99] = '\0';
  refused(k, nested(k, 1, above), above);
}

/* Ten folders in each of ten, ten levels deep, all the same one, and no file. */
static void folders_without_end_are_refused(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  int n = 0;
  char *tree = kit_git_in(k->path, "", 0, (const char *[]){"mktree", NULL});
  for (int level = 0; level < 10; level++) {
    struct yz_buf raw = {0};
    for (char name[2] = "0"; name[0] <= '9'; name[0]++) entry(&raw, "40000", name, tree);
    free(tree);
    tree = tree_of(k, &raw);
    yz_buf_finish(&raw);
  }
  struct yz_oid c = commit_of(k, tree);
  assert_int_equal(yz_ledger_files(k->l, &c, count, &n, &err), YZ_E_FORMAT);
  assert_int_equal(n, 0);
  free(tree);
}

static void blobs_are_bounded_before_they_are_read(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_buf out = {0};
  size_t n = 40 * 1024 * 1024;
  char *zeros = calloc(1, n);
  assert_non_null(zeros);
  char *hex = kit_git_in(k->path, zeros, n, (const char *[]){"hash-object", "-w", "--stdin", NULL});
  struct yz_oid blob = kit_oid(hex), missing = {{3}};
  assert_int_equal(yz_ledger_blob(k->l, &blob, n - 1, &out, &err), YZ_E_LIMIT);
  assert_string_equal(err.subject, hex);
  assert_int_equal(out.len, 0);
  err = (struct yz_error){0};
  kit_ok(yz_ledger_blob(k->l, &blob, n, &out, &err), &err);
  assert_int_equal(out.len, n);
  assert_int_equal(yz_ledger_blob(k->l, &missing, n, &out, NULL), YZ_E_NOT_FOUND);
  struct yz_oid c = kit_commit(k, k->l, NULL, "a", "x", 1, 0);
  assert_int_equal(yz_ledger_blob(k->l, &c, n, &out, NULL), YZ_E_FORMAT);
  free(hex);
  free(zeros);
  yz_buf_finish(&out);
}

static void files_by_path(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_buf out = {0};
  struct yz_oid c = kit_commit(k, k->l, NULL, "1/2/x.jsonl", "text", 4, 0);
  kit_ok(yz_ledger_file(k->l, &c, "1/2/x.jsonl", 4, &out, &err), &err);
  assert_memory_equal(out.data, "text", 4);
  assert_int_equal(yz_ledger_file(k->l, &c, "1/2/x.jsonl", 3, &out, NULL), YZ_E_LIMIT);
  assert_int_equal(yz_ledger_file(k->l, &c, "1/3/x.jsonl", 9, &out, NULL), YZ_E_NOT_FOUND);
  assert_int_equal(yz_ledger_file(k->l, &c, "1/2/y", 9, &out, NULL), YZ_E_NOT_FOUND);
  assert_int_equal(yz_ledger_file(k->l, &c, "", 9, &out, NULL), YZ_E_NOT_FOUND);
  assert_int_equal(yz_ledger_file(k->l, &c, "1/2", 9, &out, NULL), YZ_E_FORMAT);
  assert_int_equal(yz_ledger_file(k->l, &c, "1/2/x.jsonl/y", 9, &out, NULL), YZ_E_FORMAT);
  char *blob = blob_of(k, "x"), *tree = planted(k, "120000", "link", blob);
  struct yz_oid linked = commit_of(k, tree);
  assert_int_equal(yz_ledger_file(k->l, &linked, "link", 9, &out, NULL), YZ_E_FORMAT);
  free(tree);
  free(blob);
  yz_buf_finish(&out);
}

int main(void) {
#define T(f) cmocka_unit_test_setup_teardown(f, kit_start, kit_stop)
  const struct CMUnitTest tests[] = {
      T(differences_are_gits),
      T(a_file_becomes_a_folder),
      T(all_files_of_one_and_stopping),
      T(nothing_but_plain_files_and_folders),
      T(a_bad_one_below_is_refused_too),
      T(out_of_order_or_twice_is_refused),
      T(depth_and_length_have_bounds),
      T(folders_without_end_are_refused),
      T(blobs_are_bounded_before_they_are_read),
      T(files_by_path),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
