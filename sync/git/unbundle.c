/* Bundles, read: fed piece by piece; bundle.c says how they are made. The header is held until
 * it is whole, the pack goes to the folder of what comes in and is looked through there.
 *
 * Valid: a header of at most 1 MiB with 1 to 4,096 branches of the forms of FORMAT.md §9 and as
 * many commits before them at most; of every object so many bytes at least as an object takes; a
 * pack that grows no further than growth.c allows, nor is more work than toil.c does. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync/git/git.h"

enum {
  HEADER_MAX = YZ_LIMIT(1024 * 1024, 4096),
  REFS_MAX = YZ_LIMIT(4096, 8),
  PACK_HEAD = 12,
  OBJECT_MIN = 9, /* one byte of type and size, an empty zlib stream */
};

struct yz_unbundle {
  struct yz_ledger *l;
  const char *prefix;
  int64_t size; /* of the bundle */
  struct yz_buf header;
  bool in_pack, known;
  struct yz_reflist refs;
  struct yz_incoming in;
  bool has_in;
  struct yz_growth *growth;
  git_indexer *indexer;
  git_indexer_progress progress;
  struct yz_toil toil;
};

/* What git says of a pack that does not hold: the disk may be full, else the pack is bad. */
static int fail_pack(const struct yz_unbundle *u, struct yz_error *err) {
  const git_error *why = git_error_last();
  if (u->toil.over) return yz_toil_fail(err);
  if (why != NULL && why->klass == GIT_ERROR_NOMEMORY) return yz_git_no_memory(err);
  if (why != NULL && why->klass == GIT_ERROR_OS) return yz_git_fail(err, GIT_ERROR, "pack");
  return yz_fail(err, YZ_E_FORMAT, YZ_N_("The pack inside does not hold. Ask for another one."),
                 NULL);
}

static int malformed(struct yz_error *err) {
  return yz_fail(err, YZ_E_FORMAT,
                 YZ_N_("This is not a bundle of a ledger's branches. Ask for another one."), NULL);
}

void yz_unbundle_finish(struct yz_unbundle *u) {
  if (u == NULL) return;
  git_indexer_free(u->indexer);
  yz_growth_destroy(u->growth);
  if (u->has_in) yz_incoming_finish(&u->in);
  yz_reflist_finish(&u->refs);
  yz_buf_finish(&u->header);
  free(u);
}

int yz_unbundle_begin(struct yz_unbundle **out, struct yz_ledger *l, const char *prefix,
                      int64_t size, struct yz_error *err) {
  *out = calloc(1, sizeof **out);
  if (*out == NULL) return yz_git_no_memory(err);
  (*out)->l = l;
  (*out)->prefix = prefix;
  (*out)->size = size;
  return 0;
}

static bool read_oid(const char *text, size_t len, git_oid *out) {
  struct yz_oid oid;
  if (len < YZ_OID_HEX || !yz_from_hex(text, YZ_OID_HEX, oid.bytes, YZ_OID_LEN)) return false;
  *out = yz_git_oid(&oid);
  return true;
}

/* What must be here already is here, as a commit with all before it. */
static int need(struct yz_unbundle *u, const git_oid *id, struct yz_error *err) {
  char hex[YZ_OID_HEX + 1];
  if (yz_git_has(u->l->odb, id)) return 0;
  return yz_fail(err, YZ_E_NOT_FOUND,
                 YZ_N_("What comes before this has not come yet. Bring the earlier parcel, or ask "
                       "for a new one."),
                 "%s", git_oid_tostr(hex, sizeof hex, id));
}

static int read_line(struct yz_unbundle *u, const char *line, size_t len, struct yz_error *err) {
  char name[YZ_MAX_REF + 1], ours[YZ_MAX_REF + 1];
  git_oid id;
  if (len > 0 && line[0] == '-') {
    if (!read_oid(line + 1, len - 1, &id) || u->refs.n > 0 || len != YZ_OID_HEX + 1)
      return malformed(err);
    return need(u, &id, err);
  }
  if (!read_oid(line, len, &id) || len < YZ_OID_HEX + 2 || line[YZ_OID_HEX] != ' ' ||
      u->refs.n == REFS_MAX)
    return malformed(err);
  size_t n = len - YZ_OID_HEX - 1;
  if (n > YZ_MAX_REF || memchr(line + YZ_OID_HEX + 1, '\0', n) != NULL) return malformed(err);
  memcpy(name, line + YZ_OID_HEX + 1, n);
  name[n] = '\0';
  if (!yz_git_tracking_name(name, ours)) return malformed(err);
  return yz_reflist_add(&u->refs, name, &id, err);
}

/* Does our branch hold it already? */
static bool is_known(struct yz_unbundle *u, const struct yz_git_ref *r) {
  struct yz_oid tip = yz_oid_of(&r->tip), now;
  return yz_ledger_ref(u->l, r->name, &now, NULL) == 0 && yz_ledger_contains(u->l, &now, &tip);
}

