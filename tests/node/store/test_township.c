/* What the township settled, as the store reads it back from records in any order. */
#include "bench.h"
#include <stdlib.h>

static struct made *holiday(struct writer *w, const char *date, bool off) {
  return make(w, "hub.holiday", json_pack("{s:i,s:s,s:b}", "at", 1, "date", date, "off", (int)off),
              NULL, NULL, NULL, 0);
}

/* With an odd number of days, a zone as many hours east is said too. */
static struct made *settings_at(struct writer *w, int64_t at, int accept, const char *office) {
  char zone[CALENDAR_ZONE];
  calendar_write_zone(60 * accept, zone);
  json_t *content = office != NULL ? json_pack("{s:[s]}", "offices", office) : NULL;
  json_t *plain = json_pack("{s:I,s:i,s:s*}", "at", (json_int_t)at, "accept", accept, "zone",
                            accept % 2 != 0 ? zone : NULL);
  return make(w, "hub.settings", plain, content, NULL, NULL, 0);
}

/* Its zone alone, and with all else that was settled. */
static void assert_zone(struct bench *b, const struct yz_id *ledger, const struct township *t,
                        int expected) {
  int zone;
  OK(store_load_zone(b->s, ledger, &zone, &err));
  assert_int_equal(zone, t->policies.list[t->policies.n - 1].zone);
  if (expected != 0) assert_int_equal(zone, expected);
}

/* The same days are said in the same statement. */
static struct made *settings(struct writer *w, int accept, const char *office) {
  return settings_at(w, accept, accept, office);
}

/* "2026-10-01 off, 2026-10-10 work, ": of a ledger, or of all for -1. */
static void assert_days(struct bench *b, int ledger, const char *expected) {
  char said[512] = "";
  size_t len = 0;
  struct township t;
  struct yz_id id = ledger_id(ledger);
  OK(store_load_township(b->s, ledger < 0 ? NULL : &id, &t, &err));
  for (size_t i = 0; i < t.calendar.n; i++) {
    char date[CALENDAR_DATE];
    assert_true(calendar_write(t.calendar.days[i].day, date));
    len += (size_t)snprintf(said + len, sizeof said - len, "%s %s, ", date,
                            t.calendar.days[i].off ? "off" : "work");
  }
  assert_string_equal(said, expected);
  township_finish(&t);
}

static void the_last_word_on_a_day_counts(void **state) {
  struct bench *b = *state;
  struct writer hub = writer_begin(b, 1, true), other = writer_begin(b, 2, true);
  struct made *first = holiday(&hub, "2026-10-10", true),
              *second = holiday(&hub, "2026-10-01", true);
  struct made *last = holiday(&hub, "2026-10-10", false);
  struct made *elsewhere = holiday(&other, "2027-01-01", true);
  bench_put(b, first, YZ_ACCEPTED);
  bench_put(b, second, YZ_ACCEPTED);
  assert_days(b, 1, "2026-10-01 off, 2026-10-10 off, ");
  bench_put(b, last, YZ_WAITING);
  assert_days(b, 1, "2026-10-01 off, 2026-10-10 off, ");
  bench_judge(b, last, YZ_ACCEPTED);
  bench_put(b, elsewhere, YZ_ACCEPTED);
  assert_days(b, 1, "2026-10-01 off, 2026-10-10 work, ");
  assert_days(b, 2, "2027-01-01 off, ");
  assert_days(b, -1, "2026-10-01 off, 2026-10-10 work, 2027-01-01 off, ");
  bench_judge(b, first, YZ_REFUSED);
  assert_days(b, 1, "2026-10-01 off, 2026-10-10 work, ");
  bench_judge(b, last, YZ_REFUSED);
  assert_days(b, 1, "2026-10-01 off, ");
  bench_judge(b, first, YZ_ACCEPTED);
  assert_days(b, 1, "2026-10-01 off, 2026-10-10 off, ");
  struct made *all[] = {first, second, last, elsewhere};
  for (size_t i = 0; i < 4; i++) made_free(all[i]);
  writer_end(&hub);
  writer_end(&other);
}

static void assert_settled(struct bench *b, int ledger, int64_t accept, const char *office,
                           bool unread) {
  struct township t;
  struct yz_id id = ledger_id(ledger);
  OK(store_load_township(b->s, ledger < 0 ? NULL : &id, &t, &err));
  assert_int_equal(t.policies.list[t.policies.n - 1].accept, accept);
  assert_zone(b, ledger < 0 ? NULL : &id, &t, accept % 2 != 0 ? 60 * (int)accept : 0);
  assert_int_equal(json_array_size(t.names[SETTLED_OFFICES]), office != NULL);
  if (office != NULL)
    assert_string_equal(json_string_value(json_array_get(t.names[SETTLED_OFFICES], 0)), office);
  assert_int_equal(t.unread, unread);
  township_finish(&t);
}

