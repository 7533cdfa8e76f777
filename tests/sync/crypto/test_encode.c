#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <tests/harness/run.h>
#include <yizhan/crypto.h>

static void test_hex_there_and_back(void **state) {
  (void)state;
  unsigned char all[256], back[256];
  char text[513];
  for (size_t i = 0; i < sizeof all; i++) all[i] = (unsigned char)i;
  yz_to_hex(all, sizeof all, text);
  assert_int_equal(strlen(text), 512);
  assert_memory_equal(text, "000102030405060708090a0b0c0d0e0f10", 34);
  assert_string_equal(text + 506, "fdfeff");
  assert_true(yz_from_hex(text, 512, back, sizeof back));
  assert_memory_equal(all, back, sizeof all);
}

static void test_hex_of_nothing(void **state) {
  (void)state;
  char text[1] = {'x'};
  yz_to_hex("", 0, text);
  assert_string_equal(text, "");
  assert_true(yz_from_hex("", 0, text, 0));
}

static void test_hex_takes_one_form_only(void **state) {
  (void)state;
  static const char *const wrong[] = {"",     "0",    "0a",     "0a1",  "0a1b2", "0a1b2c",
                                      "0A1b", "0a1G", "0a1g",   "0a1`", "0a1:",  "0a1/",
                                      " 0a1", "0a 1", "0x0a1b", "０1"};
  unsigned char out[2];
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    assert_false(yz_from_hex(wrong[i], strlen(wrong[i]), out, sizeof out));
  assert_false(yz_from_hex("0a1\0", 4, out, sizeof out));
  assert_true(yz_from_hex("0a1b", 4, out, sizeof out));
  assert_memory_equal(out, "\x0a\x1b", 2);
}

/* RFC 4648 §10. */
static void test_base64_vectors(void **state) {
  (void)state;
  static const char *const vectors[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"}};
  for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
    const char *plain = vectors[i][0], *coded = vectors[i][1];
    char text[16], back[8];
    yz_to_base64(plain, strlen(plain), text);
    assert_string_equal(text, coded);
    assert_int_equal(yz_from_base64(coded, strlen(coded), back, sizeof back), strlen(plain));
    assert_memory_equal(back, plain, strlen(plain));
  }
}

static void test_base64_takes_one_form_only(void **state) {
  (void)state;
  static const char *const wrong[] = {
      "Z",        "Zg",     "Zg=",    "Zg===", "Zh==",  "Zm8",      "Zm9=",
      "Zm8==",    "Zm9v\n", "Zm\n9v", " Zm9v", "Zm9v=", "Zm9v====", "=Zm9",
      "Zg==Zg==", "Zm-_",   "Zm9v!",  "====",  "Z===",  "Zm9vY",    "Zm9v\r\n"};
  unsigned char out[64];
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    assert_int_equal(yz_from_base64(wrong[i], strlen(wrong[i]), out, sizeof out), -1);
  assert_int_equal(yz_from_base64("Zm9v\0", 5, out, sizeof out), -1);
}

static void test_base64_writes_no_more_than_max(void **state) {
  (void)state;
  unsigned char out[4] = {9, 9, 9, 9};
  assert_int_equal(yz_from_base64("Zm9v", 4, out, 2), -1);
  assert_int_equal(out[2], 9);
  assert_int_equal(yz_from_base64("Zm9v", 4, out, 3), 3);
  assert_int_equal(out[3], 9);
  assert_int_equal(yz_from_base64("", 0, out, 0), 0);
}

static void test_base64_program_agrees(void **state) {
  (void)state;
  unsigned char bytes[300], back[300];
  char text[401];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (unsigned char)(i * 7);
  for (size_t n = sizeof bytes - 3; n < sizeof bytes; n++) {
    struct run r = {0};
    run(&r, &(struct run_how){.in = bytes, .in_len = n},
        (const char *[]){"base64", "--wrap=0", NULL});
    assert_int_equal(r.status, 0);
    yz_to_base64(bytes, n, text);
    assert_string_equal(text, (const char *)r.out.data);
    assert_int_equal(yz_from_base64(text, strlen(text), back, sizeof back), n);
    assert_memory_equal(back, bytes, n);
    run_finish(&r);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_hex_there_and_back),
      cmocka_unit_test(test_hex_of_nothing),
      cmocka_unit_test(test_hex_takes_one_form_only),
      cmocka_unit_test(test_base64_vectors),
      cmocka_unit_test(test_base64_takes_one_form_only),
      cmocka_unit_test(test_base64_writes_no_more_than_max),
      cmocka_unit_test(test_base64_program_agrees),
  };
  return yz_crypto_init() ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
