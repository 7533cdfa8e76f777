/* Pieces: sealed parts of attachments. Their bytes lie in DIR/pieces, each in a file by its hash,
 * as in a files/ branch; a row for each that a record names says whether it is here, and whether it
 * is still to be sent. A file is there before the row that says so. */
#include "effects.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <yizhan/carried.h>
#include <yizhan/piece.h>

static char *piece_file(const char *dir, const struct yz_hash *piece) {
  char place[YZ_MAX_PATH], *path = NULL;
  yz_piece_path(piece, place);
  return asprintf(&path, "%s/pieces/%s", dir, place) < 0 ? NULL : path;
}

/* --- bytes ----------------------------------------------------------------- */

static int read_piece(const struct yz_world *world, const char *dir, const struct yz_hash *piece,
                      struct yz_buf *out, struct yz_error *err) {
  struct yz_error why = {0};
  char *path = piece_file(dir, piece);
  if (path == NULL) return yz_no_memory(err);
  int rc = world->read_file(world->ctx, path, YZ_MAX_PIECE, out, &why);
  free(path);
  return rc == 0 || rc == YZ_E_NOT_FOUND ? rc : yz_fail(err, rc, why.message, "%s", why.subject);
}

/* Is there a file with just these bytes? */
static bool holds(const struct yz_world *world, const char *dir, const struct yz_hash *piece) {
  struct yz_buf bytes = {0};
  struct yz_hash is;
  bool whole = read_piece(world, dir, piece, &bytes, NULL) == 0;
  if (whole) yz_piece_hash(bytes.data, bytes.len, &is);
  whole = whole && yz_equal(&is, piece, sizeof is);
  yz_buf_finish(&bytes);
  return whole;
}

static int write_all(int fd, const unsigned char *bytes, size_t n) {
  while (n > 0) {
    ssize_t put = write(fd, bytes, n);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return -1;
    bytes += put;
    n -= (size_t)put;
  }
  return 0;
}

/* In the making it lies above the folders, so that what a killed process left is found by the next
 * one that makes any. What has its name and is not it goes. */
static int make_piece(const char *dir, const char *path, const void *bytes, size_t n,
                      struct yz_error *err) {
  struct beside temp = {0};
  char *making = NULL;
  if (asprintf(&making, "%s/pieces/making", dir) < 0) return yz_no_memory(err);
  int rc = file_beside(making, &temp, err);
  if (rc == 0 && write_all(temp.fd, bytes, n) != 0) rc = file_fail(err, path);
  if (rc == 0 && unlink(path) != 0 && errno != ENOENT) rc = file_fail(err, path);
  if (rc == 0) rc = file_publish(&temp, path, err);
  file_discard(&temp);
  free(making);
  return rc;
}

static int write_piece(const struct yz_world *world, const char *dir, const struct yz_hash *piece,
                       const void *bytes, size_t n, struct yz_error *err) {
  if (holds(world, dir, piece)) return 0;
  char *path = piece_file(dir, piece);
  if (path == NULL) return yz_no_memory(err);
  char *slash = strrchr(path, '/');
  *slash = '\0';
  int rc = world->make_dir(world->ctx, path, err);
  *slash = '/';
  if (rc == 0) rc = make_piece(dir, path, bytes, n, err);
  free(path);
  return rc;
}

/* What is left of the disk is for cases. */
static bool is_low(const struct store *s) {
  int64_t left = s->world->disk_free(s->world->ctx, s->pieces);
  return left >= 0 && left < STORE_PIECES_SPARE;
}

int store_put_piece(struct store *s, const struct yz_hash *piece, const void *bytes, size_t n,
                    struct yz_error *err) {
  static const char HERE[] = "UPDATE piece_of SET here=1 WHERE piece=? AND here=0";
  if (is_low(s) && !holds(s->world, s->pieces, piece))
    return yz_fail(err, YZ_E_FULL,
                   YZ_N_("What is left of the disk is kept for cases: no attachment is written. "
                         "Free some space."),
                   "%s", s->pieces);
  int rc = write_piece(s->world, s->pieces, piece, bytes, n, err);
  return rc == 0 ? db_run(s, HERE, ARGS(db_hash(piece)), err) : rc;
}

