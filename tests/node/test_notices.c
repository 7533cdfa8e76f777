/* Who has received a notice: whose acknowledgement reaches it, and takes nothing back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "node/notices.h"

static const struct yz_id ledger = {{1}}, elsewhere = {{2}}, old_log = {{3}}, new_log = {{4}};

/* One PC's acknowledgement: of a log up to seq. */
static struct yz_ack ack_of(struct yz_ack_head *head, const struct yz_id *log, int64_t seq,
                            int64_t time_ms) {
  *head = (struct yz_ack_head){.log = *log, .at = {.seq = seq}};
  return (struct yz_ack){.time_ms = time_ms, .heads = head, .n_heads = 1};
}

/* Posted in the hub's earlier log, at 7, and again in its present one, at 3. */
static void test_received(void **state) {
  (void)state;
  struct notice_copy copies[] = {{ledger, old_log, 7}, {ledger, new_log, 3}};
  struct notice notice = {.copies = copies, .n_copies = 2};
  struct yz_ack_head heads[2];
  struct yz_ack acks[2];
  struct notice_village v = {.row = {.id = ledger}, .acks = acks, .n_acks = 2};
  const struct {
    const struct yz_id *log;
    int64_t seq;
    bool received;
  } cases[] = {{&old_log, 6, false}, {&old_log, 7, true}, {&old_log, 8, true},
               {&new_log, 2, false}, {&new_log, 3, true}, {&elsewhere, 99, false}};
  acks[1] = ack_of(&heads[1], &old_log, 1, 50);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    int64_t at = -1;
    acks[0] = ack_of(&heads[0], cases[i].log, cases[i].seq, 40);
    assert_int_equal(notice_received(&notice, &v, &at), cases[i].received);
    assert_int_equal(at, cases[i].received ? 40 : -1);
  }
  assert_true(notice_posted_to(&notice, &v));
  v.row.id = elsewhere;
  int64_t at;
  assert_false(notice_posted_to(&notice, &v));
  assert_false(notice_received(&notice, &v, &at));
}

/* What lies there without its words is not received. */
static void test_exceptions(void **state) {
  (void)state;
  struct notice_copy copy = {ledger, new_log, 3};
  struct notice notice = {.copies = &copy, .n_copies = 1};
  struct yz_ack_head head;
  struct yz_exception except = {.log = new_log, .seq = 3};
  struct yz_ack ack = ack_of(&head, &new_log, 9, 40);
  struct notice_village v = {.row = {.id = ledger}, .acks = &ack, .n_acks = 1};
  int64_t at;
  ack.except = &except;
  ack.n_except = 1;
  assert_false(notice_received(&notice, &v, &at));
  except.seq = 4;
  assert_true(notice_received(&notice, &v, &at));
  except.seq = 3;
  except.log = old_log;
  assert_true(notice_received(&notice, &v, &at));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_received),
                                     cmocka_unit_test(test_exceptions)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
