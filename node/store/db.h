/* What the files of this room share: the connection, its prepared statements,
 * and typed arguments, so that no value ever becomes part of an SQL text.
 *
 *   sqlite3_stmt *row;
 *   int rc = db_first(s, GET, ARGS(db_text(name)), &row, err);
 *   if (rc != 0) return rc;            (YZ_E_NOT_FOUND: err untouched)
 *   … sqlite3_column_…(row, 0) …
 *   db_give(s, row);
 *
 * A statement is kept by the address of its text and handed out to one user at a
 * time; whoever asks for it meanwhile (nested walks) gets one of its own. */
#ifndef YIZHAN_NODE_STORE_DB_H
#define YIZHAN_NODE_STORE_DB_H

#include "store.h"
#include <sqlite3.h>

enum {
  DB_STATEMENTS = 128,
  DB_APPLICATION_ID = 0x595a484e, /* "YZHN" */
  DB_BUSY_MS = 30000
};

struct db_statement {
  const char *sql;
  sqlite3_stmt *stmt;
  bool in_use;
};

struct reader;
struct store {
  sqlite3 *db;
  char *dir, *path, *pieces; /* pieces: in whose `pieces` they lie */
  const struct yz_world *world;
  struct yz_store table;
  struct db_statement statements[DB_STATEMENTS];
  size_t n_statements;
  bool stale; /* this transaction left case rows to be folded anew */
  bool stale_households;
  bool marked;              /* this transaction has a mark to go back to */
  struct reader *reader;    /* who opens what is sealed apart; NULL: nobody */
  struct township township; /* of one ledger, as township_of read it last */
  struct yz_id township_ledger;
  bool has_township;
};

/* --- schema.c, open.c, db.c ------------------------------------------- */

/* Brings the schema to this program's version; nothing to do: writes nothing.
 * YZ_E_VERSION: it is newer. YZ_E_DAMAGED: it is no store of ours. */
int schema_migrate(sqlite3 *db, const char *path, struct yz_error *err) YZ_MUST_CHECK;
int schema_check(sqlite3 *db, const char *path, int *version, struct yz_error *err) YZ_MUST_CHECK;
/* A connection to an existing file with this room's settings but for WAL. */
int db_connect(sqlite3 **out, const char *path, int flags, struct yz_error *err) YZ_MUST_CHECK;
/* Sets WAL, so that the file is what store_open expects; closing may tidy up again. */
int db_seal(sqlite3 *db, const char *path, struct yz_error *err) YZ_MUST_CHECK;
char *store_file(const char *dir); /* DIR/yizhan.db; malloc'd */
/* What SQLite says, in our words; path is the subject. */
int db_fail(sqlite3 *db, const char *path, struct yz_error *err);

enum db_kind { DB_NULL, DB_INT, DB_TEXT, DB_BLOB };
struct db_arg {
  enum db_kind kind;
  int64_t number;
  const void *bytes;
  size_t len;
};
struct db_arg db_null(void);
struct db_arg db_int(int64_t number);
struct db_arg db_blob(const void *bytes, size_t n); /* n = 0: an empty blob */
struct db_arg db_text(const char *text);            /* NULL: NULL */
struct db_arg db_chars(const char *text, size_t n);
struct db_arg db_id(const struct yz_id *id);
struct db_arg db_hash(const struct yz_hash *hash); /* NULL: NULL */
struct db_arg db_key(const struct yz_key *key);
#define ARGS(...)                                                                                  \
  (const struct db_arg[]){__VA_ARGS__},                                                            \
      sizeof((const struct db_arg[]){__VA_ARGS__}) / sizeof(struct db_arg)

/* Takes a statement with its arguments (which must live until it is given back);
 * sql is a constant of static life. */
int db_take(struct store *s, const char *sql, const struct db_arg *args, size_t n,
            sqlite3_stmt **out, struct yz_error *err) YZ_MUST_CHECK;
void db_give(struct store *s, sqlite3_stmt *stmt); /* NULL allowed */
/* 1: a row, 0: the end, negative. */
int db_step(struct store *s, sqlite3_stmt *stmt, struct yz_error *err) YZ_MUST_CHECK;
/* Runs a statement that gives no rows (or whose rows do not matter). changed: rows written. */
int db_run(struct store *s, const char *sql, const struct db_arg *args, size_t n,
           struct yz_error *err) YZ_MUST_CHECK;
