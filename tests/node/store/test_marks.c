/* What a hub has to look at after an intake: what changed, however many cases it has. */
#include "bench.h"
#include <stdio.h>
#include <string.h>

enum { MANY = 1000 };

/* The log of a hub that is this node. */
static struct writer own_hub(struct bench *b, int n) {
  struct writer w = writer_begin(b, n, true);
  w.row.own = true;
  OK(store_begin(b->s, &err));
  OK(b->t->put_log(b->t->ctx, &w.row, &err));
  OK(store_commit(b->s, &err));
  return w;
}

static struct made *make_referral(struct writer *hub, const struct made *opening, int to) {
  char hex[YZ_ID_HEX + 1];
  struct yz_id ledger = ledger_id(to);
  yz_to_hex(ledger.bytes, YZ_ID_LEN, hex);
  return make(hub, "case.refer", json_pack("{s:i, s:s}", "at", 1, "ledger", hex),
              json_pack("{s:s}", "to", "村"), &opening->stored.id, &opening->stored.id, 1);
}

struct seen {
  int n;
  struct yz_hash last;
};

static int see(void *arg, const struct yz_hash *id) {
  struct seen *s = arg;
  s->n++;
  s->last = *id;
  return 0;
}

static struct seen look(struct bench *b) {
  struct seen s = {0};
  OK(store_each_to_carry(b->s, see, &s, &err));
  return s;
}

struct ids {
  struct yz_hash list[MANY + 2];
  size_t n;
};

static int keep_id(void *arg, const struct yz_hash *id) {
  struct ids *ids = arg;
  assert_true(ids->n < MANY + 2);
  ids->list[ids->n++] = *id;
  return 0;
}

static void carried_all(struct bench *b) {
  struct ids ids = {.n = 0};
  OK(store_begin(b->s, &err));
  OK(store_each_to_carry(b->s, keep_id, &ids, &err));
  for (size_t i = 0; i < ids.n; i++) OK(store_carried_all(b->s, &ids.list[i], &err));
  OK(store_commit(b->s, &err));
  assert_int_equal(look(b).n, 0);
}

/* Of many cases that stand in two ledgers, the one of which something is said; all where who may
 * write changes; one that stands in one ledger alone never. */
static void what_changed_is_carried(void **state) {
  struct bench *b = *state;
  char no[NUMBER_MAX];
  struct writer village = writer_begin(b, 1, false), hub = own_hub(b, 101);
  struct made *first = NULL, *alone = make_open(&village, number(no, MANY), "井", NULL);
  bench_put(b, alone, YZ_ACCEPTED);
  OK(store_begin(b->s, &err));
  for (int i = 1; i < MANY; i++) {
    struct made *m = make_open(&village, number(no, i), "水渠", NULL);
    struct made *referral = make_referral(&hub, m, 2);
    bench_put_in(b, m, YZ_ACCEPTED);
    bench_put_in(b, referral, YZ_ACCEPTED);
    made_free(referral);
    if (first == NULL)
      first = m;
    else
      made_free(m);
  }
  OK(store_commit(b->s, &err));
  assert_int_equal(look(b).n, MANY - 1);
  carried_all(b);

  struct made *note = make_note(&village, first, "看过"),
              *other = make_note(&village, alone, "看过");
  bench_put(b, other, YZ_ACCEPTED);
  assert_int_equal(look(b).n, 0);
  bench_put(b, note, YZ_WAITING);
  assert_int_equal(look(b).n, 0);
  bench_judge(b, note, YZ_ACCEPTED);
  struct seen seen = look(b);
  assert_int_equal(seen.n, 1);
  assert_memory_equal(&seen.last, &first->stored.id, sizeof seen.last);
  carried_all(b);
  bench_judge(b, note, YZ_REFUSED);
  assert_int_equal(look(b).n, 1);
  carried_all(b);

  struct made *grant =
      make(&hub, "roster.revoke", json_pack("{s:i}", "at", 1), NULL, NULL, NULL, 0);
  bench_put(b, grant, YZ_ACCEPTED);
  assert_int_equal(look(b).n, MANY - 1);
  carried_all(b);
  OK(store_rebuild_cases(b->s, &err));
  assert_int_equal(look(b).n, MANY - 1);
  struct made *all[] = {first, alone, note, other, grant};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) made_free(all[i]);
  writer_end(&village);
  writer_end(&hub);
}

