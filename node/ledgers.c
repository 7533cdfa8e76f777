#include "ledgers.h"

#include <stdlib.h>
#include <string.h>

/* An array that grows by one item at a time. */
struct items {
  unsigned char *data;
  size_t n, cap, size;
};

static int add_item(struct items *a, const void *item) {
  if (a->n == a->cap) {
    size_t cap = a->cap == 0 ? 8 : a->cap * 2;
    unsigned char *data = reallocarray(a->data, cap, a->size);
    if (data == NULL) return YZ_E_MEMORY;
    a->data = data;
    a->cap = cap;
  }
  memcpy(a->data + a->n * a->size, item, a->size);
  a->n++;
  return 0;
}

/* Hands the gathered items to the caller, or frees them after a failure. */
static int give(struct items *a, int rc, void **out, size_t *count, struct yz_error *err) {
  if (rc == 0) {
    *out = a->data;
    *count = a->n;
    return 0;
  }
  free(a->data);
  if (rc == YZ_E_MEMORY) return yz_no_memory(err);
  return rc;
}

static int add_ledger(void *arg, const struct yz_ledger_row *row) {
  return add_item(arg, row);
}

int node_ledgers(struct node *n, struct yz_ledger_row **out, size_t *count, struct yz_error *err) {
  struct items a = {.size = sizeof **out};
  int rc = store_each_ledger(n->store, add_ledger, &a, err);
  void *data = NULL;
  rc = give(&a, rc, &data, count, err);
  *out = data;
  return rc;
}

static int add_log(void *arg, const struct yz_log_row *row) {
  return add_item(arg, row);
}

int node_logs(struct node *n, const struct yz_id *ledger, struct yz_log_row **out, size_t *count,
              struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct items a = {.size = sizeof **out};
  int rc = t->each_log(t->ctx, ledger, add_log, &a, err);
  void *data = NULL;
  rc = give(&a, rc, &data, count, err);
  *out = data;
  return rc;
}

static int add_own_head(void *arg, const struct yz_log_row *row) {
  if (!row->own || row->head.seq == 0) return 0;
  struct yz_ack_head head = {.log = row->id, .at = row->head};
  return add_item(arg, &head);
}

int node_own_heads(struct node *n, const struct yz_id *ledger, struct yz_ack_head **out,
                   size_t *count, struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct items a = {.size = sizeof **out};
  int rc = t->each_log(t->ctx, ledger, add_own_head, &a, err);
  void *data = NULL;
  rc = give(&a, rc, &data, count, err);
  *out = data;
  return rc;
}

static int add_worker(void *arg, const struct worker_row *row) {
  struct kept_worker w = {.key = row->key, .locked = row->locked};
  memcpy(w.name, row->name, sizeof w.name);
  return add_item(arg, &w);
}

int node_kept_workers(struct node *n, struct kept_worker **out, size_t *count,
                      struct yz_error *err) {
  struct items a = {.size = sizeof **out};
  int rc = store_each_worker(n->store, add_worker, &a, err);
  void *data = NULL;
  rc = give(&a, rc, &data, count, err);
  *out = data;
  return rc;
}

int node_find_kept(struct node *n, const char *name, struct kept_worker *out,
                   struct yz_error *err) {
  struct kept_worker *kept = NULL;
  size_t count = 0, at = 0;
  int rc = node_kept_workers(n, &kept, &count, err);
  while (rc == 0 && at < count && strcmp(kept[at].name, name) != 0) at++;
  if (rc == 0 && at < count) *out = kept[at];
  if (rc == 0 && at == count)
    rc = yz_fail(err, YZ_E_NOT_FOUND,
                 YZ_N_("No worker of this name signs here; `yizhan worker list` shows who does."),
                 "%s", name);
  free(kept);
  return rc;
}

int node_open_ledger(const struct node *n, const struct yz_ledger_row *row, bool create,
                     struct yz_ledger **out, struct yz_error *err) {
  int rc = YZ_E_MEMORY;
  char *folder = node_path(n, "ledgers");
  char *path = node_ledger_path(n, row);
  *out = NULL;
  if (folder == NULL || path == NULL)
    rc = yz_no_memory(err);
  else if (!create || (rc = n->world->make_dir(n->world->ctx, folder, err)) == 0)
    rc = yz_ledger_open(out, path, create, err);
  free(path);
  free(folder);
  return rc;
}

