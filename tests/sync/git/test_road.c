/* The road to a folder. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/sync/git/kit.h"

#define REMOTE_LOG "refs/remote/log/" KIT_ID
#define REMOTE_KEYS "refs/remote/keys/" KIT_ID

/* An empty ledger of the other side, closed again. */
static void other_side(struct kit *k, char path[static TMP_PATH]) {
  struct yz_error err = {0};
  struct yz_ledger *l = NULL;
  tmp_join(path, k->dir, "other.git");
  kit_ok(yz_ledger_open(&l, path, true, &err), &err);
  yz_ledger_destroy(l);
}

static void push_all(struct kit *k, struct yz_road *road) {
  struct yz_error err = {0};
  struct yz_push pushes[] = {kit_push(KIT_KEYS, true), kit_push(KIT_LOG, false)};
  kit_ok(yz_ledger_push(k->l, road, pushes, 2, &err), &err);
  assert_false(pushes[0].rejected);
  assert_false(pushes[1].rejected);
}

static void there_and_back(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  char path[TMP_PATH], third[TMP_PATH], url[TMP_PATH + 8];
  struct yz_ledger *l = NULL;
  struct yz_oid log = kit_put(k, k->l, KIT_LOG, "1/1.jsonl", "one"), tip;
  struct yz_oid keys = kit_put(k, k->l, KIT_KEYS, "1/1.json", "key");
  other_side(k, path);
  struct yz_road up = {.url = path};
  push_all(k, &up);
  kit_is_at(path, KIT_LOG, &log);
  kit_is_at(path, KIT_KEYS, &keys);
  kit_fsck(path);
  assert_true(up.bytes_up > 100 && up.bytes_up < 10000);
  tmp_join(third, k->dir, "third.git");
  kit_ok(yz_ledger_open(&l, third, true, &err), &err);
  snprintf(url, sizeof url, "file://%s", path);
  struct yz_road down = {.url = url};
  kit_ok(yz_ledger_fetch(l, &down, &err), &err);
  kit_ok(yz_ledger_ref(l, REMOTE_LOG, &tip, &err), &err);
  assert_memory_equal(&tip, &log, sizeof log);
  kit_ok(yz_ledger_ref(l, REMOTE_KEYS, &tip, &err), &err);
  assert_memory_equal(&tip, &keys, sizeof keys);
  assert_true(down.bytes_down > 100 && down.bytes_down < 10000);
  assert_int_equal(down.bytes_up, 0);
  yz_ledger_destroy(l);
  kit_fsck(third);
}

static void git_can_clone_what_we_pushed(void **state) {
  struct kit *k = *state;
  char path[TMP_PATH];
  kit_put(k, k->l, KIT_LOG, "1/1.jsonl", "one");
  kit_put(k, k->l, KIT_KEYS, "1/1.json", "key");
  other_side(k, path);
  push_all(k, &(struct yz_road){.url = path});
  free(kit_git(k->dir, "clone", "-q", "--bare", path, "clone.git", NULL));
  char clone[TMP_PATH];
  tmp_join(clone, k->dir, "clone.git");
  kit_fsck(clone);
  char *text = kit_git(clone, "show", KIT_LOG ":1/1.jsonl", NULL);
  assert_string_equal(text, "one");
  free(text);
}

/* The second push of one more file takes no more than that file. */
static void cost_follows_what_is_new(void **state) {
  struct kit *k = *state;
  char path[TMP_PATH], name[64], noise[3000];
  struct yz_hash h;
  other_side(k, path);
  for (int i = 0; i < 40; i++) {
    for (size_t j = 0; j + sizeof h <= sizeof noise; j += sizeof h) {
      snprintf(name, sizeof name, "%d %zu", i, j);
      yz_sha256(&(struct yz_part){name, strlen(name)}, 1, &h);
      yz_to_hex(h.bytes, sizeof h / 2, noise + j);
    }
    snprintf(name, sizeof name, "1/%d.jsonl", i);
    kit_put(k, k->l, KIT_LOG, name, noise);
  }
  struct yz_push p = kit_push(KIT_LOG, false);
  struct yz_road first = {.url = path}, second = {.url = path}, third = {.url = path};
  kit_ok(yz_ledger_push(k->l, &first, &p, 1, &(struct yz_error){0}), &(struct yz_error){0});
  kit_put(k, k->l, KIT_LOG, "1/new.jsonl", "new");
  kit_ok(yz_ledger_push(k->l, &second, &p, 1, &(struct yz_error){0}), &(struct yz_error){0});
  kit_ok(yz_ledger_push(k->l, &third, &p, 1, &(struct yz_error){0}), &(struct yz_error){0});
  assert_true(first.bytes_up > 40000);
  assert_true(second.bytes_up < 4000);
  assert_int_equal(third.bytes_up, 0);
  kit_fsck(path);
}