/* The cases of a village that has a successor, and those that come later. */
static void what_a_merged_village_has_is_carried(void **state) {
  struct bench *b = *state;
  char no[NUMBER_MAX], hex[YZ_ID_HEX + 1];
  struct writer village = writer_begin(b, 1, false), hub = own_hub(b, 101);
  struct made *m = make_open(&village, number(no, 1), "井", NULL);
  struct made *later = make_open(&village, number(no, 2), "路", NULL);
  struct yz_id into = ledger_id(2);
  yz_to_hex(into.bytes, YZ_ID_LEN, hex);
  bench_put(b, m, YZ_ACCEPTED);
  assert_int_equal(look(b).n, 0);
  struct made *merged =
      make(&hub, "hub.village", json_pack("{s:i, s:b, s:s}", "at", 1, "closed", 1, "into", hex),
           json_pack("{s:s, s:s}", "name", "村", "code", "QS3"), NULL, NULL, 0);
  bench_put(b, merged, YZ_ACCEPTED);
  assert_int_equal(look(b).n, 1);
  carried_all(b);
  bench_put(b, later, YZ_ACCEPTED);
  assert_int_equal(look(b).n, 1);
  made_free(m);
  made_free(later);
  made_free(merged);
  writer_end(&village);
  writer_end(&hub);
}

/* Elsewhere nobody looks. */
static void a_village_marks_nothing(void **state) {
  struct bench *b = *state;
  char no[NUMBER_MAX];
  struct writer village = writer_begin(b, 1, false), hub = writer_begin(b, 101, true);
  struct made *m = make_open(&village, number(no, 1), "井", NULL);
  struct made *referral = make_referral(&hub, m, 2);
  bench_put(b, m, YZ_ACCEPTED);
  bench_put(b, referral, YZ_ACCEPTED);
  assert_int_equal(look(b).n, 0);
  made_free(m);
  made_free(referral);
  writer_end(&village);
  writer_end(&hub);
}

static int count_log(void *arg, const struct yz_id *log) {
  (void)log;
  ++*(int *)arg;
  return 0;
}

static int clashes(struct bench *b, int64_t *steps) {
  struct yz_id ledger = ledger_id(1);
  int n = 0;
  bench_count_steps(b, steps);
  OK(store_each_clash(b->s, &ledger, count_log, &n, &err));
  bench_count_steps(b, NULL);
  return n;
}

/* A number that two logs gave is told until its letter is named, and again where something of it
 * changes; the others are not looked through, however many there are. */
static void a_clash_is_told_once(void **state) {
  struct bench *b = *state;
  char no[NUMBER_MAX];
  int64_t steps = 0;
  struct writer one = writer_begin(b, 1, false), other = writer_begin(b, 201, false);
  struct yz_id ledger = ledger_id(1);
  struct made *m = make_open(&one, number(no, MANY), "井", NULL);
  struct made *same = make_open(&other, number(no, MANY), "路", NULL);
  struct made *edit = make(&other, "case.edit", json_pack("{s:i}", "at", 1),
                           json_pack("{s:{s:s}}", "fields", "title", "水渠堵了"), &same->stored.id,
                           &same->stored.id, 1);
  bench_put(b, m, YZ_ACCEPTED);
  assert_int_equal(clashes(b, &steps), 0);
  OK(store_begin(b->s, &err));
  for (int i = 1; i < MANY; i++) {
    struct made *more = make_open(&one, number(no, i), "水渠", NULL);
    bench_put_in(b, more, YZ_ACCEPTED);
    made_free(more);
  }
  OK(store_commit(b->s, &err));
  steps = 0;
  assert_int_equal(clashes(b, &steps), 0);
  print_message("%lld hundred steps for none among %d\n", (long long)steps, (int)MANY);
  assert_true(steps <= 2);
  bench_put(b, same, YZ_ACCEPTED);
  assert_int_equal(clashes(b, &steps), 1);
  assert_int_equal(clashes(b, &steps), 1);
  OK(store_named_clashes(b->s, &ledger, &err));
  assert_int_equal(clashes(b, &steps), 0);
  bench_put(b, edit, YZ_ACCEPTED);
  assert_int_equal(clashes(b, &steps), 1);
  made_free(m);
  made_free(same);
  made_free(edit);
  writer_end(&one);
  writer_end(&other);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)
  const struct CMUnitTest tests[] = {
      TEST(what_changed_is_carried),
      TEST(what_a_merged_village_has_is_carried),
      TEST(a_village_marks_nothing),
      TEST(a_clash_is_told_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
