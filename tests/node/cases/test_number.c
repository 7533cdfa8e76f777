#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/number.h"

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

static int parse(const char *text, char out[static NUMBER_MAX]) {
  return number_parse(text, strlen(text), out);
}

static void assert_reads(const char *text, const char *number) {
  char out[NUMBER_MAX];
  if (parse(text, out) != 1) fail_msg("%s", text);
  assert_string_equal(out, number);
}

/* ISO 7064 the other way round: does the whole string, check included, hold?
 * Written from the definition P(j+1) = ((P(j) + a) mod* 36) * 2 mod 37. */
static bool holds(const char *whole) {
  int p = 36;
  size_t n = strlen(whole);
  for (size_t i = 0; i + 1 < n; i++) {
    p += (int)(strchr(alphabet, whole[i]) - alphabet);
    while (p > 36) p -= 36;
    p = 2 * p % 37;
  }
  return (p + (int)(strchr(alphabet, whole[n - 1]) - alphabet)) % 36 == 1;
}

static void squeezed(const char *number, char out[static NUMBER_MAX]) {
  size_t n = 0;
  for (; *number != '\0'; number++)
    if (*number != '-') out[n++] = *number;
  out[n] = '\0';
}

static void a_published_example(void **state) {
  (void)state;
  /* The Global Release Identifier's standard: A1-2425G-ABC1234002-M. */
  assert_reads("A1-2425G-ABC1234002-M", "A12425GABC-12-34002-M");
}

static void made_numbers_hold(void **state) {
  (void)state;
  static const char *const codes[] = {"QS", "QS3", "A0", "00", "ABCDEFGH", "12345678", "ZZ9"};
  static const char *const letters[] = {"A", "B", "Z", "BA", "ZZZ"};
  for (size_t c = 0; c < 7; c++)
    for (size_t l = 0; l < 5; l++)
      for (int64_t counter = 1; counter < INT64_C(1000000000000); counter = counter * 7 + 3) {
        char number[NUMBER_MAX], bare[NUMBER_MAX], out[NUMBER_MAX];
        number_format(number, codes[c], letters[l], 2026, counter);
        squeezed(number, bare);
        if (!holds(bare)) fail_msg("%s", number);
        assert_int_equal(parse(number, out), 1);
        assert_string_equal(out, number);
      }
}

static void how_a_number_is_written(void **state) {
  (void)state;
  static const struct {
    const char *letter;
    int year;
    int64_t counter;
    const char *begins;
  } rows[] = {
      {"A", 2026, 142, "QS3-26-0142-"},    {"B", 2026, 142, "QS3B-26-0142-"},
      {"AA", 2026, 1, "QS3AA-26-0001-"},   {"A", 2100, 9999, "QS3-00-9999-"},
      {"A", 2009, 10000, "QS3-09-10000-"}, {"A", 1999, 123456789, "QS3-99-123456789-"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char number[NUMBER_MAX];
    number_format(number, "QS3", rows[i].letter, rows[i].year, rows[i].counter);
    assert_int_equal(strlen(number), strlen(rows[i].begins) + 1);
    assert_memory_equal(number, rows[i].begins, strlen(rows[i].begins));
  }
}

/* The check character for which the whole holds. */
static char check_of(const char *body) {
  for (const char *c = alphabet; *c != '\0'; c++) {
    char whole[NUMBER_MAX];
    (void)snprintf(whole, sizeof whole, "%s%c", body, *c);
    if (holds(whole)) return *c;
  }
  return '\0';
}

static void what_people_type(void **state) {
  (void)state;
  static const char *const forms[] = {
      "QS3-26-0142-%c",
      "qs3-26-0142-%c",
      "QS3 26 0142 %c",
      "QS3260142%c",
      "  qs3260142%c\t",
      "Q S 3 - 2 6 - 0 1 4 2 - %c",
      "QS3--26-0142%c",
      "QS3\xe2\x80\x94"
      "26\xe2\x80\x93"
      "0142\xe2\x88\x92%c", /* — – − */
      "\xef\xbc\xb1\xef\xbd\x93\xef\xbc\x93\xef\xbc\x8d"
      "26-0142-%c", /* Ｑｓ３－ */
      "QS3\xe3\x83\xbc\xef\xbc\x92\xef\xbc\x96\xe3\x80\x80"
      "0142_%c", /* ー２６　 */
      "QS3-\xef\xbc\x92\xef\xbc\x96-\xef\xbc\x90\xef\xbc\x91\xef\xbc\x94\xef\xbc\x92%c",
  };
  char check = check_of("QS3260142"), canonical[NUMBER_MAX];
  (void)snprintf(canonical, sizeof canonical, "QS3-26-0142-%c", check);
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    char text[100];
    size_t before = (size_t)(strstr(forms[i], "%c") - forms[i]);
    memcpy(text, forms[i], before);
    text[before] = check;
    (void)snprintf(text + before + 1, sizeof text - before - 1, "%s", forms[i] + before + 2);
    assert_reads(text, canonical);
  }
}

