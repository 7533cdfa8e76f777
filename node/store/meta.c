/* Small named values (the library's and the node's), secrets, and transactions as
 * the library's table has them. */
#include "effects.h"
#include <string.h>

static int get(struct store *s, const char *sql, const char *name, struct yz_buf *out,
               struct yz_error *err) {
  sqlite3_stmt *row;
  int rc = db_first(s, sql, ARGS(db_text(name)), &row, err);
  if (rc == 0) rc = db_append(row, 0, out, err);
  db_give(s, row);
  return rc;
}

static int get_meta(void *ctx, const char *name, struct yz_buf *out, struct yz_error *err) {
  static const char SQL[] = "SELECT value FROM meta WHERE name=?";
  return get(ctx, SQL, name, out, err);
}

static int put_meta(void *ctx, const char *name, const void *bytes, size_t n,
                    struct yz_error *err) {
  static const char SQL[] = "INSERT INTO meta(name, value) VALUES(?1, ?2)"
                            " ON CONFLICT(name) DO UPDATE SET value=?2";
  return db_run(ctx, SQL, ARGS(db_text(name), db_blob(bytes, n)), err);
}

int store_get_setting(struct store *s, const char *name, struct yz_buf *out, struct yz_error *err) {
  static const char SQL[] = "SELECT value FROM setting WHERE name=?";
  return get(s, SQL, name, out, err);
}

int store_put_setting(struct store *s, const char *name, const char *value, struct yz_error *err) {
  static const char SQL[] = "INSERT INTO setting(name, value) VALUES(?1, ?2)"
                            " ON CONFLICT(name) DO UPDATE SET value=?2";
  return sum_put(s, "setting", name, SQL, ARGS(db_text(name), db_text(value)), err);
}

int store_get_secret(struct store *s, const char *name, struct yz_secret **out,
                     struct yz_error *err) {
  static const char SQL[] = "SELECT value FROM secret WHERE name=?";
  sqlite3_stmt *row;
  *out = NULL;
  int rc = db_first(s, SQL, ARGS(db_text(name)), &row, err);
  if (rc != 0) return rc;
  const void *bytes = sqlite3_column_blob(row, 0);
  size_t n = (size_t)sqlite3_column_bytes(row, 0);
  struct yz_secret *secret = yz_secret_create(n);
  if (secret == NULL) rc = yz_no_memory(err);
  if (secret != NULL && n > 0) memcpy(secret->bytes, bytes, n);
  db_give(s, row);
  *out = secret;
  return rc;
}

int store_put_secret(struct store *s, const char *name, const struct yz_secret *secret,
                     struct yz_error *err) {
  static const char SQL[] = "INSERT INTO secret(name, value) VALUES(?1, ?2)"
                            " ON CONFLICT(name) DO UPDATE SET value=?2";
  return sum_put(s, "secret", name, SQL, ARGS(db_text(name), db_blob(secret->bytes, secret->len)),
                 err);
}

static int begin(void *ctx, struct yz_error *err) {
  return store_begin(ctx, err);
}
static int commit(void *ctx, struct yz_error *err) {
  return store_commit(ctx, err);
}
static void rollback(void *ctx) {
  store_rollback(ctx);
}

/* Of savepoints of the same name the last one is meant. */
static int mark(void *ctx, struct yz_error *err) {
  struct store *s = ctx;
  int rc = s->marked ? db_run(s, "RELEASE part", NULL, 0, err) : 0;
  if (rc == 0) rc = db_run(s, "SAVEPOINT part", NULL, 0, err);
  s->marked = rc == 0;
  return rc;
}
static int back(void *ctx, struct yz_error *err) {
  township_forget(ctx);
  return db_run(ctx, "ROLLBACK TO part", NULL, 0, err);
}

void meta_fill(struct yz_store *table) {
  table->begin = begin;
  table->commit = commit;
  table->rollback = rollback;
  table->mark = mark;
  table->back = back;
  table->get_meta = get_meta;
  table->put_meta = put_meta;
}
