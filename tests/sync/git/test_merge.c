/* The township's union: one tree of all logs, one history of all. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sync/git/kit.h"

#define UNION "refs/heads/main"

static struct yz_ledger *township(struct kit *k, char path[static TMP_PATH]) {
  struct yz_error err = {0};
  struct yz_ledger *l = NULL;
  tmp_join(path, k->dir, "township.git");
  kit_ok(yz_ledger_open(&l, path, true, &err), &err);
  return l;
}

static void merge(struct kit *k, struct yz_ledger *town, struct yz_ledger *from,
                  const struct yz_branch_tip *tips, size_t n) {
  struct yz_error err = {0};
  kit_ok(yz_ledger_merge(town, UNION, from, tips, n, 1700000000000, k->seed, &err), &err);
}

static struct yz_oid tip_of(struct yz_ledger *l) {
  struct yz_error err = {0};
  struct yz_oid tip;
  kit_ok(yz_ledger_ref(l, UNION, &tip, &err), &err);
  return tip;
}

static void holds_every_branch_below_its_name(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_commit_view v;
  char path[TMP_PATH], want[256], a[YZ_OID_HEX + 1], b[YZ_OID_HEX + 1];
  struct yz_ledger *town = township(k, path);
  struct yz_branch_tip tips[] = {
      {KIT_ID, kit_put(k, k->l, KIT_LOG, "1/1.jsonl", "one")},
      {KIT_OTHER, kit_put(k, k->l, "refs/heads/log/" KIT_OTHER, "ack.json", "{}")}};
  merge(k, town, k->l, tips, 2);
  char *files = kit_git(path, "ls-tree", "-r", "--name-only", UNION, NULL);
  assert_string_equal(files, KIT_ID "/1/1.jsonl\n" KIT_OTHER "/ack.json");
  free(files);
  struct yz_oid tip = tip_of(town);
  char *line = kit_git(path, "log", "-1", "--format=%P|%s", UNION, NULL);
  snprintf(want, sizeof want, "%s %s|yizhan: union", kit_hex(&tips[0].tip, a),
           kit_hex(&tips[1].tip, b));
  assert_string_equal(line, want);
  free(line);
  kit_ok(yz_ledger_read_commit(town, &tip, &v, &err), &err);
  assert_true(yz_commit_signed_by(v.raw.data, v.raw.len, &k->key));
  yz_commit_view_finish(&v);
  kit_fsck(path);
  yz_ledger_destroy(town);
}

static void only_what_is_new_becomes_a_parent(void **state) {
  struct kit *k = *state;
  char path[TMP_PATH], want[256], a[YZ_OID_HEX + 1], b[YZ_OID_HEX + 1];
  struct yz_ledger *town = township(k, path);
  struct yz_branch_tip tips[] = {
      {KIT_ID, kit_put(k, k->l, KIT_LOG, "1/1.jsonl", "one")},
      {KIT_OTHER, kit_put(k, k->l, "refs/heads/log/" KIT_OTHER, "ack.json", "{}")}};
  merge(k, town, k->l, tips, 2);
  struct yz_oid first = tip_of(town);
  merge(k, town, k->l, tips, 2);
  struct yz_oid same = tip_of(town);
  assert_memory_equal(&first, &same, sizeof first);
  struct yz_branch_tip old = tips[0];
  tips[0].tip = kit_put(k, k->l, KIT_LOG, "1/2.jsonl", "two");
  merge(k, town, k->l, tips, 2);
  char *line = kit_git(path, "log", "-1", "--format=%P", UNION, NULL);
  snprintf(want, sizeof want, "%s %s", kit_hex(&first, a), kit_hex(&tips[0].tip, b));
  assert_string_equal(line, want);
  free(line);
  char *files = kit_git(path, "ls-tree", "-r", "--name-only", UNION, NULL);
  assert_string_equal(files, KIT_ID "/1/1.jsonl\n" KIT_ID "/1/2.jsonl\n" KIT_OTHER "/ack.json");
  free(files);
  same = tip_of(town);
  merge(k, town, k->l, &old, 1);
  struct yz_oid still = tip_of(town);
  assert_memory_equal(&same, &still, sizeof same);
  kit_fsck(path);
  yz_ledger_destroy(town);
}

/* Two villages, one after the other, into one union; the second merge of a long
 * history brings one small pack. */
static void villages_come_together_and_cost_is_new(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_ledger *other = NULL;
  char path[TMP_PATH], second[TMP_PATH], name[32];
  size_t packs;
  struct yz_ledger *town = township(k, path);
  struct yz_branch_tip tip = {.name = KIT_ID}, theirs = {.name = KIT_OTHER};
  for (int i = 0; i < 60; i++) {
    snprintf(name, sizeof name, "%d/%d.jsonl", i / 10, i);
    tip.tip = kit_put(k, k->l, KIT_LOG, name, name);
  }
  merge(k, town, k->l, &tip, 1);
  tmp_join(second, k->dir, "second.git");
  kit_ok(yz_ledger_open(&other, second, true, &err), &err);
  theirs.tip = kit_put(k, other, "refs/heads/log/" KIT_OTHER, "1/1.jsonl", "theirs");
  merge(k, town, other, &theirs, 1);
  int64_t before = kit_size(path, "objects/pack", ".pack", &packs);
  tip.tip = kit_put(k, k->l, KIT_LOG, "7/61.jsonl", "new");
  merge(k, town, k->l, &tip, 1);
  assert_true(kit_size(path, "objects/pack", ".pack", &packs) - before < 1500);
  char *count = kit_git(path, "rev-list", "--count", UNION, NULL);
  assert_string_equal(count, "65");
  free(count);
  char *text = kit_git(path, "show", UNION ":" KIT_OTHER "/1/1.jsonl", NULL);
  assert_string_equal(text, "theirs");
  free(text);
  kit_fsck(path);
  yz_ledger_destroy(other);
  yz_ledger_destroy(town);
}

static void bad_names_and_missing_tips(void **state) {
  struct kit *k = *state;
  char path[TMP_PATH];
  struct yz_oid now;
  struct yz_ledger *town = township(k, path);
  struct yz_branch_tip tip = {"..", kit_put(k, k->l, KIT_LOG, "a", "x")}, gone = {KIT_ID, {{5}}};
  assert_int_equal(yz_ledger_merge(town, UNION, k->l, &tip, 1, 0, k->seed, NULL), YZ_E_INPUT);
  assert_int_equal(yz_ledger_merge(town, UNION, k->l, &gone, 1, 0, k->seed, NULL), YZ_E_NOT_FOUND);
  assert_int_equal(yz_ledger_ref(town, UNION, &now, NULL), YZ_E_NOT_FOUND);
  merge(k, town, k->l, NULL, 0);
  assert_int_equal(yz_ledger_ref(town, UNION, &now, NULL), YZ_E_NOT_FOUND);
  yz_ledger_destroy(town);
}

int main(void) {
#define T(f) cmocka_unit_test_setup_teardown(f, kit_start, kit_stop)
  const struct CMUnitTest tests[] = {
      T(holds_every_branch_below_its_name),
      T(only_what_is_new_becomes_a_parent),
      T(villages_come_together_and_cost_is_new),
      T(bad_names_and_missing_tips),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
