#include "tests/sync/git/kit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_WORDS = 24 };

int kit_start(void **state) {
  struct kit *k = calloc(1, sizeof *k);
  struct yz_error err = {0};
  if (k == NULL || yz_crypto_init() < 0) return -1;
  if (setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1) || setenv("GIT_CONFIG_SYSTEM", "/dev/null", 1))
    return -1;
  k->dir = tmp_create();
  k->seed = yz_secret_create(YZ_SEED_LEN);
  if (k->seed == NULL) return -1;
  memset(k->seed->bytes, 7, YZ_SEED_LEN);
  yz_sign_public(k->seed, &k->key);
  yz_to_hex(k->key.bytes, 8, k->name);
  tmp_join(k->path, k->dir, "ledger.git");
  kit_ok(yz_ledger_open(&k->l, k->path, true, &err), &err);
  *state = k;
  return 0;
}

int kit_stop(void **state) {
  struct kit *k = *state;
  yz_ledger_destroy(k->l);
  yz_secret_destroy(k->seed);
  tmp_destroy(k->dir);
  free(k);
  return 0;
}

void kit_ok(int rc, const struct yz_error *err) {
  if (rc != 0)
    fail_msg("%d: %s (%s)", rc, err->message == NULL ? "no message" : err->message, err->subject);
}

struct yz_oid kit_commit(struct kit *k, struct yz_ledger *l, const struct yz_oid *parent,
                         const char *path, const void *bytes, size_t n, int64_t time_ms) {
  struct yz_error err = {0};
  struct yz_buf commit = {0};
  struct yz_oid made;
  const struct yz_change change = {path, bytes, n};
  kit_ok(yz_ledger_prepare(l, parent, &change, 1, "records 1-2", time_ms, k->seed, &commit, &err),
         &err);
  kit_ok(yz_ledger_write_commit(l, commit.data, commit.len, &made, &err), &err);
  yz_buf_finish(&commit);
  return made;
}

struct yz_oid kit_put(struct kit *k, struct yz_ledger *l, const char *ref, const char *path,
                      const char *text) {
  struct yz_error err = {0};
  struct yz_oid tip;
  bool has = yz_ledger_ref(l, ref, &tip, NULL) == 0;
  struct yz_oid made = kit_commit(k, l, has ? &tip : NULL, path, text, strlen(text), 1700000000000);
  kit_ok(yz_ledger_move_ref(l, ref, has ? &tip : NULL, &made, &err), &err);
  return made;
}

struct yz_oid kit_oid(const char *hex) {
  struct yz_oid oid;
  assert_true(yz_from_hex(hex, strlen(hex), oid.bytes, YZ_OID_LEN));
  return oid;
}

const char *kit_hex(const struct yz_oid *oid, char out[static YZ_OID_HEX + 1]) {
  yz_to_hex(oid->bytes, YZ_OID_LEN, out);
  return out;
}

static void collect(const char *words[static MAX_WORDS], const char *dir, va_list args) {
  size_t n = 0;
  words[n++] = "git";
  words[n++] = "-C";
  words[n++] = dir;
  do assert_true(n < MAX_WORDS);
  while ((words[n++] = va_arg(args, const char *)) != NULL);
}

static char *trimmed(const struct yz_buf *b) {
  char *text = strdup((const char *)b->data);
  assert_non_null(text);
  size_t n = strlen(text);
  if (n > 0 && text[n - 1] == '\n') text[n - 1] = '\0';
  return text;
}

static char *output_of(struct run *r, const char *const words[]) {
  if (r->status != 0)
    fail_msg("git %s: status %d: %s", words[3], r->status, (const char *)r->err.data);
  char *text = trimmed(&r->out);
  run_finish(r);
  return text;
}

char *kit_git(const char *dir, ...) {
  const char *words[MAX_WORDS];
  struct run r = {0};
  va_list args;
  va_start(args, dir);
  collect(words, dir, args);
  va_end(args);
  run(&r, NULL, words);
  return output_of(&r, words);
}

char *kit_git_in(const char *dir, const void *in, size_t n, const char *const tail[]) {
  const char *words[MAX_WORDS] = {"git", "-C", dir};
  const struct run_how how = {.in = in, .in_len = n};
  struct run r = {0};
  for (size_t i = 0; tail[i] != NULL; i++) words[3 + i] = tail[i];
  run(&r, &how, words);
  return output_of(&r, words);
}

int kit_git_status(char **said, const char *dir, ...) {
  const char *words[MAX_WORDS];
  struct run r = {0};
  va_list args;
  va_start(args, dir);
  collect(words, dir, args);
  va_end(args);
  run(&r, NULL, words);
  if (said != NULL) {
    assert_int_equal(yz_buf_puts(&r.out, (const char *)r.err.data), 0);
    *said = trimmed(&r.out);
  }
  int status = r.status;
  run_finish(&r);
  return status;
}

void kit_fsck(const char *path) {
  char *said = NULL;
  int status = kit_git_status(&said, path, "fsck", "--strict", "--full", "--no-dangling", NULL);
  for (char *line = strtok(said, "\n"); line != NULL; line = strtok(NULL, "\n"))
    if (strncmp(line, "notice:", 7) != 0) fail_msg("git fsck: %s", line);
  assert_int_equal(status, 0);
  free(said);
}

int64_t kit_size(const char *path, const char *below, const char *end, size_t *count) {
  char folder[TMP_PATH], file[TMP_PATH];
  struct stat st;
  int64_t size = 0;
  size_t m = strlen(end);
  *count = 0;
  tmp_join(folder, path, below);
  DIR *d = opendir(folder);
  assert_non_null(d);
  for (struct dirent *e; (e = readdir(d)) != NULL;) {
    size_t n = strlen(e->d_name);
    if (n < m || strcmp(e->d_name + n - m, end) != 0) continue;
    tmp_join(file, folder, e->d_name);
    assert_int_equal(lstat(file, &st), 0);
    size += st.st_size;
    ++*count;
  }
  assert_int_equal(closedir(d), 0);
  return size;
}

struct yz_push kit_push(const char *ref, bool force) {
  struct yz_push push = {.force = force};
  snprintf(push.ref, sizeof push.ref, "%s", ref);
  return push;
}

void kit_is_at(const char *path, const char *ref, const struct yz_oid *want) {
  char hex[YZ_OID_HEX + 1];
  char *at = kit_git(path, "rev-parse", ref, NULL);
  assert_string_equal(at, kit_hex(want, hex));
  free(at);
}
