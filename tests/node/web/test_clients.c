/* How much a client may have, in virtual time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/web/clients.h"

enum { ASKED, AT_ONCE };
static const struct allowance allowed[] = {[ASKED] = {10, 60000}, [AT_ONCE] = {2, 0}};

static struct client_key key(unsigned n) {
  struct client_key k = {{'n'}};
  memcpy(k.bytes + 1, &n, sizeof n);
  return k;
}

static void test_enough_is_enough(void **state) {
  struct clients c;
  struct client_key one = key(1), other = key(2);
  (void)state;
  clients_init(&c, allowed, 2);
  for (int i = 0; i < 10; i++) {
    assert_int_equal(clients_wait(&c, &one, ASKED, 1000), 0);
    clients_spend(&c, &one, ASKED, 1, 1000);
  }
  /* One more in six seconds, and not before. */
  assert_int_equal(clients_wait(&c, &one, ASKED, 1000), 6);
  assert_int_equal(clients_wait(&c, &other, ASKED, 1000), 0);
  assert_int_equal(clients_wait(&c, &one, ASKED, 6999), 1);
  assert_int_equal(clients_wait(&c, &one, ASKED, 7000), 0);
  clients_spend(&c, &one, ASKED, 1, 7000);
  assert_int_equal(clients_wait(&c, &one, ASKED, 7000), 6);
  /* All of it after a period, and no more than that after many. */
  for (int64_t now = 100000; now < 10000000; now += 9000000)
    for (int i = 0; i < 10; i++) {
      assert_int_equal(clients_wait(&c, &one, ASKED, now), 0);
      clients_spend(&c, &one, ASKED, 1, now);
    }
  assert_int_equal(clients_wait(&c, &one, ASKED, 9100000), 6);
  clients_finish(&c);
}

static void test_debts(void **state) {
  struct clients c;
  struct client_key one = key(1);
  (void)state;
  clients_init(&c, allowed, 2);
  clients_spend(&c, &one, ASKED, 25, 0);
  assert_int_equal(clients_wait(&c, &one, ASKED, 0), 96);
  assert_int_equal(clients_wait(&c, &one, ASKED, 90000), 6);
  assert_int_equal(clients_wait(&c, &one, ASKED, 96000), 0);
  clients_spend(&c, &one, ASKED, 1000000, 96000);
  assert_int_equal(clients_wait(&c, &one, ASKED, 96000), 3600);
  clients_finish(&c);
}

static void test_at_once(void **state) {
  struct clients c;
  struct client_key one = key(1);
  (void)state;
  clients_init(&c, allowed, 2);
  clients_spend(&c, &one, AT_ONCE, 1, 0);
  assert_int_equal(clients_wait(&c, &one, AT_ONCE, 0), 0);
  clients_spend(&c, &one, AT_ONCE, 1, 0);
  assert_true(clients_wait(&c, &one, AT_ONCE, 3600000) > 0);
  clients_spend(&c, &one, AT_ONCE, -1, 3600000);
  assert_int_equal(clients_wait(&c, &one, AT_ONCE, 3600000), 0);
  clients_finish(&c);
}

/* Strangers without number crowd out each other, never one who is at work, nor who came last. */
static void test_crowds(void **state) {
  struct clients c;
  struct client_key busy = key(1), last = key(1000000);
  (void)state;
  clients_init(&c, allowed, 2);
  clients_spend(&c, &busy, AT_ONCE, 2, 0);
  for (unsigned n = 2; n < 5000; n++) {
    struct client_key k = key(n);
    clients_spend(&c, &k, ASKED, 10, n);
  }
  clients_spend(&c, &last, ASKED, 10, 5000);
  assert_true(clients_wait(&c, &busy, AT_ONCE, 5000) > 0);
  assert_true(clients_wait(&c, &last, ASKED, 5000) > 0);
  struct client_key forgotten = key(2);
  assert_int_equal(clients_wait(&c, &forgotten, ASKED, 5000), 0);
  clients_finish(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_enough_is_enough),
      cmocka_unit_test(test_debts),
      cmocka_unit_test(test_at_once),
      cmocka_unit_test(test_crowds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
