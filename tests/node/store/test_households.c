/* Households as they stand: whatever the order in which their records come, and those of the cases
 * that name them. */
#include "bench.h"
#include "node/store/effects.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int describe(void *arg, const struct household_row *r) {
  return yz_buf_printf(arg, "%s|%s|%lld|%lld|%lld%s;", r->name ? r->name : "-",
                       r->place ? r->place : "-", (long long)r->visits,
                       r->last_visit_ms == HOUSEHOLD_NEVER ? -1LL : (long long)r->last_visit_ms,
                       (long long)r->open_cases, r->gone ? "|gone" : "");
}

static void assert_query(struct bench *b, const struct household_query *q, const char *wanted) {
  struct yz_buf got = {0};
  assert_int_equal(yz_buf_append(&got, "", 0), 0);
  OK(store_list_households(b->s, q, describe, &got, &err));
  assert_string_equal((char *)got.data, wanted);
  yz_buf_finish(&got);
}

static void assert_rows(struct bench *b, const char *wanted) {
  assert_query(b, &(struct household_query){.not_since_ms = INT64_MIN}, wanted);
}

static struct made *make_household(struct writer *w, const char *name, const char *place) {
  return make(w, "household.add", json_pack("{s:i}", "at", 1),
              json_pack("{s:s, s:s}", "name", name, "place", place), NULL, NULL, 0);
}

/* Of a household, with more plain members and a content, both taken over. */
static struct made *make_of(struct writer *w, const char *type, const struct made *household,
                            int64_t at, json_t *content) {
  char hex[YZ_HASH_HEX + 1];
  yz_to_hex(household->stored.id.bytes, YZ_HASH_LEN, hex);
  return make(w, type, json_pack("{s:I, s:s}", "at", (json_int_t)at, "household", hex), content,
              NULL, NULL, 0);
}

static struct made *make_case(struct writer *w, int counter, const char *household) {
  char no[NUMBER_MAX];
  return make(w, "case.open", json_pack("{s:i, s:s}", "at", 5, "number", number(no, counter)),
              json_pack("{s:s, s:s}", "title", "水", "household", household), NULL, NULL, 0);
}

static struct made *make_move(struct writer *w, const char *type, const struct made *opening,
                              const struct made *head, int64_t at, json_t *content) {
  return make(w, type, json_pack("{s:I}", "at", (json_int_t)at), content, &opening->stored.id,
              &head->stored.id, 1);
}

enum { RECORDS = 6 };

static void fill(struct writer *w, struct made *m[static RECORDS]) {
  m[0] = make_household(w, " 甲家 ", "村东");
  m[1] = make_of(w, "household.edit", m[0], 2, json_pack("{s:{s:s}}", "fields", "place", "村西"));
  m[2] = make_of(w, "household.visit", m[0], 300, json_pack("{s:s}", "text", "好"));
  m[3] = make_case(w, 1, "　甲家");
  m[4] = make_move(w, "case.visit", m[3], m[3], 900, NULL);
  m[5] = make_move(w, "case.resolve", m[3], m[4], 910, json_pack("{s:s}", "text", "修了"));
}

/* Orders of six records, in one transaction or six, give one row. (All orders: the fold's test.) */
static void test_any_order(void **state) {
  (void)state;
  for (int order = 0; order < 720; order += 23) {
    struct bench b;
    bench_open(&b);
    struct writer w = writer_begin(&b, 1, false);
    struct made *m[RECORDS];
    fill(&w, m);
    int left[RECORDS] = {0, 1, 2, 3, 4, 5}, code = order;
    bool at_once = order % 3 == 0;
    if (at_once) OK(store_begin(b.s, &err));
    for (int n = RECORDS; n > 0; n--) {
      int pick = code % n;
      code /= n;
      if (at_once)
        bench_put_in(&b, m[left[pick]], YZ_ACCEPTED);
      else
        bench_put(&b, m[left[pick]], YZ_ACCEPTED);
      left[pick] = left[n - 1];
    }
    if (at_once) OK(store_commit(b.s, &err));
    assert_rows(&b, " 甲家 |村西|2|900|1;");
    assert_int_equal(bench_check(&b).n, 0);
    for (int i = 0; i < RECORDS; i++) made_free(m[i]);
    writer_end(&w);
    bench_close(&b);
  }
}

