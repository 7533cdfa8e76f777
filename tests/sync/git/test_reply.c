/* What a server answers to a push is taken as a fetch would be, or not at all. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sync/git/git.h"
#include "tests/sync/git/kit.h"

enum { ROOM = 60000 };
#define SEEN "refs/remote/log/" KIT_ID

struct hub {
  char path[TMP_PATH];
  struct yz_ledger *l;
  struct yz_moved moved[2];
};

/* A hub's ledger of which ours has seen the first commit, and that has gone on since. */
static void start(struct kit *k, struct hub *h) {
  struct yz_error err = {0};
  *h = (struct hub){.l = NULL};
  tmp_join(h->path, k->dir, "hub.git");
  kit_ok(yz_ledger_open(&h->l, h->path, true, &err), &err);
  h->moved[0].from = kit_put(k, h->l, KIT_LOG, "1/1.jsonl", "one");
  free(kit_git(k->path, "fetch", "-q", h->path, KIT_LOG ":" SEEN, NULL));
  assert_int_equal(git_odb_refresh(k->l->odb), 0);
  (void)kit_put(k, h->l, KIT_LOG, "2/0/2.jsonl", "two");
  h->moved[0].to = kit_put(k, h->l, KIT_LOG, "1/3.jsonl", "three");
  h->moved[0].has_from = true;
  h->moved[1].to = kit_put(k, h->l, KIT_KEYS, "1/1.json", "key");
  memcpy(h->moved[0].ref, KIT_LOG, sizeof KIT_LOG);
  memcpy(h->moved[1].ref, KIT_KEYS, sizeof KIT_KEYS);
}

static void write_reply(struct hub *h, size_t branches, struct yz_buf *out) {
  struct yz_error err = {0};
  kit_ok(yz_ledger_reply(h->l, h->moved, branches, ROOM, out, &err), &err);
  assert_true(out->len > 0);
}

static bool is_at(struct kit *k, const char *ref, const struct yz_oid *oid) {
  struct yz_oid now;
  return yz_ledger_ref(k->l, ref, &now, NULL) == 0 && memcmp(&now, oid, sizeof now) == 0;
}

static void stop(struct kit *k, struct hub *h) {
  assert_int_not_equal(kit_git_status(NULL, k->path, "cat-file", "-e", "HEAD", NULL), 0);
  char folder[TMP_PATH];
  tmp_join(folder, k->path, "yizhan.incoming/pack");
  assert_int_not_equal(access(folder, F_OK), 0);
  yz_ledger_destroy(h->l);
}

static void it_comes_whole(void **state) {
  struct kit *k = *state;
  struct hub h;
  struct yz_buf reply = {0};
  struct yz_error err = {0};
  char *names;
  start(k, &h);
  write_reply(&h, 2, &reply);
  assert_int_equal(yz_git_take_reply(k->l, reply.data, reply.len, &err), 1);
  assert_true(is_at(k, SEEN, &h.moved[0].to));
  assert_true(is_at(k, "refs/remote/keys/" KIT_ID, &h.moved[1].to));
  names = kit_git(k->path, "ls-tree", "-r", "--name-only", SEEN, NULL);
  assert_string_equal(names, "1/1.jsonl\n1/3.jsonl\n2/0/2.jsonl");
  free(names);
  kit_fsck(k->path);
  /* Only what is new: neither the first commit nor its file. */
  size_t pack =
      (size_t)((char *)memmem(reply.data, reply.len, "\n\nPACK", 6) + 2 - (char *)reply.data);
  assert_memory_equal(reply.data + pack, "PACK\0\0\0\2\0\0\0\x0d", 12);
  /* A second time it begins somewhere else. */
  assert_int_equal(yz_git_take_reply(k->l, reply.data, reply.len, &err), 0);
  yz_buf_finish(&reply);
  stop(k, &h);
}

static void not_a_byte_of_it_may_change(void **state) {
  struct kit *k = *state;
  struct hub h;
  struct yz_buf reply = {0};
  start(k, &h);
  write_reply(&h, 1, &reply);
  for (size_t n = 0; n < reply.len; n += n < 400 ? 3 : 41) {
    assert_int_not_equal(yz_git_take_reply(k->l, reply.data, n, NULL), 1);
    reply.data[n] ^= 1;
    assert_int_not_equal(yz_git_take_reply(k->l, reply.data, reply.len, NULL), 1);
    reply.data[n] ^= 1;
    assert_true(is_at(k, SEEN, &h.moved[0].from));
  }
  assert_int_equal(yz_git_take_reply(k->l, reply.data, reply.len, NULL), 1);
  yz_buf_finish(&reply);
  stop(k, &h);
}

