/* What git still holds of what was erased, or that nothing reaches any more, goes: FORMAT.md §7. */
#include <stdio.h>
#include <string.h>

#include "station_private.h"

enum { MARK_ROOM = sizeof "prune." + YZ_ID_HEX };

static void mark_name(const struct yz_id *ledger, char out[static MARK_ROOM]) {
  char hex[YZ_ID_HEX + 1];
  yz_to_hex(ledger->bytes, YZ_ID_LEN, hex);
  snprintf(out, MARK_ROOM, "prune.%s", hex);
}

int station_mark_prune(const struct yz_station *st, const struct yz_id *ledger, bool needed,
                       struct yz_error *err) {
  char name[MARK_ROOM];
  mark_name(ledger, name);
  return st->store->put_meta(st->store->ctx, name, "1", needed ? 1 : 0, err);
}

/* What was refused is still there, where the last fetch saw it. */
struct remains {
  struct yz_ledger *git;
  bool any;
  struct yz_error *err;
};

static int look_at_remote(void *arg, const char *ref, const struct yz_oid *tip) {
  struct remains *r = arg;
  char ours[REF_ROOM];
  struct yz_oid now;
  struct yz_id log;
  bool found;

  if (!station_ref_log(ref, "refs/remote/", "keys", &log)) return YZ_OK;
  station_ref("refs/heads/", "keys", &log, ours);
  int rc = station_find_ref(r->git, ours, &now, &found, r->err);
  r->any = r->any || (found && !yz_ledger_contains(r->git, &now, tip));
  return rc;
}

/* Keys that a parcel brought before anything of their log was here, and that waited: where others
 * of it were taken in since, and stand, they come again as all that is not acknowledged does. */
struct waiting {
  const struct yz_store *store;
  struct yz_ledger *git;
  const struct yz_id *ledger;
  struct yz_error *err;
};

static int drop_known(void *arg, const char *ref, const struct yz_oid *tip) {
  const struct waiting *w = arg;
  char ours[REF_ROOM];
  struct yz_oid taken, now;
  struct yz_id log;
  bool found;

  if (!station_ref_log(ref, PARCEL_PREFIX, "keys", &log)) return YZ_OK;
  station_ref("refs/heads/", "keys", &log, ours);
  int rc = w->store->get_tip(w->store->ctx, w->ledger, ours, &taken, w->err);
  if (rc) return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
  rc = station_find_ref(w->git, ours, &now, &found, w->err);
  if (rc || !found || !yz_equal(&now, &taken, sizeof now)) return rc;
  return yz_equal(&taken, tip, sizeof taken) ? YZ_OK : yz_ledger_delete_ref(w->git, ref, w->err);
}

/* Nothing that counts here came by it. */
static bool is_nobodys(void *arg, const char *ref) {
  const struct waiting *w = arg;
  struct yz_oid taken;

  return w->store->get_tip(w->store->ctx, w->ledger, ref, &taken, NULL) == YZ_E_NOT_FOUND;
}

int station_prune(const struct yz_station *st, struct yz_ledger *git, const struct yz_id *ledger,
                  struct yz_error *err) {
  const struct yz_store *store = st->store;
  struct yz_buf mark = {0};
  char name[MARK_ROOM];

  mark_name(ledger, name);
  int rc = store->get_meta(store->ctx, name, &mark, err);
  bool needed = !rc && mark.len > 0;
  yz_buf_finish(&mark);
  if (!needed) return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
  struct remains remains = {.git = git, .err = err};
  struct waiting waiting = {store, git, ledger, err};
  rc = yz_ledger_refs(git, PARCEL_PREFIX "keys/", drop_known, &waiting, err);
  if (!rc) rc = yz_ledger_prune(git, is_nobodys, &waiting, err);
  if (!rc) rc = yz_ledger_refs(git, "refs/remote/keys/", look_at_remote, &remains, err);
  if (rc || remains.any) return rc;
  rc = store->begin(store->ctx, err);
  if (!rc) rc = station_mark_prune(st, ledger, false, err);
  return station_end(st, rc, err);
}
