/* Copies of the store: whole, checked, and never over anything. */
#include "../reserve.h"
#include "effects.h"
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int must_be_free(const char *path, struct yz_error *err) {
  if (access(path, F_OK) != 0) return 0;
  errno = EEXIST;
  return file_fail(err, path);
}

/* Copies all pages at one moment. */
static int copy_pages(sqlite3 *from, sqlite3 *to, const char *path, struct yz_error *err) {
  sqlite3_backup *copy = sqlite3_backup_init(to, "main", from, "main");
  if (copy == NULL) return db_fail(to, path, err);
  (void)sqlite3_backup_step(copy, -1);
  return sqlite3_backup_finish(copy) == SQLITE_OK ? 0 : db_fail(to, path, err);
}

static int check_pages(sqlite3 *db, const char *path, struct yz_error *err) {
  sqlite3_stmt *row = NULL;
  int rc = sqlite3_prepare_v2(db, "PRAGMA integrity_check(1)", -1, &row, NULL);
  if (rc == SQLITE_OK) rc = sqlite3_step(row);
  const char *said = rc == SQLITE_ROW ? db_get_text(row, 0) : NULL;
  bool holds = said != NULL && sqlite3_stricmp(said, "ok") == 0;
  if (rc != SQLITE_ROW) rc = db_fail(db, path, err);
  (void)sqlite3_finalize(row);
  if (holds || rc < 0) return holds ? 0 : rc;
  return yz_fail(err, YZ_E_DAMAGED, YZ_N_("This copy of a store is damaged. Use another one."),
                 "%s", path);
}

/* Copies a store to a new file, which stands for itself, and checks the copy. What is written into
 * it afterwards stands in no journal that could stay behind. */
static int copy_checked(sqlite3 *from, const char *temp, const char *path, struct yz_error *err) {
  sqlite3 *to = NULL;
  int version;
  int rc = db_connect(&to, temp, SQLITE_OPEN_READWRITE, err);
  if (rc == 0) rc = copy_pages(from, to, path, err);
  if (rc == 0) rc = schema_check(to, path, &version, err);
  if (rc == 0) rc = check_pages(to, path, err);
  if (rc == 0) rc = db_seal(to, path, err);
  if (rc == 0 && sqlite3_exec(to, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL) != 0)
    rc = db_fail(to, path, err);
  (void)sqlite3_close(to);
  return rc;
}

/* What lies beside the store goes into its copy. */
static int add_pieces(struct store *s, const char *temp, const char *path, struct yz_error *err) {
  sqlite3 *to = NULL;
  int rc = db_connect(&to, temp, SQLITE_OPEN_READWRITE, err);
  if (rc == 0 && sqlite3_exec(to, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
    rc = db_fail(to, path, err);
  if (rc == 0) rc = pieces_pack(s, to, err);
  if (rc == 0 && sqlite3_exec(to, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
    rc = db_fail(to, path, err);
  (void)sqlite3_close(to);
  return rc;
}

static int take_pieces(const char *temp, const struct yz_world *world, const char *dir,
                       struct yz_error *err) {
  sqlite3 *from = NULL;
  int rc = db_connect(&from, temp, SQLITE_OPEN_READWRITE, err);
  if (rc == 0) rc = pieces_unpack(from, world, dir, err);
  if (rc == 0) rc = db_seal(from, temp, err);
  (void)sqlite3_close(from);
  return rc;
}

/* A backup beside the store is as large as that. */
static int make_room(struct store *s, const char *path, struct yz_error *err) {
  char *folder = file_folder(path);
  if (folder == NULL) return yz_no_memory(err);
  int64_t size = s->world->file_room(s->world->ctx, s->path);
  reserve_give(s->world, s->dir, folder, size + RESERVE_WRITE);
  free(folder);
  return 0;
}

int store_backup(struct store *s, const char *path, struct yz_error *err) {
  struct beside temp = {0};
  assert(sqlite3_get_autocommit(s->db) != 0);
  int rc = must_be_free(path, err);
  if (rc == 0) rc = make_room(s, path, err);
  if (rc == 0) rc = file_beside(path, &temp, err);
  if (rc == 0) rc = copy_checked(s->db, temp.name, path, err);
  if (rc == 0) rc = add_pieces(s, temp.name, path, err);
  if (rc == 0) rc = file_publish(&temp, path, err);
  file_discard(&temp);
  return rc;
}

/* A pipe could hold us for ever. */
static int must_be_plain(const char *path, struct yz_error *err) {
  struct stat st;
  if (stat(path, &st) != 0) return file_fail(err, path);
  if (S_ISREG(st.st_mode)) return 0;
  return yz_fail(err, YZ_E_IO, YZ_N_("This is not a file. Give the name of a file."), "%s", path);
}

int store_restore(const char *path, const char *dir, const char *pieces,
                  const struct yz_world *world, struct yz_error *err) {
  sqlite3 *from = NULL;
  struct beside temp = {0};
  char *to = store_file(dir);
  int rc = to == NULL ? yz_no_memory(err) : 0;
  if (rc == 0) rc = must_be_free(to, err);
  if (rc == 0) rc = must_be_plain(path, err);
  if (rc == 0 && access(path, R_OK) != 0) rc = file_fail(err, path);
  if (rc == 0) rc = db_connect(&from, path, SQLITE_OPEN_READONLY, err);
  if (rc == 0) rc = file_beside(to, &temp, err);
  if (rc == 0) rc = copy_checked(from, temp.name, path, err);
  (void)sqlite3_close(from);
  if (rc == 0) rc = take_pieces(temp.name, world, pieces, err);
  if (rc == 0) rc = file_publish(&temp, to, err);
  file_discard(&temp);
  free(to);
  return rc;
}
