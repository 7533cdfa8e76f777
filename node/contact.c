#include "contact.h"

#include "erase.h"
#include "incarnation.h"
#include "ledgers.h"

static int64_t acknowledged(const struct yz_standing *s) {
  return s->records - s->pending;
}

int64_t contact_acknowledged(const struct contact_done *d) {
  return acknowledged(&d->after) - acknowledged(&d->before);
}

static int note_hub(struct node *n, struct contact_done *d, struct yz_error *err) {
  struct yz_key before = n->ledger.hub;
  int rc = node_reload(n, err);
  d->other_hub = rc == 0 && !yz_equal(&before, &n->ledger.hub, sizeof before);
  return rc;
}

int contact_possible(const struct node *n, struct yz_error *err) {
  if (n->ledger.joined) return 0;
  return yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("This village works alone and has no hub yet; ask the township for an "
                       "invitation and use `yizhan join`."),
                 "%s", n->dir);
}

int contact_make(struct node *n, const struct yz_told *told, struct contact_done *out,
                 struct yz_error *err) {
  struct yz_ledger *git = NULL;
  struct yz_lock lock;
  int64_t began = n->world->ticks_ms(n->world->ctx);
  *out = (struct contact_done){.ms = 0};
  int rc = contact_possible(n, err);
  if (rc == 0) rc = node_lock(n->dir, &lock, err);
  if (rc != 0) return rc;
  rc = node_at_home(n, err);
  if (rc == 0) rc = yz_standing(&n->station, &n->ledger, &out->before, err);
  if (rc == 0) rc = node_open_ledger(n, &n->ledger, true, &git, err);
  if (rc == 0) rc = yz_exchange_told(&n->station, git, &n->ledger, told, &out->got, err);
  if (rc == 0) rc = note_hub(n, out, err);
  if (rc == 0) rc = node_note_time(n, "last_sync", err);
  if (rc == 0) rc = node_scrub(n, err);
  int looked = yz_standing(&n->station, &n->ledger, &out->after, rc == 0 ? err : NULL);
  if (rc == 0) rc = looked;
  yz_ledger_destroy(git);
  yz_lock_release(&lock);
  out->ms = n->world->ticks_ms(n->world->ctx) - began;
  return rc;
}