/* What is not accepted any more is unmade; all of it, and nothing is left. */
static void test_unmade(void **state) {
  struct bench *b = *state;
  static const char *const rows[] = {" 甲家 |村西|2|900|1;",
                                     " 甲家 |村西|2|900|1;",
                                     " 甲家 |村西|1|300|1;",
                                     " 甲家 |村西|1|300|0;",
                                     " 甲家 |村西|0|-1|0;",
                                     " 甲家 |村东|0|-1|0;",
                                     ""};
  struct writer w = writer_begin(b, 1, false);
  struct made *m[RECORDS];
  fill(&w, m);
  for (int i = 0; i < RECORDS; i++) bench_put(b, m[i], YZ_WAITING);
  assert_rows(b, "");
  for (int i = 0; i < RECORDS; i++) bench_judge(b, m[i], YZ_ACCEPTED);
  for (int i = 0; i < RECORDS; i++) {
    static const int order[RECORDS] = {5, 4, 3, 2, 1, 0};
    assert_rows(b, rows[i]);
    bench_judge(b, m[order[i]], YZ_REFUSED);
    assert_int_equal(bench_check(b).n, 0);
  }
  assert_rows(b, "");
  for (int i = 0; i < RECORDS; i++) bench_judge(b, m[i], YZ_ACCEPTED);
  assert_rows(b, rows[0]);
  OK(store_rebuild_cases(b->s, &err));
  bench_reopen(b);
  assert_rows(b, rows[0]);
  assert_int_equal(bench_check(b).n, 0);
  for (int i = 0; i < RECORDS; i++) made_free(m[i]);
  writer_end(&w);
}

/* Records of another village's ledger do nothing to a household of this one. */
static void test_ledgers_apart(void **state) {
  struct bench *b = *state;
  struct writer w = writer_begin(b, 1, false), other = writer_begin(b, 2, false);
  struct made *m[] = {make_household(&w, "甲家", "村东"),
                      make_household(&other, "甲家", "邻村"),
                      NULL,
                      NULL,
                      make_case(&other, 7, "甲家"),
                      NULL};
  other.clock += 100;
  m[2] =
      make_of(&other, "household.edit", m[0], 3, json_pack("{s:{s:s}}", "fields", "name", "乙家"));
  m[3] = make_of(&other, "household.visit", m[0], 999, NULL);
  m[5] = make_move(&other, "case.visit", m[4], m[4], 77, NULL);
  for (int i = 0; i < 6; i++) bench_put(b, m[i], YZ_ACCEPTED);
  assert_rows(b, "甲家|村东|0|-1|0;甲家|邻村|1|77|1;");
  assert_query(b, &(struct household_query){.ledger = &w.row.ledger, .not_since_ms = 50},
               "甲家|村东|0|-1|0;");
  assert_int_equal(bench_check(b).n, 0);
  /* The other's log comes to travel in this ledger: then they count. */
  other.row.ledger = w.row.ledger;
  other.row.old = true;
  other.row.head = other.at;
  OK(b->t->begin(b->t->ctx, &err));
  OK(b->t->put_log(b->t->ctx, &other.row, &err));
  OK(b->t->commit(b->t->ctx, &err));
  assert_rows(b, "乙家|村东|1|999|0;甲家|邻村|1|77|1;");
  assert_int_equal(bench_check(b).n, 0);
  for (int i = 0; i < 6; i++) made_free(m[i]);
  writer_end(&w);
  writer_end(&other);
}

