/* Commits in the form of FORMAT.md §10:
 *
 *   tree <40 hex>
 *   parent <40 hex>                                          (0 to n times)
 *   author yizhan <SHORT@yizhan.invalid> <seconds> +0000
 *   committer <the same>
 *   gpgsig -----BEGIN SSH SIGNATURE-----
 *    <base64 lines, each after one space>
 *    -----END SSH SIGNATURE-----
 *
 *   <message>
 *
 * Valid: lines in this order and no others, SHORT the first 16 hex digits of
 * the key, seconds without sign or leading zeros, at most 64 KiB, no zero byte,
 * the last byte a line end. The signature is over all of it but the gpgsig
 * lines. */
#include <stdlib.h>
#include <string.h>

#include "sync/git/git.h"

enum { SHORT_BYTES = 8, IDENT_MAX = 128 };

static const char signature_word[] = "gpgsig ";

static void put_short_name(const struct yz_key *key, char out[static 2 * SHORT_BYTES + 1]) {
  yz_to_hex(key->bytes, SHORT_BYTES, out);
}

static int put_head(struct yz_buf *out, const git_oid *tree, const struct yz_oid *parents,
                    size_t n) {
  char hex[YZ_OID_HEX + 1];
  int rc = yz_buf_printf(out, "tree %s\n", git_oid_tostr(hex, sizeof hex, tree));
  for (size_t i = 0; rc == 0 && i < n; i++) {
    yz_to_hex(parents[i].bytes, YZ_OID_LEN, hex);
    rc = yz_buf_printf(out, "parent %s\n", hex);
  }
  return rc;
}

static int put_people(struct yz_buf *out, const struct yz_secret *seed, int64_t time_ms) {
  struct yz_key key;
  char name[2 * SHORT_BYTES + 1];
  long long seconds = time_ms < 0 ? 0 : time_ms / 1000;
  yz_sign_public(seed, &key);
  put_short_name(&key, name);
  int rc = yz_buf_printf(out, "author yizhan <%s@yizhan.invalid> %lld +0000\n", name, seconds);
  if (rc < 0) return rc;
  return yz_buf_printf(out, "committer yizhan <%s@yizhan.invalid> %lld +0000\n", name, seconds);
}

/* The armour with a space after each line end but the last. */
static int put_signature(struct yz_buf *out, const struct yz_buf *armour) {
  const char *at = (const char *)armour->data, *end = at + armour->len;
  int rc = yz_buf_puts(out, signature_word);
  while (rc == 0 && at < end) {
    const char *lf = memchr(at, '\n', (size_t)(end - at));
    size_t n = lf == NULL ? (size_t)(end - at) : (size_t)(lf - at) + 1;
    rc = yz_buf_append(out, at, n);
    at += n;
    if (rc == 0 && at < end) rc = yz_buf_puts(out, " ");
  }
  return rc;
}

int yz_git_compose(const git_oid *tree, const struct yz_oid *parents, size_t n, const char *message,
                   int64_t time_ms, const struct yz_secret *seed, struct yz_buf *commit,
                   struct yz_error *err) {
  struct yz_buf plain = {0}, armour = {0};
  int rc = put_head(&plain, tree, parents, n);
  if (rc == 0) rc = put_people(&plain, seed, time_ms);
  size_t head_len = plain.len;
  if (rc == 0) rc = yz_buf_printf(&plain, "\n%s\n", message);
  if (rc == 0) rc = yz_sshsig_sign(seed, plain.data, plain.len, &armour);
  if (rc == 0) rc = yz_buf_append(commit, plain.data, head_len);
  if (rc == 0) rc = put_signature(commit, &armour);
  if (rc == 0) rc = yz_buf_append(commit, plain.data + head_len, plain.len - head_len);
  yz_buf_finish(&plain);
  yz_buf_finish(&armour);
  if (rc < 0) return yz_git_no_memory(err);
  if (commit->len > YZ_GIT_MAX_COMMIT)
    return yz_fail(err, YZ_E_LIMIT,
                   YZ_N_("A commit would be larger than 64 KiB. Merge fewer branches at once."),
                   NULL);
  return 0;
}

/* What is left of the bytes being checked. */
struct rest {
  const char *at, *end;
};

static bool take(struct rest *r, const char *text) {
  size_t n = strlen(text);
  if ((size_t)(r->end - r->at) < n || memcmp(r->at, text, n) != 0) return false;
  r->at += n;
  return true;
}

static bool take_seconds(struct rest *r) {
  const char *first = r->at;
  while (r->at < r->end && *r->at >= '0' && *r->at <= '9') r->at++;
  ptrdiff_t digits = r->at - first;
  return digits >= 1 && digits <= 16 && (digits == 1 || *first != '0');
}

/* author and committer, of the key and of one time. */
static bool take_people(struct rest *r, const struct yz_key *key) {
  char name[2 * SHORT_BYTES + 1], ident[IDENT_MAX] = "yizhan <";
  put_short_name(key, name);
  struct rest author;
  if (!take(r, "author ")) return false;
  author.at = r->at;
  if (!take(r, "yizhan <") || !take(r, name) || !take(r, "@yizhan.invalid> ") || !take_seconds(r) ||
      !take(r, " +0000\n"))
    return false;
  size_t n = (size_t)(r->at - author.at);
  if (n >= sizeof ident) return false;
  memcpy(ident, author.at, n);
  ident[n] = '\0';
  return take(r, "committer ") && take(r, ident);
}

/* Undoes put_signature. */
static bool take_signature(struct rest *r, struct yz_buf *armour) {
  if (!take(r, signature_word)) return false;
  do {
    const char *lf = memchr(r->at, '\n', (size_t)(r->end - r->at));
    if (lf == NULL || yz_buf_append(armour, r->at, (size_t)(lf - r->at) + 1) < 0) return false;
    r->at = lf + 1;
  } while (take(r, " "));
  return true;
}

static bool signature_holds(const char *raw, const char *sig, const struct rest *message,
                            const struct yz_buf *armour, const struct yz_key *key) {
  struct yz_buf plain = {0};
  bool holds =
      yz_buf_append(&plain, raw, (size_t)(sig - raw)) == 0 &&
      yz_buf_append(&plain, message->at, (size_t)(message->end - message->at)) == 0 &&
      yz_sshsig_verify(key, plain.data, plain.len, (const char *)armour->data, armour->len);
  yz_buf_finish(&plain);
  return holds;
}

bool yz_commit_signed_by(const void *raw, size_t len, const struct yz_key *key) {
  struct yz_commit_head head;
  if (len == 0 || len > YZ_GIT_MAX_COMMIT || memchr(raw, 0, len) != NULL) return false;
  if (!yz_commit_head_parse(raw, len, &head)) return false;
  const char *text = raw;
  struct rest r = {text + head.len, text + len};
  if (r.end[-1] != '\n' || !take_people(&r, key)) return false;
  const char *sig = r.at;
  struct yz_buf armour = {0};
  bool good = take_signature(&r, &armour) && r.at < r.end && *r.at == '\n' &&
              signature_holds(text, sig, &r, &armour, key);
  yz_buf_finish(&armour);
  return good;
}
