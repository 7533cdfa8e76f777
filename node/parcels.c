#include "parcels.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "erase.h"
#include "incarnation.h"
#include "ledgers.h"

const char *parcel_state_name(enum parcel_state state) {
  static const char *const names[] = {"open", "taken", "known", "early", "others", "failed"};
  return names[state];
}

struct listing {
  const char *folder;
  struct parcels *out;
  struct yz_error *err;
};

int parcels_add(struct parcels *p, const char *folder, const char *name, struct yz_error *err) {
  if (p->n % 64 == 0) {
    struct parcel_item *grown = reallocarray(p->items, p->n + 64, sizeof *grown);
    if (grown == NULL) return yz_no_memory(err);
    p->items = grown;
  }
  struct parcel_item *item = &p->items[p->n];
  *item = (struct parcel_item){.state = PARCEL_OPEN};
  int len = folder != NULL ? asprintf(&item->path, "%s/%s", folder, name)
                           : asprintf(&item->path, "%s", name);
  if (len < 0) return yz_no_memory(err);
  char *slash = strrchr(item->path, '/');
  item->name = slash != NULL ? slash + 1 : item->path;
  p->n++;
  return 0;
}

/* What has a parcel's name and is none is said when it is read. */
static int add_name(void *arg, const char *name, bool plain) {
  struct listing *l = arg;
  (void)plain;
  if (!yz_parcel_named(name)) return 0;
  if (l->out->n == PARCELS_MAX)
    return yz_fail(l->err, YZ_E_LIMIT,
                   YZ_N_("There are too many parcels in this folder. Move the old ones away."),
                   "%s", l->folder);
  return parcels_add(l->out, l->folder, name, l->err);
}

static int by_name(const void *a, const void *b) {
  return strcmp(((const struct parcel_item *)a)->name, ((const struct parcel_item *)b)->name);
}

