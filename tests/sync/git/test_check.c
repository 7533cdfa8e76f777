/* Looking for what is missing or damaged. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "tests/sync/git/kit.h"

static void note(void *ctx, const char *fault) {
  assert_int_equal(yz_buf_printf(ctx, "%s\n", fault), 0);
}

static void finds(struct kit *k, const char *want) {
  struct yz_error err = {0};
  struct yz_buf faults = {0};
  assert_int_equal(yz_buf_puts(&faults, ""), 0);
  kit_ok(yz_ledger_check(k->l, note, &faults, &err), &err);
  assert_string_equal((char *)faults.data, want);
  yz_buf_finish(&faults);
}

static void loose_path(struct kit *k, const char *hex, char out[static TMP_PATH]) {
  char name[64];
  snprintf(name, sizeof name, "objects/%.2s/%s", hex, hex + 2);
  tmp_join(out, k->path, name);
}

static char *name_of(struct kit *k, const char *what) {
  return kit_git(k->path, "rev-parse", what, NULL);
}

/* Other bytes, well packed, under an object's name. */
static void replace(struct kit *k, const char *hex, const char *by) {
  char path[TMP_PATH], from[TMP_PATH];
  struct yz_buf bytes = {0};
  char *other =
      kit_git_in(k->path, by, strlen(by), (const char *[]){"hash-object", "-w", "--stdin", NULL});
  loose_path(k, other, from);
  loose_path(k, hex, path);
  tmp_read(from, &bytes);
  assert_int_equal(chmod(path, 0600), 0);
  tmp_write(path, bytes.data, bytes.len);
  yz_buf_finish(&bytes);
  free(other);
}

static void a_good_ledger_has_no_faults(void **state) {
  struct kit *k = *state;
  finds(k, "");
  kit_put(k, k->l, KIT_LOG, "1/1.jsonl", "one");
  kit_put(k, k->l, KIT_LOG, "1/2.jsonl", "two");
  kit_put(k, k->l, KIT_KEYS, "1/1.json", "key");
  finds(k, "");
}

static void a_changed_blob_is_damaged(void **state) {
  struct kit *k = *state;
  char want[128];
  struct yz_buf out = {0};
  struct yz_error err = {0};
  kit_put(k, k->l, KIT_LOG, "1/1.jsonl", "one");
  struct yz_oid tip = kit_put(k, k->l, KIT_LOG, "1/2.jsonl", "two");
  char *hex = name_of(k, KIT_LOG ":1/1.jsonl");
  replace(k, hex, "eno");
  snprintf(want, sizeof want, "object %s is damaged\n", hex);
  finds(k, want);
  assert_int_equal(yz_ledger_file(k->l, &tip, "1/1.jsonl", 100, &out, &err), YZ_E_DAMAGED);
  assert_memory_equal(err.subject, hex, YZ_OID_HEX);
  assert_int_equal(out.len, 0);
  free(hex);
  yz_buf_finish(&out);
}

static void a_torn_file_is_damaged(void **state) {
  struct kit *k = *state;
  char want[128], path[TMP_PATH];
  struct yz_buf out = {0};
  static const char noise[] = "words enough, words enough to be cut in the middle of them";
  struct yz_oid tip = kit_put(k, k->l, KIT_LOG, "a", noise);
  char *hex = name_of(k, KIT_LOG ":a");
  loose_path(k, hex, path);
  assert_int_equal(truncate(path, 20), 0);
  snprintf(want, sizeof want, "object %s is damaged\n", hex);
  finds(k, want);
  assert_int_equal(yz_ledger_file(k->l, &tip, "a", 100, &out, NULL), YZ_E_DAMAGED);
  assert_int_equal(truncate(path, 0), 0);
  finds(k, want);
  assert_int_equal(yz_ledger_file(k->l, &tip, "a", 100, &out, NULL), YZ_E_DAMAGED);
  assert_int_equal(yz_ledger_upkeep(k->l, true, NULL), YZ_E_DAMAGED);
  free(hex);
  yz_buf_finish(&out);
}

/* A loose object whose stream goes on after its size, and one that says it is shorter. */
static void what_its_head_belies_is_damaged(void **state) {
  struct kit *k = *state;
  static const struct {
    char text[16];
    uLong n;
  } wrong[] = {{"blob 3\0oneX", 11}, {"blob 2\0one", 10}, {"blob 4\0one", 10}, {"blob 03\0one", 11},
               {"blob  3\0one", 11}, {"glob 3\0one", 10}, {"blob 3 one", 10}};
  char want[128], path[TMP_PATH];
  kit_put(k, k->l, KIT_LOG, "a", "one");
  char *hex = name_of(k, KIT_LOG ":a");
  loose_path(k, hex, path);
  snprintf(want, sizeof want, "object %s is damaged\n", hex);
  assert_int_equal(chmod(path, 0600), 0);
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    unsigned char packed[64];
    uLong n = sizeof packed;
    assert_int_equal(compress(packed, &n, (const Bytef *)wrong[i].text, wrong[i].n), Z_OK);
    tmp_write(path, packed, n);
    finds(k, want);
  }
  free(hex);
}

