/* What people wait for with a hundred thousand cases behind them. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node/store/terms.h"

enum { PAGE = 20 };

static int count_row(void *arg, const struct case_row *row) {
  struct yz_hash *last = arg;
  *last = row->id;
  return 0;
}

static double list(struct node *n, const char *search, struct yz_hash *last) {
  struct yz_error err = {0};
  const struct case_query q = {
      .since_ms = INT64_MIN, .limit = PAGE, .search = search, .matters = true};
  double start = now_s();
  need(store_list_cases(n->store, &q, count_row, last, &err) == 0, "the list");
  return now_s() - start;
}

static double show(struct node *n, const struct yz_hash *id) {
  struct yz_error err = {0};
  struct case_whole whole;
  double start = now_s();
  need(store_load_case(n->store, id, &whole, &err) == 0, "the case");
  case_whole_finish(&whole);
  return now_s() - start;
}

static double query(sqlite3 *db, const char *sql) {
  double start = now_s();
  sqlite3_stmt *stmt = bare_prepare(db, sql);
  bare_step(stmt);
  (void)sqlite3_finalize(stmt);
  return now_s() - start;
}

static sqlite3 *open_store(const char *dir) {
  char path[4096];
  sqlite3 *db;
  (void)snprintf(path, sizeof path, "%s/yizhan.db", dir);
  need(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK, path);
  return db;
}

void pages(const char *dir) {
  enum { LIST, SHOW, SEARCH, FIGURES };
  static const char *const names[] = {"list", "show", "search"};
  static const char *const floors[] = {
      "SELECT * FROM cases WHERE listed=1 ORDER BY opened_ms DESC, id DESC LIMIT 20",
      "SELECT * FROM record JOIN content ON record=n WHERE n=(SELECT max(n) FROM record)",
      ("SELECT * FROM (SELECT rowid AS found FROM words WHERE words MATCH '_008def00706f'"
       " ORDER BY rowid DESC LIMIT 20) JOIN cases ON n=found")};
  struct node n;
  struct yz_hash last = {0};
  double measured[FIGURES][ROUNDS], floor[FIGURES][ROUNDS];
  json_t *out = json_object();
  open_node(&n, dir);
  sqlite3 *db = open_store(dir);
  (void)list(&n, "路灯", &last); /* the index has caught up */
  for (int i = 0; i < ROUNDS; i++) {
    measured[LIST][i] = list(&n, NULL, &last);
    measured[SHOW][i] = show(&n, &last);
    measured[SEARCH][i] = list(&n, "路灯", &last);
    for (int f = 0; f < FIGURES; f++) floor[f][i] = query(db, floors[f]);
  }
  for (int f = 0; f < FIGURES; f++)
    (void)json_object_set_new(out, names[f],
                              json_pack("{s:o, s:o}", "measured", rounds_json(measured[f], ROUNDS),
                                        "floor", rounds_json(floor[f], ROUNDS)));
  (void)sqlite3_close(db);
  node_finish(&n);
  print_json(out);
}

void catch_up(const char *dir) {
  struct node n;
  struct yz_hash last;
  open_node(&n, dir);
  double seconds = list(&n, "路灯", &last);
  node_finish(&n);
  print_json(json_pack("{s:f}", "seconds", seconds));
}

void catch_up_floor(const char *dir, const char *path) {
  sqlite3 *from = open_store(dir), *db = bare_open(path);
  int64_t n = 0;
  bare_run(db, "CREATE VIRTUAL TABLE words USING fts5(terms, content='', columnsize=0,"
               " tokenize=\"unicode61 remove_diacritics 2 tokenchars '_'\")");
  sqlite3_stmt *rows = bare_prepare(from, "SELECT text FROM indexed");
  sqlite3_stmt *insert = bare_prepare(db, "INSERT INTO words(rowid, terms) VALUES(?, ?)");
  double start = now_s();
  bare_run(db, "BEGIN");
  for (; sqlite3_step(rows) == SQLITE_ROW; n++) {
    struct yz_buf terms = {0};
    const char *text = (const char *)sqlite3_column_text(rows, 0);
    need(terms_index(text, strlen(text), &terms) == 0, "memory");
    (void)sqlite3_bind_int64(insert, 1, n + 1);
    (void)sqlite3_bind_text(insert, 2, (char *)terms.data, (int)terms.len, SQLITE_STATIC);
    bare_step(insert);
    yz_buf_finish(&terms);
  }
  bare_run(db, "COMMIT");
  print_json(json_pack("{s:f, s:I}", "seconds", now_s() - start, "n", (json_int_t)n));
  (void)sqlite3_finalize(rows);
  (void)sqlite3_finalize(insert);
  (void)sqlite3_close(from);
  (void)sqlite3_close(db);
}