static void test_queries(void **state) {
  struct bench *b = *state;
  static const char *const names[] = {"丙家", "甲家", "Old Mill", "乙家"};
  struct writer w = writer_begin(b, 1, false);
  struct made *m[4], *v[3];
  for (int i = 0; i < 4; i++)
    bench_put(b, m[i] = make_household(&w, names[i], "村东"), YZ_ACCEPTED);
  v[0] = make_of(&w, "household.visit", m[0], 500, NULL);
  v[1] = make_of(&w, "household.visit", m[1], 100, NULL);
  char hex[YZ_HASH_HEX + 1];
  yz_to_hex(m[3]->stored.id.bytes, YZ_HASH_LEN, hex);
  v[2] =
      make(&w, "household.edit", json_pack("{s:i, s:s, s:b}", "at", 1, "household", hex, "gone", 1),
           NULL, NULL, NULL, 0);
  for (int i = 0; i < 3; i++) bench_put(b, v[i], YZ_ACCEPTED);
  assert_rows(b, "Old Mill|村东|0|-1|0;丙家|村东|1|500|0;甲家|村东|1|100|0;");
  assert_query(b, &(struct household_query){.not_since_ms = 500},
               "Old Mill|村东|0|-1|0;甲家|村东|1|100|0;");
  assert_query(b, &(struct household_query){.not_since_ms = INT64_MIN, .gone = true},
               "乙家|村东|0|-1|0|gone;");
  assert_query(b, &(struct household_query){.not_since_ms = INT64_MIN, .search = " ｍill　村 "},
               "Old Mill|村东|0|-1|0;");
  assert_query(b, &(struct household_query){.not_since_ms = INT64_MIN, .search = "mill 甲"}, "");
  for (int i = 0; i < 3; i++) made_free(v[i]);
  for (int i = 0; i < 4; i++) made_free(m[i]);
  writer_end(&w);
}

static int count_steps(void *arg) {
  ++*(int64_t *)arg;
  return 0;
}

/* A list costs what its households and their cases are: none looks at the others'. */
static void test_cost(void **state) {
  struct bench *b = *state;
  enum { HOUSEHOLDS = 400 };
  struct writer w = writer_begin(b, 1, false);
  struct yz_buf got = {0};
  int64_t steps = 0;
  OK(store_begin(b->s, &err));
  for (int i = 0; i < HOUSEHOLDS; i++) {
    char name[20];
    (void)snprintf(name, sizeof name, "%d号", i);
    struct made *m[] = {make_household(&w, name, "村东"), make_case(&w, i + 1, name)};
    for (int k = 0; k < 2; k++) bench_put_in(b, m[k], YZ_ACCEPTED), made_free(m[k]);
  }
  OK(store_commit(b->s, &err));
  sqlite3_progress_handler(b->s->db, 10, count_steps, &steps);
  OK(store_list_households(b->s, &(struct household_query){.not_since_ms = INT64_MAX}, describe,
                           &got, &err));
  assert_in_range(steps, HOUSEHOLDS / 10, HOUSEHOLDS * 20);
  steps = 0;
  OK(store_named_households(b->s, NULL, "7号", describe, &got, &err));
  OK(store_identified_households(b->s, NULL, "0011223344", describe, &got, &err));
  assert_in_range(steps, 1, 40);
  yz_buf_finish(&got);
  writer_end(&w);
}

/* What stands in a household's row, or beside a case's, and is not what the records say. */
static void test_check_sees(void **state) {
  struct bench *b = *state;
  static const char *const wrong[] = {
      "UPDATE household SET visits=7", "UPDATE household SET name='x'",
      "DELETE FROM household",         "UPDATE case_home SET open=1-open",
      "DELETE FROM case_home",         "UPDATE case_home SET home='x'"};
  char path[300];
  struct writer w = writer_begin(b, 1, false);
  struct made *m[RECORDS];
  fill(&w, m);
  for (int i = 0; i < RECORDS; i++) bench_put(b, m[i], YZ_ACCEPTED);
  (void)snprintf(path, sizeof path, "%s/yizhan.db", b->dir);
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    bench_sql(path, wrong[i]);
    assert_int_equal(bench_check(b).n, 1);
    assert_string_equal(bench_check(b).code, i < 3 ? "store.household" : "store.case");
    OK(store_rebuild_cases(b->s, &err));
    assert_int_equal(bench_check(b).n, 0);
    assert_rows(b, " 甲家 |村西|2|900|1;");
  }
  for (int i = 0; i < RECORDS; i++) made_free(m[i]);
  writer_end(&w);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_any_order),
      cmocka_unit_test_setup_teardown(test_unmade, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_ledgers_apart, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_queries, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_cost, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_check_sees, bench_setup, bench_teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
