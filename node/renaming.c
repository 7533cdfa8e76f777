#include "renaming.h"

#include <stdlib.h>
#include <string.h>

#include "hub/hub.h"
#include "ledgers.h"

/* --- here --------------------------------------------------------------- */

/* The row of the worker with this key. */
struct wanted {
  struct yz_key key;
  struct worker_row row;
};

static int copy_row(void *arg, const struct worker_row *w) {
  struct wanted *wanted = arg;
  struct worker_row *row = &wanted->row;
  if (!yz_equal(&w->key, &wanted->key, YZ_KEY_LEN)) return 0;
  row->key = w->key;
  row->locked = w->locked;
  int rc = yz_buf_append(&row->sealed, w->sealed.data, w->sealed.len);
  return rc != 0 ? rc : yz_buf_append(&row->recovery, w->recovery.data, w->recovery.len);
}

static int rename_here(struct node *n, const struct yz_key *key, const char *to,
                       struct yz_error *err) {
  struct wanted wanted = {.key = *key};
  int rc = store_each_worker(n->store, copy_row, &wanted, err);
  if (rc == YZ_E_MEMORY) rc = yz_no_memory(err);
  memcpy(wanted.row.name, to, strlen(to) + 1);
  if (rc == 0) rc = store_put_worker(n->store, &wanted.row, err);
  worker_row_finish(&wanted.row);
  return rc;
}

/* --- everywhere ----------------------------------------------------------- */

/* Says it in one ledger; a hub's worker keeps the roles held there. */
static int rename_in(struct node *n, const struct signer *who, const struct yz_id *ledger,
                     struct yz_new_worker *again, struct yz_error *err) {
  struct yz_roster *roster = NULL;
  int rc = n->hub ? hub_check_administrator(n, ledger, &who->author.key, err) : 0;
  if (rc == 0 && n->hub) rc = yz_station_roster(&n->station, ledger, &roster, err);
  if (rc == 0 && n->hub) again->roles = yz_roster_roles(roster, &again->key);
  yz_roster_destroy(roster);
  return rc == 0 ? yz_append_worker(&n->station, ledger, &who->author, again, err) : rc;
}

static int tell(struct node *n, const struct signer *who, struct yz_new_worker *again,
                struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  if (!n->hub) return rename_in(n, who, &n->ledger.id, again, err);
  int rc = node_ledgers(n, &rows, &count, err);
  if (rc == 0 && count == 0) rc = hub_check_first_worker(n, &who->author.key, err);
  for (size_t i = 0; rc == 0 && i < count; i++) rc = rename_in(n, who, &rows[i].id, again, err);
  free(rows);
  return rc;
}

/* Nobody else here is to be called so. */
static int check_free(struct node *n, const char *to, struct yz_error *err) {
  struct kept_worker *kept = NULL;
  size_t count = 0, at = 0;
  int rc = node_kept_workers(n, &kept, &count, err);
  while (rc == 0 && at < count && strcmp(kept[at].name, to) != 0) at++;
  free(kept);
  if (rc != 0 || at == count) return rc;
  return yz_fail(err, YZ_E_EXISTS,
                 YZ_N_("A worker of this name signs here already. Choose another name."), "%s", to);
}

int node_rename_worker(struct node *n, const struct signer *who, const char *from, const char *to,
                       struct yz_key *key, bool *already, struct yz_error *err) {
  struct kept_worker worker;
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  *already = strcmp(from, to) == 0;
  rc = node_find_kept(n, from, &worker, err);
  if (rc == 0) *key = worker.key;
  if (rc == 0 && !*already) {
    struct yz_new_worker again = {.key = worker.key, .name = to};
    rc = check_free(n, to, err);
    if (rc == 0) rc = tell(n, who, &again, err);
    if (rc == 0) rc = rename_here(n, key, to, err);
  }
  return store_end(n->store, rc, err);
}
