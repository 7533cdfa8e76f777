/* Keeping only what a ref reaches: FORMAT.md §7. */
#include <stdlib.h>
#include <string.h>

#include "sync/git/git.h"

static bool is_any(void *ctx, const git_oid *id) {
  (void)ctx, (void)id;
  return true;
}

static bool is_new(void *ctx, const git_oid *id) {
  return !yz_oidset_has(ctx, id);
}

enum { UNREADABLE = 1 };

/* What a tip reaches beyond what is known, all of which can be read; found: the names, to be freed.
 * UNREADABLE. */
static int look_through(const struct yz_ledger *l, const git_oid *tip, struct yz_oidset *known,
                        struct yz_oidset *found, struct yz_error *err) {
  struct yz_packing p = {.from = l->repo, .odb = l->odb, .wanted = is_new, .ctx = known};
  struct yz_error why = {0};
  int rc = yz_packing_add(&p, tip, &why);
  *found = p.seen;
  p.seen = (struct yz_oidset){0};
  yz_packing_finish(&p);
  if (rc == YZ_E_FORMAT || rc == YZ_E_LIMIT) return UNREADABLE;
  return rc < 0 ? yz_fail(err, rc, why.message, "%s", why.subject) : 0;
}

/* Those that have to stay come first, so that what they share with others is whole before those are
 * looked at, and is not walked again for each. How many they are. */
static size_t stay_first(struct yz_reflist *refs, yz_may_go_fn may_go, void *ctx) {
  size_t n = 0;
  for (size_t i = 0; i < refs->n; i++) {
    struct yz_git_ref ref = refs->refs[i];
    if (may_go(ctx, ref.name)) continue;
    refs->refs[i] = refs->refs[n];
    refs->refs[n++] = ref;
  }
  return n;
}

/* Somebody pushed it for a log that never came: it shall not stand in the way of the others. */
static int leave_out(struct yz_ledger *l, struct yz_reflist *refs, size_t i, struct yz_error *err) {
  int rc = yz_ledger_delete_ref(l, refs->refs[i].name, err);
  free(refs->refs[i].name);
  refs->n--;
  memmove(&refs->refs[i], &refs->refs[i + 1], (refs->n - i) * sizeof *refs->refs);
  return rc;
}

static int pack_reachable(struct yz_ledger *l, struct yz_reflist *refs, size_t staying,
                          char name[static YZ_GIT_PACK_NAME], struct yz_error *err) {
  struct yz_packing p = {.wanted = is_any};
  int64_t size;
  int rc = yz_packing_init(&p, l->repo, l->odb, err);
  for (size_t i = 0; rc == 0 && i < refs->n; i++) {
    struct yz_oidset found = {0};
    if (i >= staying) rc = look_through(l, &refs->refs[i].tip, &p.seen, &found, err);
    yz_oidset_finish(&found);
    if (rc == 0)
      rc = yz_packing_add(&p, &refs->refs[i].tip, err);
    else if (rc == UNREADABLE)
      rc = leave_out(l, refs, i--, err);
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

int yz_ledger_prune(struct yz_ledger *l, yz_may_go_fn may_go, void *ctx, struct yz_error *err) {
  struct yz_reflist refs = {0};
  struct yz_packlist packs = {0};
  struct yz_oidlist loose = {0};
  char name[YZ_GIT_PACK_NAME] = "";
  int rc = yz_git_list_loose(l, &loose, err);
  if (rc == 0) rc = yz_packlist_read(l->packs, &packs, err);
  if (rc == 0) yz_packlist_drop_kept(l->packs, &packs);
  if (rc == 0) rc = yz_reflist_read(l->repo, "refs/", &refs, err);
  if (rc == 0) rc = pack_reachable(l, &refs, stay_first(&refs, may_go, ctx), name, err);
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

/* What cannot be read reaches nothing. */
static int add_reached(const struct yz_ledger *l, const git_oid *tip, struct yz_oidset *reached,
                       struct yz_error *err) {
  struct yz_oidset found;
  int rc = look_through(l, tip, reached, &found, err);
  for (size_t i = 0; rc == 0 && i < found.cap; i++)
    if (yz_oidset_add(reached, &found.slots[i]) < 0) rc = yz_git_no_memory(err);
  yz_oidset_finish(&found);
  return rc == UNREADABLE ? 0 : rc;
}

int yz_ledger_waste(struct yz_ledger *l, int64_t *bytes, struct yz_error *err) {
  struct yz_reflist refs = {0};
  struct yz_oidset reached = {0};
  struct yz_packlist packs = {0};
  struct waste w = {.reached = &reached};
  int rc = yz_reflist_read(l->repo, "refs/", &refs, err);
  for (size_t i = 0; rc == 0 && i < refs.n; i++)
    rc = add_reached(l, &refs.refs[i].tip, &reached, err);
  if (rc == 0) rc = yz_packlist_read(l->packs, &packs, err);
  for (size_t i = 0; rc == 0 && i < packs.n; i++) rc = weigh_pack(&w, l, packs.names[i], err);
  *bytes = w.bytes;
  yz_packlist_finish(&packs);
  yz_oidset_finish(&reached);
  yz_reflist_finish(&refs);
  return rc;
}