static int begin_pack(struct yz_unbundle *u, struct yz_error *err) {
  git_indexer_options how = {.version = GIT_INDEXER_OPTIONS_VERSION,
                             .progress_cb = yz_toil_on_progress,
                             .progress_cb_payload = &u->toil};
  u->in_pack = true;
  u->known = true;
  for (size_t i = 0; i < u->refs.n; i++) u->known = u->known && is_known(u, &u->refs.refs[i]);
  if (u->known) return 0;
  yz_toil_begin(&u->toil);
  u->growth = yz_growth_create();
  if (u->growth == NULL) return yz_git_no_memory(err);
  u->has_in = true;
  int rc = yz_incoming_init(&u->in, u->l, err);
  if (rc < 0) return rc;
  rc = git_indexer_new(&u->indexer, u->in.packs, 0, NULL, &how);
  return rc < 0 ? yz_git_fail(err, rc, u->in.packs) : 0;
}

/* The lines up to the empty one. */
static int read_header(struct yz_unbundle *u, const char *at, const char *end,
                       struct yz_error *err) {
  static const char first[] = YZ_BUNDLE_FIRST_LINE;
  size_t n = sizeof first - 1;
  if ((size_t)(end - at) < n || memcmp(at, first, n) != 0) return malformed(err);
  int rc = 0;
  for (at += n; rc == 0 && at < end;) {
    const char *lf = memchr(at, '\n', (size_t)(end - at));
    if (lf == NULL) return malformed(err);
    rc = read_line(u, at, (size_t)(lf - at), err);
    at = lf + 1;
  }
  if (rc == 0 && u->refs.n == 0) rc = malformed(err);
  return rc != 0 ? rc : begin_pack(u, err);
}

static int feed_pack(struct yz_unbundle *u, const void *bytes, size_t n, struct yz_error *err) {
  if (u->known || n == 0) return 0;
  int rc = yz_growth_feed(u->growth, bytes, n, err);
  if (rc != 0) return rc;
  if (git_indexer_append(u->indexer, bytes, n, &u->progress) == 0) return 0;
  return fail_pack(u, err);
}

/* The number of objects stands in the first bytes of a pack: looked at before git makes room
 * for so many. */
static bool promises_too_much(const struct yz_unbundle *u, const unsigned char *pack) {
  int64_t n = (int64_t)pack[8] << 24 | pack[9] << 16 | pack[10] << 8 | pack[11];
  return memcmp(pack, "PACK", 4) != 0 || n == 0 || n > u->size / OBJECT_MIN;
}

int yz_unbundle_feed(struct yz_unbundle *u, const void *bytes, size_t n, struct yz_error *err) {
  if (u->in_pack) return feed_pack(u, bytes, n, err);
  if (yz_buf_append(&u->header, bytes, n) != 0) return yz_git_no_memory(err);
  const char *data = (const char *)u->header.data;
  const char *end = memmem(data, u->header.len, "\n\n", 2);
  size_t len = end != NULL ? (size_t)(end - data) + 2 : u->header.len;
  if (len > HEADER_MAX) return malformed(err);
  if (end == NULL || u->header.len < len + PACK_HEAD) return 0;
  if (promises_too_much(u, u->header.data + len)) return malformed(err);
  int rc = read_header(u, data, end + 1, err);
  return rc != 0 ? rc : feed_pack(u, u->header.data + len, u->header.len - len, err);
}

bool yz_unbundle_known(const struct yz_unbundle *u) {
  return u->in_pack && u->known;
}

/* Where what came stands until it is taken in. What stands there already and holds more, stays. */
static int put_ref(struct yz_unbundle *u, const struct yz_git_ref *r, struct yz_error *err) {
  char name[YZ_MAX_REF + 1];
  struct yz_oid tip = yz_oid_of(&r->tip), now;
  git_oid from;
  if (is_known(u, r)) return 0;
  (void)snprintf(name, sizeof name, "%s%s", u->prefix, r->name + strlen("refs/heads/"));
  bool found = yz_ledger_ref(u->l, name, &now, NULL) == 0;
  if (found && yz_ledger_contains(u->l, &now, &tip)) return 0;
  if (found) from = yz_git_oid(&now);
  return yz_git_move_ref(u->l->repo, u->l->odb, name, found ? &from : NULL, &r->tip, err);
}

int yz_unbundle_keep(struct yz_unbundle *u, struct yz_error *err) {
  if (!u->in_pack) return malformed(err);
  if (u->known) return 0;
  yz_toil_turn(&u->toil);
  int rc = git_indexer_commit(u->indexer, &u->progress) < 0 ? fail_pack(u, err) : 0;
  if (rc == 0) rc = yz_incoming_accept(&u->in, err);
  for (size_t i = 0; rc == 0 && i < u->refs.n; i++) rc = put_ref(u, &u->refs.refs[i], err);
  return rc;
}
