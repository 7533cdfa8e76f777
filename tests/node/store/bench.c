#include "bench.h"
#include "node/store/db.h"
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void check(int rc, const struct yz_error *err) {
  if (rc != 0)
    fail_msg("%s: %s (%s)", yz_code_name((enum yz_code)rc), err->message ? err->message : "",
             err->subject);
}

void bench_open(struct bench *b) {
  b->dir = tmp_create();
  if (yz_crypto_init() != 0) fail();
  OK(store_open(&b->s, b->dir, true, yz_world_real(), &err));
  b->t = store_table(b->s);
}

void bench_close(struct bench *b) {
  store_close(b->s);
  tmp_destroy(b->dir);
}

void bench_reopen(struct bench *b) {
  store_close(b->s);
  OK(store_open(&b->s, b->dir, false, yz_world_real(), &err));
  b->t = store_table(b->s);
}

int bench_setup(void **state) {
  struct bench *b = calloc(1, sizeof *b);
  assert_non_null(b);
  bench_open(b);
  *state = b;
  return 0;
}

int bench_teardown(void **state) {
  bench_close(*state);
  free(*state);
  return 0;
}

struct yz_id ledger_id(int n) {
  struct yz_id id = {{0x1e, (unsigned char)(n % 100)}};
  return id;
}

struct writer writer_begin(struct bench *b, int n, bool hub) {
  struct writer w = {.clock = 1000000};
  struct yz_ledger_row ledger = {.id = ledger_id(n), .joined = true};
  w.seed = yz_secret_create(YZ_SEED_LEN);
  assert_non_null(w.seed);
  memset(w.seed->bytes, n, YZ_SEED_LEN);
  yz_sign_public(w.seed, &w.row.node);
  w.row.ledger = ledger.id;
  w.row.incarnation.bytes[0] = (unsigned char)n;
  w.row.hub = hub;
  memcpy(w.row.letter, "A", 2);
  yz_log_hash(&w.row.node, &w.row.incarnation, &ledger.id, &w.row.hash);
  w.row.id = yz_log_id(&w.row.hash);
  w.at.id = w.row.hash;
  OK(b->t->begin(b->t->ctx, &err));
  OK(b->t->put_ledger(b->t->ctx, &ledger, &err));
  OK(b->t->put_log(b->t->ctx, &w.row, &err));
  OK(b->t->commit(b->t->ctx, &err));
  return w;
}

void writer_end(struct writer *w) {
  yz_secret_destroy(w->seed);
}

static void set_hash(json_t *object, const char *name, const struct yz_hash *hash) {
  char hex[YZ_HASH_HEX + 1];
  yz_to_hex(hash->bytes, YZ_HASH_LEN, hex);
  json_object_set_new(object, name, json_string(hex));
}

static json_t *hashes(const struct yz_hash *heads, size_t n) {
  json_t *list = json_array();
  for (size_t i = 0; i < n; i++) {
    char hex[YZ_HASH_HEX + 1];
    yz_to_hex(heads[i].bytes, YZ_HASH_LEN, hex);
    json_array_append_new(list, json_string(hex));
  }
  return list;
}

/* Takes the words over: as the record's one content. */
static void set_content(struct made *m, json_t *rest, json_t *content) {
  struct yz_hash hash;
  json_t *hashed = json_object();
  m->words = json_dumps(content, JSON_COMPACT);
  memcpy(m->content.audience, "village", 8);
  memset(m->content.key, 7, YZ_CONTENT_KEY_LEN);
  m->content.bytes = m->words;
  m->content.len = strlen(m->words);
  yz_content_hash(&m->content, &hash);
  set_hash(hashed, "village", &hash);
  json_object_set_new(rest, "content", hashed);
  json_decref(content);
}

static void read_back(struct made *m) {
  struct yz_record r;
  OK(yz_record_read((char *)m->line.data, m->line.len, &r, &err));
  OK(yz_record_parse(r.bytes, r.len, &m->members, &err));
  m->stored.log = r.log;
  m->stored.seq = r.seq;
  m->stored.by = r.by;
  m->stored.line = (char *)m->line.data;
  m->stored.line_len = m->line.len;
  m->stored.type = m->members.type;
  m->stored.stamp = m->members.stamp;
  m->stored.case_id = m->members.has_case ? &m->members.case_id : NULL;
  m->stored.heads = m->members.heads;
  m->stored.n_heads = m->members.n_heads;
  m->stored.json = m->members.json;
}

struct made *make(struct writer *w, const char *type, json_t *plain, json_t *content,
                  const struct yz_hash *case_id, const struct yz_hash *heads, size_t n_heads) {
  struct made *m = calloc(1, sizeof *m);
  struct yz_author author = {.key = w->row.node, .seed = w->seed};
  assert_non_null(m);
  json_t *rest = json_pack("{s:[I,i], s:s}", "hlc", (json_int_t)++w->clock, 0, "type", type);
  if (case_id != NULL) {
    set_hash(rest, "case", case_id);
    json_object_set_new(rest, "heads", hashes(heads, n_heads));
  }
  json_object_update(rest, plain);
  json_decref(plain);
  if (content != NULL) set_content(m, rest, content);
  OK(yz_record_make(&w->row.id, &w->at, &author, rest, &m->line, &m->stored.id, &err));
  json_decref(rest);
  m->line.data[--m->line.len] = '\0'; /* kept without its LF */
  w->at = (struct yz_place){.seq = w->at.seq + 1, .id = m->stored.id};
  read_back(m);
  return m;
}

