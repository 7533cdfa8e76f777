/* Commits: made, kept, built again; judged by git and against forgeries. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sync/git/kit.h"

static struct yz_buf prepare(struct kit *k, const struct yz_oid *parent, const char *path,
                             const char *text) {
  struct yz_error err = {0};
  struct yz_buf commit = {0};
  const struct yz_change change = {path, text, strlen(text)};
  kit_ok(yz_ledger_prepare(k->l, parent, &change, 1, "records 1-2", 1700000000999, k->seed, &commit,
                           &err),
         &err);
  return commit;
}

static void git_verifies_it(void **state) {
  struct kit *k = *state;
  struct yz_buf line = {0};
  char file[TMP_PATH], config[TMP_PATH + 64], hex[YZ_OID_HEX + 1], good[128], *said = NULL;
  struct yz_oid tip = kit_put(k, k->l, KIT_LOG, "1/1.jsonl", "one\n");
  assert_int_equal(yz_buf_printf(&line, "%s@yizhan.invalid namespaces=\"git\" ", k->name), 0);
  assert_int_equal(yz_ssh_public(&k->key, &line), 0);
  assert_int_equal(yz_buf_puts(&line, "\n"), 0);
  tmp_join(file, k->dir, "allowed");
  tmp_write(file, line.data, line.len);
  snprintf(config, sizeof config, "gpg.ssh.allowedSignersFile=%s", file);
  int status = kit_git_status(&said, k->path, "-c", "gpg.format=ssh", "-c", config, "verify-commit",
                              kit_hex(&tip, hex), NULL);
  snprintf(good, sizeof good, "Good \"git\" signature for %s@yizhan.invalid with ED25519 key",
           k->name);
  assert_non_null(strstr(said, good));
  assert_int_equal(status, 0);
  free(said);
  said = kit_git(k->path, "-c", "gpg.format=ssh", "-c", config, "log", "--all", "--show-signature",
                 "--format=%an|%ae|%cn|%ce|%at|%ct|%s", NULL);
  assert_non_null(strstr(said, good));
  snprintf(good, sizeof good, "\nyizhan|%s@yizhan.invalid|yizhan|%s@yizhan.invalid|1700000000|",
           k->name, k->name);
  assert_non_null(strstr(said, good));
  free(said);
  kit_fsck(k->path);
  yz_buf_finish(&line);
}

/* Its bytes, exactly. */
static void has_the_form(void **state) {
  struct kit *k = *state;
  char want[512];
  struct yz_buf c = prepare(k, NULL, "1/1.jsonl", "one\n");
  char *tree = NULL;
  struct yz_oid oid;
  struct yz_error err = {0};
  kit_ok(yz_ledger_write_commit(k->l, c.data, c.len, &oid, &err), &err);
  char hex[YZ_OID_HEX + 1];
  char *type = kit_git(k->path, "cat-file", "-t", kit_hex(&oid, hex), NULL);
  assert_string_equal(type, "commit");
  char spec[64];
  snprintf(spec, sizeof spec, "%s^{tree}", hex);
  tree = kit_git(k->path, "rev-parse", spec, NULL);
  int n = snprintf(want, sizeof want,
                   "tree %s\nauthor yizhan <%s@yizhan.invalid> 1700000000 +0000\n"
                   "committer yizhan <%s@yizhan.invalid> 1700000000 +0000\n"
                   "gpgsig -----BEGIN SSH SIGNATURE-----\n ",
                   tree, k->name, k->name);
  assert_true(c.len > (size_t)n);
  assert_memory_equal(c.data, want, (size_t)n);
  static const char end[] = "\n -----END SSH SIGNATURE-----\n\nrecords 1-2\n";
  assert_memory_equal(c.data + c.len - strlen(end), end, strlen(end));
  free(tree);
  free(type);
  yz_buf_finish(&c);
}

static void moves_no_ref_and_writes_no_commit(void **state) {
  struct kit *k = *state;
  struct yz_buf c = prepare(k, NULL, "1/1.jsonl", "one\n");
  char *said =
      kit_git(k->path, "cat-file", "--batch-all-objects", "--batch-check=%(objecttype)", NULL);
  assert_null(strstr(said, "commit"));
  free(said);
  said = kit_git(k->path, "for-each-ref", NULL);
  assert_string_equal(said, "");
  free(said);
  yz_buf_finish(&c);
}

