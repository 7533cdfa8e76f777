/* Keeping the object store small.
 *
 * Loose objects and the smaller packs become one new pack, so that each pack is
 * at least twice as large as all the smaller ones together: an object is written
 * again only when what it lies with has doubled, and there are few packs. All
 * their objects are taken, whether a ref reaches them or not: a push that is
 * under way may show them next. Only what the new pack holds is removed. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sync/git/git.h"

enum { MAX_PACKS = 20, MAX_LOOSE = 1000, GROWTH = 2 };

struct upkeep {
  struct yz_ledger *l;
  struct yz_error *err;
  struct yz_oidlist loose;
  struct yz_packlist packs; /* smallest first, once sorted */
  size_t n_old;             /* how many of them go into the new one */
  struct yz_oidset objects; /* all that go into the new pack */
  struct yz_oidlist order;
};

static int list_loose_folder(struct yz_ledger *l, unsigned first, struct yz_oidlist *out,
                             struct yz_error *err) {
  char *folder = NULL, hex[YZ_OID_HEX + 1];
  if (asprintf(&folder, "%s/objects/%02x", l->path, first) < 0) return yz_git_no_memory(err);
  DIR *d = opendir(folder);
  int rc = 0;
  free(folder);
  if (d == NULL) return 0;
  for (struct dirent *e; rc == 0 && (e = readdir(d)) != NULL;) {
    struct yz_oid oid;
    if (strlen(e->d_name) != YZ_OID_HEX - 2) continue;
    (void)snprintf(hex, sizeof hex, "%02x%.38s", first, e->d_name);
    if (!yz_from_hex(hex, YZ_OID_HEX, oid.bytes, YZ_OID_LEN)) continue;
    git_oid id = yz_git_oid(&oid);
    if (yz_oidlist_push(out, &id) < 0) rc = yz_git_no_memory(err);
  }
  (void)closedir(d);
  return rc;
}

int yz_git_list_loose(struct yz_ledger *l, struct yz_oidlist *out, struct yz_error *err) {
  int rc = 0;
  for (unsigned first = 0; rc == 0 && first < 256; first++)
    rc = list_loose_folder(l, first, out, err);
  return rc;
}

/* Insertion: they are few, and mostly sorted. */
static void sort_packs(struct yz_packlist *p) {
  for (size_t i = 1; i < p->n; i++)
    for (size_t j = i; j > 0 && p->sizes[j] < p->sizes[j - 1]; j--) {
      char name[YZ_GIT_PACK_NAME];
      int64_t size = p->sizes[j];
      memcpy(name, p->names[j], sizeof name);
      memcpy(p->names[j], p->names[j - 1], sizeof name);
      memcpy(p->names[j - 1], name, sizeof name);
      p->sizes[j] = p->sizes[j - 1];
      p->sizes[j - 1] = size;
    }
}

/* How many of the smallest go together, so that the others are in progression. */
static size_t split(const struct yz_packlist *p) {
  int64_t together = 0;
  size_t n = 0;
  for (size_t i = 0; i < p->n; i++) {
    if (p->sizes[i] < GROWTH * together) n = i + 1;
    together += p->sizes[i];
  }
  if (p->n >= MAX_PACKS && p->n - n >= MAX_PACKS) n = p->n - MAX_PACKS + 1;
  return n;
}

static int collect(const git_oid *id, void *ctx) {
  struct upkeep *u = ctx;
  int added = yz_oidset_add(&u->objects, id);
  if (added < 0 || (added > 0 && yz_oidlist_push(&u->order, id) < 0))
    return yz_git_no_memory(u->err);
  return 0;
}

static int collect_all(struct upkeep *u) {
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < u->loose.n; i++) rc = collect(&u->loose.ids[i], u);
  for (size_t i = 0; rc == 0 && i < u->n_old; i++) {
    git_odb *pack = NULL;
    rc = yz_git_open_pack(&pack, u->l->packs, u->packs.names[i], u->err);
    if (rc < 0) return rc;
    rc = git_odb_foreach(pack, collect, u);
    if (rc < 0) rc = yz_git_fail(u->err, rc, u->packs.names[i]);
    git_odb_free(pack);
  }
  return rc;
}

static bool is_chosen(void *ctx, const git_oid *id) {
  const struct upkeep *u = ctx;
  return yz_oidset_has(&u->objects, id);
}