int store_get_piece(struct store *s, const struct yz_hash *piece, struct yz_buf *out,
                    struct yz_error *err) {
  return read_piece(s->world, s->pieces, piece, out, err);
}

bool store_has_piece(struct store *s, const struct yz_hash *piece) {
  char *path = piece_file(s->pieces, piece);
  bool has = path != NULL && s->world->file_room(s->world->ctx, path) > 0;
  free(path);
  return has;
}

void store_drop_piece(struct store *s, const struct yz_hash *piece) {
  char *path = piece_file(s->pieces, piece);
  if (path != NULL) s->world->drop_file(s->world->ctx, path);
  free(path);
}

int store_pieces_in(struct store *s, const char *dir, struct yz_error *err) {
  char *pieces = strdup(dir);
  if (pieces == NULL) return yz_no_memory(err);
  free(s->pieces);
  s->pieces = pieces;
  return 0;
}

/* --- what records name ------------------------------------------------------- */

/* A carried line's pieces are named by the record that carries it. */
static int pieces_of(const struct yz_stored *r, struct yz_hash out[static YZ_MAX_PIECES],
                     size_t *n) {
  struct yz_record record;
  struct yz_members m = {0};
  const json_t *line = json_object_get(r->json, "line");
  if (!yz_carry_type(r->type)) return yz_pieces_read(r->json, out, n) ? 0 : YZ_E_FORMAT;
  int rc = json_is_string(line)
               ? yz_record_read(json_string_value(line), json_string_length(line), &record, NULL)
               : YZ_E_FORMAT;
  if (rc == 0) rc = yz_record_parse(record.bytes, record.len, &m, NULL);
  if (rc == 0 && !yz_pieces_read(m.json, out, n)) rc = YZ_E_FORMAT;
  yz_members_finish(&m);
  return rc;
}

int pieces_take(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "INSERT INTO piece_of(record, place, piece, here, waits)"
                            " VALUES(?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
  if (p->record->json == NULL) return 0;
  struct yz_hash *list = calloc(YZ_MAX_PIECES, sizeof *list);
  size_t n = 0;
  if (list == NULL) return yz_no_memory(err);
  int rc = pieces_of(p->record, list, &n);
  if (rc == YZ_E_FORMAT) n = 0;
  rc = rc == YZ_E_MEMORY ? yz_no_memory(err) : 0;
  for (size_t i = 0; rc == 0 && i < n; i++)
    rc = db_run(s, SQL,
                ARGS(db_int(p->n), db_int((int64_t)i), db_hash(&list[i]),
                     db_int(store_has_piece(s, &list[i])), db_int(p->own)),
                err);
  free(list);
  return rc;
}

#define IN_LEDGER "record IN (SELECT r.n FROM record r JOIN log l ON l.n=r.log WHERE l.ledger=?2)"

int pieces_sent(struct store *s, const struct yz_id *ledger, const struct yz_hash *piece,
                struct yz_error *err) {
  static const char SQL[] = "UPDATE piece_of SET waits=2 WHERE piece=?1 AND waits=1 AND " IN_LEDGER;
  return db_run(s, SQL, ARGS(db_hash(piece), db_id(ledger)), err);
}

static int pieces_arrived(void *ctx, const struct yz_id *ledger, struct yz_error *err) {
  static const char SQL[] = "UPDATE piece_of SET waits=0 WHERE waits=2 AND record IN"
                            " (SELECT r.n FROM record r JOIN log l ON l.n=r.log WHERE l.ledger=?1)";
  return db_run(ctx, SQL, ARGS(db_id(ledger)), err);
}

/* Of what is erased nothing goes that has not gone. */
#define ERASED_ONE                                                                                 \
  " EXISTS (SELECT 1 FROM erased e WHERE e.of=r.case_id AND e.ledger=l.ledger"                     \
  " AND " ERASURE_COUNTS("e") ")"
#define WAITING " FROM piece_of p CROSS JOIN record r ON r.n=p.record JOIN log l ON l.n=r.log"

int pieces_count(struct store *s, int64_t *pending, struct yz_error *err) {
  static const char LOOSE[] =
      "SELECT count(*)" WAITING " WHERE p.waits=1 AND p.here=1 AND NOT" ERASED_ONE;
  static const char UNHEARD[] = "SELECT count(*) FROM piece_of WHERE waits=2";
  int64_t more = 0;
  int rc = db_number(s, LOOSE, NULL, 0, 0, pending, err);
  if (rc == 0) rc = db_number(s, UNHEARD, NULL, 0, 0, &more, err);
  *pending += more;
  return rc;
}