static void without_its_check_character(void **state) {
  (void)state;
  static const char *const forms[] = {"QS3-26-0142", " qs3 26 0142 ", "QS3-260142-", "QS326-0142",
                                      "\xef\xbc\xb1S3-26-0142"};
  char number[NUMBER_MAX], out[NUMBER_MAX] = "";
  number_format(number, "QS3", "A", 2026, 142);
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    assert_true(number_complete(forms[i], strlen(forms[i]), out));
    assert_string_equal(out, number);
  }
  number_format(number, "V1", "A", 2026, 1);
  assert_true(number_complete("V1260001", 8, out)); /* nothing else it could be */
  assert_string_equal(out, number);
  /* What is whole, or nothing like a number. */
  static const char *const none[] = {"QS3-26-0142-0", "",    "-",          "QS3",
                                     "QS3-26-01",     "a?b", "QS3-2B-0142"};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++)
    assert_false(number_complete(none[i], strlen(none[i]), out));
  char longest[201];
  memset(longest, ' ', 200);
  memcpy(longest, "QS3-26-0142", 11);
  longest[200] = '\0';
  assert_false(number_complete(longest, 200, out));
  assert_string_equal(out, number);
}

static void marks_tell_readings_apart(void **state) {
  (void)state;
  char check = check_of("QS3260142"), text[100], number[NUMBER_MAX];
  (void)snprintf(text, sizeof text, "QS-3260142%c", check);
  (void)snprintf(number, sizeof number, "QS-32-60142-%c", check);
  assert_reads(text, number);
  (void)snprintf(text, sizeof text, "QS3 2 60142 %c", check); /* one mark of two fits both */
  (void)snprintf(number, sizeof number, "QS3-26-0142-%c", check);
  assert_reads(text, number);
  /* Without marks the shortest counter that gives a valid reading. */
  check = check_of("QSB2612345");
  (void)snprintf(text, sizeof text, "QSB2612345%c", check);
  (void)snprintf(number, sizeof number, "QSB2-61-2345-%c", check);
  assert_reads(text, number);
  check = check_of("AB26010000");
  (void)snprintf(text, sizeof text, "A B-26010000%c", check);
  (void)snprintf(number, sizeof number, "AB26-01-0000-%c", check);
  assert_reads(text, number); /* not AB-26-010000 */
  check = check_of("AB2610000");
  (void)snprintf(text, sizeof text, "AB2610000%c", check);
  (void)snprintf(number, sizeof number, "AB2-61-0000-%c", check);
  assert_reads(text, number);
  check = check_of("ABCDEFGHC2610000");
  (void)snprintf(text, sizeof text, "ABCDEFGHC2610000%c", check);
  (void)snprintf(number, sizeof number, "ABCDEFGHC-26-10000-%c", check);
  assert_reads(text, number); /* the shortest would have a digit past the code */
}

static void what_is_no_number(void **state) {
  (void)state;
  static const char *const texts[] = {
      "",
      "-",
      "QS3",
      "13912345678x!",
      "Q-26-0142-K",            /* code too short */
      "QS3-2A-0142-K",          /* year */
      "AB-26-014-K",            /* counter too short */
      "ABCDEFGHBCDE-26-0142-K", /* more than three letters */
      "ABCDEFGH1X-26-0142-K",   /* a digit past the eighth */
      "QS3-26-0142-K.",
      "QS3\xe2\x80",              /* half a character */
      "\xe0\x81\x91S3-26-0142-K", /* Q written too long */
      "\xf0\x9f\x8f\xa0",
  };
  char out[NUMBER_MAX];
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (parse(texts[i], out) != -1) fail_msg("%s", texts[i]);
  assert_int_equal(number_parse("QS3-26-0142\0K", 13, out), -1);
}

static void too_long(void **state) {
  (void)state;
  char text[202], out[NUMBER_MAX], number[NUMBER_MAX];
  number_format(number, "QS3", "A", 2026, 142);
  memset(text, ' ', sizeof text);
  memcpy(text, number, strlen(number));
  assert_int_equal(number_parse(text, 200, out), 1);
  assert_int_equal(number_parse(text, 201, out), -1);
}