static void fetch_of_nothing_new_costs_nothing(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  char path[TMP_PATH];
  size_t packs;
  struct yz_ledger *l = NULL;
  other_side(k, path);
  kit_ok(yz_ledger_open(&l, path, false, &err), &err);
  kit_put(k, l, KIT_LOG, "a", "x");
  yz_ledger_destroy(l);
  struct yz_road road = {.url = path}, again = {.url = path};
  kit_ok(yz_ledger_fetch(k->l, &road, &err), &err);
  kit_ok(yz_ledger_fetch(k->l, &again, &err), &err);
  assert_true(road.bytes_down > 0);
  assert_int_equal(again.bytes_down, 0);
  kit_size(k->path, "objects/pack", ".pack", &packs);
  assert_int_equal(packs, 1);
}

/* Their branch is begun anew, another is gone, others are not for us. */
static void fetch_follows_the_other_side(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  char path[TMP_PATH];
  struct yz_ledger *l = NULL;
  struct yz_oid now;
  static const char *const strange[] = {"refs/heads/log/0011",
                                        "refs/heads/log/00112233445566778899AABBCCDDEEFF",
                                        "refs/heads/keys/00112233445566778899aabbccddeefg",
                                        "refs/heads/main",
                                        "refs/tags/log/" KIT_ID,
                                        "refs/heads/other/" KIT_ID};
  other_side(k, path);
  kit_ok(yz_ledger_open(&l, path, false, &err), &err);
  kit_put(k, l, KIT_LOG, "a", "x");
  struct yz_oid keys = kit_put(k, l, KIT_KEYS, "a", "x");
  for (size_t i = 0; i < sizeof strange / sizeof *strange; i++)
    kit_ok(yz_ledger_move_ref(l, strange[i], NULL, &keys, &err), &err);
  kit_ok(yz_ledger_fetch(k->l, &(struct yz_road){.url = path}, &err), &err);
  char *refs = kit_git(k->path, "for-each-ref", "--format=%(refname)", NULL);
  assert_string_equal(refs, REMOTE_KEYS "\n" REMOTE_LOG);
  free(refs);
  struct yz_oid anew = kit_commit(k, l, NULL, "b", "y", 1, 0);
  kit_ok(yz_ledger_move_ref(l, KIT_KEYS, &keys, &anew, &err), &err);
  kit_ok(yz_ledger_delete_ref(l, KIT_LOG, &err), &err);
  kit_ok(yz_ledger_fetch(k->l, &(struct yz_road){.url = path}, &err), &err);
  kit_ok(yz_ledger_ref(k->l, REMOTE_KEYS, &now, &err), &err);
  assert_memory_equal(&now, &anew, sizeof now);
  assert_int_equal(yz_ledger_ref(k->l, REMOTE_LOG, &now, NULL), YZ_E_NOT_FOUND);
  yz_ledger_destroy(l);
}

/* The other side went on; only what is forced replaces it. */
static void only_forward_unless_forced(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  char path[TMP_PATH];
  struct yz_ledger *l = NULL;
  struct yz_oid log = kit_put(k, k->l, KIT_LOG, "a", "x"),
                keys = kit_put(k, k->l, KIT_KEYS, "a", "x");
  other_side(k, path);
  push_all(k, &(struct yz_road){.url = path});
  kit_ok(yz_ledger_open(&l, path, false, &err), &err);
  struct yz_oid theirs = kit_put(k, l, KIT_LOG, "b", "theirs");
  yz_ledger_destroy(l);
  struct yz_oid ours = kit_put(k, k->l, KIT_LOG, "b", "ours"),
                anew = kit_commit(k, k->l, NULL, "c", "z", 1, 0);
  kit_ok(yz_ledger_move_ref(k->l, KIT_KEYS, &keys, &anew, &err), &err);
  struct yz_push pushes[] = {kit_push(KIT_LOG, false), kit_push(KIT_KEYS, false)};
  assert_int_equal(yz_ledger_push(k->l, &(struct yz_road){.url = path}, pushes, 2, &err),
                   YZ_E_REFUSED);
  assert_true(pushes[0].rejected && pushes[1].rejected);
  assert_true(strlen(pushes[0].why) > 0);
  kit_is_at(path, KIT_LOG, &theirs);
  kit_is_at(path, KIT_KEYS, &keys);
  pushes[1].force = true;
  err = (struct yz_error){0};
  assert_int_equal(yz_ledger_push(k->l, &(struct yz_road){.url = path}, pushes, 2, &err),
                   YZ_E_REFUSED);
  assert_true(pushes[0].rejected);
  assert_false(pushes[1].rejected);
  kit_is_at(path, KIT_KEYS, &anew);
  pushes[0].force = true;
  err = (struct yz_error){0};
  kit_ok(yz_ledger_push(k->l, &(struct yz_road){.url = path}, pushes, 2, &err), &err);
  assert_string_equal(pushes[0].why, "");
  kit_is_at(path, KIT_LOG, &ours);
  assert_memory_not_equal(&log, &ours, sizeof log);
  kit_fsck(path);
}

