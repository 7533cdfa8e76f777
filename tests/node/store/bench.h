/* A real store in a folder of its own, and writers whose signed records are put
 * into it in any order.
 *
 *   struct bench b;
 *   bench_open(&b);
 *   struct writer w = writer_begin(&b, 1, false);   (a village's log, put)
 *   struct made *r = make_open(&w, "QS3-26-0001-0", "路灯坏了", NULL);
 *   bench_put(&b, r, YZ_ACCEPTED);                  (in a transaction of its own)
 *   made_free(r); writer_end(&w); bench_close(&b); */
#ifndef YIZHAN_TESTS_STORE_BENCH_H
#define YIZHAN_TESTS_STORE_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "node/store/store.h"
#include "node/store/store_cases.h"
#include "tests/harness/tmp.h"

struct bench {
  char *dir;
  struct store *s;
  const struct yz_store *t;
};
void bench_open(struct bench *b);
void bench_close(struct bench *b);
void bench_reopen(struct bench *b);
/* For cmocka: a bench of its own for each test, which is its state. */
int bench_setup(void **state);
int bench_teardown(void **state);

/* Fails the test, saying what was wrong, unless rc is 0. */
void check(int rc, const struct yz_error *err);
#define OK(call)                                                                                   \
  do {                                                                                             \
    struct yz_error err = {0};                                                                     \
    check((call), &err);                                                                           \
  } while (0)

struct writer {
  struct yz_log_row row;
  struct yz_secret *seed;
  struct yz_place at; /* what it wrote last */
  int64_t clock;
};
/* A log of its own, numbered for the test: made and put, with ledger n % 100 when
 * that is new. hub: a hub's. */
struct writer writer_begin(struct bench *b, int n, bool hub);
void writer_end(struct writer *w);
struct yz_id ledger_id(int n);

/* A signed record, with all that put_record is given. */
struct made {
  struct yz_stored stored;
  struct yz_buf line;
  struct yz_members members;
  struct yz_content content;
  char *words;
};
/* plain and content are taken over (content NULL: none); heads may be NULL. */
struct made *make(struct writer *w, const char *type, json_t *plain, json_t *content,
                  const struct yz_hash *case_id, const struct yz_hash *heads, size_t n_heads);
struct made *make_open(struct writer *w, const char *number, const char *title, const char *text);
struct made *make_note(struct writer *w, const struct made *opening, const char *text);
void made_free(struct made *m);

/* One transaction: the record with its content, or judged anew. */
void bench_put(struct bench *b, struct made *m, enum yz_status status);
void bench_judge(struct bench *b, struct made *m, enum yz_status status);
/* Put so, without its words. */
void bench_put_unread(struct bench *b, struct made *m);
/* The same, within the caller's. */
void bench_put_in(struct bench *b, struct made *m, enum yz_status status);

/* A number whose check character holds. */
const char *number(char out[static NUMBER_MAX], int counter);

/* Numbers of the cases a query gives, in order, each followed by a space. */
void assert_lists(struct bench *b, const struct case_query *q, const char *numbers);
void assert_finds(struct bench *b, const char *search, const char *numbers);

/* What stock SQLite, beside the program, does with or says of a file. */
void bench_sql(const char *path, const char *sql);
void bench_sql_keep(const char *path, const char *sql); /* the connection stays open */
int64_t bench_sql_int(const char *path, const char *sql);

/* From now on steps of SQLite's machine are counted, by hundreds; NULL: no more. */
void bench_count_steps(struct bench *b, int64_t *steps);

/* Findings of store_check: how many, and the first one's code. */
struct found {
  int n;
  char code[40];
};
struct found bench_check(struct bench *b);
int bench_try_check(struct bench *b, struct found *out, struct yz_error *err);

#endif