/* A commit far into a log writes its blob, the trees above it and itself. */
static void cost_follows_what_is_new(void **state) {
  struct kit *k = *state;
  struct yz_oid tip = {{0}};
  char path[64];
  for (int i = 1000; i < 1030; i++) {
    snprintf(path, sizeof path, "4/1/0/%d/%d.jsonl", i / 10 % 10, i);
    tip = kit_commit(k, k->l, i == 1000 ? NULL : &tip, path, path, strlen(path), 0);
  }
  size_t before, after;
  char *list = kit_git(k->path, "count-objects", NULL);
  before = strtoul(list, NULL, 10);
  free(list);
  kit_commit(k, k->l, &tip, "4/1/0/3/1030.jsonl", "x", 1, 0);
  list = kit_git(k->path, "count-objects", NULL);
  after = strtoul(list, NULL, 10);
  free(list);
  assert_int_equal(after - before, 1 + 5 + 1);
}

static void keeps_what_was_there(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_buf out = {0};
  kit_put(k, k->l, KIT_LOG, "1/1.jsonl", "one");
  kit_put(k, k->l, KIT_LOG, "1/2.jsonl", "two");
  struct yz_oid tip = kit_put(k, k->l, KIT_LOG, "ack.json", "{}");
  char *names = kit_git(k->path, "ls-tree", "-r", "--name-only", KIT_LOG, NULL);
  assert_string_equal(names, "1/1.jsonl\n1/2.jsonl\nack.json");
  kit_ok(yz_ledger_file(k->l, &tip, "1/2.jsonl", 3, &out, &err), &err);
  assert_int_equal(out.len, 3);
  assert_memory_equal(out.data, "two", 3);
  yz_buf_finish(&out);
  free(names);
}

static void replay_gives_the_same(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_ledger *other = NULL;
  char path[TMP_PATH];
  struct yz_oid first, again;
  const struct yz_change change = {"1/1.jsonl", "one", 3}, wrong = {"1/1.jsonl", "two", 3};
  struct yz_buf c = prepare(k, NULL, "1/1.jsonl", "one");
  kit_ok(yz_ledger_write_commit(k->l, c.data, c.len, &first, &err), &err);
  tmp_join(path, k->dir, "other.git");
  kit_ok(yz_ledger_open(&other, path, true, &err), &err);
  assert_int_equal(yz_ledger_replay(other, &wrong, 1, c.data, c.len, &err), YZ_E_DAMAGED);
  err = (struct yz_error){0};
  kit_ok(yz_ledger_replay(other, &change, 1, c.data, c.len, &err), &err);
  kit_ok(yz_ledger_write_commit(other, c.data, c.len, &again, &err), &err);
  assert_memory_equal(&first, &again, sizeof first);
  struct yz_buf next = prepare(k, &first, "1/2.jsonl", "two");
  const struct yz_change second = {"1/2.jsonl", "two", 3};
  kit_ok(yz_ledger_replay(other, &second, 1, next.data, next.len, &err), &err);
  kit_ok(yz_ledger_write_commit(other, next.data, next.len, &again, &err), &err);
  kit_ok(yz_ledger_move_ref(other, KIT_LOG, NULL, &again, &err), &err);
  kit_fsck(path);
  assert_int_equal(yz_ledger_replay(other, &change, 1, "junk", 4, &err), YZ_E_FORMAT);
  yz_ledger_destroy(other);
  yz_buf_finish(&next);
  yz_buf_finish(&c);
}

static void refuses_paths_that_are_not_ours(void **state) {
  struct kit *k = *state;
  static const char *const bad[] = {"../x", "a/../b", ".git/config", ".GIT", "/x",       "a//b",
                                    "",     "a/",     ".",           "a b",  "\xc3\xa9", "a\nb"};
  char longer[YZ_OID_HEX * 3 + 1];
  struct yz_buf c = {0};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    const struct yz_change change = {bad[i], "x", 1};
    struct yz_error err = {0};
    assert_int_equal(yz_ledger_prepare(k->l, NULL, &change, 1, "m", 0, k->seed, &c, &err),
                     YZ_E_INPUT);
    assert_non_null(err.message);
  }
  memset(longer, 'a', 101);
  longer[101] = '\0';
  const struct yz_change change = {longer, "x", 1};
  assert_int_equal(yz_ledger_prepare(k->l, NULL, &change, 1, "m", 0, k->seed, &c, NULL),
                   YZ_E_LIMIT);
  longer[100] = '\0';
  assert_int_equal(yz_ledger_prepare(k->l, NULL, &change, 1, "m", 0, k->seed, &c, NULL), 0);
  yz_buf_finish(&c);
}

