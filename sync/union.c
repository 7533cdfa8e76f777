/* The township's union of a ledger's log branches: FORMAT.md §11. */
#include "station_private.h"
#include <stdlib.h>

enum { LOGS_MAX = 4096 };

struct tips {
  const struct yz_station *st;
  const struct yz_ledger_row *ledger;
  struct yz_branch_tip *list;
  char (*names)[YZ_ID_HEX + 1];
  size_t n;
  struct yz_error *err;
};

static int keep_tip(void *arg, const struct yz_log_row *row) {
  struct tips *t = arg;
  const struct yz_store *store = t->st->store;
  char ref[REF_ROOM];

  if (t->n == LOGS_MAX) return YZ_OK;
  station_ref("refs/heads/", "log", &row->id, ref);
  int rc = store->get_tip(store->ctx, &t->ledger->id, ref, &t->list[t->n].tip, t->err);
  if (rc) return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
  yz_to_hex(row->id.bytes, YZ_ID_LEN, t->names[t->n]);
  t->list[t->n].name = t->names[t->n];
  t->n++;
  return YZ_OK;
}

int yz_union(const struct yz_station *st, struct yz_ledger *township, struct yz_ledger *git,
             const struct yz_ledger_row *ledger, struct yz_error *err) {
  struct tips t = {
      st, ledger, calloc(LOGS_MAX, sizeof(struct yz_branch_tip)), calloc(LOGS_MAX, sizeof *t.names),
      0,  err};
  int rc = t.list && t.names ? st->store->each_log(st->store->ctx, &ledger->id, keep_tip, &t, err)
                             : yz_no_memory(err);
  if (!rc)
    rc = yz_ledger_merge(township, "refs/heads/main", git, t.list, t.n,
                         st->world->now_ms(st->world->ctx), st->seed, err);
  free(t.list);
  free(t.names);
  return rc;
}
