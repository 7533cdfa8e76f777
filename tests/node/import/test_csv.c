#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/import/csv.h"

/* Reads a whole text; writes fields as <field>, a row's line before it, so that
 * a table can be compared as one string: "1<a><b>2<c>". Gives the last answer. */
static int read_all(const char *text, size_t len, struct yz_buf *out, struct yz_error *err) {
  /* The exact bytes on the heap, so that a look past the end is noticed. */
  char *copy = malloc(len + 1);
  assert_non_null(copy);
  char *exact = realloc(copy, len > 0 ? len : 1);
  assert_non_null(exact);
  memcpy(exact, text, len);
  struct csv_reader r;
  struct csv_row row;
  csv_init(&r, exact, len);
  int rc;
  while ((rc = csv_next(&r, &row, err)) == 1) {
    assert_int_equal(yz_buf_printf(out, "%zu", row.line), 0);
    for (size_t i = 0; i < row.n; i++)
      assert_int_equal(yz_buf_printf(out, "<%s>", row.fields[i]), 0);
  }
  csv_finish(&r);
  free(exact);
  return rc;
}

static void tables(void **state) {
  (void)state;
  static const struct {
    const char *text, *rows;
  } cases[] = {
      {"", ""},
      {"\xef\xbb\xbf", ""},
      {"a", "1<a>"},
      {"a,b\n", "1<a><b>"},
      {"a,b\r\nc,d\r\n", "1<a><b>2<c><d>"},
      {"\xef\xbb\xbf"
       "a,b\nc,d",
       "1<a><b>2<c><d>"},
      {",\n,", "1<><>2<><>"},
      {"a,\n", "1<a><>"},
      {"a,", "1<a><>"},
      {"\n\r\n\na\n\n", "4<a>"},
      {" a , b ", "1< a >< b >"},
      {"\"a\"", "1<a>"},
      {"\"\"", "1<>"},
      {"\"a,b\",c", "1<a,b><c>"},
      {"\"a\"\"b\",\"\"\"\"\n", "1<a\"b><\">"},
      {"\"a\nb\",c\nd\n", "1<a\nb><c>3<d>"},
      {"\"a\r\nb\"\r\nc\r\n", "1<a\nb>3<c>"},
      {"\"a\rb\"", "1<a\rb>"},
      {"\"\xe6\x9d\x91\",\xe6\x9d\x91", "1<\xe6\x9d\x91><\xe6\x9d\x91>"},
      {"a,b\n\"c\n\n\",d\ne\n", "1<a><b>2<c\n\n><d>5<e>"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct yz_buf out = {0};
    assert_int_equal(yz_buf_puts(&out, ""), 0);
    assert_int_equal(read_all(cases[i].text, strlen(cases[i].text), &out, NULL), 0);
    assert_string_equal((char *)out.data, cases[i].rows);
    yz_buf_finish(&out);
  }
}

static void broken_tables(void **state) {
  (void)state;
  static const struct {
    const char *text;
    size_t len;
    const char *rows, *line;
  } cases[] = {
      {"a\n\"b\n\nc", 7, "1<a>", "line 2"}, /* never closed */
      {"\"", 1, "", "line 1"},
      {"a\nb\"c\n", 6, "1<a>", "line 2"},     /* a quote inside */
      {"a\n\n\"b\"c\n", 8, "1<a>", "line 3"}, /* more after the quote */
      {"\"b\" ,c\n", 7, "", "line 1"},
      {"a\rb\n", 4, "", "line 1"},
      {"a\r", 2, "", "line 1"},
      {"a\nb\0c\n", 6, "1<a>", "line 2"},
      {"\"a\n\0\"", 5, "", "line 2"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct yz_buf out = {0};
    struct yz_error err = {0};
    assert_int_equal(yz_buf_puts(&out, ""), 0);
    assert_int_equal(read_all(cases[i].text, cases[i].len, &out, &err), YZ_E_FORMAT);
    assert_string_equal((char *)out.data, cases[i].rows);
    assert_string_equal(err.subject, cases[i].line);
    yz_buf_finish(&out);
  }
}

/* A row of n fields of `size` bytes: the answer of the first call. */
static int read_row(size_t n, size_t size, bool quoted) {
  struct yz_buf text = {0};
  struct csv_reader r;
  struct csv_row row;
  const char *mark = quoted ? "\"" : "";
  char *field = malloc(size + 1);
  assert_non_null(field);
  memset(field, 'x', size);
  field[size] = '\0';
  for (size_t i = 0; i < n; i++)
    assert_int_equal(yz_buf_printf(&text, "%s%s%s%s", i == 0 ? "" : ",", mark, field, mark), 0);
  csv_init(&r, (char *)text.data, text.len);
  int rc = csv_next(&r, &row, NULL);
  if (rc == 1) assert_int_equal(row.n, n);
  if (rc == 1) assert_int_equal(strlen(row.fields[n - 1]), size);
  csv_finish(&r);
  free(field);
  yz_buf_finish(&text);
  return rc;
}

static void bounds(void **state) {
  (void)state;
  assert_int_equal(read_row(CSV_MAX_FIELDS, 3, false), 1);
  assert_int_equal(read_row(CSV_MAX_FIELDS + 1, 3, false), YZ_E_LIMIT);
  for (int quoted = 0; quoted < 2; quoted++) {
    assert_int_equal(read_row(1, CSV_MAX_FIELD, quoted), 1);
    assert_int_equal(read_row(1, CSV_MAX_FIELD + 1, quoted), YZ_E_LIMIT);
    assert_int_equal(read_row(3, CSV_MAX_FIELD, quoted), 1);
    assert_int_equal(read_row(5, CSV_MAX_FIELD, quoted), YZ_E_LIMIT);
  }
}

/* What is written with every mark quoted is read as it was. */
static void random_tables_come_back(void **state) {
  (void)state;
  static const char marks[] = "a,\"\n ";
  unsigned seed = 20261123;
  for (int round = 0; round < 3000; round++) {
    struct yz_buf text = {0}, expected = {0}, out = {0};
    size_t line = 1;
    assert_int_equal(yz_buf_puts(&out, ""), 0);
    assert_int_equal(yz_buf_puts(&expected, ""), 0);
    assert_int_equal(yz_buf_puts(&text, ""), 0);
    for (int row = rand_r(&seed) % 4; row > 0; row--) {
      assert_int_equal(yz_buf_printf(&expected, "%zu", line), 0);
      for (int field = 1 + rand_r(&seed) % 3; field > 0; field--) {
        assert_int_equal(yz_buf_puts(&text, "\""), 0);
        assert_int_equal(yz_buf_puts(&expected, "<"), 0);
        for (int n = rand_r(&seed) % 6; n > 0; n--) {
          char c = marks[rand_r(&seed) % 5];
          line += c == '\n';
          assert_int_equal(yz_buf_append(&text, c == '"' ? "\"\"" : &c, c == '"' ? 2 : 1), 0);
          assert_int_equal(yz_buf_append(&expected, &c, 1), 0);
        }
        assert_int_equal(yz_buf_puts(&text, field > 1 ? "\"," : "\""), 0);
        assert_int_equal(yz_buf_puts(&expected, ">"), 0);
      }
      assert_int_equal(yz_buf_puts(&text, round % 2 == 0 ? "\n" : "\r\n"), 0);
      line++;
    }
    assert_int_equal(read_all((char *)text.data, text.len, &out, NULL), 0);
    assert_string_equal((char *)out.data, (char *)expected.data);
    yz_buf_finish(&text);
    yz_buf_finish(&expected);
    yz_buf_finish(&out);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tables),
      cmocka_unit_test(broken_tables),
      cmocka_unit_test(bounds),
      cmocka_unit_test(random_tables_come_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
