/* The library's table: what is put is what is got, in the promised order. */
#include "bench.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int setup(void **state) {
  struct bench *b = calloc(1, sizeof *b);
  bench_open(b);
  OK(store_begin(b->s, &err));
  OK(b->t->put_ledger(b->t->ctx, &(struct yz_ledger_row){.id = ledger_id(1)}, &err));
  OK(store_commit(b->s, &err));
  *state = b;
  return 0;
}

static int teardown(void **state) {
  bench_close(*state);
  free(*state);
  return 0;
}

/* What walks said, one after another. */
struct said {
  struct yz_buf text;
  int stop_at; /* the call that stops the walk with 7; 0: none */
  int calls;
};
static int say(struct said *s, const char *what, size_t n) {
  assert_int_equal(yz_buf_append(&s->text, what, n), 0);
  assert_int_equal(yz_buf_puts(&s->text, ";"), 0);
  return ++s->calls == s->stop_at ? 7 : 0;
}
static void assert_said(struct said *s, const char *wanted) {
  assert_int_equal(yz_buf_append(&s->text, "", 0), 0);
  assert_string_equal((char *)s->text.data, wanted);
  yz_buf_finish(&s->text);
  *s = (struct said){0};
}

static void assert_nothing(int rc, const struct yz_error *err) {
  assert_int_equal(rc, YZ_E_NOT_FOUND);
  assert_null(err->message);
}

static void test_all_there(void **state) {
  struct bench *b = *state;
  static const struct yz_store nothing;
  const unsigned char *table = (const unsigned char *)b->t;
  for (size_t at = 0; at < sizeof *b->t; at += sizeof(void *))
    assert_memory_not_equal(table + at, &nothing, sizeof(void *));
}

static void test_meta(void **state) {
  struct bench *b = *state;
  struct yz_buf out = {0};
  struct yz_error none = {0};
  assert_nothing(b->t->get_meta(b->t->ctx, "clock", &out, &none), &none);
  OK(b->t->put_meta(b->t->ctx, "clock", "a\0b", 3, &err));
  OK(b->t->put_meta(b->t->ctx, "clock", "c\0de", 4, &err));
  OK(yz_buf_puts(&out, ">"));
  OK(b->t->get_meta(b->t->ctx, "clock", &out, &err));
  assert_int_equal(out.len, 5);
  assert_memory_equal(out.data, ">c\0de", 5);
  yz_buf_finish(&out);
}

static int say_ledger(void *arg, const struct yz_ledger_row *r) {
  return say(arg, r->name, strlen(r->name));
}

static void test_ledgers(void **state) {
  struct bench *b = *state;
  struct yz_ledger_row r = {.joined = true, .url = "ssh://hub/x", .name = "青石", .code = "QS3"};
  struct yz_ledger_row got;
  struct yz_error none = {0};
  struct said s = {0};
  memset(&r.id, 9, sizeof r.id);
  memset(&r.hub, 1, sizeof r.hub);
  memset(&r.hub_box, 2, sizeof r.hub_box);
  memset(&r.own, 3, sizeof r.own);
  assert_nothing(b->t->get_ledger(b->t->ctx, &r.id, &got, &none), &none);
  OK(b->t->put_ledger(b->t->ctx, &r, &err));
  memcpy(r.name, "白石", 7);
  OK(b->t->put_ledger(b->t->ctx, &r, &err));
  OK(b->t->get_ledger(b->t->ctx, &r.id, &got, &err));
  assert_memory_equal(&got.own, &r.own, sizeof r.own);
  assert_memory_equal(&got.hub, &r.hub, sizeof r.hub);
  assert_memory_equal(&got.hub_box, &r.hub_box, sizeof r.hub_box);
  assert_true(got.joined);
  assert_string_equal(got.url, r.url);
  assert_string_equal(got.name, "白石");
  assert_string_equal(got.code, "QS3");
  OK(store_each_ledger(b->s, say_ledger, &s, &err));
  assert_said(&s, ";白石;");
}

static int say_log(void *arg, const struct yz_log_row *r) {
  char seq[24];
  (void)snprintf(seq, sizeof seq, "%d/%lld", r->incarnation.bytes[0], (long long)r->head.seq);
  return say(arg, seq, strlen(seq));
}