static void holes_are_refused(void **state) {
  struct kit *k = *state;
  struct hub h;
  char from[YZ_OID_HEX + 1], to[YZ_OID_HEX + 1], list[2 * (YZ_OID_HEX + 1) + 1], text[400];
  struct yz_buf reply = {0}, pack = {0};
  struct yz_error err = {0};
  char base[TMP_PATH], file[TMP_PATH];
  start(k, &h);
  kit_hex(&h.moved[0].from, from);
  kit_hex(&h.moved[0].to, to);
  /* The last commit and its tree, without what they are made of. */
  char *tree = kit_git(h.path, "rev-parse", KIT_LOG "^{tree}", NULL);
  snprintf(list, sizeof list, "%s\n%s\n", to, tree);
  tmp_join(base, k->dir, "pack");
  char *name =
      kit_git_in(h.path, list, strlen(list), (const char *[]){"pack-objects", "-q", base, NULL});
  snprintf(text, sizeof text, "pack-%s.pack", name);
  tmp_join(file, k->dir, text);
  const struct yz_world *world = yz_world_real();
  kit_ok(world->read_file(world->ctx, file, ROOM, &pack, &err), &err);
  snprintf(text, sizeof text, "yizhan-reply-v1\n" KIT_LOG " %s %s\n\n", from, to);
  assert_int_equal(yz_buf_puts(&reply, text), 0);
  assert_int_equal(yz_buf_append(&reply, pack.data, pack.len), 0);
  assert_int_equal(yz_git_take_reply(k->l, reply.data, reply.len, &err), YZ_E_FORMAT);
  assert_true(is_at(k, SEEN, &h.moved[0].from));
  assert_int_not_equal(kit_git_status(NULL, k->path, "cat-file", "-e", to, NULL), 0);
  free(tree);
  free(name);
  yz_buf_finish(&pack);
  yz_buf_finish(&reply);
  stop(k, &h);
}

static void other_branches_are_none_of_its_business(void **state) {
  struct kit *k = *state;
  struct hub h;
  struct yz_buf reply = {0};
  struct yz_git_moved moved[YZ_GIT_MAX_MOVED];
  size_t n, pack;
  start(k, &h);
  snprintf(h.moved[1].ref, sizeof h.moved[1].ref, "%s", "refs/heads/main");
  write_reply(&h, 2, &reply);
  assert_false(yz_git_read_reply(k->l, reply.data, reply.len, moved, &n, &pack));
  snprintf(h.moved[1].ref, sizeof h.moved[1].ref, "%s", "refs/remote/keys/" KIT_ID);
  write_reply(&h, 2, &reply);
  assert_false(yz_git_read_reply(k->l, reply.data, reply.len, moved, &n, &pack));
  snprintf(h.moved[1].ref, sizeof h.moved[1].ref, "%s", "refs/heads/keys/" KIT_OTHER);
  write_reply(&h, 2, &reply);
  assert_true(yz_git_read_reply(k->l, reply.data, reply.len, moved, &n, &pack));
  assert_int_equal(n, 2);
  yz_buf_finish(&reply);
  stop(k, &h);
}

static void what_is_too_long_is_not_sent(void **state) {
  struct kit *k = *state;
  struct hub h;
  struct yz_buf reply = {0};
  struct yz_error err = {0};
  start(k, &h);
  write_reply(&h, 2, &reply);
  size_t n = reply.len;
  kit_ok(yz_ledger_reply(h.l, h.moved, 2, n - 1, &reply, &err), &err);
  assert_int_equal(reply.len, 0);
  kit_ok(yz_ledger_reply(h.l, h.moved, 2, n, &reply, &err), &err);
  assert_int_equal(reply.len, n);
  yz_buf_finish(&reply);
  stop(k, &h);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(it_comes_whole, kit_start, kit_stop),
      cmocka_unit_test_setup_teardown(not_a_byte_of_it_may_change, kit_start, kit_stop),
      cmocka_unit_test_setup_teardown(holes_are_refused, kit_start, kit_stop),
      cmocka_unit_test_setup_teardown(other_branches_are_none_of_its_business, kit_start, kit_stop),
      cmocka_unit_test_setup_teardown(what_is_too_long_is_not_sent, kit_start, kit_stop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
