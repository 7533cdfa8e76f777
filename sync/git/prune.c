/* Keeping only what a ref reaches: FORMAT.md §7. */
#include <stdlib.h>
#include <string.h>

#include "sync/git/git.h"

static bool is_any(void *ctx, const git_oid *id) {
  (void)ctx, (void)id;
  return true;
}

static int pack_reachable(struct yz_ledger *l, const struct yz_reflist *refs,
                          char name[static YZ_GIT_PACK_NAME], struct yz_error *err) {
  struct yz_packing p = {.wanted = is_any};
  int64_t size;
  int rc = yz_packing_init(&p, l->repo, l->odb, err);
  for (size_t i = 0; rc == 0 && i < refs->n; i++) rc = yz_packing_add(&p, &refs->refs[i].tip, err);
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