static void test_logs(void **state) {
  struct bench *b = *state;
  struct yz_log_row got;
  struct yz_error none = {0};
  struct said s = {.stop_at = 2};
  struct writer w[3] = {writer_begin(b, 201, false), writer_begin(b, 101, true),
                        writer_begin(b, 1, false)};
  assert_nothing(b->t->get_log(b->t->ctx, &(struct yz_id){{5}}, &got, &none), &none);
  w[1].row.own = w[1].row.old = true;
  w[1].row.head.seq = 9;
  memset(&w[1].row.head.id, 4, YZ_HASH_LEN);
  memset(&w[1].row.box, 6, YZ_KEY_LEN);
  OK(store_begin(b->s, &err));
  OK(b->t->put_log(b->t->ctx, &w[1].row, &err));
  w[1].row.head.seq = 10;
  OK(b->t->put_log(b->t->ctx, &w[1].row, &err));
  OK(store_commit(b->s, &err));
  OK(b->t->get_log(b->t->ctx, &w[1].row.id, &got, &err));
  assert_true(got.own && got.hub && got.old);
  assert_memory_equal(&got.head.id, &w[1].row.head.id, YZ_HASH_LEN);
  assert_memory_equal(&got.hash, &w[1].row.hash, YZ_HASH_LEN);
  assert_memory_equal(&got.node, &w[1].row.node, YZ_KEY_LEN);
  assert_memory_equal(&got.box, &w[1].row.box, YZ_KEY_LEN);
  assert_string_equal(got.letter, "A");
  assert_int_equal(b->t->each_log(b->t->ctx, &w[0].row.ledger, say_log, &s, &none), 7);
  assert_said(&s, "201/0;101/10;");
  OK(b->t->each_log(b->t->ctx, &w[0].row.ledger, say_log, &s, &err));
  assert_said(&s, "201/0;101/10;1/0;");
  for (int i = 0; i < 3; i++) writer_end(&w[i]);
}

static void test_acks(void **state) {
  struct bench *b = *state;
  struct yz_buf out = {0};
  struct yz_error none = {0};
  struct yz_id log = {{1}};
  assert_nothing(b->t->get_ack(b->t->ctx, &log, &out, &none), &none);
  OK(b->t->put_ack(b->t->ctx, &log, "one", 3, &err));
  OK(b->t->put_ack(b->t->ctx, &log, "two", 3, &err));
  OK(b->t->get_ack(b->t->ctx, &log, &out, &err));
  assert_string_equal((char *)out.data, "two");
  yz_buf_finish(&out);
}

/* --- records -------------------------------------------------------------- */

static int say_record(void *arg, const struct yz_stored *r) {
  char text[80];
  (void)snprintf(text, sizeof text, "%lld:%s:%d:%s", (long long)r->seq, r->type, r->status,
                 r->rule != NULL ? r->rule : "");
  return say(arg, text, strlen(text));
}

/* All that was put comes back. */
static int same_record(void *arg, const struct yz_stored *r) {
  const struct made *m = arg;
  assert_memory_equal(&r->log, &m->stored.log, YZ_ID_LEN);
  assert_int_equal(r->seq, m->stored.seq);
  assert_memory_equal(&r->id, &m->stored.id, YZ_HASH_LEN);
  assert_memory_equal(&r->by, &m->stored.by, YZ_KEY_LEN);
  assert_int_equal(r->line_len, m->stored.line_len);
  assert_memory_equal(r->line, m->stored.line, r->line_len);
  assert_string_equal(r->type, m->stored.type);
  assert_int_equal(yz_stamp_compare(r->stamp, m->stored.stamp), 0);
  assert_memory_equal(r->case_id, m->stored.case_id, YZ_HASH_LEN);
  assert_int_equal(r->n_heads, 1);
  assert_memory_equal(r->heads, m->stored.heads, YZ_HASH_LEN);
  assert_true(json_equal(r->json, m->stored.json));
  assert_int_equal(r->n_contents, 1);
  assert_string_equal(r->contents->audience, "village");
  assert_memory_equal(r->contents->key, m->content.key, YZ_CONTENT_KEY_LEN);
  assert_int_equal(r->contents->len, m->content.len);
  assert_memory_equal(r->contents->bytes, m->content.bytes, m->content.len);
  return 0;
}

