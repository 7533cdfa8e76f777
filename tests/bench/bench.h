/* What the bench measures inside a process; tools/bench measures whole programs and
 * puts all of it together.
 *
 * Each family takes its own arguments and prints one JSON object: seconds of each round,
 * the program's work and its floor's taking turns. A floor is the least that the same
 * work can cost: a bare loop over SQLite, libsodium and jansson. */
#ifndef YIZHAN_TESTS_BENCH_H
#define YIZHAN_TESTS_BENCH_H

#include <jansson.h>
#include <sqlite3.h>
#include <stdint.h>

#include "node/node.h"

enum { ROUNDS = 5 };

/* words N SEED: that many cases as JSON lines, about 620 bytes of words each. */
void words(int64_t n, uint64_t seed);
/* The title and text of one such case, malloc'd; the caller frees. */
char *words_title(uint64_t *state);
char *words_text(uint64_t *state);

/* durable NODE N: case open by the library; one-row transactions. */
void durable(const char *dir, int64_t n);
/* import-floor FILE DB: each row parsed, signed and inserted. */
void import_floor(const char *file, const char *db);
/* ingest-floor STORE DB: each record of a store parsed, verified and inserted. */
void ingest_floor(const char *store, const char *db);
/* pages NODE: the first page of the list, one case, one search; the same by bare queries. */
void pages(const char *dir);
/* catch-up NODE: the search index from nothing. catch-up-floor NODE DB: its texts into FTS5. */
void catch_up(const char *dir);
void catch_up_floor(const char *dir, const char *db);
/* names-floor N: so many sealed names opened, and one looked for in each. */
void names_floor(int64_t n);
/* idle: says so, with all libraries loaded, and waits to be ended. */
void idle(void);
/* spawn ROUNDS COMMAND...: a program's time to its first byte of output, and its peak memory. */
void spawn(int rounds, char **command);

/* --- for the families -------------------------------------------------- */

double now_s(void);
/* Ends the bench where something does not go well: a figure of half the work is none. */
void need(int ok, const char *what);
void open_node(struct node *n, const char *dir);
/* A database with synchronous=FULL in WAL mode, as the store's is. */
sqlite3 *bare_open(const char *path);
void bare_run(sqlite3 *db, const char *sql);
sqlite3_stmt *bare_prepare(sqlite3 *db, const char *sql);
void bare_step(sqlite3_stmt *stmt);
void print_json(json_t *json);
json_t *rounds_json(const double *seconds, int n);

#endif
