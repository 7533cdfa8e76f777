/* A case that is there after a power cut, against a row that is. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

static double open_cases(struct node *n, struct signer *who, int64_t count, uint64_t *state) {
  double start = now_s();
  for (int64_t i = 0; i < count; i++) {
    struct yz_error err = {0};
    struct yz_hash id;
    char number[NUMBER_MAX], *title = words_title(state), *text = words_text(state);
    json_t *content = json_pack("{s:s, s:s}", "title", title, "text", text);
    struct move m = {.move = CASE_OPEN, .content = content, .at_ms = INT64_MIN};
    need(store_begin(n->store, &err) == 0, "begin");
    int rc = node_move(n, who, &m, number, &id, &err);
    need(store_end(n->store, rc, &err) == 0, "case open");
    json_decref(content);
    free(text);
    free(title);
  }
  return now_s() - start;
}

static double insert_rows(sqlite3_stmt *insert, int64_t count, uint64_t *state) {
  double start = now_s();
  for (int64_t i = 0; i < count; i++) {
    char *text = words_text(state);
    (void)sqlite3_bind_text(insert, 1, text, -1, SQLITE_STATIC);
    bare_step(insert);
    free(text);
  }
  return now_s() - start;
}

void durable(const char *dir, int64_t n) {
  struct yz_error err = {0};
  struct node node;
  struct signer who;
  char path[4096];
  double measured[ROUNDS], floor[ROUNDS];
  uint64_t state = 1;
  (void)snprintf(path, sizeof path, "%s/floor.db", dir);
  open_node(&node, dir);
  need(signer_open(&who, &node, NULL, NULL, &err) == 0, "the worker's key");
  sqlite3 *db = bare_open(path);
  bare_run(db, "CREATE TABLE row(n INTEGER PRIMARY KEY, text TEXT)");
  sqlite3_stmt *insert = bare_prepare(db, "INSERT INTO row(text) VALUES(?)");
  for (int i = 0; i < ROUNDS; i++) {
    measured[i] = open_cases(&node, &who, n, &state);
    floor[i] = insert_rows(insert, n, &state);
  }
  (void)sqlite3_finalize(insert);
  (void)sqlite3_close(db);
  signer_finish(&who);
  node_finish(&node);
  print_json(json_pack("{s:o, s:o}", "measured", rounds_json(measured, ROUNDS), "floor",
                       rounds_json(floor, ROUNDS)));
}
