#include "db.h"
#include <errno.h>
#include <string.h>

/* SQLite's codes, and what each means for whoever waits. */
static const struct {
  int sqlite;
  enum yz_code code;
  const char *message;
} failures[] = {
    {SQLITE_NOMEM, YZ_E_MEMORY,
     YZ_N_("There is no memory left. Close other programs and try again.")},
    {SQLITE_FULL, YZ_E_FULL,
     YZ_N_("The disk is full; nothing of this was saved. Free some space and do it again.")},
    {SQLITE_BUSY, YZ_E_BUSY,
     YZ_N_("Another process has been writing to the store for too long. Try again when it is "
           "done.")},
    {SQLITE_LOCKED, YZ_E_BUSY,
     YZ_N_("Another process has been writing to the store for too long. Try again when it is "
           "done.")},
    {SQLITE_CORRUPT, YZ_E_DAMAGED,
     YZ_N_("The store is damaged. Keep a copy of its folder and restore a backup.")},
    {SQLITE_NOTADB, YZ_E_DAMAGED,
     YZ_N_("This file is not a store of this program. Restore it from a backup.")},
    {SQLITE_TOOBIG, YZ_E_LIMIT, YZ_N_("This is too large for the store.")},
    {SQLITE_IOERR, YZ_E_IO,
     YZ_N_("The disk failed while the store was read or written. Check the disk.")},
    {SQLITE_CANTOPEN, YZ_E_IO,
     YZ_N_("The store could not be opened. Check that its folder can be written.")},
    {SQLITE_READONLY, YZ_E_IO,
     YZ_N_("The store cannot be written. Check the rights of its folder and files.")},
    {SQLITE_PERM, YZ_E_IO,
     YZ_N_("The store cannot be written. Check the rights of its folder and files.")},
};

static bool is_full(int number) {
  return number == ENOSPC || number == EDQUOT;
}

int db_fail(sqlite3 *db, const char *path, struct yz_error *err) {
  int code = db != NULL ? sqlite3_errcode(db) : SQLITE_NOMEM;
  if (code == SQLITE_IOERR && is_full(sqlite3_system_errno(db))) code = SQLITE_FULL;
  for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
    if (failures[i].sqlite == (code & 0xff))
      return yz_fail(err, failures[i].code, failures[i].message, "%s", path);
  return yz_fail(err, YZ_E_INTERNAL,
                 YZ_N_("The store refused what this program asked of it; that is a fault of ours. "
                       "Please report it."),
                 "%s: %s", path, db != NULL ? sqlite3_errmsg(db) : "");
}

struct db_arg db_null(void) {
  return (struct db_arg){.kind = DB_NULL};
}
struct db_arg db_int(int64_t number) {
  return (struct db_arg){.kind = DB_INT, .number = number};
}
struct db_arg db_blob(const void *bytes, size_t n) {
  return (struct db_arg){.kind = DB_BLOB, .bytes = n > 0 ? bytes : "", .len = n};
}
struct db_arg db_chars(const char *text, size_t n) {
  return (struct db_arg){.kind = DB_TEXT, .bytes = n > 0 ? text : "", .len = n};
}
struct db_arg db_text(const char *text) {
  return text != NULL ? db_chars(text, strlen(text)) : db_null();
}
struct db_arg db_id(const struct yz_id *id) {
  return db_blob(id->bytes, YZ_ID_LEN);
}
struct db_arg db_hash(const struct yz_hash *hash) {
  return hash != NULL ? db_blob(hash->bytes, YZ_HASH_LEN) : db_null();
}
struct db_arg db_key(const struct yz_key *key) {
  return db_blob(key->bytes, YZ_KEY_LEN);
}

/* The statement's place among those kept; NULL where all places are taken. */
static struct db_statement *place_of(struct store *s, const char *sql) {
  for (size_t i = 0; i < s->n_statements; i++)
    if (s->statements[i].sql == sql) return &s->statements[i];
  if (s->n_statements == DB_STATEMENTS) return NULL;
  struct db_statement *place = &s->statements[s->n_statements++];
  *place = (struct db_statement){.sql = sql};
  return place;
}

static int prepare(struct store *s, const char *sql, sqlite3_stmt **out, struct yz_error *err) {
  struct db_statement *place = place_of(s, sql);
  if (place != NULL && place->stmt != NULL && !place->in_use) {
    place->in_use = true;
    *out = place->stmt;
    return 0;
  }
  if (sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL) != SQLITE_OK)
    return db_fail(s->db, s->path, err);
  if (place != NULL && place->stmt == NULL)
    *place = (struct db_statement){.sql = sql, .stmt = *out, .in_use = true};
  return 0;
}