static void every_wrong_character_is_noticed(void **state) {
  (void)state;
  for (int64_t counter = 1; counter < 100000; counter += 97) {
    char number[NUMBER_MAX], wrong[NUMBER_MAX], out[NUMBER_MAX];
    number_format(number, "QS3", counter % 2 == 0 ? "A" : "CK", 2026, counter);
    for (size_t i = 0; number[i] != '\0'; i++) {
      if (number[i] == '-') continue;
      for (const char *c = alphabet; *c != '\0'; c++) {
        (void)snprintf(wrong, sizeof wrong, "%s", number);
        wrong[i] = *c;
        int rc = parse(wrong, out);
        if ((rc == 1) != (*c == number[i])) fail_msg("%s read as %s", number, wrong);
        if (rc == 0) assert_int_equal(strlen(out), strlen(number));
      }
    }
  }
}

/* MOD 37,36 lets some swaps through; all of them of two characters that follow
 * each other in the alphabet. */
static void swapped_neighbours_are_noticed(void **state) {
  (void)state;
  int swaps = 0, missed = 0;
  for (int64_t counter = 1; counter < 1000000; counter += 37) {
    char number[NUMBER_MAX], bare[NUMBER_MAX], out[NUMBER_MAX];
    number_format(number, "QS3", counter % 2 == 0 ? "A" : "CK", 2026, counter);
    squeezed(number, bare);
    for (size_t i = 0; bare[i + 1] != '\0'; i++) {
      if (bare[i] == bare[i + 1]) continue;
      char swapped[NUMBER_MAX];
      (void)snprintf(swapped, sizeof swapped, "%s", bare);
      swapped[i] = bare[i + 1];
      swapped[i + 1] = bare[i];
      swaps++;
      if (parse(swapped, out) != 1) continue;
      missed++;
      long apart = strchr(alphabet, bare[i]) - strchr(alphabet, bare[i + 1]);
      if (apart != 1 && apart != -1 && apart != 35 && apart != -35) fail_msg("%s", bare);
    }
  }
  assert_true(swaps > 100000);
  assert_true(missed * 100 < swaps);
}

static void codes(void **state) {
  (void)state;
  char out[9];
  assert_true(number_code("qs3", out));
  assert_string_equal(out, "QS3");
  assert_true(number_code("\xef\xbc\xb1\xef\xbd\x93", out));
  assert_string_equal(out, "QS");
  assert_true(number_code("12345678", out));
  static const char *const wrong[] = {
      "", "Q", "123456789", "Q S", "Q-S", "Q.S", "\xe6\x9d\x91\xe6\x9d\x91"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    assert_false(number_code(wrong[i], out));
}

static void codes_that_clash(void **state) {
  (void)state;
  static const struct {
    const char *a, *b;
    bool clash;
  } rows[] = {
      {"QS", "QS", true},    {"QS", "QSB", true},   {"QS", "QSBCD", true}, {"QS", "QSBCDE", false},
      {"QS", "QS3", false},  {"QS3", "QS3B", true}, {"QS", "QSB3", false}, {"QS3", "QS4", false},
      {"QS3", "QSB", false}, {"AB", "BA", false},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    assert_int_equal(number_codes_clash(rows[i].a, rows[i].b), rows[i].clash);
    assert_int_equal(number_codes_clash(rows[i].b, rows[i].a), rows[i].clash);
  }
}

static void distances(void **state) {
  (void)state;
  static const struct {
    const char *a, *b;
    int far;
  } rows[] = {
      {"", "", 0},
      {"QS3-26-0142-K", "QS3-26-0142-K", 0},
      {"QS3-26-0142-K", "QS3-26-0143-K", 1},
      {"QS3-26-0142-K", "QS3-26-0124-K", 1},
      {"QS3-26-0142-K", "QS3-26-142-K", 1},
      {"QS3-26-0142-K", "QS33-26-0142-K", 1},
      {"QS3-26-0142-K", "SQ3-62-0142-K", 2},
      {"ABC", "CBA", 2},
      {"", "ABC", 3},
      {"KITTEN", "SITTING", 3},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    assert_int_equal(number_distance(rows[i].a, rows[i].b), rows[i].far);
    assert_int_equal(number_distance(rows[i].b, rows[i].a), rows[i].far);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_published_example),
      cmocka_unit_test(made_numbers_hold),
      cmocka_unit_test(how_a_number_is_written),
      cmocka_unit_test(what_people_type),
      cmocka_unit_test(without_its_check_character),
      cmocka_unit_test(marks_tell_readings_apart),
      cmocka_unit_test(what_is_no_number),
      cmocka_unit_test(too_long),
      cmocka_unit_test(every_wrong_character_is_noticed),
      cmocka_unit_test(swapped_neighbours_are_noticed),
      cmocka_unit_test(codes),
      cmocka_unit_test(codes_that_clash),
      cmocka_unit_test(distances),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