/* Copies c with one run of bytes replaced. */
static struct yz_buf changed(const struct yz_buf *c, const char *from, const char *to) {
  struct yz_buf out = {0};
  const char *text = (const char *)c->data, *at = strstr(text, from);
  assert_non_null(at);
  size_t before = (size_t)(at - text), after = before + strlen(from);
  assert_int_equal(yz_buf_append(&out, text, before), 0);
  assert_int_equal(yz_buf_puts(&out, to), 0);
  assert_int_equal(yz_buf_append(&out, text + after, c->len - after), 0);
  return out;
}

static void signed_by_is_strict(void **state) {
  struct kit *k = *state;
  struct yz_oid parent = kit_put(k, k->l, KIT_LOG, "1/1.jsonl", "one");
  struct yz_buf c = prepare(k, &parent, "1/2.jsonl", "two");
  struct yz_key other = k->key;
  static const char *const forged[][2] = {
      {"tree ", "tree  "},
      {"tree ", "\ntree "},
      {"parent ", "Parent "},
      {"1700000000", "1700000001"},
      {"1700000000", "01700000000"},
      {"1700000000", "-1700000000"},
      {"+0000", "+0100"},
      {"author yizhan <", "author yizham <"},
      {"\ncommitter", "\nencoding UTF-8\ncommitter"},
      {"\ngpgsig ", "\nmergetag x\ngpgsig "},
      {"\ngpgsig ", "\ngpgsig-sha256 "},
      {" -----END SSH SIGNATURE-----\n\n", " -----END SSH SIGNATURE-----\nencoding x\n\n"},
      {" -----END SSH SIGNATURE-----\n\n", " -----END SSH SIGNATURE-----\n \n\n"},
      {" -----END SSH SIGNATURE-----\n\n", " -----END SSH SIGNATURE-----\n\n\n"},
      {"records 1-2\n", "records 1-3\n"},
      {"records 1-2\n", "records 1-2"},
      {"records 1-2\n", "records 1-2\n\n"},
      {"records 1-2\n", ""},
  };
  assert_true(yz_commit_signed_by(c.data, c.len, &k->key));
  for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
    struct yz_buf f = changed(&c, forged[i][0], forged[i][1]);
    if (yz_commit_signed_by(f.data, f.len, &k->key)) fail_msg("took %s", forged[i][1]);
    yz_buf_finish(&f);
  }
  for (size_t n = 0; n < c.len; n++) assert_false(yz_commit_signed_by(c.data, n, &k->key));
  for (size_t i = 0; i < c.len; i++) {
    c.data[i] ^= 1;
    if (yz_commit_signed_by(c.data, c.len, &k->key)) fail_msg("took a change at %zu", i);
    c.data[i] ^= 1;
  }
  other.bytes[0] ^= 1;
  assert_false(yz_commit_signed_by(c.data, c.len, &other));
  yz_buf_finish(&c);
}

/* head, the key's signature over head and message, message. */
static struct yz_buf signed_as(struct kit *k, const char *head, const char *after,
                               const char *message, size_t n) {
  struct yz_buf plain = {0}, armour = {0}, out = {0};
  assert_int_equal(yz_buf_puts(&plain, head), 0);
  assert_int_equal(yz_buf_puts(&plain, after), 0);
  assert_int_equal(yz_buf_append(&plain, message, n), 0);
  assert_int_equal(yz_sshsig_sign(k->seed, plain.data, plain.len, &armour), 0);
  assert_int_equal(yz_buf_printf(&out, "%sgpgsig ", head), 0);
  for (char *line = strtok((char *)armour.data, "\n"), *next; line != NULL; line = next) {
    next = strtok(NULL, "\n");
    assert_int_equal(yz_buf_printf(&out, "%s\n%s", line, next == NULL ? "" : " "), 0);
  }
  assert_int_equal(yz_buf_puts(&out, after), 0);
  assert_int_equal(yz_buf_append(&out, message, n), 0);
  yz_buf_finish(&plain);
  yz_buf_finish(&armour);
  return out;
}