static int bind(sqlite3_stmt *stmt, int at, const struct db_arg *arg) {
  switch (arg->kind) {
  case DB_INT:
    return sqlite3_bind_int64(stmt, at, arg->number);
  case DB_TEXT:
    return sqlite3_bind_text64(stmt, at, arg->bytes, arg->len, SQLITE_STATIC, SQLITE_UTF8);
  case DB_BLOB:
    return sqlite3_bind_blob64(stmt, at, arg->bytes, arg->len, SQLITE_STATIC);
  case DB_NULL:
    break;
  }
  return sqlite3_bind_null(stmt, at);
}

int db_take(struct store *s, const char *sql, const struct db_arg *args, size_t n,
            sqlite3_stmt **out, struct yz_error *err) {
  *out = NULL;
  int rc = prepare(s, sql, out, err);
  for (size_t i = 0; rc == 0 && i < n; i++)
    if (bind(*out, (int)i + 1, &args[i]) != SQLITE_OK) rc = db_fail(s->db, s->path, err);
  if (rc == 0) return 0;
  db_give(s, *out);
  *out = NULL;
  return rc;
}

void db_give(struct store *s, sqlite3_stmt *stmt) {
  if (stmt == NULL) return;
  for (size_t i = 0; i < s->n_statements; i++) {
    if (s->statements[i].stmt != stmt) continue;
    (void)sqlite3_reset(stmt);
    (void)sqlite3_clear_bindings(stmt);
    s->statements[i].in_use = false;
    return;
  }
  (void)sqlite3_finalize(stmt);
}

int db_step(struct store *s, sqlite3_stmt *stmt, struct yz_error *err) {
  int rc = sqlite3_step(stmt);
  if (rc == SQLITE_ROW) return 1;
  return rc == SQLITE_DONE ? 0 : db_fail(s->db, s->path, err);
}

int db_run(struct store *s, const char *sql, const struct db_arg *args, size_t n,
           struct yz_error *err) {
  sqlite3_stmt *stmt;
  int rc = db_take(s, sql, args, n, &stmt, err);
  if (rc != 0) return rc;
  while ((rc = db_step(s, stmt, err)) > 0) continue;
  db_give(s, stmt);
  return rc;
}

bool db_changed(const struct store *s) {
  return sqlite3_changes(s->db) > 0;
}

int db_first(struct store *s, const char *sql, const struct db_arg *args, size_t n,
             sqlite3_stmt **out, struct yz_error *err) {
  int rc = db_take(s, sql, args, n, out, err);
  if (rc != 0) return rc;
  rc = db_step(s, *out, err);
  if (rc > 0) return 0;
  db_give(s, *out);
  *out = NULL;
  return rc == 0 ? YZ_E_NOT_FOUND : rc;
}

int db_number(struct store *s, const char *sql, const struct db_arg *args, size_t n,
              int64_t otherwise, int64_t *out, struct yz_error *err) {
  sqlite3_stmt *row;
  int rc = db_first(s, sql, args, n, &row, err);
  *out = rc == 0 ? sqlite3_column_int64(row, 0) : otherwise;
  db_give(s, row);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

int db_each(struct store *s, const char *sql, const struct db_arg *args, size_t n, db_row_fn fn,
            void *arg, struct yz_error *err) {
  sqlite3_stmt *row;
  int rc = db_take(s, sql, args, n, &row, err);
  if (rc != 0) return rc;
  while ((rc = db_step(s, row, err)) > 0) {
    rc = fn(s, row, arg, err);
    if (rc != 0) break;
  }
  db_give(s, row);
  return rc;
}

void db_get_blob(sqlite3_stmt *row, int column, void *out, size_t n) {
  const void *bytes = sqlite3_column_blob(row, column);
  if (bytes != NULL && sqlite3_column_bytes(row, column) == (int)n)
    memcpy(out, bytes, n);
  else
    memset(out, 0, n);
}

void db_get_chars(sqlite3_stmt *row, int column, char *out, size_t size) {
  const char *text = db_get_text(row, column);
  size_t len = text != NULL ? strlen(text) : 0;
  if (len >= size) len = 0;
  if (len > 0) memcpy(out, text, len);
  out[len] = '\0';
}

const char *db_get_text(sqlite3_stmt *row, int column) {
  return (const char *)sqlite3_column_text(row, column);
}

int db_append(sqlite3_stmt *row, int column, struct yz_buf *out, struct yz_error *err) {
  const void *bytes = sqlite3_column_blob(row, column);
  size_t n = (size_t)sqlite3_column_bytes(row, column);
  return yz_buf_append(out, bytes != NULL ? bytes : "", n) != 0 ? yz_no_memory(err) : 0;
}