static void test_record_whole(void **state) {
  struct bench *b = *state;
  char no[NUMBER_MAX];
  struct writer w = writer_begin(b, 1, false);
  struct made *m = make_open(&w, number(no, 1), "一", NULL), *note = make_note(&w, m, "二");
  bench_put(b, m, YZ_ACCEPTED);
  bench_put(b, note, YZ_ACCEPTED);
  OK(b->t->each_record(b->t->ctx, &w.row.id, 2, 2, same_record, note, &err));
  struct yz_error taken = {0};
  OK(store_begin(b->s, &err));
  assert_int_equal(b->t->put_record(b->t->ctx, &note->stored, &taken), YZ_E_EXISTS);
  store_rollback(b->s);
  made_free(m);
  made_free(note);
  writer_end(&w);
}

static void test_record_walks(void **state) {
  struct bench *b = *state;
  struct writer w = writer_begin(b, 1, false), other = writer_begin(b, 101, false);
  struct made *m[6];
  struct said s = {0};
  char no[NUMBER_MAX];
  m[0] = make(&w, "log.begin", json_object(), NULL, NULL, NULL, 0);
  m[1] = make_open(&w, number(no, 1), "一", NULL);
  m[2] = make(&w, "worker.add", json_object(), NULL, NULL, NULL, 0);
  m[3] = make(&other, "log.begin", json_object(), NULL, NULL, NULL, 0);
  m[4] = make(&w, "worker.add", json_object(), NULL, NULL, NULL, 0);
  m[5] = make(&w, "x.unknown", json_object(), NULL, NULL, NULL, 0);
  bench_put(b, m[3], YZ_ACCEPTED);
  for (int i = 0; i < 6; i++)
    if (i != 3) bench_put(b, m[i], i >= 4 ? YZ_WAITING : YZ_ACCEPTED);
  OK(b->t->each_record(b->t->ctx, &w.row.id, 2, 3, say_record, &s, &err));
  assert_said(&s, "2:case.open:0:;3:worker.add:0:;");
  OK(b->t->each_line(b->t->ctx, &w.row.id, 2, 3, true, say_record, &s, &err));
  assert_said(&s, "2::0:;3::0:;");
  OK(b->t->each_record(b->t->ctx, &w.row.id, 3, 0, say_record, &s, &err));
  assert_said(&s, "3:worker.add:0:;4:worker.add:1:author.unknown;5:x.unknown:1:author.unknown;");
  OK(b->t->each_trust(b->t->ctx, &w.row.ledger, say_record, &s, &err));
  assert_said(&s, "1:log.begin:0:;3:worker.add:0:;1:log.begin:0:;");
  OK(b->t->each_unsettled(b->t->ctx, &w.row.ledger, say_record, &s, &err));
  assert_said(&s, "4:worker.add:1:author.unknown;5:x.unknown:1:author.unknown;");
  OK(b->t->each_unsettled(b->t->ctx, &(struct yz_id){{7}}, say_record, &s, &err));
  assert_said(&s, "");
  for (int i = 0; i < 6; i++) made_free(m[i]);
  writer_end(&w);
  writer_end(&other);
}

/* A walk within the same walk. */
struct nest {
  struct bench *b;
  struct said said;
  bool inner;
};
static int walk_again(void *arg, const struct yz_stored *r) {
  struct nest *n = arg;
  int rc = say_record(&n->said, r);
  if (rc != 0 || n->inner) return rc;
  n->inner = true;
  OK(n->b->t->each_record(n->b->t->ctx, &r->log, 1, 0, walk_again, n, &err));
  n->inner = false;
  return 0;
}

static void test_nested_walks(void **state) {
  struct bench *b = *state;
  struct writer w = writer_begin(b, 1, false);
  struct nest n = {.b = b};
  struct made *m[2];
  for (int i = 0; i < 2; i++) {
    m[i] = make(&w, i ? "b.b" : "a.a", json_object(), NULL, NULL, NULL, 0);
    bench_put(b, m[i], YZ_ACCEPTED);
  }
  OK(b->t->each_record(b->t->ctx, &w.row.id, 1, 0, walk_again, &n, &err));
  assert_said(&n.said, "1:a.a:0:;1:a.a:0:;2:b.b:0:;2:b.b:0:;1:a.a:0:;2:b.b:0:;");
  for (int i = 0; i < 2; i++) made_free(m[i]);
  writer_end(&w);
}