bool db_changed(const struct store *s); /* did the last db_run write a row? */
/* Takes a statement and steps to its first row. */
int db_first(struct store *s, const char *sql, const struct db_arg *args, size_t n,
             sqlite3_stmt **out, struct yz_error *err) YZ_MUST_CHECK;
/* One integer, or `otherwise` where there is no row. */
int db_number(struct store *s, const char *sql, const struct db_arg *args, size_t n,
              int64_t otherwise, int64_t *out, struct yz_error *err) YZ_MUST_CHECK;
/* Calls fn for each row; its non-zero return stops and is returned. */
typedef int (*db_row_fn)(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err);
int db_each(struct store *s, const char *sql, const struct db_arg *args, size_t n, db_row_fn fn,
            void *arg, struct yz_error *err) YZ_MUST_CHECK;

/* Columns of fixed size; zeros where the column has another size (the schema's
 * checks allow none). */
void db_get_blob(sqlite3_stmt *row, int column, void *out, size_t n);
void db_get_chars(sqlite3_stmt *row, int column, char *out, size_t size);
const char *db_get_text(sqlite3_stmt *row, int column); /* NULL for NULL */
/* Appends a column's bytes. */
int db_append(sqlite3_stmt *row, int column, struct yz_buf *out,
              struct yz_error *err) YZ_MUST_CHECK;

/* Gives statements home_of() and says() (identity.c); and forgets who reads. */
int identity_functions(struct store *s, struct yz_error *err) YZ_MUST_CHECK;
void reader_finish(struct store *s);

/* --- the library's table: one file a kind of thing --------------------- */

void meta_fill(struct yz_store *table);
void ledgers_fill(struct yz_store *table);
void logs_fill(struct yz_store *table);
void records_fill(struct yz_store *table);
void segments_fill(struct yz_store *table);
void files_fill(struct yz_store *table);
void quarantine_fill(struct yz_store *table);
void invitations_fill(struct yz_store *table);
void erased_fill(struct yz_store *table);
void pieces_fill(struct yz_store *table);

/* --- sums ---------------------------------------------------------------- */

/* Runs a statement that writes one row, with the row's sum, both or neither: a "setting" or
 * "secret" by its name, a "worker" by key, a "ledger" by id, in hex. */
int sum_put(struct store *s, const char *kind, const char *name, const char *sql,
            const struct db_arg *args, size_t n, struct yz_error *err) YZ_MUST_CHECK;
/* Each row that is not as its sum says, to fn. */
int sums_check(struct store *s, yz_finding_fn fn, void *arg, struct yz_error *err) YZ_MUST_CHECK;

/* --- copies -------------------------------------------------------------- */

/* What errno says of path, as an error: YZ_E_FULL, YZ_E_EXISTS, YZ_E_NOT_FOUND, YZ_E_IO. */
int file_fail(struct yz_error *err, const char *path);
/* The folder that path is in; malloc'd, NULL: no memory. */
char *file_folder(const char *path);
/* A file in the making, beside the place that it is for. */
struct beside {
  char *name; /* malloc'd; NULL: none */
  int fd;     /* holds its lock, by which others see that it is not left over */
};
/* Removes from a folder what killed processes left in the making. */
void file_sweep(const char *folder);
/* A new empty file (0600) in the folder of path, `.yz-XXXXXX.tmp`; that is swept first. YZ_E_FULL,
 * YZ_E_NOT_FOUND, YZ_E_IO, YZ_E_MEMORY. */
int file_beside(const char *path, struct beside *out, struct yz_error *err) YZ_MUST_CHECK;
/* Gives the finished file its name unless that is taken (YZ_E_EXISTS), and flushes
 * the folder. */
int file_publish(const struct beside *temp, const char *path, struct yz_error *err) YZ_MUST_CHECK;
/* Removes it, if it was not published, with what SQLite left beside it, after all connections to
 * it were closed. One that has no name is left alone. */
void file_discard(struct beside *temp);

#endif
