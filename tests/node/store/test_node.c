/* What the node itself keeps: settings, secrets, workers, names, invitations,
 * quarantine, numbers and pages of lists. */
#include "bench.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_settings(void **state) {
  struct bench *b = *state;
  struct yz_buf out = {0};
  struct yz_error none = {0};
  assert_int_equal(store_get_setting(b->s, "role", &out, &none), YZ_E_NOT_FOUND);
  assert_null(none.message);
  OK(store_put_setting(b->s, "role", "hub", &err));
  OK(store_put_setting(b->s, "role", "village", &err));
  bench_reopen(b);
  OK(store_get_setting(b->s, "role", &out, &err));
  assert_string_equal((char *)out.data, "village");
  yz_buf_finish(&out);
}

static void test_secrets(void **state) {
  struct bench *b = *state;
  struct yz_secret *in = yz_secret_create(32), *out = in;
  struct yz_error none = {0};
  memset(in->bytes, 0xa5, 32);
  assert_int_equal(store_get_secret(b->s, "node.seed", &out, &none), YZ_E_NOT_FOUND);
  assert_null(out);
  OK(store_put_secret(b->s, "node.seed", in, &err));
  OK(store_get_secret(b->s, "node.seed", &out, &err));
  assert_int_equal(out->len, 32);
  assert_memory_equal(out->bytes, in->bytes, 32);
  yz_secret_destroy(in);
  yz_secret_destroy(out);
}

static int say_worker(void *arg, const struct worker_row *w) {
  return yz_buf_printf(arg, "%s %d %.*s/%.*s;", w->name, w->locked, (int)w->sealed.len,
                       (char *)w->sealed.data, (int)w->recovery.len, (char *)w->recovery.data);
}

static void test_workers(void **state) {
  struct bench *b = *state;
  struct yz_buf said = {0};
  struct worker_row one = {.key = {{1}}, .name = "王"},
                    two = {.key = {{2}}, .name = "李", .locked = true};
  OK(yz_buf_puts(&one.sealed, "s1"));
  OK(yz_buf_puts(&two.sealed, "s2"));
  OK(yz_buf_puts(&two.recovery, "r2"));
  OK(store_put_worker(b->s, &two, &err));
  OK(store_put_worker(b->s, &one, &err));
  memcpy(two.name, "赵", 4);
  OK(store_put_worker(b->s, &two, &err));
  OK(store_each_worker(b->s, say_worker, &said, &err));
  assert_string_equal((char *)said.data, "赵 1 s2/r2;王 0 s1/;");
  worker_row_finish(&one);
  worker_row_finish(&two);
  yz_buf_finish(&said);
}

typedef int (*name_fn)(struct store *s, const struct yz_id *ledger, const struct yz_key *key,
                       struct yz_buf *out, struct yz_error *err);

static void assert_said(struct bench *b, name_fn fn, int ledger, const struct yz_key *key,
                        const char *wanted) {
  struct yz_buf name = {0};
  struct yz_error none = {0};
  struct yz_id id = ledger_id(ledger);
  int rc = fn(b->s, &id, key, &name, &none);
  assert_int_equal(rc, wanted != NULL ? 0 : YZ_E_NOT_FOUND);
  if (wanted != NULL) assert_string_equal((char *)name.data, wanted);
  yz_buf_finish(&name);
}

static void assert_name(struct bench *b, int ledger, const struct yz_key *key, const char *wanted) {
  assert_said(b, store_key_name, ledger, key, wanted);
}

static struct made *add_worker(struct writer *w, const struct yz_key *key, const char *name) {
  char hex[2 * YZ_KEY_LEN + 1];
  yz_to_hex(key->bytes, YZ_KEY_LEN, hex);
  return make(w, "worker.add", json_pack("{s:s}", "worker", hex), json_pack("{s:s}", "name", name),
              NULL, NULL, 0);
}

/* Names come from accepted records; one village does not rename what another has named, the hub
 * does in its ledger, and a node names itself. */
