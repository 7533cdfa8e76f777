/* Cases as they stand: whatever the order in which their records come. */
#include "bench.h"
#include "node/store/identity.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct case_query everything = {.since_ms = INT64_MIN};

/* A row as text: what a list shows of it. */
static int describe(void *arg, const struct case_row *r) {
  return yz_buf_printf(arg, "%s|%s|%s|%u|%s|%lld|%s;", r->number ? r->number : "-",
                       r->title ? r->title : "-", case_state_name(r->state), r->flags,
                       r->assigned ? r->assigned : "-", (long long)r->conflict_count,
                       r->text ? r->text : "-");
}

static void assert_rows(struct bench *b, const char *wanted) {
  struct yz_buf got = {0};
  assert_int_equal(yz_buf_append(&got, "", 0), 0);
  OK(store_list_cases(b->s, &everything, describe, &got, &err));
  assert_string_equal((char *)got.data, wanted);
  yz_buf_finish(&got);
}

static struct made *make_move(struct writer *w, const char *type, const struct made *opening,
                              const struct made *head, json_t *content) {
  return make(w, type, json_pack("{s:i}", "at", 1), content, &opening->stored.id, &head->stored.id,
              1);
}

static void test_open_alone(void **state) {
  struct bench *b = *state;
  char no[NUMBER_MAX];
  struct writer w = writer_begin(b, 1, false);
  struct made *m = make_open(&w, number(no, 1), "路灯坏了", "村口");
  bench_put(b, m, YZ_ACCEPTED);
  assert_rows(b, "QS3-26-0001-N|路灯坏了|registered|0|-|0|村口;");
  assert_int_equal(bench_check(b).n, 0);
  made_free(m);
  writer_end(&w);
}

/* All 24 orders of a case's four records, each in its own store and in one or
 * four transactions, give one row. */
static void test_any_order(void **state) {
  (void)state;
  for (int order = 0; order < 24; order++)
    for (int at_once = 0; at_once < 2; at_once++) {
      struct bench b;
      char no[NUMBER_MAX];
      bench_open(&b);
      struct writer w = writer_begin(&b, 1, false);
      struct made *m[4];
      m[0] = make_open(&w, number(no, 7), "水渠", NULL);
      m[1] = make_move(&w, "case.assign", m[0], m[0], json_pack("{s:s}", "to", "水利员"));
      m[2] = make_move(&w, "case.edit", m[0], m[1],
                       json_pack("{s:{s:s}}", "fields", "title", "水渠堵了"));
      m[3] = make_move(&w, "case.resolve", m[0], m[2], json_pack("{s:s}", "text", "已清淤"));
      int left[4] = {0, 1, 2, 3}, code = order;
      if (at_once) OK(store_begin(b.s, &err));
      for (int n = 4; n > 0; n--) {
        int pick = code % n;
        code /= n;
        if (at_once)
          bench_put_in(&b, m[left[pick]], YZ_ACCEPTED);
        else
          bench_put(&b, m[left[pick]], YZ_ACCEPTED);
        left[pick] = left[n - 1];
      }
      if (at_once) OK(store_commit(b.s, &err));
      assert_rows(&b, "QS3-26-0007-B|水渠堵了|resolved|0|水利员|0|-;");
      assert_int_equal(bench_check(&b).n, 0);
      for (int i = 0; i < 4; i++) made_free(m[i]);
      writer_end(&w);
      bench_close(&b);
    }
}

static void test_not_listed_without_opening(void **state) {
  struct bench *b = *state;
  char no[NUMBER_MAX];
  struct writer w = writer_begin(b, 1, false);
  struct made *m = make_open(&w, number(no, 1), "路灯", NULL), *note = make_note(&w, m, "修");
  struct case_whole whole;
  bench_put(b, note, YZ_ACCEPTED);
  assert_rows(b, "");
  OK(store_load_case(b->s, &m->stored.id, &whole, &err));
  assert_int_equal(whole.n, 1);
  assert_null(whole.view.number);
  case_whole_finish(&whole);
  bench_put(b, m, YZ_ACCEPTED);
  assert_rows(b, "QS3-26-0001-N|路灯|registered|0|-|0|-;");
  made_free(m);
  made_free(note);
  writer_end(&w);
}

