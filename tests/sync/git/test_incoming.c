/* What came from outside stays outside until it is whole. The packs are git's,
 * made as a hostile server would. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sync/git/git.h"
#include "tests/sync/git/kit.h"

/* A pack in the incoming folder of the objects that `list` names. */
static void pack_there(const char *from, const struct yz_incoming *in, const char *list) {
  char base[TMP_PATH];
  tmp_join(base, in->packs, "pack");
  free(kit_git_in(from, list, strlen(list), (const char *[]){"pack-objects", "-q", base, NULL}));
}

/* Another ledger with one commit; its objects, one a line: commit, tree, blob. */
struct other {
  char path[TMP_PATH];
  char *commit, *tree, *blob;
};

static struct other other_ledger(struct kit *k) {
  struct yz_error err = {0};
  struct other o;
  struct yz_ledger *l = NULL;
  tmp_join(o.path, k->dir, "other.git");
  kit_ok(yz_ledger_open(&l, o.path, true, &err), &err);
  kit_put(k, l, KIT_LOG, "a", "one");
  yz_ledger_destroy(l);
  o.commit = kit_git(o.path, "rev-parse", KIT_LOG, NULL);
  o.tree = kit_git(o.path, "rev-parse", KIT_LOG "^{tree}", NULL);
  o.blob = kit_git(o.path, "rev-parse", KIT_LOG ":a", NULL);
  return o;
}

static void other_finish(struct other *o) {
  free(o->commit);
  free(o->tree);
  free(o->blob);
}

/* Accepts a pack of the first, second and third object, where they are wanted. */
static int accept(struct kit *k, const struct other *o, bool commit, bool tree, bool blob) {
  struct yz_incoming in;
  struct yz_error err = {0};
  char list[256];
  snprintf(list, sizeof list, "%s%s%s%s%s%s", commit ? o->commit : "", commit ? "\n" : "",
           tree ? o->tree : "", tree ? "\n" : "", blob ? o->blob : "", blob ? "\n" : "");
  kit_ok(yz_incoming_init(&in, k->l, &err), &err);
  pack_there(o->path, &in, list);
  int rc = yz_incoming_accept(&in, &err);
  yz_incoming_finish(&in);
  return rc;
}

static bool holds(struct kit *k, const char *object) {
  return kit_git_status(NULL, k->path, "cat-file", "-e", object, NULL) == 0;
}

static void holes_are_refused_and_leave_nothing(void **state) {
  struct kit *k = *state;
  struct other o = other_ledger(k);
  assert_int_equal(accept(k, &o, true, false, false), YZ_E_FORMAT);
  assert_int_equal(accept(k, &o, true, true, false), YZ_E_FORMAT);
  assert_int_equal(accept(k, &o, true, false, true), YZ_E_FORMAT);
  assert_int_equal(accept(k, &o, false, true, false), YZ_E_FORMAT);
  assert_false(holds(k, o.commit) || holds(k, o.tree) || holds(k, o.blob));
  other_finish(&o);
}

static void what_is_whole_comes_in(void **state) {
  struct kit *k = *state;
  struct other o = other_ledger(k);
  struct yz_error err = {0};
  struct yz_commit_view v;
  assert_int_equal(accept(k, &o, true, true, true), 0);
  assert_true(holds(k, o.commit) && holds(k, o.tree) && holds(k, o.blob));
  struct yz_oid oid = kit_oid(o.commit);
  kit_ok(yz_ledger_read_commit(k->l, &oid, &v, &err), &err);
  yz_commit_view_finish(&v);
  kit_fsck(k->path);
  other_finish(&o);
}

/* What is here already need not come again. */
static void what_is_here_fills_the_hole(void **state) {
  struct kit *k = *state;
  struct other o = other_ledger(k);
  assert_int_equal(accept(k, &o, false, false, true), 0);
  assert_int_equal(accept(k, &o, true, true, false), 0);
  kit_fsck(k->path);
  other_finish(&o);
}

static void what_was_not_accepted_is_not_seen(void **state) {
  struct kit *k = *state;
  struct other o = other_ledger(k);
  struct yz_incoming in;
  struct yz_error err = {0};
  kit_ok(yz_incoming_init(&in, k->l, &err), &err);
  pack_there(o.path, &in, o.blob);
  assert_false(holds(k, o.blob));
  yz_incoming_finish(&in);
  assert_int_not_equal(access(in.l->path, F_OK), -1);
  char folder[TMP_PATH];
  tmp_join(folder, k->path, "yizhan.incoming");
  assert_int_equal(access(folder, F_OK), -1);
  other_finish(&o);
}

int main(void) {
#define T(f) cmocka_unit_test_setup_teardown(f, kit_start, kit_stop)
  const struct CMUnitTest tests[] = {
      T(holes_are_refused_and_leave_nothing),
      T(what_is_whole_comes_in),
      T(what_is_here_fills_the_hole),
      T(what_was_not_accepted_is_not_seen),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
