/* Opening, making and closing the store, and its transactions. */
#include "../reserve.h"
#include "effects.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char STORE_NAME[] = "yizhan.db";

/* secure_delete: what is erased is overwritten. cache_size: 2 MB, for weak
 * machines. trusted_schema: a file from elsewhere runs nothing of its own. */
static const char SETTINGS[] = "PRAGMA foreign_keys=ON;"
                               "PRAGMA synchronous=FULL;"
                               "PRAGMA secure_delete=ON;"
                               "PRAGMA cache_size=-2000;"
                               "PRAGMA temp_store=MEMORY;"
                               "PRAGMA trusted_schema=OFF;"
                               "PRAGMA cell_size_check=ON;"
                               "PRAGMA journal_size_limit=8388608;";

/* A name such as "file:x" or ":memory:" is a file's name here. */
static int open_file(const char *path, int flags, sqlite3 **db) {
  char *name = NULL;
  if (asprintf(&name, "%s%s", path[0] == '/' ? "" : "./", path) < 0) return SQLITE_NOMEM;
  int rc = sqlite3_open_v2(name, db, flags | SQLITE_OPEN_NOMUTEX, NULL);
  free(name);
  return rc;
}

/* alone: no other process has the file meanwhile, and so none of it is shared beside it. */
static int connect(sqlite3 **out, const char *path, int flags, bool alone) {
  sqlite3 *db = NULL;
  int rc = open_file(path, flags, &db);
  *out = db;
  if (rc == SQLITE_OK) rc = sqlite3_busy_timeout(db, DB_BUSY_MS);
  if (rc == SQLITE_OK) rc = sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  if (rc == SQLITE_OK) rc = sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  if (rc == SQLITE_OK) rc = sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
  /* Closing a store that turns out to be newer must not change its file. */
  if (rc == SQLITE_OK) rc = sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  if (rc == SQLITE_OK && alone)
    rc = sqlite3_exec(db, "PRAGMA locking_mode=EXCLUSIVE", NULL, NULL, NULL);
  return rc == SQLITE_OK ? sqlite3_exec(db, SETTINGS, NULL, NULL, NULL) : rc;
}

/* A full disk has no room for what SQLite shares between processes (-shm). */
static bool shares_nothing(sqlite3 *db) {
  int code = db != NULL ? sqlite3_extended_errcode(db) : SQLITE_NOMEM;
  return code == SQLITE_IOERR_SHMSIZE || code == SQLITE_IOERR_SHMMAP;
}

int db_connect(sqlite3 **out, const char *path, int flags, struct yz_error *err) {
  int rc = connect(out, path, flags, false);
  if (rc != SQLITE_OK && shares_nothing(*out)) {
    (void)sqlite3_close(*out);
    rc = connect(out, path, flags, true);
  }
  if (rc == SQLITE_OK) return 0;
  rc = db_fail(*out, path, err);
  (void)sqlite3_close(*out);
  *out = NULL;
  return rc;
}

/* Makes an empty store in a file of another name, so that a store is there whole
 * or not at all. */
static int make(const char *path, struct yz_error *err) {
  sqlite3 *db = NULL;
  struct beside temp = {0};
  char set[64];
  int rc = file_beside(path, &temp, err);
  if (rc == 0) rc = db_connect(&db, temp.name, SQLITE_OPEN_READWRITE, err);
  if (rc != 0) goto done;
  (void)sqlite3_snprintf((int)sizeof set, set, "PRAGMA application_id=%d", DB_APPLICATION_ID);
  if (sqlite3_exec(db, set, NULL, NULL, NULL) != SQLITE_OK) rc = db_fail(db, path, err);
  if (rc == 0) rc = schema_migrate(db, path, err);
  if (rc == 0) rc = db_seal(db, path, err);
  (void)sqlite3_close(db);
  if (rc == 0) rc = file_publish(&temp, path, err);
done:
  file_discard(&temp);
  return rc;
}

int db_seal(sqlite3 *db, const char *path, struct yz_error *err) {
  int rc = sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
  if (rc == SQLITE_OK) rc = sqlite3_exec(db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL);
  return rc == SQLITE_OK ? 0 : db_fail(db, path, err);
}

static int prepare_file(const char *path, bool create, struct yz_error *err) {
  if (create) return make(path, err);
  if (access(path, F_OK) == 0) return 0;
  if (errno == ENOENT || errno == ENOTDIR)
    return yz_fail(err, YZ_E_NOT_FOUND,
                   YZ_N_("There is no store here. Make a node first, or name its folder."), "%s",
                   path);
  return yz_fail(err, YZ_E_IO,
                 YZ_N_("The store could not be opened. Check that its folder can be "
                       "written."),
                 "%s: %s", path, strerror(errno));
}

static void fill_table(struct store *s) {
  s->table.ctx = s;
  meta_fill(&s->table);
  ledgers_fill(&s->table);
  logs_fill(&s->table);
  records_fill(&s->table);
  segments_fill(&s->table);
  files_fill(&s->table);
  quarantine_fill(&s->table);
  invitations_fill(&s->table);
  erased_fill(&s->table);
  pieces_fill(&s->table);
}