static void test_names(void **state) {
  struct bench *b = *state;
  struct writer a = writer_begin(b, 1, false), other = writer_begin(b, 2, false),
                hub = writer_begin(b, 101, true);
  struct yz_key key = {{8}};
  struct made *begin =
      make(&a, "log.begin", json_object(), json_pack("{s:s}", "name", "青石村"), NULL, NULL, 0);
  struct made *m[] = {add_worker(&a, &key, "王"), add_worker(&other, &key, "镇长"),
                      add_worker(&a, &key, "王二"), add_worker(&hub, &key, "王二同志"),
                      add_worker(&hub, &a.row.node, "别的村")};
  bench_put(b, begin, YZ_ACCEPTED);
  bench_put(b, m[4], YZ_ACCEPTED);
  assert_name(b, 1, &a.row.node, "青石村");
  bench_put(b, m[0], YZ_WAITING);
  assert_name(b, 1, &key, NULL);
  bench_judge(b, m[0], YZ_ACCEPTED);
  bench_put(b, m[1], YZ_ACCEPTED);
  assert_name(b, 1, &key, "王");
  assert_name(b, 2, &key, "镇长");
  bench_put(b, m[2], YZ_ACCEPTED);
  assert_name(b, 1, &key, "王二");
  bench_put(b, m[3], YZ_ACCEPTED);
  assert_name(b, 1, &key, "王二同志");
  bench_judge(b, m[3], YZ_REFUSED);
  assert_name(b, 1, &key, "王二");
  made_free(begin);
  for (size_t i = 0; i < 5; i++) made_free(m[i]);
  writer_end(&a);
  writer_end(&other);
  writer_end(&hub);
}

/* Whatever comes first, or counts no more and then again: the last word of a rank is the name. */
static void test_name_orders(void **state) {
  static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  struct bench *b = *state;
  struct writer one = writer_begin(b, 1, false), two = writer_begin(b, 201, false);
  two.clock += 500000;
  for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
    struct yz_key key = {{(unsigned char)(i + 1)}};
    struct made *m[] = {add_worker(&one, &key, "王"), add_worker(&one, &key, "王二"),
                        add_worker(&two, &key, "王三")};
    for (size_t k = 0; k < 3; k++) bench_put(b, m[orders[i][k]], YZ_ACCEPTED);
    assert_name(b, 1, &key, "王三");
    for (size_t k = 0; k < 3; k++) {
      bench_judge(b, m[orders[i][k]], YZ_REFUSED);
      assert_name(b, 1, &key, orders[i][k] == 2 ? "王二" : "王三");
      bench_judge(b, m[orders[i][k]], YZ_ACCEPTED);
    }
    assert_name(b, 1, &key, "王三");
    for (size_t k = 0; k < 3; k++) made_free(m[k]);
  }
  writer_end(&one);
  writer_end(&two);
}

/* A log that comes to another ledger takes its names along. */
static void test_names_moved(void **state) {
  struct bench *b = *state;
  struct writer a = writer_begin(b, 1, false), other = writer_begin(b, 2, false);
  struct yz_key key = {{8}};
  struct made *m = add_worker(&a, &key, "王");
  bench_put(b, m, YZ_ACCEPTED);
  a.row.ledger = other.row.ledger;
  a.row.head = a.at;
  OK(b->t->begin(b->t->ctx, &err));
  OK(b->t->put_log(b->t->ctx, &a.row, &err));
  OK(b->t->commit(b->t->ctx, &err));
  assert_name(b, 1, &key, NULL);
  assert_name(b, 2, &key, "王");
  assert_int_equal(bench_check(b).n, 0);
  made_free(m);
  writer_end(&a);
  writer_end(&other);
}

/* Two workers of one name are told apart by their keys, as long as there are two. */
static void test_same_names(void **state) {
  struct bench *b = *state;
  struct writer a = writer_begin(b, 1, false), two = writer_begin(b, 201, false),
                other = writer_begin(b, 2, false);
  struct yz_key key = {{0xa4}}, same = {{0xb1, 0xc2}}, elsewhere = {{0xc3}};
  struct made *m[] = {add_worker(&a, &key, "王"), add_worker(&two, &same, "王"),
                      add_worker(&other, &elsewhere, "王")};
  bench_put(b, m[0], YZ_ACCEPTED);
  bench_put(b, m[2], YZ_ACCEPTED);
  assert_said(b, store_key_called, 1, &key, "王");
  bench_put(b, m[1], YZ_ACCEPTED);
  assert_said(b, store_key_called, 1, &key, "王 (a4000000)");
  assert_said(b, store_key_called, 1, &same, "王 (b1c20000)");
  assert_said(b, store_key_called, 2, &elsewhere, "王");
  assert_name(b, 1, &key, "王");
  bench_judge(b, m[1], YZ_REFUSED);
  assert_said(b, store_key_called, 1, &key, "王");
  for (size_t i = 0; i < 3; i++) made_free(m[i]);
  writer_end(&a);
  writer_end(&two);
  writer_end(&other);
}

