#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

double now_s(void) {
  struct timespec ts;
  need(clock_gettime(CLOCK_MONOTONIC, &ts) == 0, "the clock");
  return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

void need(int ok, const char *what) {
  if (ok) return;
  (void)fprintf(stderr, "bench: %s failed\n", what);
  exit(1);
}

void open_node(struct node *n, const char *dir) {
  struct yz_error err = {0};
  need(node_open(n, dir, yz_world_real(), &err) == 0, dir);
}

sqlite3 *bare_open(const char *path) {
  sqlite3 *db;
  need(sqlite3_open(path, &db) == SQLITE_OK, path);
  bare_run(db, "PRAGMA journal_mode=WAL");
  bare_run(db, "PRAGMA synchronous=FULL");
  return db;
}

void bare_run(sqlite3 *db, const char *sql) {
  need(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, sql);
}

sqlite3_stmt *bare_prepare(sqlite3 *db, const char *sql) {
  sqlite3_stmt *stmt;
  need(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK, sql);
  return stmt;
}

void bare_step(sqlite3_stmt *stmt) {
  while (sqlite3_step(stmt) == SQLITE_ROW) continue;
  need(sqlite3_reset(stmt) == SQLITE_OK, sqlite3_errmsg(sqlite3_db_handle(stmt)));
}

void print_json(json_t *json) {
  need(json != NULL && json_dumpf(json, stdout, JSON_COMPACT) == 0, "writing");
  (void)putchar('\n');
  json_decref(json);
}

json_t *rounds_json(const double *seconds, int n) {
  json_t *list = json_array();
  for (int i = 0; i < n; i++) (void)json_array_append_new(list, json_real(seconds[i]));
  return list;
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  need(yz_crypto_init() == 0, "libsodium");
  if (strcmp(what, "words") == 0 && argc == 4)
    words(strtoll(argv[2], NULL, 10), (uint64_t)strtoll(argv[3], NULL, 10));
  else if (strcmp(what, "durable") == 0 && argc == 4)
    durable(argv[2], strtoll(argv[3], NULL, 10));
  else if (strcmp(what, "import-floor") == 0 && argc == 4)
    import_floor(argv[2], argv[3]);
  else if (strcmp(what, "ingest-floor") == 0 && argc == 4)
    ingest_floor(argv[2], argv[3]);
  else if (strcmp(what, "pages") == 0 && argc == 3)
    pages(argv[2]);
  else if (strcmp(what, "catch-up") == 0 && argc == 3)
    catch_up(argv[2]);
  else if (strcmp(what, "catch-up-floor") == 0 && argc == 4)
    catch_up_floor(argv[2], argv[3]);
  else if (strcmp(what, "names-floor") == 0 && argc == 3)
    names_floor(strtoll(argv[2], NULL, 10));
  else if (strcmp(what, "spawn") == 0 && argc > 3)
    spawn((int)strtol(argv[2], NULL, 10), argv + 3);
  else if (strcmp(what, "idle") == 0 && argc == 2)
    idle();
  else
    need(0, "reading the arguments (tools/bench gives them)");
  return 0;
}