struct made *make_open(struct writer *w, const char *name, const char *title, const char *text) {
  json_t *content = json_pack("{s:s}", "title", title);
  if (text != NULL) json_object_set_new(content, "text", json_string(text));
  return make(
      w, "case.open",
      json_pack("{s:I, s:s}", "at", (json_int_t)(1700000000000 + w->at.seq), "number", name),
      content, NULL, NULL, 0);
}

struct made *make_note(struct writer *w, const struct made *opening, const char *text) {
  return make(w, "case.note", json_pack("{s:i}", "at", 1), json_pack("{s:s}", "text", text),
              &opening->stored.id, &opening->stored.id, 1);
}

void made_free(struct made *m) {
  yz_members_finish(&m->members);
  yz_buf_finish(&m->line);
  free(m->words);
  free(m);
}

static void set_status(struct made *m, enum yz_status status) {
  m->stored.status = status;
  m->stored.rule = status == YZ_ACCEPTED ? NULL : "author.unknown";
  m->stored.contents = m->words != NULL ? &m->content : NULL;
  m->stored.n_contents = m->words != NULL ? 1 : 0;
}

void bench_put_in(struct bench *b, struct made *m, enum yz_status status) {
  set_status(m, status);
  OK(b->t->put_record(b->t->ctx, &m->stored, &err));
}

void bench_put(struct bench *b, struct made *m, enum yz_status status) {
  OK(b->t->begin(b->t->ctx, &err));
  bench_put_in(b, m, status);
  OK(b->t->commit(b->t->ctx, &err));
}

void bench_put_unread(struct bench *b, struct made *m) {
  set_status(m, YZ_WAITING);
  m->stored.rule = "content.missing";
  m->stored.n_contents = 0;
  OK(b->t->begin(b->t->ctx, &err));
  OK(b->t->put_record(b->t->ctx, &m->stored, &err));
  OK(b->t->commit(b->t->ctx, &err));
}

void bench_judge(struct bench *b, struct made *m, enum yz_status status) {
  set_status(m, status);
  OK(b->t->begin(b->t->ctx, &err));
  OK(b->t->judge_record(b->t->ctx, &m->stored, &err));
  OK(b->t->commit(b->t->ctx, &err));
}

const char *number(char out[static NUMBER_MAX], int counter) {
  number_format(out, "QS3", "A", 2026, counter);
  return out;
}

static int add_number(void *arg, const struct case_row *row) {
  struct yz_buf *out = arg;
  return yz_buf_printf(out, "%s ", row->number != NULL ? row->number : "-");
}

void assert_lists(struct bench *b, const struct case_query *q, const char *numbers) {
  struct yz_buf got = {0};
  assert_int_equal(yz_buf_append(&got, "", 0), 0);
  OK(store_list_cases(b->s, q, add_number, &got, &err));
  assert_string_equal((char *)got.data, numbers);
  yz_buf_finish(&got);
}

void assert_finds(struct bench *b, const char *search, const char *numbers) {
  assert_lists(b, &(struct case_query){.since_ms = INT64_MIN, .search = search}, numbers);
}

void bench_sql(const char *path, const char *sql) {
  sqlite3 *db;
  if (sqlite3_open(path, &db) != SQLITE_OK || sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
    fail_msg("%s: %s", sql, sqlite3_errmsg(db));
  sqlite3_close(db);
}

void bench_sql_keep(const char *path, const char *sql) {
  sqlite3 *db;
  if (sqlite3_open(path, &db) != SQLITE_OK || sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
    fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

int64_t bench_sql_int(const char *path, const char *sql) {
  sqlite3 *db;
  sqlite3_stmt *row = NULL;
  if (sqlite3_open(path, &db) != SQLITE_OK ||
      sqlite3_prepare_v2(db, sql, -1, &row, NULL) != SQLITE_OK || sqlite3_step(row) != SQLITE_ROW)
    fail_msg("%s: %s", sql, sqlite3_errmsg(db));
  int64_t out = sqlite3_column_int64(row, 0);
  sqlite3_finalize(row);
  sqlite3_close(db);
  return out;
}

static int count_step(void *arg) {
  ++*(int64_t *)arg;
  return 0;
}

void bench_count_steps(struct bench *b, int64_t *steps) {
  sqlite3_progress_handler(b->s->db, 100, steps != NULL ? count_step : NULL, steps);
}

static void count_finding(void *ctx, const char *code, const char *subject, const char *text) {
  struct found *f = ctx;
  (void)subject, (void)text;
  if (f->n++ == 0) (void)snprintf(f->code, sizeof f->code, "%s", code);
}

int bench_try_check(struct bench *b, struct found *out, struct yz_error *err) {
  *out = (struct found){0};
  return store_check(b->s, count_finding, out, err);
}

struct found bench_check(struct bench *b) {
  struct found f;
  OK(bench_try_check(b, &f, &err));
  return f;
}