/* --- invitations -------------------------------------------------------------- */

static int say_invitation(void *arg, const struct invitation_row *r) {
  return yz_buf_printf(arg, "%s %d %d;", r->invitation.village, r->used, r->used_by.bytes[0]);
}
struct wanted {
  const struct yz_invitation *invitation;
  bool used; /* as it was offered last */
};

static int take_wanted(void *arg, const struct yz_invitation *i, bool used) {
  struct wanted *w = arg;
  if (memcmp(i->word, w->invitation->word, sizeof i->word) != 0) return 0;
  assert_memory_equal(i, w->invitation, sizeof *i);
  w->used = used;
  return 1;
}

static void test_invitations(void **state) {
  struct bench *b = *state;
  struct yz_buf said = {0};
  struct yz_id log = {{9}};
  struct yz_invitation one, two;
  memset(&one, 0, sizeof one);
  one.ledger = ledger_id(1);
  memcpy(one.township, "白石镇", 10);
  memcpy(one.village, "青石", 7);
  memcpy(one.code, "QS3", 4);
  memcpy(one.letter, "B", 2);
  memcpy(one.url, "ssh://h/x", 10);
  memset(&one.hub, 1, sizeof one.hub);
  memset(&one.box, 2, sizeof one.box);
  memset(&one.recovery, 3, sizeof one.recovery);
  memset(one.word, 4, sizeof one.word);
  two = one;
  memset(two.word, 5, sizeof two.word);
  OK(store_put_invitation(b->s, &one, &err));
  OK(store_put_invitation(b->s, &two, &err));
  struct yz_error none = {0};
  struct yz_id elsewhere = ledger_id(2);
  struct wanted second = {&two, true};
  assert_int_equal(b->t->take_invitation(b->t->ctx, &elsewhere, &log, take_wanted, &second, &none),
                   0);
  assert_int_equal(b->t->take_invitation(b->t->ctx, &one.ledger, &log, take_wanted, &second, &none),
                   1);
  assert_false(second.used);
  assert_int_equal(b->t->take_invitation(b->t->ctx, &one.ledger, &log, take_wanted, &second, &none),
                   0);
  assert_true(second.used);
  OK(store_each_invitation(b->s, say_invitation, &said, &err));
  assert_string_equal((char *)said.data, "青石 0 0;青石 1 9;");
  yz_buf_finish(&said);
}

/* --- quarantine --------------------------------------------------------------- */

static int say_refused(void *arg, const struct refused_row *r) {
  assert_true(r->at_ms > 0);
  return yz_buf_printf(arg, "%lld %s %lld %s %d%s;", (long long)r->number, r->entry.rule,
                       (long long)r->entry.seq, r->entry.ref,
                       r->entry.bytes != NULL ? (int)r->entry.len : -1,
                       r->released ? " released" : "");
}

static void test_quarantine(void **state) {
  struct bench *b = *state;
  struct yz_buf said = {0};
  struct yz_error none = {0};
  size_t large = 5 * 1024 * 1024;
  char *bytes = calloc(1, large);
  struct yz_refused e = {
      .rule = "log.fork", .hash = {{1}}, .ref = "r", .seq = 3, .bytes = bytes, .len = 5};
  assert_int_equal(b->t->put_refused(b->t->ctx, &e, &none), 1);
  assert_int_equal(b->t->put_refused(b->t->ctx, &e, &none), 0);
  e.seq = 4;
  e.len = large;
  assert_int_equal(b->t->put_refused(b->t->ctx, &e, &none), 1);
  e.seq = 5; /* the second large one is beyond the cap */
  assert_int_equal(b->t->put_refused(b->t->ctx, &e, &none), 1);
  e.seq = 6;
  e.len = 7;
  assert_int_equal(b->t->put_refused(b->t->ctx, &e, &none), 1);
  e.seq = 7; /* what one ledger sends takes no room from another's */
  e.ledger = ledger_id(2);
  e.len = large;
  assert_int_equal(b->t->put_refused(b->t->ctx, &e, &none), 1);
  struct store_counts c;
  OK(store_count(b->s, &c, &err));
  assert_int_equal(c.quarantined, 5);
  OK(store_release_refused(b->s, 2, &err));
  OK(store_count(b->s, &c, &err));
  assert_int_equal(c.quarantined, 4);
  assert_int_equal(store_release_refused(b->s, 99, &none), YZ_E_NOT_FOUND);
  OK(store_each_refused(b->s, say_refused, &said, &err));
  assert_string_equal((char *)said.data,
                      "1 log.fork 3 r 5;2 log.fork 4 r 5242880 released;"
                      "3 log.fork 5 r -1;4 log.fork 6 r 7;5 log.fork 7 r 5242880;");
  yz_buf_finish(&said);
  free(bytes);
}