static int is_named(void *ctx, const struct yz_id *ledger, const struct yz_hash *piece, bool *named,
                    struct yz_error *err) {
  static const char SQL[] = "SELECT count(*) FROM piece_of WHERE piece=?1 AND " IN_LEDGER;
  int64_t n = 0;
  int rc = db_number(ctx, SQL, ARGS(db_hash(piece), db_id(ledger)), 0, &n, err);
  *named = n > 0;
  return rc;
}

struct walk {
  int (*fn)(void *arg, const struct yz_hash *piece);
  void *arg;
};

static int hand_piece(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  const struct walk *w = arg;
  struct yz_hash piece;
  db_get_blob(row, 0, piece.bytes, YZ_HASH_LEN);
  return w->fn(w->arg, &piece);
}

/* Of the newest case first. What was erased stays where it is: nobody can open it. Where the disk
 * is low nothing goes, as it would be written into git first. */
static int each_piece(void *ctx, const struct yz_id *ledger,
                      int (*fn)(void *arg, const struct yz_hash *piece), void *arg,
                      struct yz_error *err) {
  static const char SQL[] =
      "SELECT p.piece" WAITING " LEFT JOIN cases c ON c.id=r.case_id AND c.ledger=l.ledger"
      " WHERE p.waits=1 AND p.here=1 AND l.ledger=?1"
      " AND NOT" ERASED_ONE " ORDER BY c.opened_ms DESC, r.n, p.place";
  if (is_low(ctx)) return 0;
  return db_each(ctx, SQL, ARGS(db_id(ledger)), hand_piece, &(struct walk){fn, arg}, err);
}

static int get_piece(void *ctx, const struct yz_hash *piece, struct yz_buf *out,
                     struct yz_error *err) {
  return store_get_piece(ctx, piece, out, err);
}

void pieces_fill(struct yz_store *table) {
  table->is_named = is_named;
  table->each_piece = each_piece;
  table->get_piece = get_piece;
  table->pieces_arrived = pieces_arrived;
}

/* --- what no record names ----------------------------------------------------------- */

struct sweep {
  struct store *s;
  unsigned first; /* byte of the hashes in this folder */
  struct yz_error *err;
};

static int drop_unnamed(void *arg, const char *name, bool plain) {
  static const char SQL[] = "SELECT count(*) FROM piece_of WHERE piece=?";
  const struct sweep *w = arg;
  struct yz_hash piece = {{(unsigned char)w->first}};
  int64_t n = 0;
  if (!plain || !yz_from_hex(name, strlen(name), piece.bytes + 1, YZ_HASH_LEN - 1)) return 0;
  int rc = db_number(w->s, SQL, ARGS(db_hash(&piece)), 0, &n, w->err);
  if (rc == 0 && n == 0) store_drop_piece(w->s, &piece);
  return rc;
}

int store_sweep_pieces(struct store *s, struct yz_error *err) {
  struct sweep w = {s, 0, err};
  char *top = NULL;
  int rc = 0;
  if (asprintf(&top, "%s/pieces", s->pieces) < 0) return yz_no_memory(err);
  file_sweep(top);
  free(top);
  for (; rc == 0 && w.first < 256; w.first++) {
    struct yz_error why = {0};
    char *folder = NULL;
    if (asprintf(&folder, "%s/pieces/%02x", s->pieces, w.first) < 0) return yz_no_memory(err);
    rc = s->world->each_file(s->world->ctx, folder, drop_unnamed, &w, &why);
    if (rc != 0 && rc != YZ_E_NOT_FOUND && why.code != 0)
      rc = yz_fail(err, rc, why.message, "%s", why.subject);
    if (rc == YZ_E_NOT_FOUND) rc = 0;
    free(folder);
  }
  return rc;
}

/* --- checks -------------------------------------------------------------------- */

struct check {
  yz_finding_fn fn;
  void *arg;
};