/* Waiting and refused records have no effect; judged anew they gain and lose it. */
static void test_only_accepted_counts(void **state) {
  struct bench *b = *state;
  char no[NUMBER_MAX];
  struct writer w = writer_begin(b, 1, false);
  struct made *m = make_open(&w, number(no, 1), "路灯", NULL);
  struct made *assign = make_move(&w, "case.assign", m, m, json_pack("{s:s}", "to", "老张"));
  bench_put(b, m, YZ_WAITING);
  bench_put(b, assign, YZ_WAITING);
  assert_rows(b, "");
  bench_judge(b, m, YZ_ACCEPTED);
  assert_rows(b, "QS3-26-0001-N|路灯|registered|0|-|0|-;");
  bench_judge(b, assign, YZ_ACCEPTED);
  assert_rows(b, "QS3-26-0001-N|路灯|assigned|0|老张|0|-;");
  bench_judge(b, assign, YZ_REFUSED);
  assert_rows(b, "QS3-26-0001-N|路灯|registered|0|-|0|-;");
  bench_judge(b, m, YZ_REFUSED);
  assert_rows(b, "");
  struct case_whole whole;
  struct yz_error err = {0};
  assert_int_equal(store_load_case(b->s, &m->stored.id, &whole, &err), YZ_E_NOT_FOUND);
  assert_null(err.message);
  assert_int_equal(bench_check(b).n, 0);
  made_free(m);
  made_free(assign);
  writer_end(&w);
}

/* Another village cannot write into a case that is not of its ledger. */
static void test_ledgers_apart(void **state) {
  struct bench *b = *state;
  char no[NUMBER_MAX];
  struct writer a = writer_begin(b, 1, false), other = writer_begin(b, 2, false);
  struct made *m = make_open(&a, number(no, 1), "路灯", NULL);
  struct made *foul =
      make_move(&other, "case.edit", m, m, json_pack("{s:{s:s}}", "fields", "title", "改了"));
  bench_put(b, foul, YZ_ACCEPTED);
  bench_put(b, m, YZ_ACCEPTED);
  assert_rows(b, "QS3-26-0001-N|路灯|registered|0|-|0|-;");
  struct case_whole whole;
  OK(store_load_case(b->s, &m->stored.id, &whole, &err));
  assert_int_equal(whole.n, 1);
  case_whole_finish(&whole);
  made_free(m);
  made_free(foul);
  writer_end(&a);
  writer_end(&other);
}

/* A log that travels in another ledger from now on takes its cases along. */
static void test_log_moves(void **state) {
  struct bench *b = *state;
  char no[NUMBER_MAX];
  struct writer old = writer_begin(b, 1, false), joined = writer_begin(b, 2, false);
  struct made *m = make_open(&old, number(no, 1), "路灯", NULL);
  struct made *assign = make_move(&joined, "case.assign", m, m, json_pack("{s:s}", "to", "老张"));
  bench_put(b, m, YZ_ACCEPTED);
  bench_put(b, assign, YZ_ACCEPTED);
  assert_rows(b, "QS3-26-0001-N|路灯|registered|0|-|0|-;");
  old.row.ledger = joined.row.ledger;
  old.row.old = true;
  old.row.head = old.at;
  OK(b->t->begin(b->t->ctx, &err));
  OK(b->t->put_log(b->t->ctx, &old.row, &err));
  OK(b->t->commit(b->t->ctx, &err));
  assert_rows(b, "QS3-26-0001-N|路灯|assigned|0|老张|0|-;");
  assert_int_equal(bench_check(b).n, 0);
  made_free(m);
  made_free(assign);
  writer_end(&old);
  writer_end(&joined);
}

