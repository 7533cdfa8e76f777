/* Who gives way to whom where many streams of events are open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/web/streams.h"

static struct yz_key key(unsigned char who) {
  return (struct yz_key){.bytes = {who}};
}

static bool enter(struct streams *s, struct stream *one, unsigned char who, bool *gave_way) {
  struct yz_key whose = key(who);
  return streams_enter(s, one, &whose, gave_way);
}

static void enter_all(struct streams *s, struct stream *list, size_t n, unsigned char who) {
  bool gave_way;
  for (size_t i = 0; i < n; i++) {
    assert_true(enter(s, &list[i], who, &gave_way));
    assert_false(gave_way);
  }
}

static size_t count_over(const struct stream *list, size_t n) {
  size_t over = 0;
  for (size_t i = 0; i < n; i++) over += atomic_load(&list[i].over);
  return over;
}

static void leave_all(struct streams *s, struct stream *list, size_t n) {
  for (size_t i = 0; i < n; i++) streams_leave(s, &list[i]);
}

static void of_one_worker_the_oldest_gives_way(void **state) {
  struct streams s;
  struct stream mine[STREAMS_OF_ONE + 2] = {0}, other;
  bool gave_way;
  (void)state;
  streams_init(&s);
  enter_all(&s, &other, 1, 'b');
  enter_all(&s, mine, STREAMS_OF_ONE, 'a');
  for (size_t i = 0; i < 2; i++) {
    assert_true(enter(&s, &mine[STREAMS_OF_ONE + i], 'a', &gave_way));
    assert_true(gave_way);
    assert_true(atomic_load(&mine[i].over));
    assert_int_equal(count_over(mine, STREAMS_OF_ONE + 2), i + 1);
  }
  assert_false(atomic_load(&other.over));
  /* What left by itself counts no more. */
  streams_leave(&s, &mine[5]);
  assert_true(enter(&s, &mine[5], 'a', &gave_way));
  assert_false(gave_way);
  leave_all(&s, mine, STREAMS_OF_ONE + 2);
  leave_all(&s, &other, 1);
  streams_finish(&s);
}

static void where_all_are_taken_who_holds_most_gives_way(void **state) {
  struct streams s;
  struct stream list[STREAMS_MOST], late[2];
  bool gave_way;
  size_t n = 0;
  (void)state;
  streams_init(&s);
  /* 2 of one who came first; then as many as one may have of each; the last has what is left. */
  enter_all(&s, list, 2, 'z');
  for (n = 2; n < STREAMS_MOST; n++) enter_all(&s, &list[n], 1, (unsigned char)('a' + (n - 2) / 6));
  assert_true(enter(&s, &late[0], 'l', &gave_way));
  assert_true(gave_way);
  assert_int_equal(count_over(list, 2), 0);
  assert_true(atomic_load(&list[2].over));
  assert_true(enter(&s, &late[1], 'l', &gave_way));
  assert_true(gave_way);
  assert_true(atomic_load(&list[8].over));
  assert_int_equal(count_over(list, STREAMS_MOST), 2);
  assert_int_equal(count_over(late, 2), 0);
  leave_all(&s, list, STREAMS_MOST);
  leave_all(&s, late, 2);
  streams_finish(&s);
}

/* Those that do not end, as nobody takes what they say, are not heaped up. */
static void those_that_do_not_end_are_bounded(void **state) {
  struct streams s;
  struct stream list[STREAMS_OF_ONE + STREAMS_OVER], late, other;
  bool gave_way;
  (void)state;
  streams_init(&s);
  enter_all(&s, list, STREAMS_OF_ONE, 'a');
  for (size_t i = STREAMS_OF_ONE; i < STREAMS_OF_ONE + STREAMS_OVER; i++)
    assert_true(enter(&s, &list[i], 'a', &gave_way));
  assert_false(enter(&s, &late, 'a', &gave_way));
  assert_false(gave_way);
  assert_true(enter(&s, &other, 'b', &gave_way));
  streams_leave(&s, &list[0]);
  assert_true(enter(&s, &late, 'a', &gave_way));
  leave_all(&s, list + 1, STREAMS_OF_ONE + STREAMS_OVER - 1);
  leave_all(&s, &late, 1);
  leave_all(&s, &other, 1);
  streams_finish(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(of_one_worker_the_oldest_gives_way),
      cmocka_unit_test(where_all_are_taken_who_holds_most_gives_way),
      cmocka_unit_test(those_that_do_not_end_are_bounded),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