/* A stick that was pulled out while it was written. */
static void debris_on_the_other_side_stops_nothing(void **state) {
  struct kit *k = *state;
  char path[TMP_PATH], lock[TMP_PATH];
  kit_put(k, k->l, KIT_LOG, "a", "x");
  struct yz_oid keys = kit_put(k, k->l, KIT_KEYS, "a", "x");
  other_side(k, path);
  tmp_join(lock, path, KIT_KEYS ".lock");
  tmp_write(lock, "", 0);
  push_all(k, &(struct yz_road){.url = path});
  kit_is_at(path, KIT_KEYS, &keys);
}

static void someone_else_writes_there(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  char path[TMP_PATH];
  struct yz_ledger *l = NULL;
  kit_put(k, k->l, KIT_LOG, "a", "x");
  other_side(k, path);
  kit_ok(yz_ledger_open(&l, path, false, &err), &err);
  struct yz_push p = kit_push(KIT_LOG, false);
  struct yz_road road = {.url = path, .stall_ms = 300};
  assert_int_equal(yz_ledger_push(k->l, &road, &p, 1, &err), YZ_E_NETWORK);
  assert_int_equal(yz_ledger_refs(l, "refs/", NULL, NULL, &err), 0);
  yz_ledger_destroy(l);
}

static void bad_addresses(void **state) {
  struct kit *k = *state;
  static const char *const bad[] = {
      "http://x/y", "https://x/y#",       "https://x/y#0123", "git://x/y",    "",
      "file://x/y", "ext::sh -c true://", "file:///a%2",      "file:///a%00b"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct yz_road road = {.url = bad[i]};
    if (yz_ledger_fetch(k->l, &road, NULL) != YZ_E_INPUT) fail_msg("took %s", bad[i]);
  }
  struct yz_error err = {0};
  struct yz_road nowhere = {.url = "/nonexistent/ledger.git"};
  assert_int_equal(yz_ledger_fetch(k->l, &nowhere, &err), YZ_E_NETWORK);
  assert_string_equal(err.subject, "/nonexistent/ledger.git");
}

static void a_url_may_hold_other_letters(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_ledger *l = NULL;
  char path[TMP_PATH], url[TMP_PATH + 64];
  struct yz_oid tip = kit_put(k, k->l, KIT_LOG, "a", "x");
  tmp_join(path, k->dir, "\xe6\x9d\x91 1");
  kit_ok(yz_ledger_open(&l, path, true, &err), &err);
  yz_ledger_destroy(l);
  snprintf(url, sizeof url, "file://localhost%s/%%E6%%9d%%91%%201", k->dir);
  struct yz_push p = kit_push(KIT_LOG, false);
  kit_ok(yz_ledger_push(k->l, &(struct yz_road){.url = url}, &p, 1, &err), &err);
  kit_is_at(path, KIT_LOG, &tip);
}

static void a_ref_that_is_not_here_cannot_be_pushed(void **state) {
  struct kit *k = *state;
  char path[TMP_PATH];
  other_side(k, path);
  struct yz_push p = kit_push(KIT_LOG, false);
  assert_int_equal(yz_ledger_push(k->l, &(struct yz_road){.url = path}, &p, 1, NULL),
                   YZ_E_NOT_FOUND);
}