/* What was refused lies here too, and may be beyond what we read: then its files have no paths. */
static int add_commit(const struct upkeep *u, struct yz_packing *p, const git_oid *id) {
  struct yz_error why = {0};
  int rc = yz_packing_add(p, id, &why);
  if (rc == YZ_E_FORMAT || rc == YZ_E_LIMIT) return 0;
  return rc < 0 ? yz_fail(u->err, rc, why.message, "%s", why.subject) : 0;
}

/* Commits first: through them the files get their paths, by which a pack finds
 * what is alike. Then whatever no commit here reaches. */
static int pack_all(struct upkeep *u, char name[static YZ_GIT_PACK_NAME]) {
  struct yz_packing p = {.wanted = is_chosen, .ctx = u};
  int64_t size;
  int rc = yz_packing_init(&p, u->l->repo, u->l->odb, u->err);
  for (size_t i = 0; rc == 0 && i < u->order.n; i++) {
    size_t len;
    git_object_t type;
    rc = git_odb_read_header(&len, &type, u->l->odb, &u->order.ids[i]);
    if (rc < 0)
      rc = yz_git_fail_oid(u->err, rc, &u->order.ids[i]);
    else if (type == GIT_OBJECT_COMMIT)
      rc = add_commit(u, &p, &u->order.ids[i]);
  }
  for (size_t i = 0; rc == 0 && i < u->order.n; i++) {
    rc = git_packbuilder_insert(p.builder, &u->order.ids[i], NULL);
    if (rc < 0) rc = yz_git_fail_oid(u->err, rc, &u->order.ids[i]);
  }
  if (rc == 0) rc = yz_packing_write(&p, u->l->packs, name, &size, u->err);
  yz_packing_finish(&p);
  return rc;
}

static int check_new_pack(struct upkeep *u, const char *name) {
  git_odb *pack = NULL;
  int rc = yz_git_open_pack(&pack, u->l->packs, name, u->err);
  if (rc < 0) return rc;
  for (size_t i = 0; rc == 0 && i < u->order.n; i++)
    if (!git_odb_exists(pack, &u->order.ids[i]))
      rc = yz_git_fail_oid(u->err, GIT_EMISMATCH, &u->order.ids[i]);
  git_odb_free(pack);
  return rc;
}

void yz_git_remove_loose(struct yz_ledger *l, const struct yz_oidlist *loose) {
  for (size_t i = 0; i < loose->n; i++) {
    char hex[YZ_OID_HEX + 1], *file = NULL;
    git_oid_tostr(hex, sizeof hex, &loose->ids[i]);
    if (asprintf(&file, "%s/objects/%.2s/%s", l->path, hex, hex + 2) < 0) return;
    (void)unlink(file);
    free(file);
  }
}

static int consolidate(struct upkeep *u) {
  char name[YZ_GIT_PACK_NAME];
  int rc = collect_all(u);
  if (rc < 0 || u->order.n == 0) return rc;
  rc = pack_all(u, name);
  if (rc == 0) rc = check_new_pack(u, name);
  if (rc < 0) return rc;
  for (size_t i = 0; i < u->n_old; i++)
    if (strcmp(u->packs.names[i], name) != 0) yz_git_remove_pack(u->l->packs, u->packs.names[i]);
  yz_git_remove_loose(u->l, &u->loose);
  return yz_git_reopen(u->l, u->err);
}

int yz_ledger_upkeep(struct yz_ledger *l, bool now, struct yz_error *err) {
  struct upkeep u = {.l = l, .err = err};
  int rc = yz_git_list_loose(l, &u.loose, err);
  if (rc == 0) rc = yz_packlist_read(l->packs, &u.packs, err);
  if (rc == 0) yz_packlist_drop_kept(l->packs, &u.packs);
  if (rc == 0 && (now || u.loose.n > MAX_LOOSE || u.packs.n > MAX_PACKS)) {
    sort_packs(&u.packs);
    u.n_old = split(&u.packs);
    if (u.loose.n > 0 || u.n_old > 1) rc = consolidate(&u);
  }
  yz_oidlist_finish(&u.loose);
  yz_packlist_finish(&u.packs);
  yz_oidset_finish(&u.objects);
  yz_oidlist_finish(&u.order);
  return rc;
}