static int64_t accept_at(const struct township *t, int64_t ms) {
  return case_policy_at(&t->policies, (struct yz_stamp){ms, 0})->accept;
}

/* What comes late, from another log of the hub, takes its place in the hub's order; in which what
 * was said by a clock that ran ahead has its place too. */
static void settings_in_the_hubs_order(void **state) {
  struct bench *b = *state;
  struct township t;
  struct yz_id id = ledger_id(1);
  struct writer hub = writer_begin(b, 1, true), older = writer_begin(b, 101, true);
  struct made *before = settings_at(&older, 100, 9, "司法所");
  hub.clock = older.clock + 10;
  struct made *ahead = settings_at(&hub, 5000, 7, "民政办");
  struct made *last = settings_at(&hub, 300, 3, NULL);
  bench_put(b, ahead, YZ_ACCEPTED);
  bench_put(b, last, YZ_ACCEPTED);
  bench_put(b, before, YZ_ACCEPTED);
  for (int i = 0; i < 2; i++) {
    OK(store_load_township(b->s, i == 0 ? &id : NULL, &t, &err));
    assert_int_equal(t.policies.n, 3);
    assert_int_equal(accept_at(&t, 99), 1);
    assert_int_equal(accept_at(&t, 100), 9);
    assert_int_equal(accept_at(&t, 299), 9);
    assert_int_equal(accept_at(&t, 300), 3);
    assert_int_equal(accept_at(&t, 5000), 3);
    assert_zone(b, i == 0 ? &id : NULL, &t, 180);
    assert_int_equal(json_array_size(t.names[SETTLED_OFFICES]), 1);
    assert_string_equal(json_string_value(json_array_get(t.names[SETTLED_OFFICES], 0)), "民政办");
    township_finish(&t);
    OK(store_begin(b->s, &err));
    OK(store_rebuild_cases(b->s, &err));
    OK(store_commit(b->s, &err));
  }
  struct made *all[] = {before, ahead, last};
  for (size_t i = 0; i < 3; i++) made_free(all[i]);
  writer_end(&hub);
  writer_end(&older);
}

static struct made *begins(struct writer *w, const struct writer *before) {
  char hex[YZ_ID_HEX + 1];
  json_t *continues = json_array();
  for (size_t i = 0; i < 2 && before != NULL; i++) { /* also what is not here */
    yz_to_hex(before->row.id.bytes, YZ_ID_LEN, hex);
    if (i == 0) hex[0] = hex[0] == '0' ? '1' : '0';
    json_array_append_new(continues, json_pack("[s,i,s]", hex, 1, ""));
  }
  return make(w, "log.begin", json_pack("{s:o}", "continues", continues), NULL, NULL, NULL, 0);
}

/* Three lives of a hub, of which the first began while its clock was ahead; in whatever order they
 * come. */
static void a_log_comes_after_those_it_goes_on_from(void **state) {
  struct bench *b = *state;
  for (int i = 0; i < 6; i++) {
    static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    int ledger = 10 + i;
    struct writer w[] = {writer_begin(b, ledger, true), writer_begin(b, 100 + ledger, true),
                         writer_begin(b, 200 + ledger, true)};
    struct made *of[3][2];
    w[0].clock = 9000000;
    w[1].clock = 3000000;
    w[2].clock = 3000000; /* as early as the one before, by chance */
    for (int k = 0; k < 3; k++) {
      of[k][0] = begins(&w[k], k > 0 ? &w[k - 1] : NULL);
      of[k][1] = settings_at(&w[k], 5, 2 + k, NULL);
    }
    for (int k = 0; k < 3; k++)
      for (int j = 0; j < 2; j++) bench_put(b, of[orders[i][k]][j], YZ_ACCEPTED);
    assert_settled(b, ledger, 4, NULL, false);
    bench_judge(b, of[2][1], YZ_REFUSED);
    assert_settled(b, ledger, 3, NULL, false);
    bench_judge(b, of[1][0], YZ_REFUSED); /* then nothing says which comes first */
    assert_settled(b, ledger, 2, NULL, false);
    for (int k = 0; k < 3; k++) {
      made_free(of[k][0]);
      made_free(of[k][1]);
      writer_end(&w[k]);
    }
  }
}