/* A share, or a stick that another user has written. */
static void a_folder_of_another_user(void **state) {
  struct kit *k = *state;
  char path[TMP_PATH];
  struct run r = {0};
  struct yz_error err = {0};
  if (geteuid() != 0) skip();
  kit_put(k, k->l, KIT_LOG, "a", "x");
  other_side(k, path);
  run(&r, NULL, (const char *[]){"chown", "-R", "65534:65534", path, NULL});
  assert_int_equal(r.status, 0);
  run_finish(&r);
  struct yz_push p = kit_push(KIT_LOG, false);
  kit_ok(yz_ledger_push(k->l, &(struct yz_road){.url = path}, &p, 1, &err), &err);
  kit_ok(yz_ledger_fetch(k->l, &(struct yz_road){.url = path}, &err), &err);
}

/* Their log is not taken, their keys are; nothing of the log stays here. */
static void only_keys_come(struct kit *k, const char *path, const char *object) {
  struct yz_error err = {0};
  struct yz_oid now;
  struct yz_road road = {.url = path};
  char incoming[TMP_PATH];
  kit_ok(yz_ledger_fetch(k->l, &road, &err), &err);
  assert_int_equal(road.passed_over, 1);
  assert_int_equal(yz_ledger_ref(k->l, REMOTE_LOG, &now, NULL), YZ_E_NOT_FOUND);
  kit_ok(yz_ledger_ref(k->l, REMOTE_KEYS, &now, &err), &err);
  assert_int_not_equal(kit_git_status(NULL, k->path, "cat-file", "-e", object, NULL), 0);
  tmp_join(incoming, k->path, "yizhan.incoming");
  assert_int_not_equal(access(incoming, F_OK), 0);
  kit_fsck(k->path);
}

static void a_huge_file_does_not_come_in(void **state) {
  struct kit *k = *state;
  char path[TMP_PATH];
  size_t n = 17 * 1024 * 1024;
  char *zeros = calloc(1, n);
  assert_non_null(zeros);
  tmp_join(path, k->dir, "plain.git");
  free(kit_git(k->dir, "init", "-q", "--bare", "plain.git", NULL));
  char *blob = kit_git_in(path, zeros, n, (const char *[]){"hash-object", "-w", "--stdin", NULL});
  char line[128];
  int len = snprintf(line, sizeof line, "100644 blob %s\tbig\n", blob);
  char *tree = kit_git_in(path, line, (size_t)len, (const char *[]){"mktree", NULL});
  char *commit = kit_git(path, "-c", "user.name=a", "-c", "user.email=b", "commit-tree", "-m", "m",
                         tree, NULL);
  free(kit_git(path, "update-ref", KIT_LOG, commit, NULL));
  char *key = kit_git_in(path, "", 0, (const char *[]){"mktree", NULL});
  char *keys =
      kit_git(path, "-c", "user.name=a", "-c", "user.email=b", "commit-tree", "-m", "m", key, NULL);
  free(kit_git(path, "update-ref", KIT_KEYS, keys, NULL));
  only_keys_come(k, path, commit);
  free(keys);
  free(key);
  free(commit);
  free(tree);
  free(blob);
  free(zeros);
}

static void a_history_with_a_hole_does_not_come_in(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_ledger *l = NULL;
  char path[TMP_PATH], file[TMP_PATH], name[64], *blob;
  other_side(k, path);
  kit_ok(yz_ledger_open(&l, path, false, &err), &err);
  kit_put(k, l, KIT_LOG, "a", "x");
  kit_put(k, l, KIT_KEYS, "b", "y");
  yz_ledger_destroy(l);
  char *commit = kit_git(path, "rev-parse", KIT_LOG, NULL);
  blob = kit_git(path, "rev-parse", KIT_LOG ":a", NULL);
  snprintf(name, sizeof name, "objects/%.2s/%s", blob, blob + 2);
  tmp_join(file, path, name);
  assert_int_equal(unlink(file), 0);
  only_keys_come(k, path, commit);
  free(commit);
  free(blob);
}

int main(void) {
#define T(f) cmocka_unit_test_setup_teardown(f, kit_start, kit_stop)
  const struct CMUnitTest tests[] = {
      T(there_and_back),
      T(git_can_clone_what_we_pushed),
      T(cost_follows_what_is_new),
      T(fetch_of_nothing_new_costs_nothing),
      T(fetch_follows_the_other_side),
      T(only_forward_unless_forced),
      T(debris_on_the_other_side_stops_nothing),
      T(someone_else_writes_there),
      T(bad_addresses),
      T(a_url_may_hold_other_letters),
      T(a_ref_that_is_not_here_cannot_be_pushed),
      T(a_folder_of_another_user),
      T(a_huge_file_does_not_come_in),
      T(a_history_with_a_hole_does_not_come_in),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