/* Judging while walking what is to be judged: each is met once. */
struct judging {
  struct bench *b;
  int met;
};
static int accept(void *arg, const struct yz_stored *record) {
  struct judging *j = arg;
  struct yz_stored again = *record;
  again.status = j->met % 2 ? YZ_REFUSED : YZ_ACCEPTED;
  again.rule = j->met++ % 2 ? "author.revoked" : NULL;
  OK(j->b->t->judge_record(j->b->t->ctx, &again, &err));
  return 0;
}

static void test_judge_in_walk(void **state) {
  struct bench *b = *state;
  struct writer w = writer_begin(b, 1, false);
  struct said s = {0};
  char no[NUMBER_MAX];
  for (int i = 1; i <= 4; i++) {
    struct made *m = make_open(&w, number(no, i), "一", NULL);
    bench_put(b, m, YZ_WAITING);
    made_free(m);
  }
  struct judging j = {.b = b};
  OK(store_begin(b->s, &err));
  OK(b->t->each_unsettled(b->t->ctx, &w.row.ledger, accept, &j, &err));
  OK(store_commit(b->s, &err));
  assert_int_equal(j.met, 4);
  OK(b->t->each_unsettled(b->t->ctx, &w.row.ledger, say_record, &s, &err));
  assert_said(&s, "2:case.open:2:author.revoked;4:case.open:2:author.revoked;");
  assert_lists(b, &(struct case_query){.since_ms = INT64_MIN}, "QS3-26-0003-J QS3-26-0001-N ");
  struct store_counts c;
  OK(store_count(b->s, &c, &err));
  assert_int_equal(c.cases, 2);
  assert_int_equal(c.records, 4);
  assert_int_equal(c.waiting, 0);
  assert_int_equal(c.accepted_foreign, 2);
  writer_end(&w);
}

/* Content that comes late is added; what was kept is not replaced. */
static int say_content(void *arg, const struct yz_stored *r) {
  return say(arg, r->n_contents ? r->contents->bytes : "", r->n_contents ? r->contents->len : 0);
}

static void test_late_content(void **state) {
  struct bench *b = *state;
  struct writer w = writer_begin(b, 1, false);
  struct said s = {0};
  char no[NUMBER_MAX], *words;
  struct made *m = make_open(&w, number(no, 1), "一", NULL);
  words = m->words;
  m->words = NULL;
  bench_put(b, m, YZ_WAITING);
  OK(b->t->each_record(b->t->ctx, &w.row.id, 1, 0, say_content, &s, &err));
  assert_said(&s, ";");
  m->words = words;
  bench_judge(b, m, YZ_ACCEPTED);
  assert_finds(b, "一", "QS3-26-0001-N ");
  m->content.bytes = "{}";
  m->content.len = 2;
  bench_judge(b, m, YZ_ACCEPTED);
  OK(b->t->each_record(b->t->ctx, &w.row.id, 1, 0, say_content, &s, &err));
  assert_said(&s, "{\"title\":\"一\"};");
  OK(b->t->each_line(b->t->ctx, &w.row.id, 1, 0, true, say_content, &s, &err));
  assert_said(&s, "{\"title\":\"一\"};");
  OK(b->t->each_line(b->t->ctx, &w.row.id, 1, 0, false, say_content, &s, &err));
  assert_said(&s, ";");
  made_free(m);
  writer_end(&w);
}

/* --- what git carries ------------------------------------------------------- */

static int say_segment(void *arg, const struct yz_segment_row *r) {
  char text[80];
  (void)snprintf(text, sizeof text, "%lld-%lld%.*s", (long long)r->first, (long long)r->last,
                 (int)r->closing_len, r->closing);
  return say(arg, text, strlen(text));
}

static int say_file(void *arg, const char *path, const void *bytes, size_t n) {
  char text[80];
  (void)snprintf(text, sizeof text, "%s=%.*s", path, (int)n, (const char *)bytes);
  return say(arg, text, strlen(text));
}

