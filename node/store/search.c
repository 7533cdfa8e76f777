/* The index for search. It lags: a case whose row was written is marked, and
 * marked cases are read again before the next search. `indexed` holds the folded
 * text whose terms the index knows, because to forget terms FTS5 must be told
 * exactly what they were. */
#include "effects.h"
#include "terms.h"
#include <string.h>

enum { BATCH = 500 };

/* Adds or takes back the terms of a folded text. */
static int put_terms(struct store *s, const char *sql, int64_t n, const char *folded, size_t len,
                     struct yz_error *err) {
  struct yz_buf terms = {0};
  int rc = terms_index(folded, len, &terms) != 0 ? yz_no_memory(err) : 0;
  if (rc == 0)
    rc = db_run(s, sql, ARGS(db_int(n), db_chars((const char *)terms.data, terms.len)), err);
  yz_buf_finish(&terms);
  return rc;
}

int index_forget(struct store *s, int64_t case_n, struct yz_error *err) {
  static const char FIND[] = "SELECT text FROM indexed WHERE n=?";
  static const char TAKE_BACK[] = "INSERT INTO words(words, rowid, terms) VALUES('delete', ?, ?)";
  static const char DROP[] = "DELETE FROM indexed WHERE n=?";
  sqlite3_stmt *row;
  int rc = db_first(s, FIND, ARGS(db_int(case_n)), &row, err);
  if (rc == YZ_E_NOT_FOUND) return 0;
  if (rc != 0) return rc;
  const char *text = db_get_text(row, 0);
  rc = put_terms(s, TAKE_BACK, case_n, text, (size_t)sqlite3_column_bytes(row, 0), err);
  db_give(s, row);
  return rc == 0 ? db_run(s, DROP, ARGS(db_int(case_n)), err) : rc;
}

int index_clear(struct store *s, struct yz_error *err) {
  static const char WORDS[] = "INSERT INTO words(words) VALUES('delete-all')";
  static const char TEXTS[] = "DELETE FROM indexed";
  int rc = db_run(s, WORDS, NULL, 0, err);
  return rc == 0 ? db_run(s, TEXTS, NULL, 0, err) : rc;
}

static int add_text(struct yz_buf *out, const char *text, struct yz_error *err) {
  if (text == NULL) return 0;
  int rc = terms_fold(text, strlen(text), out);
  if (rc == 0) rc = yz_buf_puts(out, "\n");
  return rc == 0 ? 0 : yz_no_memory(err);
}

/* Title and text as they stand, with what was written apart; then what the moves
 * said, but not what an edit or the opening did: that stands or has been replaced. */
static int collect(const struct case_whole *w, struct yz_buf *out, struct yz_error *err) {
  int rc = 0;
  for (size_t f = FIELD_TITLE; f <= FIELD_TEXT; f++)
    for (size_t i = 0; rc == 0 && i < w->view.fields[f].n_values; i++)
      rc = add_text(out, w->view.fields[f].values[i].value, err);
  for (size_t i = 0; rc == 0 && i < w->n; i++) {
    const struct case_record *r = &w->records[w->view.order[i]];
    enum case_move move = case_move_from_type(r->type);
    if (move == CASE_OPEN || move == CASE_EDIT || move == CASE_MOVES) continue;
    rc = add_text(out, yz_json_string(r->content, "text"), err);
    if (rc == 0) rc = add_text(out, yz_json_string(r->content, "reason"), err);
  }
  return rc;
}

/* A case whose words stand in its row, as they do until a move says something, is not read again.
 */
static int collect_row(sqlite3_stmt *row, struct yz_buf *out, struct yz_error *err) {
  int rc = add_text(out, db_get_text(row, 3), err);
  return rc == 0 ? add_text(out, db_get_text(row, 4), err) : rc;
}

static int collect_whole(struct store *s, sqlite3_stmt *row, struct yz_buf *out,
                         struct yz_error *err) {
  struct yz_id ledger;
  struct yz_hash id;
  struct case_whole w;
  db_get_blob(row, 1, ledger.bytes, YZ_ID_LEN);
  db_get_blob(row, 2, id.bytes, YZ_HASH_LEN);
  int rc = case_load(s, &ledger, &id, &w, err);
  if (rc != 0) return rc;
  rc = collect(&w, out, err);
  case_whole_finish(&w);
  return rc;
}

static int index_one(struct store *s, int64_t n, const struct yz_buf *text, struct yz_error *err) {
  static const char WORDS[] = "INSERT INTO words(rowid, terms) VALUES(?, ?)";
  static const char TEXT[] = "INSERT INTO indexed(n, text) VALUES(?, ?)";
  static const char DONE[] = "UPDATE cases SET unindexed=0 WHERE n=?";
  int rc = index_forget(s, n, err);
  if (rc == 0 && text->len > 0) {
    const char *folded = (const char *)text->data;
    rc = put_terms(s, WORDS, n, folded, text->len, err);
    if (rc == 0) rc = db_run(s, TEXT, ARGS(db_int(n), db_chars(folded, text->len)), err);
  }
  return rc == 0 ? db_run(s, DONE, ARGS(db_int(n)), err) : rc;
}

static int index_batch(struct store *s, struct yz_error *err) {
  static const char NEXT[] =
      "SELECT n, ledger, id, title, text, conflicts=0 AND NOT EXISTS(SELECT 1 FROM record r"
      " JOIN log l ON l.n=r.log WHERE r.case_id=cases.id AND r.status=0 AND l.ledger=cases.ledger"
      " AND r.type NOT IN ('case.open', 'case.edit')) FROM cases WHERE unindexed=1 LIMIT 1";
  struct yz_buf text = {0};
  int rc = 0;
  for (int i = 0; rc == 0 && i < BATCH; i++) {
    sqlite3_stmt *row;
    rc = db_first(s, NEXT, NULL, 0, &row, err);
    if (rc != 0) break;
    int64_t n = sqlite3_column_int64(row, 0);
    bool in_row = sqlite3_column_int(row, 5) != 0;
    yz_buf_clear(&text);
    rc = in_row ? collect_row(row, &text, err) : collect_whole(s, row, &text, err);
    db_give(s, row);
    if (rc == 0) rc = index_one(s, n, &text, err);
  }
  yz_buf_finish(&text);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

int index_catch_up(struct store *s, struct yz_error *err) {
  static const char BEHIND[] = "SELECT 1 FROM cases WHERE unindexed=1 LIMIT 1";
  bool own = sqlite3_get_autocommit(s->db) != 0;
  for (;;) {
    int64_t behind;
    int rc = db_number(s, BEHIND, NULL, 0, 0, &behind, err);
    if (rc != 0 || behind == 0) return rc;
    if (own) rc = store_begin(s, err);
    if (rc == 0) rc = index_batch(s, err);
    if (rc == 0 && own) rc = store_commit(s, err);
    if (rc != 0) {
      if (own) store_rollback(s);
      return rc;
    }
  }
}
