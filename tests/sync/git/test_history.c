/* Which commits are new, whatever their dates say. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sync/git/kit.h"

enum { YEAR_2030 = 1900000000 };

static struct yz_oid add(struct kit *k, const struct yz_oid *parent, int i, int64_t seconds) {
  char text[32];
  snprintf(text, sizeof text, "%d", i);
  return kit_commit(k, k->l, parent, "f", text, strlen(text), seconds * 1000);
}

/* A commit with several parents, made by git. */
static struct yz_oid join(struct kit *k, const struct yz_oid *a, const struct yz_oid *b,
                          const char *date) {
  char x[YZ_OID_HEX + 1], y[YZ_OID_HEX + 1], spec[64];
  kit_hex(a, x);
  kit_hex(b, y);
  snprintf(spec, sizeof spec, "%s^{tree}", x);
  setenv("GIT_COMMITTER_DATE", date, 1);
  char *made = kit_git(k->path, "-c", "user.name=a", "-c", "user.email=b", "commit-tree", "-m", "m",
                       "-p", x, "-p", y, spec, NULL);
  struct yz_oid oid = kit_oid(made);
  free(made);
  return oid;
}

/* The same set as git rev-list says, each after its parents. */
static void as_git_says(struct kit *k, const struct yz_oid *since, const struct yz_oid *tip,
                        size_t want) {
  struct yz_error err = {0};
  struct yz_oid *oids = NULL;
  char t[YZ_OID_HEX + 1], s[YZ_OID_HEX + 1], not_since[YZ_OID_HEX + 2], hex[YZ_OID_HEX + 1];
  size_t n;
  if (since != NULL) snprintf(not_since, sizeof not_since, "^%s", kit_hex(since, s));
  char *list =
      kit_git(k->path, "rev-list", kit_hex(tip, t), since == NULL ? NULL : not_since, NULL);
  kit_ok(yz_ledger_new_commits(k->l, since, tip, 1000, &oids, &n, &err), &err);
  assert_int_equal(n, want);
  assert_int_equal(strlen(list), want == 0 ? 0 : want * (YZ_OID_HEX + 1) - 1);
  for (size_t i = 0; i < n; i++) assert_non_null(strstr(list, kit_hex(&oids[i], hex)));
  for (size_t i = 0; i < n; i++)
    for (size_t j = i + 1; j < n; j++) {
      char a[YZ_OID_HEX + 1], b[YZ_OID_HEX + 1];
      assert_int_not_equal(kit_git_status(NULL, k->path, "merge-base", "--is-ancestor",
                                          kit_hex(&oids[j], a), kit_hex(&oids[i], b), NULL),
                           0);
    }
  free(list);
  free(oids);
}

static void a_line(void **state) {
  struct kit *k = *state;
  struct yz_oid c[6];
  for (int i = 0; i < 6; i++) c[i] = add(k, i > 0 ? &c[i - 1] : NULL, i, 1700000000 + i);
  as_git_says(k, NULL, &c[5], 6);
  as_git_says(k, &c[2], &c[5], 3);
  as_git_says(k, &c[5], &c[5], 0);
  as_git_says(k, &c[5], &c[2], 0);
}

/* The clock jumps back to 1970 and on to 2030. */
static void wrong_clocks_change_nothing(void **state) {
  struct kit *k = *state;
  struct yz_oid c[8];
  for (int i = 0; i < 8; i++)
    c[i] = add(k, i > 0 ? &c[i - 1] : NULL, i, i % 2 == 0 ? YEAR_2030 - i : i);
  as_git_says(k, &c[2], &c[7], 5);
  as_git_says(k, &c[3], &c[7], 4);
  assert_true(yz_ledger_contains(k->l, &c[7], &c[0]));
  assert_true(yz_ledger_contains(k->l, &c[7], &c[6]));
  assert_true(yz_ledger_contains(k->l, &c[7], &c[7]));
  assert_false(yz_ledger_contains(k->l, &c[6], &c[7]));
}

static void what_is_not_a_line(void **state) {
  struct kit *k = *state;
  struct yz_oid root = add(k, NULL, 0, 100), left = add(k, &root, 1, 50),
                right = add(k, &root, 2, 900);
  struct yz_oid lefter = add(k, &left, 3, 10), both = join(k, &lefter, &right, "@5 +0000");
  struct yz_oid again = join(k, &both, &left, "@99999 +0000"), other = add(k, NULL, 9, 7);
  as_git_says(k, NULL, &again, 6);
  as_git_says(k, &left, &again, 4);
  as_git_says(k, &right, &again, 4);
  as_git_says(k, &other, &again, 6);
  as_git_says(k, &lefter, &right, 1);
  assert_true(yz_ledger_contains(k->l, &again, &right));
  assert_true(yz_ledger_contains(k->l, &again, &root));
  assert_false(yz_ledger_contains(k->l, &lefter, &right));
  assert_false(yz_ledger_contains(k->l, &again, &other));
  assert_false(yz_ledger_contains(k->l, &again, &(struct yz_oid){{1}}));
}

static void more_than_max_is_refused(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_oid *oids = NULL, c[5];
  size_t n;
  for (int i = 0; i < 5; i++) c[i] = add(k, i > 0 ? &c[i - 1] : NULL, i, i);
  assert_int_equal(yz_ledger_new_commits(k->l, NULL, &c[4], 4, &oids, &n, &err), YZ_E_LIMIT);
  assert_null(oids);
  assert_int_equal(yz_ledger_new_commits(k->l, &c[0], &c[4], 3, &oids, &n, NULL), YZ_E_LIMIT);
  err = (struct yz_error){0};
  kit_ok(yz_ledger_new_commits(k->l, &c[0], &c[4], 4, &oids, &n, &err), &err);
  assert_int_equal(n, 4);
  assert_memory_equal(&oids[0], &c[1], sizeof *c);
  assert_memory_equal(&oids[3], &c[4], sizeof *c);
  free(oids);
}

static void unknown_commits_are_not_found(void **state) {
  struct kit *k = *state;
  struct yz_oid *oids = NULL, missing = {{1}}, c = add(k, NULL, 0, 0);
  size_t n;
  assert_int_equal(yz_ledger_new_commits(k->l, NULL, &missing, 9, &oids, &n, NULL), YZ_E_NOT_FOUND);
  assert_int_equal(yz_ledger_new_commits(k->l, &missing, &c, 9, &oids, &n, NULL), YZ_E_NOT_FOUND);
}

int main(void) {
#define T(f) cmocka_unit_test_setup_teardown(f, kit_start, kit_stop)
  const struct CMUnitTest tests[] = {
      T(a_line),
      T(wrong_clocks_change_nothing),
      T(what_is_not_a_line),
      T(more_than_max_is_refused),
      T(unknown_commits_are_not_found),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