/* Of ledgers in which the same was said at different times, the last word is that of all. */
static void the_last_word_of_several_ledgers(void **state) {
  struct bench *b = *state;
  struct township t;
  struct writer one = writer_begin(b, 1, true), two = writer_begin(b, 2, true);
  struct made *all[] = {settings_at(&one, 5000, 2, NULL), settings_at(&two, 200, 2, NULL),
                        settings_at(&one, 300, 3, NULL), settings_at(&two, 300, 3, NULL)};
  for (size_t i = 0; i < 4; i++) bench_put(b, all[i], YZ_ACCEPTED);
  OK(store_load_township(b->s, NULL, &t, &err));
  assert_int_equal(t.policies.n, 4);
  assert_int_equal(t.policies.list[3].accept, 3);
  assert_zone(b, NULL, &t, 180);
  assert_int_equal(accept_at(&t, 299), 2);
  assert_int_equal(accept_at(&t, 5000), 3);
  township_finish(&t);
  for (size_t i = 0; i < 4; i++) made_free(all[i]);
  writer_end(&one);
  writer_end(&two);
}

static void never(void *arg, const char *rule, const char *subject, const char *message) {
  (void)arg;
  fail_msg("%s %s %s", rule, subject, message);
}

/* Days hold before the words can be read; offices when they can be, in whichever ledger. */
static void words_that_cannot_be_read_yet(void **state) {
  struct bench *b = *state;
  struct writer hub = writer_begin(b, 1, true), other = writer_begin(b, 2, true);
  struct made *first = settings(&hub, 2, "民政办"), *last = settings(&hub, 3, "司法所");
  other.clock = hub.clock + 10;
  struct made *elsewhere = settings(&other, 3, "司法所"), *all[] = {first, last, elsewhere};
  bench_put(b, first, YZ_ACCEPTED);
  assert_settled(b, 1, 2, "民政办", false);
  bench_put_unread(b, last);
  assert_settled(b, 1, 3, "民政办", true);
  OK(store_check(b->s, never, NULL, &err));
  OK(store_begin(b->s, &err));
  OK(store_rebuild_cases(b->s, &err));
  OK(store_commit(b->s, &err));
  assert_settled(b, 1, 3, "民政办", true);
  bench_put_unread(b, elsewhere);
  assert_settled(b, 2, 3, NULL, true);
  assert_settled(b, -1, 3, "民政办", true);
  bench_judge(b, last, YZ_ACCEPTED);
  assert_settled(b, -1, 3, "司法所", false);
  assert_settled(b, 1, 3, "司法所", false);
  assert_settled(b, 2, 3, NULL, true);
  bench_judge(b, elsewhere, YZ_REFUSED);
  bench_judge(b, last, YZ_REFUSED);
  assert_settled(b, 1, 2, "民政办", false);
  for (size_t i = 0; i < 3; i++) made_free(all[i]);
  writer_end(&hub);
  writer_end(&other);
}

/* A village's word has no effect, nor what only a newer version knows. */
static void only_the_hub_settles(void **state) {
  struct bench *b = *state;
  struct township t;
  struct yz_id id = ledger_id(1);
  struct writer hub = writer_begin(b, 1, true), village = writer_begin(b, 101, false);
  struct made *all[] = {
      holiday(&village, "2026-10-01", true), settings(&village, 9, "村"), settings(&hub, 0, "无"),
      make(&hub, "hub.holiday",
           json_pack("{s:i,s:s,s:b,s:i}", "at", 1, "date", "2026-10-01", "off", 1, "half", 1), NULL,
           NULL, NULL, 0),
      make(&hub, "hub.holidays",
           json_pack("{s:i,s:s,s:b}", "at", 1, "date", "2026-10-01", "off", 1), NULL, NULL, NULL,
           0)};
  for (size_t i = 0; i < 5; i++) bench_put(b, all[i], YZ_ACCEPTED);
  OK(store_load_township(b->s, &id, &t, &err));
  assert_int_equal(t.calendar.n, 0);
  assert_int_equal(t.policies.n, 0);
  assert_int_equal(json_array_size(t.names[SETTLED_OFFICES]), 0);
  township_finish(&t);
  for (size_t i = 0; i < 5; i++) made_free(all[i]);
  writer_end(&hub);
  writer_end(&village);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(the_last_word_on_a_day_counts, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(settings_in_the_hubs_order, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(a_log_comes_after_those_it_goes_on_from, bench_setup,
                                      bench_teardown),
      cmocka_unit_test_setup_teardown(the_last_word_of_several_ledgers, bench_setup,
                                      bench_teardown),
      cmocka_unit_test_setup_teardown(words_that_cannot_be_read_yet, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(only_the_hub_settles, bench_setup, bench_teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