static void what_is_gone_is_missing(void **state) {
  struct kit *k = *state;
  char want[256], path[TMP_PATH];
  kit_put(k, k->l, KIT_LOG, "1/1.jsonl", "one");
  kit_put(k, k->l, KIT_KEYS, "x", "two");
  char *tree = name_of(k, KIT_LOG ":1"), *blob = name_of(k, KIT_KEYS ":x");
  loose_path(k, tree, path);
  assert_int_equal(unlink(path), 0);
  snprintf(want, sizeof want, "object %s is missing\n", tree);
  finds(k, want);
  loose_path(k, blob, path);
  assert_int_equal(unlink(path), 0);
  struct yz_buf faults = {0};
  assert_int_equal(yz_ledger_check(k->l, note, &faults, NULL), 0);
  assert_non_null(strstr((char *)faults.data, tree));
  assert_non_null(strstr((char *)faults.data, blob));
  yz_buf_finish(&faults);
  free(blob);
  free(tree);
}

static char *only_pack(struct kit *k) {
  struct run r = {0};
  run(&r, &(struct run_how){.dir = k->path},
      (const char *[]){"find", "objects/pack", "-name", "*.pack", NULL});
  char *name = strdup(strtok((char *)r.out.data, "\n"));
  run_finish(&r);
  return name;
}

/* Everything between the head and the sum of a pack is turned over. */
static void a_damaged_pack_is_found(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_buf faults = {0}, bytes = {0};
  char path[TMP_PATH], want[128], hex[YZ_OID_HEX + 1];
  struct yz_oid tip = kit_put(k, k->l, KIT_LOG, "a", "words");
  kit_ok(yz_ledger_upkeep(k->l, true, &err), &err);
  finds(k, "");
  char *name = only_pack(k);
  tmp_join(path, k->path, name);
  tmp_read(path, &bytes);
  for (size_t i = 12; i < bytes.len - 20; i++) bytes.data[i] ^= 0x55;
  assert_int_equal(unlink(path), 0);
  tmp_write(path, bytes.data, bytes.len);
  yz_ledger_destroy(k->l);
  kit_ok(yz_ledger_open(&k->l, k->path, false, &err), &err);
  kit_ok(yz_ledger_check(k->l, note, &faults, &err), &err);
  snprintf(want, sizeof want, "object %s is damaged\n", kit_hex(&tip, hex));
  assert_string_equal((char *)faults.data, want);
  yz_buf_finish(&faults);
  yz_buf_finish(&bytes);
  free(name);
}

/* An index that leads out of its pack, or out of itself. */
static void a_damaged_index_is_not_gone_by(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_buf bytes = {0};
  struct yz_ledger *other = NULL;
  char path[TMP_PATH], idx[TMP_PATH], third[TMP_PATH], want[128];
  kit_put(k, k->l, KIT_LOG, "a", "words");
  kit_ok(yz_ledger_upkeep(k->l, true, &err), &err);
  char *pack = only_pack(k);
  tmp_join(path, k->path, pack);
  snprintf(idx, sizeof idx, "%.*s.idx", (int)strlen(path) - 5, path);
  snprintf(want, sizeof want, "the index of %.*s is damaged\n", (int)strlen(pack) - 18, pack + 13);
  tmp_read(idx, &bytes);
  size_t offsets = 8 + 1024 + 3 * 24;
  const struct {
    size_t at;
    unsigned char by;
    size_t cut;
  } wrong[] = {{offsets, 0x80, 0}, {offsets, 0x01, 0}, {8, 0xff, 0}, {8 + 1020, 0x01, 0},
               {7, 3, 0},          {0, 0, 0},          {0, 0xff, 1}, {0, 0xff, bytes.len}};
  tmp_join(third, k->dir, "third.git");
  kit_ok(yz_ledger_open(&other, third, true, &err), &err);
  finds(k, "");
  kit_ok(yz_ledger_fetch(other, &(struct yz_road){.url = k->path}, &err), &err);
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    unsigned char was = bytes.data[wrong[i].at];
    bytes.data[wrong[i].at] = wrong[i].by;
    assert_int_equal(unlink(idx), 0);
    tmp_write(idx, bytes.data, bytes.len - wrong[i].cut);
    bytes.data[wrong[i].at] = was;
    finds(k, want);
    assert_int_equal(yz_ledger_fetch(other, &(struct yz_road){.url = k->path}, NULL), YZ_E_DAMAGED);
  }
  yz_ledger_destroy(other);
  yz_buf_finish(&bytes);
  free(pack);
}

static void an_unreadable_ref_is_a_fault_and_can_be_made_anew(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  char path[TMP_PATH];
  struct yz_oid now, tip = kit_put(k, k->l, KIT_LOG, "a", "x");
  kit_put(k, k->l, KIT_KEYS, "a", "x");
  tmp_join(path, k->path, KIT_LOG);
  tmp_write(path, "", 0);
  finds(k, "branch " KIT_LOG " is damaged\n");
  assert_int_equal(yz_ledger_ref(k->l, KIT_LOG, &now, NULL), YZ_E_DAMAGED);
  kit_ok(yz_ledger_delete_ref(k->l, KIT_LOG, &err), &err);
  kit_ok(yz_ledger_move_ref(k->l, KIT_LOG, NULL, &tip, &err), &err);
  finds(k, "");
}

int main(void) {
#define T(f) cmocka_unit_test_setup_teardown(f, kit_start, kit_stop)
  const struct CMUnitTest tests[] = {
      T(a_good_ledger_has_no_faults),    T(a_changed_blob_is_damaged),
      T(a_torn_file_is_damaged),         T(what_its_head_belies_is_damaged),
      T(what_is_gone_is_missing),        T(a_damaged_pack_is_found),
      T(a_damaged_index_is_not_gone_by), T(an_unreadable_ref_is_a_fault_and_can_be_made_anew),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