/* Without an end somebody could fill the disk with what is refused. */
static void test_quarantine_ends(void **state) {
  enum { NEVER = 1000000 };
  struct bench *b = *state;
  struct yz_error none = {0};
  struct yz_refused e = {.rule = "log.id", .ref = "r"}, other = {.rule = "log.id", .ref = "r"};
  struct store_counts c;
  other.ledger = ledger_id(2);
  other.seq = -1;
  int n = 0;
  OK(b->t->begin(b->t->ctx, &err));
  for (; n < NEVER && b->t->put_refused(b->t->ctx, &e, &none) == 1; n++) e.seq++;
  assert_in_range(n, 10000, NEVER - 1);
  assert_int_equal(b->t->put_refused(b->t->ctx, &e, &none), 0);
  assert_int_equal(b->t->put_refused(b->t->ctx, &other, &none), 1);
  OK(b->t->commit(b->t->ctx, &err));
  OK(store_count(b->s, &c, &err));
  assert_int_equal(c.quarantined, n + 1);
}

/* --- numbers and lists ---------------------------------------------------------- */

static int say_number(void *arg, const char *number_) {
  return yz_buf_printf(arg, "%s ", number_);
}
static int say_row(void *arg, const struct case_row *r) {
  return yz_buf_printf(arg, "%s ", r->title);
}

static void put_case(struct bench *b, struct writer *w, int counter, const char *title) {
  char no[NUMBER_MAX];
  struct made *m = make_open(w, number(no, counter), title, NULL);
  bench_put_in(b, m, YZ_ACCEPTED);
  made_free(m);
}

/* Within a transaction the next counter sees what the transaction put. */
static void test_counter(void **state) {
  struct bench *b = *state;
  struct writer w = writer_begin(b, 1, false);
  int64_t next;
  OK(store_next_counter(b->s, "QS3", "A", 2026, &next, &err));
  assert_int_equal(next, 1);
  OK(store_begin(b->s, &err));
  put_case(b, &w, 9999, "a");
  OK(store_next_counter(b->s, "QS3", "A", 2026, &next, &err));
  assert_int_equal(next, 10000);
  char no[NUMBER_MAX];
  struct made *m = make_open(&w, number(no, 10000), "b", NULL), *note = make_note(&w, m, "c");
  bench_put_in(b, note, YZ_ACCEPTED); /* before what it is about */
  bench_put_in(b, m, YZ_ACCEPTED);
  made_free(m);
  made_free(note);
  OK(store_next_counter(b->s, "QS3", "A", 2026, &next, &err));
  assert_int_equal(next, 10001);
  OK(store_next_counter(b->s, "QS3", "B", 2026, &next, &err));
  assert_int_equal(next, 1);
  OK(store_next_counter(b->s, "QS3", "A", 2027, &next, &err));
  assert_int_equal(next, 1);
  store_rollback(b->s);
  OK(store_next_counter(b->s, "QS3", "A", 2026, &next, &err));
  assert_int_equal(next, 1);
  writer_end(&w);
}

/* A number at the end of all leaves the next ones room, each another. */
static void test_last_counter(void **state) {
  struct bench *b = *state;
  struct writer w = writer_begin(b, 1, false);
  int64_t next;
  OK(store_begin(b->s, &err));
  put_case(b, &w, 999999999, "b");
  for (int expected = 1; expected < 3; expected++) {
    OK(store_next_counter(b->s, "QS3", "A", 2026, &next, &err));
    assert_int_equal(next, expected);
    put_case(b, &w, (int)next, "c");
  }
  store_rollback(b->s);
  writer_end(&w);
}

