/* Keeping only what a ref reaches: FORMAT.md §7. */
#include <stdlib.h>
#include <string.h>

#include "sync/git/git.h"

static bool is_any(void *ctx, const git_oid *id) {
  (void)ctx, (void)id;
  return true;
}

enum { UNREADABLE = 1 };

static int add_ref(struct yz_packing *p, const struct yz_reflist *refs, size_t i,
                   struct yz_error *err) {
  struct yz_error why = {0};
  int rc = yz_packing_add(p, &refs->refs[i].tip, &why);
  if (rc == YZ_E_FORMAT || rc == YZ_E_LIMIT) return UNREADABLE;
  return rc < 0 ? yz_fail(err, rc, why.message, "%s", why.subject) : 0;
}

/* No branch that was taken in is beyond what we read; one that somebody pushed for a log that never
 * came may be, and shall not stand in the way of the others. */
static int leave_out(struct yz_ledger *l, struct yz_reflist *refs, size_t i, struct yz_error *err) {
  int rc = yz_ledger_delete_ref(l, refs->refs[i].name, err);
  free(refs->refs[i].name);
  refs->n--;
  memmove(&refs->refs[i], &refs->refs[i + 1], (refs->n - i) * sizeof *refs->refs);
  return rc;
}

static int pack_reachable(struct yz_ledger *l, struct yz_reflist *refs,
                          char name[static YZ_GIT_PACK_NAME], struct yz_error *err) {
  struct yz_packing p = {.wanted = is_any};
  int64_t size;
  int rc = yz_packing_init(&p, l->repo, l->odb, err);
  for (size_t i = 0; rc == 0 && i < refs->n; i++) {
    rc = add_ref(&p, refs, i, err);
    if (rc == UNREADABLE) rc = leave_out(l, refs, i--, err);
  }
  if (rc == 0) rc = yz_packing_write(&p, l->packs, name, &size, err);
  yz_packing_finish(&p);
  return rc;
}

/* As one that others read: without the new pack nothing is removed. */
static int check_pack(struct yz_ledger *l, const struct yz_reflist *refs, const char *name,
                      struct yz_error *err) {
  git_odb *pack = NULL;
  if (refs->n == 0) return 0;
  int rc = yz_git_open_pack(&pack, l->packs, name, err);
  for (size_t i = 0; rc == 0 && i < refs->n; i++)
    if (!git_odb_exists(pack, &refs->refs[i].tip))
      rc = yz_git_fail_oid(err, GIT_EMISMATCH, &refs->refs[i].tip);
  git_odb_free(pack);
  return rc;
}

int yz_ledger_prune(struct yz_ledger *l, struct yz_error *err) {
  struct yz_reflist refs = {0};
  struct yz_packlist packs = {0};
  struct yz_oidlist loose = {0};
  char name[YZ_GIT_PACK_NAME] = "";
  int rc = yz_git_list_loose(l, &loose, err);
  if (rc == 0) rc = yz_packlist_read(l->packs, &packs, err);
  if (rc == 0) yz_packlist_drop_kept(l->packs, &packs);
  if (rc == 0) rc = yz_reflist_read(l->repo, "refs/", &refs, err);
  if (rc == 0) rc = pack_reachable(l, &refs, name, err);
  if (rc == 0) rc = check_pack(l, &refs, name, err);
  for (size_t i = 0; rc == 0 && i < packs.n; i++)
    if (strcmp(packs.names[i], name) != 0) yz_git_remove_pack(l->packs, packs.names[i]);
  if (rc == 0) {
    yz_git_remove_loose(l, &loose);
    rc = yz_git_reopen(l, err);
  }
  yz_oidlist_finish(&loose);
  yz_packlist_finish(&packs);
  yz_reflist_finish(&refs);
  return rc;
}

/* --- is it worth the trouble? --------------------------------------------------------- */

int yz_ledger_size(struct yz_ledger *l, int64_t *bytes, struct yz_error *err) {
  struct yz_packlist packs = {0};
  *bytes = 0;
  int rc = yz_packlist_read(l->packs, &packs, err);
  for (size_t i = 0; rc == 0 && i < packs.n; i++) *bytes += packs.sizes[i];
  yz_packlist_finish(&packs);
  return rc;
}

struct waste {
  git_odb *pack;
  const struct yz_oidset *reached;
  int64_t bytes;
};

static int weigh(const git_oid *id, void *ctx) {
  struct waste *w = ctx;
  git_object_t type;
  size_t len;
  if (!yz_oidset_has(w->reached, id) && git_odb_read_header(&len, &type, w->pack, id) == 0)
    w->bytes += (int64_t)len;
  return 0;
}

static int weigh_pack(struct waste *w, const struct yz_ledger *l, const char *name,
                      struct yz_error *err) {
  int rc = yz_git_open_pack(&w->pack, l->packs, name, err);
  if (rc < 0) return rc;
  rc = git_odb_foreach(w->pack, weigh, w);
  git_odb_free(w->pack);
  return rc < 0 ? yz_git_fail(err, rc, name) : 0;
}

int yz_ledger_waste(struct yz_ledger *l, int64_t *bytes, struct yz_error *err) {
  struct yz_reflist refs = {0};
  struct yz_packing p = {.wanted = is_any};
  struct yz_packlist packs = {0};
  struct waste w = {.reached = &p.seen};
  int rc = yz_packing_init(&p, l->repo, l->odb, err);
  if (rc == 0) rc = yz_reflist_read(l->repo, "refs/", &refs, err);
  for (size_t i = 0; rc == 0 && i < refs.n; i++) {
    rc = add_ref(&p, &refs, i, err);
    if (rc == UNREADABLE) rc = 0;
  }
  if (rc == 0) rc = yz_packlist_read(l->packs, &packs, err);
  for (size_t i = 0; rc == 0 && i < packs.n; i++) rc = weigh_pack(&w, l, packs.names[i], err);
  *bytes = w.bytes;
  yz_packlist_finish(&packs);
  yz_packing_finish(&p);
  yz_reflist_finish(&refs);
  return rc;
}