static int say_commit(void *arg, const struct yz_oid *oid, const void *bytes, size_t n,
                      const char *const *paths, size_t n_paths) {
  struct yz_buf text = {0};
  assert_int_equal(yz_buf_printf(&text, "%d %.*s", oid->bytes[0], (int)n, (const char *)bytes), 0);
  for (size_t i = 0; i < n_paths; i++) assert_int_equal(yz_buf_printf(&text, " %s", paths[i]), 0);
  int rc = say(arg, (char *)text.data, text.len);
  yz_buf_finish(&text);
  return rc;
}

static void put_segments(struct bench *b, const struct yz_id *log) {
  static const int64_t bounds[][2] = {{1, 9}, {10, 19}, {20, 20}};
  for (size_t i = 0; i < 3; i++)
    OK(b->t->put_segment(b->t->ctx,
                         &(struct yz_segment_row){.log = *log,
                                                  .first = bounds[i][0],
                                                  .last = bounds[i][1],
                                                  .closing = "!\n",
                                                  .closing_len = 1},
                         &err));
}

static void test_segments(void **state) {
  struct bench *b = *state;
  struct writer w = writer_begin(b, 1, false);
  struct said s = {0};
  struct yz_error none = {0};
  int64_t last;
  assert_nothing(b->t->last_segment(b->t->ctx, &w.row.id, &last, &none), &none);
  put_segments(b, &w.row.id);
  OK(b->t->last_segment(b->t->ctx, &w.row.id, &last, &err));
  assert_int_equal(last, 20);
  static const struct {
    int64_t from;
    const char *said;
  } rows[] = {{0, "1-9!;10-19!;20-20!;"},
              {1, "1-9!;10-19!;20-20!;"},
              {9, "1-9!;10-19!;20-20!;"},
              {10, "10-19!;20-20!;"},
              {15, "10-19!;20-20!;"},
              {19, "10-19!;20-20!;"},
              {20, "20-20!;"},
              {21, ""}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    OK(b->t->each_segment(b->t->ctx, &w.row.id, rows[i].from, say_segment, &s, &err));
    assert_said(&s, rows[i].said);
  }
  writer_end(&w);
}