char *store_file(const char *dir) {
  char *path = NULL;
  return asprintf(&path, "%s/%s", dir, STORE_NAME) < 0 ? NULL : path;
}

/* After a migration, what repeats the records is made anew; killed meanwhile, at the next
 * opening. */
static int catch_up(struct store *s, struct yz_error *err) {
  static const char ASKED[] = "SELECT count(*) FROM meta WHERE name='remake'";
  static const char DONE[] = "DELETE FROM meta WHERE name='remake'";
  int64_t asked;
  int rc = db_number(s, ASKED, NULL, 0, 0, &asked, err);
  if (rc != 0 || asked == 0) return rc;
  rc = store_begin(s, err);
  if (rc == 0) rc = store_rebuild_cases(s, err);
  if (rc == 0) rc = db_run(s, DONE, NULL, 0, err);
  return store_end(s, rc, err);
}

/* Not connected yet; out is NULL where it fails. */
static int make_store(struct store **out, const char *dir, bool create,
                      const struct yz_world *world, struct yz_error *err) {
  struct store *s = calloc(1, sizeof *s);
  *out = NULL;
  if (s == NULL) return yz_no_memory(err);
  s->world = world;
  s->dir = strdup(dir);
  s->pieces = strdup(dir);
  s->path = store_file(dir);
  int rc = s->dir == NULL || s->path == NULL || s->pieces == NULL
               ? yz_no_memory(err)
               : prepare_file(s->path, create, err);
  if (rc == 0)
    *out = s;
  else
    store_close(s);
  return rc;
}

/* A store that is connected is ready; one that failed is closed. */
static int finish_open(struct store **s, int rc) {
  if (rc == 0) {
    fill_table(*s);
    return 0;
  }
  store_close(*s);
  *s = NULL;
  return rc;
}

int store_open(struct store **out, const char *dir, bool create, const struct yz_world *world,
               struct yz_error *err) {
  int rc = make_store(out, dir, create, world, err);
  struct store *s = *out;
  if (rc == 0) rc = db_connect(&s->db, s->path, SQLITE_OPEN_READWRITE, err);
  if (rc == 0) rc = schema_migrate(s->db, s->path, err);
  if (rc == 0) rc = db_seal(s->db, s->path, err);
  if (rc == 0) rc = identity_functions(s, err);
  if (rc == 0) rc = catch_up(s, err);
  return finish_open(out, rc);
}

/* A schema that is damaged is taken as far as it can be read; nothing is checked. */
static int connect_damaged(struct store *s, struct yz_error *err) {
  int rc = open_file(s->path, SQLITE_OPEN_READWRITE, &s->db);
  if (rc == SQLITE_OK) rc = sqlite3_busy_timeout(s->db, DB_BUSY_MS);
  if (rc == SQLITE_OK)
    rc = sqlite3_exec(s->db, "PRAGMA writable_schema=ON; PRAGMA trusted_schema=OFF", NULL, NULL,
                      NULL);
  return rc == SQLITE_OK ? 0 : db_fail(s->db, s->path, err);
}

int store_open_damaged(struct store **out, const char *dir, const struct yz_world *world,
                       struct yz_error *err) {
  int rc = make_store(out, dir, false, world, err);
  if (rc == 0) rc = connect_damaged(*out, err);
  return finish_open(out, rc);
}

void store_leave_journal(struct store *s) {
  (void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

void store_close(struct store *s) {
  if (s == NULL) return;
  township_finish(&s->township);
  reader_finish(s);
  for (size_t i = 0; i < s->n_statements; i++) (void)sqlite3_finalize(s->statements[i].stmt);
  (void)sqlite3_close(s->db);
  free(s->dir);
  free(s->path);
  free(s->pieces);
  free(s);
}

const struct yz_store *store_table(struct store *s) {
  return &s->table;
}

int store_expect_much(struct store *s, struct yz_error *err) {
  return db_run(s, "PRAGMA cache_size=-8000", NULL, 0, err);
}

int store_begin(struct store *s, struct yz_error *err) {
  township_forget(s);
  s->marked = false;
  reserve_give(s->world, s->dir, s->dir, RESERVE_WRITE);
  return db_run(s, "BEGIN IMMEDIATE", NULL, 0, err);
}

int store_commit(struct store *s, struct yz_error *err) {
  int rc = effects_settle(s, err);
  if (yz_json_lacked()) rc = yz_no_memory(err);
  yz_json_forget();
  if (rc == 0) rc = db_run(s, "COMMIT", NULL, 0, err);
  if (rc != 0) store_rollback(s);
  return rc;
}

int store_end(struct store *s, int rc, struct yz_error *err) {
  if (rc == 0) return store_commit(s, err);
  store_rollback(s);
  return rc;
}

void store_rollback(struct store *s) {
  s->stale = s->stale_households = false;
  /* SQLite may have rolled back by itself (a full disk). */
  if (sqlite3_get_autocommit(s->db) == 0) (void)sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}