static struct made *make_ceiling(struct writer *hub, const char *log, int from) {
  return make(hub, "clock.ceiling",
              json_pack("{s:s, s:i, s:I}", "of", log, "from", from, "ceiling", (json_int_t)1000002),
              NULL, NULL, NULL, 0);
}

/* A ceiling bounds stamps in a log from a place on: of two edits made apart, the
 * one whose clock was years ahead no longer wins. */
static void test_ceiling(void **state) {
  struct bench *b = *state;
  char no[NUMBER_MAX];
  struct writer a = writer_begin(b, 1, false), ahead = writer_begin(b, 101, false),
                hub = writer_begin(b, 201, true);
  struct made *m = make_open(&a, number(no, 1), "一", NULL);
  a.clock += 5000;
  struct made *one =
      make_move(&a, "case.edit", m, m, json_pack("{s:{s:s}}", "fields", "title", "二"));
  ahead.clock += 900000;
  struct made *two =
      make_move(&ahead, "case.edit", m, m, json_pack("{s:{s:s}}", "fields", "title", "三"));
  bench_put(b, m, YZ_ACCEPTED);
  bench_put(b, one, YZ_ACCEPTED);
  bench_put(b, two, YZ_ACCEPTED);
  assert_rows(b, "QS3-26-0001-N|三|registered|0|-|1|-;");
  char hex[YZ_ID_HEX + 1];
  yz_to_hex(ahead.row.id.bytes, YZ_ID_LEN, hex);
  struct made *later = make_ceiling(&hub, hex, 2), *ceiling = make_ceiling(&hub, hex, 1);
  bench_put(b, later, YZ_ACCEPTED);
  assert_rows(b, "QS3-26-0001-N|三|registered|0|-|1|-;");
  bench_put(b, ceiling, YZ_ACCEPTED);
  assert_rows(b, "QS3-26-0001-N|二|registered|0|-|1|-;");
  bench_judge(b, ceiling, YZ_REFUSED);
  assert_rows(b, "QS3-26-0001-N|三|registered|0|-|1|-;");
  struct made *all[] = {m, one, two, later, ceiling};
  for (size_t i = 0; i < 5; i++) made_free(all[i]);
  writer_end(&a);
  writer_end(&ahead);
  writer_end(&hub);
}

/* Whether a log is the hub's decides who may follow up a closed case. */
static void test_by_hub(void **state) {
  struct bench *b = *state;
  char no[NUMBER_MAX];
  struct writer a = writer_begin(b, 1, false), hub = writer_begin(b, 101, true);
  struct made *m[5];
  m[0] = make_open(&a, number(no, 1), "一", NULL);
  m[1] = make_move(&a, "case.resolve", m[0], m[0], json_pack("{s:s}", "text", "好了"));
  m[2] = make_move(&a, "case.close", m[0], m[1], json_pack("{s:s}", "reason", "无法联系"));
  hub.clock += 100;
  m[3] = make(&hub, "case.followup", json_pack("{s:i, s:s}", "at", 1, "result", "dissatisfied"),
              json_object(), &m[0]->stored.id, &m[2]->stored.id, 1);
  for (int i = 0; i < 4; i++) bench_put(b, m[i], YZ_ACCEPTED);
  assert_rows(b, "QS3-26-0001-N|一|in-hand|2|-|0|-;");
  for (int i = 0; i < 4; i++) made_free(m[i]);
  writer_end(&a);
  writer_end(&hub);
}

/* What a commit saved is folded: whoever opens the store next sees it. */
static void test_committed_is_folded(void **state) {
  struct bench *b = *state;
  char no[NUMBER_MAX];
  struct writer w = writer_begin(b, 1, false);
  struct made *m = make_open(&w, number(no, 1), "路灯", NULL);
  struct made *assign = make_move(&w, "case.assign", m, m, json_pack("{s:s}", "to", "老张"));
  bench_put(b, m, YZ_ACCEPTED);
  bench_put(b, assign, YZ_ACCEPTED);
  bench_reopen(b);
  assert_rows(b, "QS3-26-0001-N|路灯|assigned|0|老张|0|-;");
  made_free(m);
  made_free(assign);
  writer_end(&w);
}