/* Commits take loose files and segments; a branch begun anew forgets all. */
static void test_commits(void **state) {
  struct bench *b = *state;
  struct writer w = writer_begin(b, 1, false);
  struct said s = {0};
  struct yz_error none = {0};
  struct yz_oid tip, oids[] = {{{1}}, {{2}}};
  struct yz_buf out = {0};
  const struct yz_id *l = &w.row.ledger;
  char ref[YZ_MAX_REF] = "refs/heads/log/";
  yz_to_hex(w.row.id.bytes, YZ_ID_LEN, ref + strlen(ref));
  put_segments(b, &w.row.id);
  assert_nothing(b->t->get_tip(b->t->ctx, l, ref, &tip, &none), &none);
  assert_nothing(b->t->get_file(b->t->ctx, l, ref, "ack.json", &out, &none), &none);
  OK(b->t->put_file(b->t->ctx, l, ref, "2/1/10.village", "B", 1, &err));
  OK(b->t->put_file(b->t->ctx, l, ref, "1/9.village", "old", 3, &err));
  OK(b->t->put_file(b->t->ctx, l, ref, "1/9.village", "A", 1, &err));
  OK(b->t->put_file(b->t->ctx, l, ref, "ack.json", "1", 1, &err));
  OK(b->t->each_loose_file(b->t->ctx, l, ref, say_file, &s, &err));
  assert_said(&s, "ack.json=1;1/9.village=A;2/1/10.village=B;");
  OK(b->t->put_commit(b->t->ctx, l, ref, &oids[0], "c1", 2,
                      (const char *[]){"2/1/10.jsonl", "2/1/10.village", "ack.json"}, 3, &err));
  OK(b->t->put_file(b->t->ctx, l, ref, "ack.json", "2", 1, &err));
  OK(b->t->each_loose_file(b->t->ctx, l, ref, say_file, &s, &err));
  assert_said(&s, "ack.json=2;1/9.village=A;");
  OK(b->t->each_loose_segment(b->t->ctx, &w.row.id, say_segment, &s, &err));
  assert_said(&s, "1-9!;20-20!;");
  OK(b->t->put_commit(b->t->ctx, l, ref, &oids[1], "c2", 2, (const char *[]){"ack.json"}, 1, &err));
  OK(b->t->put_commit(b->t->ctx, l, ref, &oids[1], "c2", 2, (const char *[]){"ack.json"}, 1, &err));
  OK(b->t->get_file(b->t->ctx, l, ref, "ack.json", &out, &err));
  assert_string_equal((char *)out.data, "2");
  for (int i = 0; i < 2; i++) {
    yz_buf_clear(&out);
    OK(b->t->get_file_of(b->t->ctx, l, ref, &oids[i], "ack.json", &out, &err));
    assert_string_equal((char *)out.data, i == 0 ? "1" : "2");
  }
  yz_buf_clear(&out);
  OK(b->t->get_file_of(b->t->ctx, l, ref, &oids[1], "2/1/10.village", &out, &err));
  assert_string_equal((char *)out.data, "B");
  assert_nothing(b->t->get_file_of(b->t->ctx, l, ref, &oids[1], "1/9.village", &out, &none), &none);
  OK(b->t->get_tip(b->t->ctx, l, ref, &tip, &err));
  assert_memory_equal(&tip, &oids[1], sizeof tip);
  OK(b->t->each_commit(b->t->ctx, l, ref, say_commit, &s, &err));
  assert_said(&s, "1 c1 2/1/10.jsonl 2/1/10.village ack.json;2 c2 ack.json;");
  OK(b->t->drop_ref(b->t->ctx, l, ref, &err));
  OK(b->t->each_commit(b->t->ctx, l, ref, say_commit, &s, &err));
  OK(b->t->each_loose_file(b->t->ctx, l, ref, say_file, &s, &err));
  OK(b->t->each_segment(b->t->ctx, &w.row.id, 0, say_segment, &s, &err));
  assert_said(&s, "");
  assert_nothing(b->t->get_file(b->t->ctx, l, ref, "ack.json", &out, &none), &none);
  yz_buf_finish(&out);
  writer_end(&w);
}

static int say_key(void *arg, int64_t first, const unsigned char key[YZ_BATCH_KEY_LEN]) {
  char text[60];
  (void)snprintf(text, sizeof text, "%lld %d", (long long)first, key[31]);
  return say(arg, text, strlen(text));
}

static void test_batch_keys(void **state) {
  struct bench *b = *state;
  struct writer w = writer_begin(b, 1, false);
  struct said s = {0};
  struct yz_hash few = {{1}}, more = {{2}};
  unsigned char key[YZ_BATCH_KEY_LEN] = {[31] = 5};
  OK(b->t->put_batch_key(b->t->ctx, &w.row.id, 10, "village", key, &few, &err));
  OK(b->t->put_batch_key(b->t->ctx, &w.row.id, 1, "village", key, &few, &err));
  OK(b->t->put_batch_key(b->t->ctx, &w.row.id, 20, "village", key, &more, &err));
  key[31] = 6;
  OK(b->t->put_batch_key(b->t->ctx, &w.row.id, 10, "township", key, &few, &err));
  key[31] = 5;
  OK(b->t->each_stale_batch_key(b->t->ctx, &w.row.id, "village", &more, say_key, &s, &err));
  assert_said(&s, "1 5;10 5;");
  OK(b->t->put_batch_key(b->t->ctx, &w.row.id, 1, "village", key, &more, &err));
  OK(b->t->each_stale_batch_key(b->t->ctx, &w.row.id, "village", &more, say_key, &s, &err));
  assert_said(&s, "10 5;");
  OK(b->t->each_stale_batch_key(b->t->ctx, &w.row.id, "township", &more, say_key, &s, &err));
  assert_said(&s, "10 6;");
  writer_end(&w);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      T(test_all_there),     T(test_meta),         T(test_ledgers),      T(test_logs),
      T(test_acks),          T(test_record_whole), T(test_record_walks), T(test_nested_walks),
      T(test_judge_in_walk), T(test_late_content), T(test_segments),     T(test_commits),
      T(test_batch_keys),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
