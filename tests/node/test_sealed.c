/* Where in a content object it stands who somebody is, sealed and opened. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <node/cases/cases.h>
#include <node/households/household.h>
#include <node/sealed.h>
#include <yizhan/identity.h>
#include <yizhan/record.h>

static const unsigned char key[YZ_BATCH_KEY_LEN] = "sample key of thirty-two bytes!";

static int seal(void *arg, const char *name, const char *text, struct yz_buf *out) {
  unsigned char nonce[YZ_NONCE_LEN] = {0};
  unsigned char *n = arg;
  (void)name;
  nonce[0] = ++*n;
  return yz_identity_seal(key, nonce, text, strlen(text), out);
}

static int open_one(void *arg, const char *name, const char *text, struct yz_buf *out) {
  const bool *can = arg;
  (void)name;
  return *can ? yz_identity_open(key, text, strlen(text), out) : YZ_E_KEY;
}

static json_t *parsed(const char *text) {
  json_t *json;
  assert_int_equal(yz_json_parse(text, strlen(text), &json, NULL), 0);
  return json;
}

/* Sealed, as it travels, and put in its places; both references are the caller's. */
static void go(const char *type, const char *content, json_t **travels, json_t **read) {
  unsigned char n = 0;
  json_t *json = parsed(content);
  assert_int_equal(sealed_fold(type, json, seal, &n, travels), 0);
  *read = json_deep_copy(*travels);
  assert_int_equal(sealed_unfold(type, *read), 0);
  json_decref(json);
}

static void check(const char *type, const char *content, const char *left) {
  bool can = true;
  json_t *travels, *read, *was = parsed(content), *rest = parsed(left);
  go(type, content, &travels, &read);
  assert_non_null(json_object_get(travels, "sealed"));
  assert_null(json_object_get(read, "sealed"));
  assert_int_equal(sealed_open(read, open_one, &can), 0);
  assert_true(json_equal(read, was));
  json_decref(read);
  json_decref(travels);
  go(type, content, &travels, &read);
  can = false;
  assert_int_equal(sealed_open(read, open_one, &can), 0);
  assert_true(json_is_true(json_object_get(read, "sealed")));
  assert_int_equal(json_object_del(read, "sealed"), 0);
  assert_true(json_equal(read, rest));
  json_decref(read);
  json_decref(travels);
  json_decref(was);
  json_decref(rest);
}

static void it_comes_back_as_it_was(void **state) {
  json_t *travels;
  (void)state;
  check("case.open", "{\"title\":\"t\",\"resident\":\"a\",\"phone\":\"1\",\"household\":\"h\"}",
        "{\"title\":\"t\"}");
  check("case.edit", "{\"fields\":{\"title\":\"t\",\"phone\":\"1\",\"resident\":null}}",
        "{\"fields\":{\"title\":\"t\",\"resident\":null}}");
  check("case.edit", "{\"fields\":{\"phone\":\"1\"}}", "{\"fields\":{}}");
  check("household.add", "{\"name\":\"n\",\"place\":\"p\",\"people\":[\"a\",\"b\"]}",
        "{\"place\":\"p\"}");
  check("case.attach", "{\"name\":\"n\",\"media\":\"m\",\"size\":1,\"key\":\"k\"}",
        "{\"media\":\"m\",\"size\":1}");
  json_t *none = parsed("{\"title\":\"t\",\"text\":\"x\"}");
  unsigned char n = 0;
  assert_int_equal(sealed_fold("case.open", none, seal, &n, &travels), 0);
  assert_null(travels);
  assert_int_equal(sealed_fold("case.note", none, seal, &n, &travels), 0);
  assert_null(travels);
  json_decref(none);
}

/* What another version might write is left as it is: it needs that version. */
static void what_it_does_not_know_stays(void **state) {
  static const char *const contents[] = {
      "{\"title\":\"t\",\"sealed\":{}}",
      "{\"title\":\"t\",\"sealed\":true}",
      "{\"title\":\"t\",\"sealed\":{\"resident\":\"no seal\"}}",
      "{\"title\":\"t\",\"sealed\":{\"resident\":1}}",
  };
  (void)state;
  for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
    json_t *json = parsed(contents[i]), *was = parsed(contents[i]);
    assert_int_equal(sealed_unfold("case.open", json), 0);
    assert_true(json_equal(json, was));
    json_decref(json);
    json_decref(was);
  }
  json_t *travels, *read;
  go("case.open", "{\"title\":\"t\",\"resident\":\"a\"}", &travels, &read);
  json_t *sealed = json_object_get(travels, "sealed");
  /* In clear and sealed; a member that is not sealed; in another type. */
  json_t *both = json_pack("{s:s,s:s,s:O}", "title", "t", "resident", "b", "sealed", sealed);
  assert_int_equal(sealed_unfold("case.open", both), 0);
  assert_non_null(json_object_get(both, "sealed"));
  json_t *title = json_pack("{s:{s:O}}", "sealed", "title", json_object_get(sealed, "resident"));
  assert_int_equal(sealed_unfold("case.open", title), 0);
  assert_non_null(json_object_get(title, "sealed"));
  json_t *note = json_pack("{s:s,s:O}", "text", "x", "sealed", sealed);
  assert_int_equal(sealed_unfold("case.note", note), 0);
  assert_non_null(json_object_get(note, "sealed"));
  json_t *plain = parsed("{\"household\":\"h\"}");
  assert_false(household_record_known("household.edit", plain, both));
  json_decref(plain);
  json_decref(both);
  json_decref(title);
  json_decref(note);
  json_decref(travels);
  json_decref(read);
}

int main(void) {
  if (yz_crypto_init() != 0) return 1;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_comes_back_as_it_was),
      cmocka_unit_test(what_it_does_not_know_stays),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