/* A whole case: what each record is, and the lines as they were signed. */
static void test_load(void **state) {
  struct bench *b = *state;
  char no[NUMBER_MAX];
  struct writer w = writer_begin(b, 1, false);
  struct made *m = make_open(&w, number(no, 1), "路灯", NULL), *note = make_note(&w, m, "看过了");
  bench_put(b, m, YZ_ACCEPTED);
  bench_put(b, note, YZ_ACCEPTED);
  struct case_whole whole;
  OK(store_load_case(b->s, &m->stored.id, &whole, &err));
  assert_int_equal(whole.n, 2);
  assert_string_equal(whole.lines[1], (char *)note->line.data);
  assert_int_equal(whole.records[1].seq, 2);
  assert_memory_equal(&whole.records[1].log, &w.row.id, sizeof w.row.id);
  assert_memory_equal(&whole.records[1].by, &w.row.node, sizeof w.row.node);
  assert_memory_equal(&whole.records[1].id, &note->stored.id, sizeof note->stored.id);
  assert_string_equal(yz_json_string(whole.records[1].content, "text"), "看过了");
  assert_int_equal(whole.view.n_heads, 1);
  assert_int_equal(whole.view.heads[0], 1);
  case_whole_finish(&whole);
  made_free(m);
  made_free(note);
  writer_end(&w);
}

/* What a rolled back transaction did is gone, from rows and index too. */
static void test_rollback(void **state) {
  struct bench *b = *state;
  char no[NUMBER_MAX];
  struct writer w = writer_begin(b, 1, false);
  struct made *m = make_open(&w, number(no, 1), "路灯", NULL), *note = make_note(&w, m, "看过了");
  OK(store_begin(b->s, &err));
  bench_put_in(b, m, YZ_ACCEPTED);
  bench_put_in(b, note, YZ_ACCEPTED);
  assert_finds(b, "看过", "QS3-26-0001-N ");
  store_rollback(b->s);
  assert_rows(b, "");
  bench_put(b, m, YZ_ACCEPTED);
  assert_finds(b, "看过", "");
  assert_finds(b, "路灯", "QS3-26-0001-N ");
  made_free(m);
  made_free(note);
  writer_end(&w);
}

/* Case tables made anew are what they were; a row that is not is found. */
static void test_check_and_rebuild(void **state) {
  struct bench *b = *state;
  char no[NUMBER_MAX], path[TMP_PATH];
  struct writer w = writer_begin(b, 1, false);
  struct made *m = make_open(&w, number(no, 1), "路灯", NULL), *note = make_note(&w, m, "看过了");
  bench_put(b, m, YZ_ACCEPTED);
  bench_put(b, note, YZ_ACCEPTED);
  assert_finds(b, "看过", "QS3-26-0001-N ");
  tmp_join(path, b->dir, "yizhan.db");
  /* As if someone had changed it behind the program's back. */
  static const char *const harm[] = {"UPDATE cases SET title='x'", "DELETE FROM cases"};
  for (size_t i = 0; i < 2; i++) {
    struct found f = bench_check(b);
    assert_int_equal(f.n, 0);
    bench_sql(path, harm[i]);
    f = bench_check(b);
    assert_int_equal(f.n, 1);
    assert_string_equal(f.code, "store.case");
    OK(store_rebuild_cases(b->s, &err));
    assert_rows(b, "QS3-26-0001-N|路灯|registered|0|-|0|-;");
    assert_finds(b, "看过", "QS3-26-0001-N ");
  }
  made_free(m);
  made_free(note);
  writer_end(&w);
}

