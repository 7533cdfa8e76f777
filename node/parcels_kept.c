/* Parcels that came before those they go on from: copies in DIR/parcels, so that the stick may go.
 */
#include <stdlib.h>
#include <string.h>

#include "ledgers.h"
#include "parcels.h"

enum { KEPT_MAX = 64, STEP = 64 * 1024, NAME_BYTES = 8 };
#define KEPT_BYTES (2LL << 30) /* in all */

static int count_one(void *arg, const struct erasure *erasure) {
  (void)erasure;
  ++*(size_t *)arg;
  return 0;
}

static int add_kept(void *arg, const char *name, bool plain) {
  struct parcels *p = arg;
  size_t before = p->n;
  if (!plain || !yz_parcel_named(name)) return 0;
  int rc = parcels_add(p, p->kept, name, NULL);
  if (p->n > before) p->items[before].kept = true;
  return rc;
}

int parcels_add_kept(struct parcels *p, const struct node *n, struct yz_error *err) {
  p->kept = node_path(n, "parcels");
  if (p->kept == NULL) return yz_no_memory(err);
  int rc = store_each_erasure(n->store, NULL, count_one, &p->erasures, err);
  if (rc != 0) return rc;
  rc = n->world->each_file(n->world->ctx, p->kept, add_kept, p, NULL);
  return rc == YZ_E_MEMORY ? yz_no_memory(err) : 0;
}

/* What was erased while this was read may lie in what came too early. */
static int leave_early(struct parcels *p, const struct node *n, struct yz_error *err) {
  size_t now = 0;
  int rc = store_each_erasure(n->store, NULL, count_one, &now, err);
  for (size_t i = 0; rc == 0 && now != p->erasures && i < p->n; i++) {
    struct parcel_item *item = &p->items[i];
    if (item->state != PARCEL_EARLY) continue;
    item->state = PARCEL_FAILED;
    item->why = (struct yz_error){0};
    (void)yz_fail(
        &item->why, YZ_E_REFUSED,
        YZ_N_("What comes before it has not come, and something was erased meanwhile: it is "
              "not kept. The sender's next one holds all of it."),
        "%s", item->path);
  }
  return rc;
}

/* So many bytes as were counted, however much there is by now. */
static int copy_bytes(const struct yz_world *w, struct yz_file *from, struct yz_file *to,
                      int64_t bytes, struct yz_error *err) {
  unsigned char *step = malloc(STEP);
  size_t got = STEP;
  int rc = step == NULL ? yz_no_memory(err) : 0;
  for (int64_t left = bytes; rc == 0 && left > 0 && got > 0; left -= (int64_t)got) {
    rc = w->read_some(w->ctx, from, step, left < STEP ? (size_t)left : STEP, &got, err);
    if (rc == 0 && got > 0) rc = w->write_some(w->ctx, to, step, got, err);
  }
  free(step);
  return rc != 0 ? rc : w->flush_file(w->ctx, to, err);
}

/* Beside its name first. */
static int copy_file(const struct yz_world *w, const struct parcel_item *from, const char *temp,
                     const char *to, struct yz_error *err) {
  struct yz_file *in = NULL, *out = NULL;
  int64_t size;
  w->drop_file(w->ctx, temp);
  int rc = w->open_file(w->ctx, from->path, false, &in, &size, err);
  if (rc == 0) rc = w->new_file(w->ctx, temp, &out, err);
  if (rc == 0) rc = copy_bytes(w, in, out, from->parcel.bytes, err);
  w->close_file(w->ctx, in);
  w->close_file(w->ctx, out);
  if (rc == 0) rc = w->name_file(w->ctx, temp, to, err);
  if (rc != 0) w->drop_file(w->ctx, temp);
  return rc;
}

/* Its name here is its digest's: the same one twice is one. */
static int keep_one(const struct parcels *p, const struct node *n, struct parcel_item *item,
                    struct yz_error *err) {
  char hex[2 * NAME_BYTES + 1], *temp = NULL, *to = NULL;
  yz_to_hex(item->parcel.digest.bytes, NAME_BYTES, hex);
  if (asprintf(&temp, "%s/%s.TMP", p->kept, hex) < 0) temp = NULL;
  if (asprintf(&to, "%s/%s" YZ_PARCEL_ENDING, p->kept, hex) < 0) to = NULL;
  int rc = temp == NULL || to == NULL ? yz_no_memory(err) : 0;
  if (rc == 0) rc = n->world->make_dir(n->world->ctx, p->kept, err);
  struct yz_error why = {0};
  if (rc == 0) rc = copy_file(n->world, item, temp, to, &why);
  if (rc == YZ_E_EXISTS) rc = 0;
  if (rc != 0) (void)yz_fail(err, rc, why.message, "%s", why.subject);
  free(temp);
  free(to);
  return rc;
}

static int keep_early(struct parcels *p, const struct node *n, struct yz_error *err) {
  int64_t bytes = 0;
  size_t files = 0;
  int rc = leave_early(p, n, err);
  for (size_t i = 0; rc == 0 && i < p->n; i++) {
    struct parcel_item *item = &p->items[i];
    if (item->kept && item->state != PARCEL_EARLY) n->world->drop_file(n->world->ctx, item->path);
    if (!item->kept || item->state != PARCEL_EARLY) continue;
    files++;
    bytes += item->parcel.bytes;
  }
  for (size_t i = 0; rc == 0 && i < p->n; i++) {
    struct parcel_item *item = &p->items[i];
    if (item->kept || item->state != PARCEL_EARLY) continue;
    if (files == KEPT_MAX || item->parcel.bytes > KEPT_BYTES - bytes) {
      item->state = PARCEL_FAILED;
      continue;
    }
    rc = keep_one(p, n, item, err);
    files++;
    bytes += item->parcel.bytes;
  }
  return rc;
}

int parcels_keep_early(struct parcels *p, const struct node *n, struct yz_error *err) {
  struct yz_lock lock;
  int rc = node_lock(n->dir, &lock, err);
  if (rc != 0) return rc;
  rc = keep_early(p, n, err);
  yz_lock_release(&lock);
  return rc;
}