static int check_piece(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)err;
  const struct check *c = arg;
  struct yz_hash piece;
  char hex[YZ_HASH_HEX + 1];
  db_get_blob(row, 0, piece.bytes, YZ_HASH_LEN);
  yz_to_hex(piece.bytes, YZ_HASH_LEN, hex);
  if (!holds(s->world, s->pieces, &piece))
    c->fn(c->arg, "piece", hex,
          YZ_N_("A piece of an attachment is missing or is not what was sealed. `yizhan rebuild "
                "--from ledger` takes it from git where it is there."));
  return 0;
}

int pieces_check(struct store *s, yz_finding_fn fn, void *arg, struct yz_error *err) {
  static const char SQL[] = "SELECT DISTINCT piece FROM piece_of WHERE here=1";
  return db_each(s, SQL, NULL, 0, check_piece, &(struct check){fn, arg}, err);
}

/* --- in a backup --------------------------------------------------------------- */

static int put_row(sqlite3_stmt *put, const struct yz_hash *piece, const struct yz_buf *bytes) {
  (void)sqlite3_bind_blob(put, 1, piece->bytes, YZ_HASH_LEN, SQLITE_STATIC);
  (void)sqlite3_bind_blob64(put, 2, bytes->data, bytes->len, SQLITE_STATIC);
  (void)sqlite3_step(put);
  return sqlite3_reset(put);
}

/* One that cannot be read stays out: verify says so, and it may come back from git. */
static int pack(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  sqlite3_stmt *put = arg;
  struct yz_buf bytes = {0};
  struct yz_hash piece;
  db_get_blob(row, 0, piece.bytes, YZ_HASH_LEN);
  int rc = read_piece(s->world, s->pieces, &piece, &bytes, NULL);
  if (rc == 0 && put_row(put, &piece, &bytes) != SQLITE_OK)
    rc = db_fail(sqlite3_db_handle(put), s->path, err);
  yz_buf_finish(&bytes);
  return rc == YZ_E_MEMORY ? yz_no_memory(err) : rc == YZ_E_NOT_FOUND || rc == YZ_E_IO ? 0 : rc;
}

int pieces_pack(struct store *s, sqlite3 *to, struct yz_error *err) {
  static const char SQL[] = "SELECT DISTINCT piece FROM piece_of WHERE here=1";
  static const char PUT[] = "INSERT OR IGNORE INTO piece(piece, bytes) VALUES(?, ?)";
  sqlite3_stmt *put = NULL;
  if (sqlite3_prepare_v2(to, PUT, -1, &put, NULL) != SQLITE_OK) return db_fail(to, s->path, err);
  int rc = db_each(s, SQL, NULL, 0, pack, put, err);
  (void)sqlite3_finalize(put);
  return rc;
}

static int unpack_row(sqlite3_stmt *row, const struct yz_world *world, const char *dir,
                      struct yz_error *err) {
  struct yz_hash piece, is;
  size_t n = (size_t)sqlite3_column_bytes(row, 1);
  const void *bytes = sqlite3_column_blob(row, 1);
  db_get_blob(row, 0, piece.bytes, YZ_HASH_LEN);
  yz_piece_hash(bytes, n, &is);
  if (!yz_equal(&is, &piece, sizeof is)) return 0;
  return write_piece(world, dir, &piece, bytes, n, err);
}

int pieces_unpack(sqlite3 *from, const struct yz_world *world, const char *dir,
                  struct yz_error *err) {
  static const char DROP[] = "PRAGMA secure_delete=OFF; DELETE FROM piece; VACUUM;"
                             "PRAGMA secure_delete=ON;";
  sqlite3_stmt *row = NULL;
  int rc = 0, step = SQLITE_DONE;
  bool any = false;
  /* An older version's has no such table. */
  if (sqlite3_prepare_v2(from, "SELECT piece, bytes FROM piece", -1, &row, NULL) != SQLITE_OK)
    return 0;
  while (rc == 0 && (step = sqlite3_step(row)) == SQLITE_ROW) {
    any = true;
    rc = unpack_row(row, world, dir, err);
  }
  (void)sqlite3_finalize(row);
  if (rc == 0 && step != SQLITE_DONE) rc = db_fail(from, dir, err);
  if (rc == 0 && any && sqlite3_exec(from, DROP, NULL, NULL, NULL) != SQLITE_OK)
    rc = db_fail(from, dir, err);
  return rc;
}