static bool is_folder(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int parcels_list(const struct yz_world *world, const char *path, struct parcels *out,
                 struct yz_error *err) {
  struct listing l = {path, out, err};
  *out = (struct parcels){0};
  int rc = is_folder(path) ? world->each_file(world->ctx, path, add_name, &l, err)
                           : parcels_add(out, NULL, path, err);
  if (rc == 0 && out->n > 0) qsort(out->items, out->n, sizeof *out->items, by_name);
  return rc;
}

void parcels_finish(struct parcels *p) {
  for (size_t i = 0; i < p->n; i++) {
    yz_parcel_finish(&p->items[i].parcel);
    free(p->items[i].path);
  }
  free(p->items);
  free(p->kept);
  *p = (struct parcels){0};
}

/* Who wrote first is first; of one sender what it wrote before. */
static int by_sender(const void *a, const void *b) {
  const struct yz_parcel *x = &((const struct parcel_item *)a)->parcel;
  const struct yz_parcel *y = &((const struct parcel_item *)b)->parcel;
  int order = memcmp(&x->log, &y->log, sizeof x->log);
  if (order == 0) order = (x->n > y->n) - (x->n < y->n);
  return order != 0 ? order : by_name(a, b);
}

void parcels_open(const struct node *n, struct parcels *p) {
  for (size_t i = 0; i < p->n; i++) {
    struct parcel_item *item = &p->items[i];
    int rc = yz_parcel_open(&n->station, item->path, &item->parcel, &item->why);
    item->state = rc == 0 ? PARCEL_OPEN : rc == YZ_E_KEY ? PARCEL_OTHERS : PARCEL_FAILED;
    if (item->kept && rc == YZ_E_NOT_FOUND) item->state = PARCEL_KNOWN; /* as in take_one */
  }
  if (p->n > 0) qsort(p->items, p->n, sizeof *p->items, by_sender);
}

/* Is it ours that could not go on, and not the parcel? */
static bool is_own_fault(int rc) {
  return rc == YZ_E_MEMORY || rc == YZ_E_FULL || rc == YZ_E_INTERNAL || rc == YZ_E_BUSY;
}

/* What waited here is not there any more: another process has taken it in since it was listed. None
 * does while this one holds the node's lock. */
static bool is_gone(const struct node *n, const struct parcel_item *item) {
  struct yz_file *file = NULL;
  int64_t size;
  int rc = n->world->open_file(n->world->ctx, item->path, false, &file, &size, NULL);
  n->world->close_file(n->world->ctx, file);
  return rc == YZ_E_NOT_FOUND;
}

static int take_one(struct parcel_item *item, struct node *n, const struct yz_ledger_row *row,
                    struct yz_ledger *git, struct yz_exchanged *got, struct yz_error *err) {
  bool known = false;
  struct yz_error why = {0};
  if (item->kept && is_gone(n, item)) {
    item->state = PARCEL_KNOWN;
    return 0;
  }
  int rc = yz_parcel_take(&n->station, git, row, &item->parcel, &got->taken, &known, &why);
  if (is_own_fault(rc)) return yz_fail(err, rc, why.message, "%s", why.subject);
  item->why = why;
  item->state = rc == YZ_E_NOT_FOUND ? PARCEL_EARLY
                : rc != 0            ? PARCEL_FAILED
                : known              ? PARCEL_KNOWN
                                     : PARCEL_TAKEN;
  return 0;
}

int parcels_take(struct parcels *p, struct node *n, const struct yz_ledger_row *row,
                 struct yz_ledger *git, struct yz_exchanged *got, struct yz_error *err) {
  bool moved = true;
  int rc = 0;
  while (rc == 0 && moved) {
    moved = false;
    for (size_t i = 0; rc == 0 && i < p->n; i++) {
      struct parcel_item *item = &p->items[i];
      if ((item->state != PARCEL_OPEN && item->state != PARCEL_EARLY) ||
          !yz_equal(&item->parcel.ledger, &row->id, YZ_ID_LEN))
        continue;
      rc = take_one(item, n, row, git, got, err);
      moved = moved || item->state == PARCEL_TAKEN;
    }
  }
  got->received = got->taken.accepted + got->taken.waiting;
  return rc != 0 ? rc : yz_parcel_settle(&n->station, git, row, err);
}

int parcels_take_here(struct parcels *p, struct node *n, struct yz_exchanged *got,
                      struct yz_error *err) {
  struct yz_ledger *git = NULL;
  struct yz_lock lock;
  int rc = node_lock(n->dir, &lock, err);
  if (rc != 0) return rc;
  rc = node_at_home(n, err);
  if (rc == 0) rc = node_open_ledger(n, &n->ledger, true, &git, err);
  if (rc == 0) rc = parcels_take(p, n, &n->ledger, git, got, err);
  if (rc == 0) rc = node_reload(n, err);
  if (rc == 0) rc = node_scrub(n, err);
  yz_ledger_destroy(git);
  yz_lock_release(&lock);
  for (size_t i = 0; i < p->n; i++)
    if (p->items[i].state == PARCEL_OPEN) p->items[i].state = PARCEL_OTHERS;
  return rc;
}

/* Who hears what is here already sends what comes before a parcel that came too early. */
static bool has_come(enum parcel_state state) {
  return state == PARCEL_TAKEN || state == PARCEL_KNOWN || state == PARCEL_EARLY;
}

static bool is_sender(const struct parcels *senders, const struct yz_ledger_row *row,
                      const struct yz_key *node) {
  for (size_t i = 0; senders != NULL && i < senders->n; i++)
    if (has_come(senders->items[i].state) &&
        yz_equal(&senders->items[i].parcel.ledger, &row->id, YZ_ID_LEN) &&
        yz_equal(&senders->items[i].parcel.from, node, sizeof *node))
      return true;
  return senders == NULL;
}

static void remove_older(const struct node *n, const struct parcels *older,
                         const struct yz_ledger_row *row, const struct yz_key *node,
                         const struct parcels_to *to) {
  for (size_t i = 0; i < older->n; i++) {
    const char *path = older->items[i].path;
    if (!yz_parcel_is_ours(&n->station, path, &row->id, node)) continue;
    n->world->drop_file(n->world->ctx, path);
    if (to->removed != NULL) ++*to->removed;
  }
}

static int send_to(struct node *n, const struct yz_ledger_row *row, struct yz_ledger *git,
                   const struct yz_key *node, const struct parcels_to *to,
                   const struct parcels *older, struct yz_error *err) {
  struct yz_parcel_written *written = NULL;
  size_t count = 0;
  int rc =
      yz_parcel_send(&n->station, git, row, node, to->folder, to->max_bytes, &written, &count, err);
  for (size_t i = 0; i < count; i++) {
    int told = to->fn(to->arg, row, &written[i]);
    if (rc == 0) rc = told;
  }
  free(written);
  /* Where there was nothing to write the last one stays: by it the other side knows whom to answer.
   */
  if (rc == 0 && count > 0) remove_older(n, older, row, node, to);
  return rc;
}

int parcels_send(struct node *n, const struct yz_ledger_row *row, const struct parcels_to *to,
                 struct yz_error *err) {
  struct yz_ledger *git = NULL;
  struct yz_key *nodes = NULL;
  struct parcels older = {0};
  size_t count = 0;
  int rc = yz_parcel_receivers(&n->station, row, &nodes, &count, err);
  /* Where it cannot be listed it cannot be written to either, and that is said then. */
  if (rc == 0) (void)!parcels_list(n->world, to->folder, &older, NULL);
  if (rc == 0 && count > 0) rc = node_open_ledger(n, row, true, &git, err);
  for (size_t i = 0; rc == 0 && i < count; i++)
    if (is_sender(to->senders, row, &nodes[i]))
      rc = send_to(n, row, git, &nodes[i], to, &older, err);
  yz_ledger_destroy(git);
  parcels_finish(&older);
  free(nodes);
  return rc;
}

static int cut(struct node *n, struct yz_error *err) {
  struct yz_ledger *git = NULL;
  int rc = node_at_home(n, err);
  if (rc == 0) rc = node_open_ledger(n, &n->ledger, true, &git, err);
  if (rc == 0) rc = yz_parcel_settle(&n->station, git, &n->ledger, err);
  yz_ledger_destroy(git);
  return rc;
}

int parcels_send_here(struct node *n, const struct parcels_to *to, struct yz_error *err) {
  struct yz_lock lock;
  int rc = node_lock(n->dir, &lock, err);
  if (rc != 0) return rc;
  rc = cut(n, err);
  if (rc == 0) rc = node_reload(n, err);
  if (rc == 0) rc = parcels_send(n, &n->ledger, to, err);
  yz_lock_release(&lock);
  return rc;
}
