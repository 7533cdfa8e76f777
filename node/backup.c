/* A backup, made so that a node which comes to life from it goes on where this one was. */
#include <stdlib.h>

#include "incarnation.h"
#include "ledgers.h"
#include "restore.h"

static int cut_ledger(struct node *n, const struct yz_ledger_row *row, struct yz_error *err) {
  struct yz_ledger *git = NULL;
  int64_t records;
  int rc = node_open_ledger(n, row, true, &git, err);
  if (rc == 0) rc = yz_cut(&n->station, git, row, &records, err);
  yz_ledger_destroy(git);
  return rc;
}

/* Those that others hold copies of. */
static int cut_ledgers(struct node *n, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  int rc = node_at_home(n, err);
  if (rc == 0) rc = node_ledgers(n, &rows, &count, err);
  for (size_t i = 0; i < count; i++) {
    int cut = n->hub || rows[i].url[0] != '\0' ? cut_ledger(n, &rows[i], err) : 0;
    if (rc == 0) rc = cut;
  }
  free(rows);
  return rc == 0 ? node_reload(n, err) : rc;
}

/* What lay in no segment would be cut twice: here, with what is written next, and by whoever is
 * restored, without it. Two histories of one log do not go on from each other, and what only the
 * one holds would come back by no fetch. */
static int cut_all(struct node *n, struct yz_error *err) {
  struct yz_lock lock;
  int rc = node_lock(n->dir, &lock, err);
  if (rc != 0) return rc;
  rc = cut_ledgers(n, err);
  yz_lock_release(&lock);
  return rc;
}

/* A repository that is damaged, or a disk that is full, does not keep anyone from a backup. */
int node_backup(struct node *n, const char *file, struct yz_error *err) {
  struct yz_error ignored = {0};
  (void)!cut_all(n, &ignored);
  return store_backup(n->store, file, err);
}