static int64_t steps_of_looking(struct bench *b) {
  const struct case_query resolved = {.since_ms = INT64_MIN, .state = "resolved", .limit = 50};
  const struct case_query apart = {.since_ms = INT64_MIN, .conflicts = true, .limit = 50};
  struct yz_buf rows = {0};
  int64_t steps = 0, named;
  bench_count_steps(b, &steps);
  OK(store_list_cases(b->s, &resolved, describe, &rows, &err));
  OK(store_list_cases(b->s, &apart, describe, &rows, &err));
  OK(store_count_named(b->s, &named, &err));
  bench_count_steps(b, NULL);
  assert_int_equal(named, 0);
  yz_buf_finish(&rows);
  return steps;
}

/* What waits for somebody, has two values or stands unsealed is found by that alone: among a
 * thousand cases more it is looked for no longer. */
static void test_what_waits_is_found(void **state) {
  enum { MORE = 1000 };
  struct bench *b = *state;
  char no[NUMBER_MAX];
  struct writer w = writer_begin(b, 1, false);
  struct made *m = make_open(&w, number(no, 1), "路灯", NULL);
  bench_put(b, m, YZ_ACCEPTED);
  int64_t before = steps_of_looking(b);
  made_free(m);
  OK(store_begin(b->s, &err));
  for (int i = 2; i < MORE; i++) {
    m = make_open(&w, number(no, i), "水管", NULL);
    bench_put_in(b, m, YZ_ACCEPTED);
    made_free(m);
  }
  OK(store_commit(b->s, &err));
  int64_t after = steps_of_looking(b);
  print_message("%lld hundred steps, %lld with many more cases\n", (long long)before,
                (long long)after);
  assert_true(after <= before + 5);
  writer_end(&w);
}

struct looked {
  int looks, shown;
};

static bool look(void *arg, const char *title, const char *household) {
  struct looked *l = arg;
  assert_null(household);
  l->looks++;
  return strcmp(title, "路灯") == 0;
}

static int show(void *arg, const struct case_row *row) {
  struct looked *l = arg;
  assert_string_equal(row->title, "路灯");
  l->shown++;
  return 0;
}

static struct looked recent(struct bench *b) {
  struct looked l = {0};
  struct yz_id ledger = ledger_id(1);
  OK(store_each_recent(b->s, &ledger, 0, INT64_MAX, false, look, show, &l, &err));
  return l;
}

/* What a new case may be the same matter as is looked for among the last, however many there are.
 */
static void test_recent_ones_are_bounded(void **state) {
  struct bench *b = *state;
  char no[NUMBER_MAX], path[1024], sql[400];
  struct writer w = writer_begin(b, 1, false);
  struct made *m = make_open(&w, number(no, 1), "路灯", NULL);
  bench_put(b, m, YZ_ACCEPTED);
  assert_int_equal(recent(b).shown, 1);
  tmp_join(path, b->dir, "yizhan.db");
  for (int i = 0; i < 2; i++) {
    /* As many opened after it, but for one; then that one too. */
    (void)snprintf(sql, sizeof sql,
                   "WITH RECURSIVE i(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM i WHERE i<%d)"
                   " INSERT INTO cases(ledger, id, listed, opened_ms, state, title)"
                   " SELECT c.ledger, randomblob(32), 1, c.opened_ms+i, c.state, '水管'"
                   " FROM i, cases c WHERE c.title='路灯'",
                   i == 0 ? STORE_RECENT_MAX - 1 : 1);
    bench_sql(path, sql);
    struct looked l = recent(b);
    assert_int_equal(l.looks, STORE_RECENT_MAX);
    assert_int_equal(l.shown, i == 0);
  }
  made_free(m);
  writer_end(&w);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_open_alone, bench_setup, bench_teardown),
      cmocka_unit_test(test_any_order),
      cmocka_unit_test_setup_teardown(test_not_listed_without_opening, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_only_accepted_counts, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_ledgers_apart, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_log_moves, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_ceiling, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_by_hub, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_committed_is_folded, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_load, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_rollback, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_check_and_rebuild, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_what_waits_is_found, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_recent_ones_are_bounded, bench_setup, bench_teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
