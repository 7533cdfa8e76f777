/* An empty store's tables, made by the program once and copied, page by page and in one transaction
 * as the program makes them, into each new store: what a restored node begins with. The linker
 * (--wrap) leads the calls here. */
#include <sqlite3.h>
#include <stdbool.h>
#include <yizhan/error.h>

#include "node/store/db.h"

int __real_schema_migrate(sqlite3 *db, const char *path, struct yz_error *err);
int __wrap_schema_migrate(sqlite3 *db, const char *path, struct yz_error *err);

/* A file to which no table was added yet. */
static bool is_new(sqlite3 *db) {
  sqlite3_stmt *row = NULL;
  bool is = sqlite3_prepare_v2(db, "PRAGMA page_count", -1, &row, NULL) == SQLITE_OK &&
            sqlite3_step(row) == SQLITE_ROW && sqlite3_column_int(row, 0) <= 1;
  (void)sqlite3_finalize(row);
  return is;
}

static sqlite3 *keep(sqlite3 *whole) {
  sqlite3 *kept = NULL;
  sqlite3_int64 n = 0;
  unsigned char *bytes = sqlite3_serialize(whole, "main", &n, 0);
  if (bytes == NULL || sqlite3_open_v2(":memory:", &kept, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
    return NULL;
  if (sqlite3_deserialize(kept, "main", bytes, n, n, SQLITE_DESERIALIZE_FREEONCLOSE) != SQLITE_OK)
    return NULL;
  return kept;
}

int __wrap_schema_migrate(sqlite3 *db, const char *path, struct yz_error *err) {
  static sqlite3 *kept;
  bool new = is_new(db);
  if (!new || kept == NULL) {
    int rc = __real_schema_migrate(db, path, err);
    if (rc == 0 && new) kept = keep(db);
    return rc;
  }
  sqlite3_backup *copy = sqlite3_backup_init(db, "main", kept, "main");
  (void)sqlite3_backup_step(copy, -1);
  return copy != NULL && sqlite3_backup_finish(copy) == SQLITE_OK ? 0 : db_fail(db, path, err);
}