/* The signature alone does not make it one of ours. */
static void well_signed_but_in_another_form(void **state) {
  struct kit *k = *state;
#define TREE "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"
#define WHO(when) "yizhan <%1$s@yizhan.invalid> " when "\n"
#define GOOD TREE "author " WHO("17 +0000") "committer " WHO("17 +0000")
  static const struct {
    bool good;
    const char *head, *after, *message;
    size_t n;
  } forms[] = {
      {true, GOOD, "", "\nrecords 1-2\n", 13},
      {true, TREE "author " WHO("0 +0000") "committer " WHO("0 +0000"), "", "\nx\n", 3},
      {false, GOOD, "", "\nrecords 1-2", 12},
      {false, GOOD, "", "\nrecords\0001-2\n", 13},
      {false, GOOD, "", "\n\0\n", 3},
      {false, GOOD, "", "", 0},
      {false, GOOD, "encoding UTF-8\n", "\nx\n", 3},
      {false, GOOD "encoding UTF-8\n", "", "\nx\n", 3},
      {false, TREE "author " WHO("017 +0000") "committer " WHO("017 +0000"), "", "\nx\n", 3},
      {false, TREE "author " WHO("-17 +0000") "committer " WHO("-17 +0000"), "", "\nx\n", 3},
      {false, TREE "author " WHO("+0000") "committer " WHO("+0000"), "", "\nx\n", 3},
      {false, TREE "author " WHO("17 +0800") "committer " WHO("17 +0800"), "", "\nx\n", 3},
      {false, TREE "author " WHO("17 +0000") "committer " WHO("18 +0000"), "", "\nx\n", 3},
      {false, TREE "committer " WHO("17 +0000") "author " WHO("17 +0000"), "", "\nx\n", 3},
      {false, TREE TREE "author " WHO("17 +0000") "committer " WHO("17 +0000"), "", "\nx\n", 3},
      {false, "author " WHO("17 +0000") "committer " WHO("17 +0000"), "", "\nx\n", 3},
      {false,
       TREE "author x <%1$s@yizhan.invalid> 17 +0000\ncommitter x <%1$s@yizhan.invalid> 17 +0000\n",
       "", "\nx\n", 3},
      {false,
       TREE "author yizhan <0123456789abcdef@yizhan.invalid> 17 +0000\n"
            "committer yizhan <0123456789abcdef@yizhan.invalid> 17 +0000\n",
       "", "\nx\n", 3},
  };
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    char head[1024];
    const char *at = forms[i].head;
    size_t n = 0;
    for (const char *name; (name = strstr(at, "%1$s")) != NULL; at = name + 4)
      n += (size_t)snprintf(head + n, sizeof head - n, "%.*s%s", (int)(name - at), at, k->name);
    snprintf(head + n, sizeof head - n, "%s", at);
    struct yz_buf c = signed_as(k, head, forms[i].after, forms[i].message, forms[i].n);
    if (yz_commit_signed_by(c.data, c.len, &k->key) != forms[i].good) fail_msg("form %zu", i);
    yz_buf_finish(&c);
  }
}

/* A second signature, or one by somebody else under the node's name. */
static void two_signatures_or_anothers_are_none(void **state) {
  struct kit *k = *state;
  struct yz_buf c = prepare(k, NULL, "1/1.jsonl", "one"), twice = {0};
  const char *text = (const char *)c.data, *sig = strstr(text, "gpgsig "),
             *end = strstr(sig, "\n\n");
  assert_int_equal(yz_buf_append(&twice, text, (size_t)(end + 1 - text)), 0);
  assert_int_equal(yz_buf_append(&twice, sig, c.len - (size_t)(sig - text)), 0);
  assert_false(yz_commit_signed_by(twice.data, twice.len, &k->key));
  struct yz_key stranger;
  memset(k->seed->bytes, 8, YZ_SEED_LEN);
  yz_sign_public(k->seed, &stranger);
  memset(k->seed->bytes, 7, YZ_SEED_LEN);
  assert_false(yz_commit_signed_by(c.data, c.len, &stranger));
  yz_buf_finish(&twice);
  yz_buf_finish(&c);
}