int node_lock(const char *dir, struct yz_lock *lock, struct yz_error *err) {
  char *path = NULL;
  lock->fd = -1;
  if (asprintf(&path, "%s/lock", dir) < 0) return yz_no_memory(err);
  struct yz_error why = {0};
  int rc = yz_lock_acquire(lock, path, 30000, &why);
  if (rc == YZ_E_BUSY)
    yz_fail(err, rc,
            YZ_N_("Another yizhan is exchanging, restoring or rebuilding here; wait until it is "
                  "done."),
            "%s", path);
  else if (rc != 0)
    yz_fail(err, rc, why.message, "%s", why.subject);
  free(path);
  return rc;
}

enum { ALL_ROLES = YZ_ROLE_ADMINISTRATOR | YZ_ROLE_HEAD | YZ_ROLE_CLERK | YZ_ROLE_AUDITOR };

static bool revoked_here(const struct node *n, const struct yz_member *members, size_t count,
                         const struct yz_key *worker) {
  for (size_t i = 0; i < count; i++)
    if (members[i].revoked && yz_equal(&members[i].worker, worker, YZ_KEY_LEN) &&
        yz_equal(&members[i].node, &n->station.key, YZ_KEY_LEN))
      return true;
  return false;
}

/* At a hub the roster of another ledger: its workers hold the same roles in all. NULL: none. */
static int find_pattern(struct node *n, const struct yz_ledger_row *row, struct yz_roster **out,
                        struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  *out = NULL;
  int rc = n->hub ? node_ledgers(n, &rows, &count, err) : 0;
  for (size_t i = 0; rc == 0 && i < count && *out == NULL; i++)
    if (!yz_equal(&rows[i].id, &row->id, YZ_ID_LEN))
      rc = yz_station_roster(&n->station, &rows[i].id, out, err);
  free(rows);
  return rc;
}

/* The workers to begin with; names point into kept. *out is malloc'd. */
static int choose_workers(struct node *n, const struct yz_roster *roster,
                          const struct yz_roster *pattern, const struct kept_worker *kept,
                          size_t n_kept, struct yz_new_worker **out, size_t *count) {
  struct yz_member *members = NULL;
  size_t n_members = 0;
  *count = 0;
  *out = calloc(n_kept + 1, sizeof **out);
  if (*out == NULL) return YZ_E_MEMORY;
  int rc = yz_roster_members(roster, &members, &n_members);
  for (size_t i = 0; rc == 0 && i < n_kept; i++) {
    if (revoked_here(n, members, n_members, &kept[i].key)) continue;
    unsigned roles = n->hub ? yz_roster_roles(roster, &kept[i].key) : 0;
    if (roles == 0 && pattern != NULL) roles = yz_roster_roles(pattern, &kept[i].key);
    if (n->hub && roles == 0) roles = i == 0 ? (unsigned)ALL_ROLES : (unsigned)YZ_ROLE_CLERK;
    (*out)[(*count)++] =
        (struct yz_new_worker){.key = kept[i].key, .name = kept[i].name, .roles = roles};
  }
  free(members);
  return rc;
}

int node_begin_log(struct node *n, const struct yz_ledger_row *row, const struct yz_beginning *b,
                   struct yz_error *err) {
  struct kept_worker *kept = NULL;
  struct yz_new_worker *workers = NULL;
  struct yz_roster *roster = NULL, *pattern = NULL;
  size_t n_kept = 0;
  struct yz_beginning whole = *b;
  struct yz_id log;
  int rc = node_kept_workers(n, &kept, &n_kept, err);
  if (rc == 0) rc = yz_station_roster(&n->station, &row->id, &roster, err);
  if (rc == 0) rc = find_pattern(n, row, &pattern, err);
  if (rc != 0) goto done;
  rc = choose_workers(n, roster, pattern, kept, n_kept, &workers, &whole.n_workers);
  if (rc != 0) {
    rc = yz_no_memory(err);
    goto done;
  }
  whole.workers = workers;
  rc = yz_begin_log(&n->station, &row->id, &whole, &log, err);
done:
  yz_roster_destroy(pattern);
  yz_roster_destroy(roster);
  free(workers);
  free(kept);
  return rc;
}
