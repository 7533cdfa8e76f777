/* Keys that are wrapped to somebody's box, as the store opens them. */
#include "bench.h"
#include "node/store/identity.h"
#include <stdlib.h>
#include <string.h>

enum { MANY = 4200 }; /* more than are held at a time */

static void number_key(int i, unsigned char key[static YZ_BATCH_KEY_LEN]) {
  memset(key, 0, YZ_BATCH_KEY_LEN);
  memcpy(key, &i, sizeof i);
}

static void more_keys_than_are_held(void **state) {
  struct bench *b = *state;
  struct writer village = writer_begin(b, 1, false);
  struct yz_secret *box = yz_secret_create(YZ_SEED_LEN);
  unsigned char key[YZ_BATCH_KEY_LEN];
  const struct yz_secret *opened;
  struct yz_identity_id id;
  struct yz_key to;
  int found = 0;
  memset(box->bytes, 7, box->len);
  yz_box_public(box, &to);
  OK(store_begin(b->s, &err));
  for (int i = 0; i < MANY; i++) {
    number_key(i, key);
    json_t *plain = yz_identity_wrap(key, &to, 1);
    json_object_set_new(plain, "at", json_integer(1));
    struct made *m = make(&village, "identity.key", plain, NULL, NULL, NULL, 0);
    bench_put_in(b, m, YZ_ACCEPTED);
    made_free(m);
  }
  OK(store_end(b->s, 0, &err));

  OK(store_read_with(b->s, box, &err));
  for (int i = 0; i < MANY; i++) {
    struct yz_error err = {0};
    number_key(i, key);
    yz_identity_id(key, &id);
    int rc = store_identity_key(b->s, &id, &opened, &err);
    assert_true(rc == 0 || rc == YZ_E_NOT_FOUND);
    if (rc == 0) assert_memory_equal(opened->bytes, key, sizeof key);
    found += rc == 0;
  }
  assert_in_range(found, 1000, MANY - 1);

  /* What is to be written all the same is. */
  number_key(MANY, key);
  yz_identity_id(key, &id);
  OK(store_keep_key(b->s, key, &err));
  OK(store_identity_key(b->s, &id, &opened, &err));
  assert_memory_equal(opened->bytes, key, sizeof key);
  yz_secret_destroy(box);
  writer_end(&village);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(more_keys_than_are_held, bench_setup, bench_teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