static void refuses_more_than_64_kib(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_buf c = {0};
  struct yz_commit_view v;
  const struct yz_change change = {"a", "x", 1};
  char *message = calloc(1, 65 * 1024 + 1), hex[YZ_OID_HEX + 1];
  assert_non_null(message);
  memset(message, 'm', 65 * 1024);
  assert_int_equal(yz_ledger_prepare(k->l, NULL, &change, 1, message, 0, k->seed, &c, &err),
                   YZ_E_LIMIT);
  assert_false(yz_commit_signed_by(c.data, c.len, &k->key));
  struct yz_oid small = kit_put(k, k->l, KIT_LOG, "a", "x");
  char *tree = kit_git(k->path, "rev-parse", KIT_LOG "^{tree}", NULL);
  char *large = kit_git_in(
      k->path, message, 65 * 1024,
      (const char *[]){"-c", "user.name=a", "-c", "user.email=b", "commit-tree", tree, NULL});
  struct yz_oid oid = kit_oid(large);
  err = (struct yz_error){0};
  assert_int_equal(yz_ledger_read_commit(k->l, &oid, &v, &err), YZ_E_LIMIT);
  assert_string_equal(err.subject, kit_hex(&oid, hex));
  err = (struct yz_error){0};
  kit_ok(yz_ledger_read_commit(k->l, &small, &v, &err), &err);
  assert_int_equal(v.n_parents, 0);
  assert_true(yz_commit_signed_by(v.raw.data, v.raw.len, &k->key));
  yz_commit_view_finish(&v);
  free(large);
  free(tree);
  free(message);
  yz_buf_finish(&c);
}

static void a_view_names_the_first_parent(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_commit_view v;
  struct yz_oid first = kit_put(k, k->l, KIT_LOG, "a", "1"),
                second = kit_put(k, k->l, KIT_LOG, "a", "2");
  kit_ok(yz_ledger_read_commit(k->l, &second, &v, &err), &err);
  assert_int_equal(v.n_parents, 1);
  assert_memory_equal(&v.parent, &first, sizeof first);
  yz_commit_view_finish(&v);
  struct yz_oid missing = {{1}};
  assert_int_equal(yz_ledger_read_commit(k->l, &missing, &v, &err), YZ_E_NOT_FOUND);
  yz_commit_view_finish(&v);
}

static size_t objects_in(struct kit *k) {
  char *list = kit_git(k->path, "cat-file", "--batch-all-objects", "--batch-check", NULL);
  size_t n = 0;
  for (const char *at = list; at != NULL && *at != '\0'; at = strchr(at + 1, '\n')) n++;
  free(list);
  return n;
}

/* Two commits over each other, held, read again meanwhile, then one pack and no more. */
static void what_is_held_becomes_one_pack(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_buf out = {0};
  size_t packs;
  kit_ok(yz_ledger_hold(k->l, &err), &err);
  struct yz_oid first = kit_commit(k, k->l, NULL, "1/1.jsonl", "one", 3, 0),
                second = kit_commit(k, k->l, &first, "1/2.jsonl", "two", 3, 0);
  kit_ok(yz_ledger_file(k->l, &second, "1/1.jsonl", 3, &out, &err), &err);
  assert_int_equal(objects_in(k), 0);
  kit_ok(yz_ledger_release(k->l, true, &err), &err);
  kit_ok(yz_ledger_move_ref(k->l, KIT_LOG, NULL, &second, &err), &err);
  kit_size(k->path, "objects/pack", ".pack", &packs);
  assert_int_equal(packs, 1);
  assert_int_equal(objects_in(k), 2 + 4 + 2);
  kit_fsck(k->path);
  /* Afterwards what is written goes to the disk again. */
  kit_put(k, k->l, KIT_LOG, "1/3.jsonl", "three");
  assert_int_equal(objects_in(k), 8 + 1 + 2 + 1);
  yz_buf_finish(&out);
}

static void what_is_not_kept_is_gone(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_commit_view v;
  kit_ok(yz_ledger_hold(k->l, &err), &err);
  struct yz_oid commit = kit_commit(k, k->l, NULL, "1/1.jsonl", "one", 3, 0);
  kit_ok(yz_ledger_release(k->l, false, &err), &err);
  assert_int_equal(yz_ledger_read_commit(k->l, &commit, &v, NULL), YZ_E_NOT_FOUND);
  yz_commit_view_finish(&v);
  assert_int_equal(objects_in(k), 0);
}

int main(void) {
#define T(f) cmocka_unit_test_setup_teardown(f, kit_start, kit_stop)
  const struct CMUnitTest tests[] = {
      T(git_verifies_it),
      T(has_the_form),
      T(moves_no_ref_and_writes_no_commit),
      T(cost_follows_what_is_new),
      T(keeps_what_was_there),
      T(replay_gives_the_same),
      T(refuses_paths_that_are_not_ours),
      T(signed_by_is_strict),
      T(well_signed_but_in_another_form),
      T(two_signatures_or_anothers_are_none),
      T(refuses_more_than_64_kib),
      T(a_view_names_the_first_parent),
      T(what_is_held_becomes_one_pack),
      T(what_is_not_kept_is_gone),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
