#include "attaching.h"

#include <stdlib.h>
#include <string.h>

enum { WAIT_MS = 60000 };
static const char MARK[] = "attaching";

static int is_marked(struct node *n, bool *marked, struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct yz_buf mark = {0};
  int rc = t->get_meta(t->ctx, MARK, &mark, err);
  *marked = rc == 0 && mark.len > 0;
  yz_buf_finish(&mark);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

static int mark(struct node *n, const char *value, struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  return t->put_meta(t->ctx, MARK, value, strlen(value), err);
}

/* Under the lock. */
static int sweep(struct node *n, struct yz_error *err) {
  bool marked;
  int rc = is_marked(n, &marked, err);
  if (rc != 0 || !marked) return rc;
  rc = store_sweep_pieces(n->store, err);
  return rc == 0 ? mark(n, "", err) : rc;
}

static int acquire(struct node *n, struct yz_lock *lock, int64_t wait_ms, struct yz_error *err) {
  char *path = node_path(n, "attaching");
  int rc = path != NULL ? yz_lock_acquire(lock, path, wait_ms, err) : yz_no_memory(err);
  free(path);
  return rc;
}

int attaching_begin(struct node *n, struct yz_lock *lock, struct yz_error *err) {
  int rc = acquire(n, lock, WAIT_MS, err);
  if (rc != 0) return rc;
  rc = sweep(n, err);
  if (rc == 0) rc = mark(n, "1", err);
  if (rc != 0) yz_lock_release(lock);
  return rc;
}

int attaching_end(struct node *n, struct yz_lock *lock, int rc, struct yz_error *err) {
  int unmarked = mark(n, "", rc == 0 ? err : NULL);
  yz_lock_release(lock);
  return rc != 0 ? rc : unmarked;
}

int attaching_sweep(struct node *n, struct yz_error *err) {
  struct yz_lock lock = {-1};
  struct yz_error why = {0};
  bool marked;
  int rc = is_marked(n, &marked, err);
  if (rc != 0 || !marked) return rc;
  rc = acquire(n, &lock, 0, &why);
  if (rc == YZ_E_BUSY) return 0;
  if (rc != 0) return yz_fail(err, rc, why.message, "%s", why.subject);
  rc = sweep(n, err);
  yz_lock_release(&lock);
  return rc;
}
