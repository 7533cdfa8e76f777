/* What a server writes in answer to a push goes home in the push's own response, as a pack of the
 * new commits with their new files (FORMAT.md §16). Whoever gets it takes it for what a fetch could
 * have brought, no more: looked through, moved in, remembered as the other side's branches. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync/git/git.h"

enum { LINE = YZ_MAX_REF + 2 * (1 + YZ_OID_HEX) + 1 };
static const char title[] = "yizhan-reply-v1\n";

/* --- writing --------------------------------------------------------------------- */

static int add_branch(struct yz_thin *pack, const struct yz_moved *m, struct yz_buf *out,
                      struct yz_error *err) {
  char from[YZ_OID_HEX + 1], to[YZ_OID_HEX + 1], line[LINE + 1];
  const git_oid old = m->has_from ? yz_git_oid(&m->from) : (git_oid){{0}}, now = yz_git_oid(&m->to);
  int rc = yz_thin_add(pack, m->has_from ? &m->from : NULL, &m->to, err);
  if (rc != 0) return rc;
  (void)snprintf(line, sizeof line, "%s %s %s\n", m->ref, git_oid_tostr(from, sizeof from, &old),
                 git_oid_tostr(to, sizeof to, &now));
  return yz_buf_puts(out, line) != 0 ? yz_git_no_memory(err) : 0;
}

int yz_ledger_reply(struct yz_ledger *l, const struct yz_moved *moved, size_t n, size_t max,
                    struct yz_buf *out, struct yz_error *err) {
  struct yz_thin pack;
  out->len = 0;
  int rc = yz_thin_init(&pack, l, max, err);
  if (rc == 0 && yz_buf_puts(out, title) != 0) rc = yz_git_no_memory(err);
  for (size_t i = 0; rc == 0 && i < n && !pack.too_much; i++)
    rc = add_branch(&pack, &moved[i], out, err);
  if (rc == 0 && yz_buf_puts(out, "\n") != 0) rc = yz_git_no_memory(err);
  if (rc == 0) rc = yz_thin_seal(&pack, err);
  if (rc == 0 && yz_buf_append(out, pack.out.data, pack.out.len) != 0) rc = yz_git_no_memory(err);
  if (rc != 0 || pack.too_much || pack.n == 0 || out->len > max) out->len = 0;
  yz_thin_finish(&pack);
  return rc;
}

/* --- taking ----------------------------------------------------------------------- */

bool yz_git_is_reply(const void *bytes, size_t n) {
  return n >= strlen(title) && memcmp(bytes, title, strlen(title)) == 0;
}

static bool read_oid(const char *hex, git_oid *out) {
  return strspn(hex, "0123456789abcdef") >= YZ_OID_HEX &&
         git_oid_fromstrn(out, hex, YZ_OID_HEX) == 0;
}

/* One line; of a branch that we would fetch, and that moves from where we saw it. */
static bool read_line(struct yz_ledger *l, const char *line, struct yz_git_moved *out) {
  char ref[YZ_MAX_REF + 1], ours[YZ_MAX_REF + 1];
  size_t n = strcspn(line, " ");
  git_oid from, now;
  if (n > YZ_MAX_REF || strlen(line) != n + 2 * (1 + YZ_OID_HEX) || line[n + 1 + YZ_OID_HEX] != ' ')
    return false;
  (void)snprintf(ref, sizeof ref, "%.*s", (int)n, line);
  if (!yz_git_tracking_name(ref, ours) || !read_oid(line + n + 1, &from) ||
      !read_oid(line + n + 1 + YZ_OID_HEX + 1, &out->tip))
    return false;
  memcpy(out->name, ref, sizeof ref);
  if (git_reference_name_to_id(&now, l->repo, ours) < 0) now = (git_oid){{0}};
  return git_oid_equal(&now, &from);
}

bool yz_git_read_reply(struct yz_ledger *l, const void *bytes, size_t n,
                       struct yz_git_moved out[static YZ_GIT_MAX_MOVED], size_t *count,
                       size_t *pack) {
  const char *at = bytes, *end = at + n;
  if (!yz_git_is_reply(bytes, n)) return false;
  *count = 0;
  for (at += strlen(title);; (*count)++) {
    char line[LINE + 1];
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    if (stop == NULL || stop - at > LINE || memchr(at, '\0', (size_t)(stop - at)) != NULL)
      return false;
    memcpy(line, at, (size_t)(stop - at));
    line[stop - at] = '\0';
    at = stop + 1;
    if (line[0] == '\0') break;
    if (*count == YZ_GIT_MAX_MOVED || !read_line(l, line, &out[*count])) return false;
  }
  *pack = (size_t)(at - (const char *)bytes);
  return *count > 0 && *pack < n;
}

static int index_pack(struct yz_incoming *in, const char *bytes, size_t n, struct yz_error *err) {
  struct yz_toil toil;
  git_indexer_options how = {.version = GIT_INDEXER_OPTIONS_VERSION,
                             .progress_cb = yz_toil_on_progress,
                             .progress_cb_payload = &toil};
  git_indexer_progress progress = {0};
  git_indexer *indexer = NULL;
  yz_toil_begin(&toil);
  struct yz_growth *growth = yz_growth_create();
  int rc = growth == NULL ? yz_git_no_memory(err) : yz_growth_feed(growth, bytes, n, err);
  yz_growth_destroy(growth);
  if (rc != 0) return rc;
  rc = git_indexer_new(&indexer, in->packs, 0, in->odb, &how);
  if (rc == 0) rc = git_indexer_append(indexer, bytes, n, &progress);
  yz_toil_turn(&toil);
  if (rc == 0) rc = git_indexer_commit(indexer, &progress);
  git_indexer_free(indexer);
  if (rc < 0 && toil.over) return yz_toil_fail(err);
  if (rc < 0) return yz_git_fail(err, rc, in->packs);
  return yz_incoming_accept(in, err);
}

int yz_git_take_reply(struct yz_ledger *l, const void *bytes, size_t n, struct yz_error *err) {
  struct yz_git_moved moved[YZ_GIT_MAX_MOVED];
  struct yz_incoming in;
  size_t count, pack;
  if (!yz_git_read_reply(l, bytes, n, moved, &count, &pack)) return 0;
  int rc = yz_incoming_init(&in, l, err);
  if (rc == 0) rc = index_pack(&in, (const char *)bytes + pack, n - pack, err);
  yz_incoming_finish(&in);
  for (size_t i = 0; rc == 0 && i < count; i++) {
    const struct yz_git_ref ref = {moved[i].name, moved[i].tip};
    struct yz_oid tip = yz_oid_of(&ref.tip);
    struct yz_commit_view view = {0};
    rc = yz_ledger_read_commit(l, &tip, &view, err);
    if (rc == 0) rc = yz_git_remember(l, &ref, err);
    yz_commit_view_finish(&view);
  }
  return rc == 0 ? 1 : rc;
}