static void test_clash_and_near(void **state) {
  struct bench *b = *state;
  struct yz_buf said = {0};
  struct yz_error none = {0};
  char no[NUMBER_MAX];
  struct writer w = writer_begin(b, 1, false), other = writer_begin(b, 101, false);
  OK(store_begin(b->s, &err));
  put_case(b, &w, 142, "一");
  put_case(b, &other, 142, "二");
  put_case(b, &w, 143, "三");
  put_case(b, &w, 2077, "四");
  OK(store_commit(b->s, &err));
  number(no, 142);
  OK(store_find_case(b->s, no, say_row, &said, &err));
  assert_int_equal(said.len, strlen("一 二 "));
  yz_buf_clear(&said);
  assert_int_equal(store_find_case(b->s, "QS3-26-0001-N", say_row, &said, &none), YZ_E_NOT_FOUND);
  assert_null(none.message);
  OK(store_near_numbers(b->s, "QS3-26-0124-K", 2, say_number, &said, &err));
  char wanted[2 * NUMBER_MAX + 2], third[NUMBER_MAX];
  (void)snprintf(wanted, sizeof wanted, "%s %s ", no, number(third, 143));
  assert_string_equal((char *)said.data, wanted);
  struct case_query q = {.since_ms = INT64_MIN, .after = no};
  assert_int_equal(store_list_cases(b->s, &q, say_row, &said, &none), YZ_E_EXISTS);
  yz_buf_finish(&said);
  writer_end(&w);
  writer_end(&other);
}

static void test_source(void **state) {
  struct bench *b = *state;
  struct writer w = writer_begin(b, 1, false);
  struct yz_error none = {0};
  struct made *m =
      make(&w, "case.open", json_pack("{s:i, s:s}", "at", 1, "number", "QS3-26-0001-N"),
           json_pack("{s:s, s:s}", "title", "一", "source", "id:7"), NULL, NULL, 0);
  assert_int_equal(store_find_source(b->s, "id:7", &none), YZ_E_NOT_FOUND);
  OK(store_begin(b->s, &err));
  bench_put_in(b, m, YZ_ACCEPTED);
  OK(store_find_source(b->s, "id:7", &err));
  OK(store_commit(b->s, &err));
  assert_int_equal(store_find_source(b->s, "id:8", &none), YZ_E_NOT_FOUND);
  assert_null(none.message);
  made_free(m);
  writer_end(&w);
}

/* Pages by key and by number, over cases opened at the same moment too, show each
 * case once. */
struct page {
  struct yz_buf titles;
  char key[128];
  int64_t last_ms;
  struct yz_hash last_id;
  int n;
};
static int turn(void *arg, const struct case_row *r) {
  struct page *p = arg;
  (void)snprintf(p->key, sizeof p->key, "%s", r->key);
  if (p->titles.len > 0)
    assert_true(r->opened_ms < p->last_ms ||
                (r->opened_ms == p->last_ms && memcmp(&r->id, &p->last_id, sizeof r->id) < 0));
  p->last_ms = r->opened_ms;
  p->last_id = r->id;
  p->n++;
  return yz_buf_printf(&p->titles, "%s ", r->title);
}

static void test_pages(void **state) {
  struct bench *b = *state;
  struct page p = {0};
  struct yz_error none = {0};
  struct writer w[3] = {writer_begin(b, 1, false), writer_begin(b, 2, false),
                        writer_begin(b, 3, false)};
  OK(store_begin(b->s, &err));
  for (int i = 0; i < 30; i++) put_case(b, &w[i % 3], i + 1, "x");
  OK(store_commit(b->s, &err));
  struct case_query q = {.since_ms = INT64_MIN, .limit = 4};
  int before;
  do {
    before = p.n;
    OK(store_list_cases(b->s, &q, turn, &p, &err));
    q.after = p.key;
  } while (p.n > before);
  assert_int_equal(p.n, 30);
  q.after = "QS3-26-9999-9";
  assert_int_equal(store_list_cases(b->s, &q, turn, &p, &none), YZ_E_NOT_FOUND);
  assert_non_null(none.message);
  none = (struct yz_error){0};
  q = (struct case_query){.since_ms = INT64_MIN, .state = "nonsense"};
  assert_int_equal(store_list_cases(b->s, &q, turn, &p, &none), YZ_E_INPUT);
  yz_buf_finish(&p.titles);
  for (int i = 0; i < 3; i++) writer_end(&w[i]);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)
  const struct CMUnitTest tests[] = {
      T(test_settings),       T(test_secrets),         T(test_workers),    T(test_names),
      T(test_name_orders),    T(test_names_moved),     T(test_same_names), T(test_invitations),
      T(test_quarantine),     T(test_quarantine_ends), T(test_counter),    T(test_last_counter),
      T(test_clash_and_near), T(test_source),          T(test_pages),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
