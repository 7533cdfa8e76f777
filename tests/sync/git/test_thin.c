/* A pack of differences: stock git takes it where what it builds on is, and the sum at its end is
 * right. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync/git/git.h"
#include "tests/sync/git/kit.h"

enum { ROOM = 64 * 1024, LONG = 700 };

static void the_sum_is_sha_1(void **state) {
  unsigned char text[600], sum[YZ_OID_LEN];
  git_oid judge;
  (void)state;
  for (size_t i = 0; i < sizeof text; i++) text[i] = (unsigned char)(i * 7 + i / 250);
  for (size_t n = 0; n < 500; n++) {
    unsigned char all[sizeof text + 16];
    /* As git names a file of these bytes. */
    int head = snprintf((char *)all, sizeof all, "blob %zu", n) + 1;
    memcpy(all + head, text, n);
    assert_int_equal(git_odb_hash(&judge, text, n, GIT_OBJECT_BLOB), 0);
    yz_git_sha1(all, (size_t)head + n, sum);
    assert_memory_equal(sum, judge.id, sizeof sum);
  }
}

/* A file of which most is as it was: letters that do not compress well, and a number. */
static const char *words(char out[static LONG + 1], int number) {
  unsigned x = 1;
  for (size_t i = 0; i < LONG; i++) {
    x = x * 1103515245 + 12345;
    out[i] = (char)('a' + (x >> 16) % 26);
  }
  out[LONG] = '\0';
  int n = snprintf(out, LONG, "%d", number);
  out[n] = ' ';
  return out;
}

struct pair {
  char path[TMP_PATH];
  struct yz_oid first, last;
};

/* Stock git has the first commit; we go on, in the same folder and in a new one. */
static void go_on(struct kit *k, struct pair *p) {
  char text[LONG + 1];
  tmp_join(p->path, k->dir, "other.git");
  (void)kit_put(k, k->l, KIT_LOG, "1/8.jsonl", words(text, 8));
  p->first = kit_put(k, k->l, KIT_LOG, "ack.json", words(text, 80));
  free(kit_git(k->dir, "clone", "-q", "--bare", k->path, p->path, NULL));
  (void)kit_put(k, k->l, KIT_LOG, "1/9.jsonl", words(text, 9));
  (void)kit_put(k, k->l, KIT_LOG, "ack.json", words(text, 81));
  p->last = kit_put(k, k->l, KIT_LOG, "2/1/10.jsonl", words(text, 10));
}

static size_t give(struct kit *k, const struct pair *p, bool loose) {
  char to[YZ_OID_HEX + 1];
  struct yz_thin t;
  struct yz_error err = {0};
  kit_ok(yz_thin_init(&t, k->l, ROOM, &err), &err);
  t.loose = loose;
  kit_ok(yz_thin_add(&t, &p->first, &p->last, &err), &err);
  kit_ok(yz_thin_seal(&t, &err), &err);
  assert_false(t.too_much);
  size_t n = t.out.len;
  free(kit_git_in(p->path, t.out.data, n,
                  (const char *[]){"index-pack", "--stdin", "--fix-thin", "--strict", NULL}));
  free(kit_git(p->path, "update-ref", KIT_LOG, kit_hex(&p->last, to), NULL));
  free(kit_git(p->path, "fsck", "--strict", NULL));
  yz_thin_finish(&t);
  return n;
}

static void git_takes_it_where_the_rest_is(void **state) {
  struct kit *k = *state;
  struct pair p;
  go_on(k, &p);
  size_t n = give(k, &p, false);
  /* Three commits, three files and seven folders; by themselves the files pack to more. */
  assert_in_range(n, 500, 9 * LONG / 5);
  char *names = kit_git(p.path, "ls-tree", "-r", "--name-only", KIT_LOG, NULL);
  assert_string_equal(names, "1/8.jsonl\n1/9.jsonl\n2/1/10.jsonl\nack.json");
  free(names);
}

static void it_may_be_uncompressed(void **state) {
  struct kit *k = *state;
  struct pair p;
  go_on(k, &p);
  (void)give(k, &p, true);
}

static void what_is_too_much_is_said(void **state) {
  struct kit *k = *state;
  struct pair p;
  struct yz_thin t;
  struct yz_error err = {0};
  go_on(k, &p);
  size_t n = give(k, &p, false);
  kit_ok(yz_thin_init(&t, k->l, n - 1, &err), &err);
  kit_ok(yz_thin_add(&t, &p.first, &p.last, &err), &err);
  assert_true(t.too_much);
  yz_thin_finish(&t);
  /* Of too many commits none is looked at. */
  kit_ok(yz_thin_init(&t, k->l, ROOM, &err), &err);
  t.max_commits = 2;
  kit_ok(yz_thin_add(&t, &p.first, &p.last, &err), &err);
  assert_true(t.too_much);
  assert_int_equal(t.n, 0);
  yz_thin_finish(&t);
}

/* The same at both sides as long as it is the same, and another with each branch. */
static void branches_have_a_print(void **state) {
  struct kit *k = *state;
  char ours[YZ_BRANCHES_PRINT], theirs[YZ_BRANCHES_PRINT], before[YZ_BRANCHES_PRINT];
  struct yz_error err = {0};
  kit_ok(yz_ledger_branches_print(k->l, "refs/heads/", before, &err), &err);
  struct yz_oid tip = kit_put(k, k->l, KIT_LOG, "1/1.jsonl", "one");
  kit_ok(yz_ledger_branches_print(k->l, "refs/heads/", ours, &err), &err);
  assert_string_not_equal(ours, before);
  kit_ok(yz_ledger_branches_print(k->l, "refs/remote/", theirs, &err), &err);
  assert_string_equal(theirs, before);
  kit_ok(yz_ledger_move_ref(k->l, "refs/remote/log/" KIT_ID, NULL, &tip, &err), &err);
  kit_ok(yz_ledger_move_ref(k->l, "refs/heads/main", NULL, &tip, &err), &err);
  kit_ok(yz_ledger_branches_print(k->l, "refs/remote/", theirs, &err), &err);
  assert_string_equal(theirs, ours);
  kit_ok(yz_ledger_move_ref(k->l, "refs/remote/keys/" KIT_ID, NULL, &tip, &err), &err);
  kit_ok(yz_ledger_branches_print(k->l, "refs/remote/", theirs, &err), &err);
  assert_string_not_equal(theirs, ours);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(the_sum_is_sha_1, kit_start, kit_stop),
      cmocka_unit_test_setup_teardown(git_takes_it_where_the_rest_is, kit_start, kit_stop),
      cmocka_unit_test_setup_teardown(it_may_be_uncompressed, kit_start, kit_stop),
      cmocka_unit_test_setup_teardown(what_is_too_much_is_said, kit_start, kit_stop),
      cmocka_unit_test_setup_teardown(branches_have_a_print, kit_start, kit_stop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
