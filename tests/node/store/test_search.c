/* Search: complete, exact for Chinese, and as things stand now. */
#include "bench.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One case whose title is the text, and whether each search finds it. */
static void assert_found(struct bench *b, const char *text, const char *const *hits,
                         const char *const *misses) {
  char no[NUMBER_MAX], found[NUMBER_MAX + 1];
  struct writer w = writer_begin(b, 1, false);
  struct made *m = make_open(&w, number(no, 1), text, NULL);
  bench_put(b, m, YZ_ACCEPTED);
  (void)snprintf(found, sizeof found, "%s ", no);
  for (; *hits != NULL; hits++) assert_finds(b, *hits, found);
  for (; *misses != NULL; misses++) assert_finds(b, *misses, "");
  made_free(m);
  writer_end(&w);
}

static void test_chinese(void **state) {
  assert_found(
      *state, "青石镇三村村口路灯坏了，请维修",
      (const char *[]){"路灯", "村口路灯", "三村村口", "修", "青", "坏了 维修", "了",
                       "青石镇三村村口路灯坏了", "请维修", "路灯　三村", NULL},
      (const char *[]){"路口", "了请", "坏了请", "灯路", "路灯 桥", "石三", "坏了维修", NULL});
}

static void test_mixed(void **state) {
  assert_found(*state, "拨打10086电话ＡＢＣ公司 Wi-Fi 坏，Café lǜ",
               (const char *[]){"10086", "100", "10086电话", "打10086", "拨打10086电话abc公司",
                                "abc", "ABC公", "wi-fi", "公司 100", "cafe", "CAFÉ", "lu",
                                "１００８６", NULL},
               (const char *[]){"0086", "10087", "打100电话", "电话10086", "bc公司", "wifi", NULL});
}

static void test_rare(void **state) {
  assert_found(*state, "𠮷野家与\xee\x80\x80村\xf0\xb1\x8d\x8f民、ཀཁག 😀😀",
               (const char *[]){"𠮷", "𠮷野", "野家", "\xee\x80\x80", "\xee\x80\x80村",
                                "与\xee\x80\x80", "\xf0\xb1\x8d\x8f", "村\xf0\xb1\x8d\x8f民", "ཁག",
                                "😀", NULL},
               (const char *[]){"吉", "吉野", "\xee\x80\x81", "\xf0\xb1\x8d\x90", "ཀག", NULL});
}

/* What people type is never read as a query's syntax, and what looks for nothing
 * finds nothing. */
static void test_syntax(void **state) {
  assert_found(*state, "near and or not terms",
               (const char *[]){"near", "AND", "NOT", "OR", "near AND not", "\"near\"", "near*",
                                "^near", "NEAR(near", "terms : near", "{terms}", "-near", "near)",
                                NULL},
               (const char *[]){"", " ", "\"", "*", "\"\"", "()", "NEAR(x", "x OR near", "terms:x",
                                "'; DROP TABLE words; --", NULL});
}

static void test_too_long(void **state) {
  struct bench *b = *state;
  char text[1100];
  memset(text, 'a', sizeof text);
  text[sizeof text - 1] = '\0';
  struct yz_error err = {0};
  struct case_query q = {.since_ms = INT64_MIN, .search = text};
  assert_int_equal(store_list_cases(b->s, &q, NULL, NULL, &err), YZ_E_INPUT);
}

/* Title, text and notes as they stand: an edited-away title is not found, a
 * record judged away takes its words with it. */
static void test_as_it_stands(void **state) {
  struct bench *b = *state;
  char no[NUMBER_MAX];
  struct writer w = writer_begin(b, 1, false);
  struct made *m = make_open(&w, number(no, 1), "路灯坏了", "大槐树旁"),
              *note = make_note(&w, m, "已报电力所");
  struct made *edit = make(&w, "case.edit", json_pack("{s:i}", "at", 1),
                           json_pack("{s:{s:s}}", "fields", "title", "水管漏水"), &m->stored.id,
                           &note->stored.id, 1);
  struct made *resolve =
      make(&w, "case.resolve", json_pack("{s:i}", "at", 1), json_pack("{s:s}", "text", "换了阀门"),
           &m->stored.id, &edit->stored.id, 1);
  bench_put(b, m, YZ_ACCEPTED);
  assert_finds(b, "路灯", "QS3-26-0001-N ");
  assert_finds(b, "槐树", "QS3-26-0001-N ");
  bench_put(b, note, YZ_ACCEPTED);
  assert_finds(b, "电力所 路灯", "QS3-26-0001-N ");
  bench_put(b, edit, YZ_ACCEPTED);
  assert_finds(b, "路灯", "");
  assert_finds(b, "漏水 电力", "QS3-26-0001-N ");
  bench_put(b, resolve, YZ_ACCEPTED);
  assert_finds(b, "阀门", "QS3-26-0001-N ");
  bench_judge(b, edit, YZ_REFUSED);
  assert_finds(b, "漏水", "");
  assert_finds(b, "路灯", "QS3-26-0001-N ");
  bench_judge(b, note, YZ_REFUSED);
  assert_finds(b, "电力", "");
  struct made *all[] = {m, note, edit, resolve};
  for (size_t i = 0; i < 4; i++) made_free(all[i]);
  writer_end(&w);
}

/* A case that is gone takes its words along: none of them stays in the index, and
 * the row that comes in its place is not found by them. */
static void test_gone(void **state) {
  struct bench *b = *state;
  char no[NUMBER_MAX], path[TMP_PATH];
  struct writer w = writer_begin(b, 1, false);
  struct made *m = make_open(&w, number(no, 1), "路灯坏了", NULL);
  struct made *next = make_open(&w, number(no, 2), "水管漏水", NULL);
  bench_put(b, m, YZ_ACCEPTED);
  assert_finds(b, "路灯", "QS3-26-0001-N ");
  bench_judge(b, m, YZ_REFUSED);
  tmp_join(path, b->dir, "yizhan.db");
  assert_int_equal(bench_sql_int(path, "SELECT count(*) FROM indexed"), 0);
  bench_put(b, next, YZ_ACCEPTED);
  assert_finds(b, "路灯", "");
  assert_finds(b, "水管", "QS3-26-0002-L ");
  made_free(m);
  made_free(next);
  writer_end(&w);
}

/* A search goes together with state, category, time and pages. */
static void test_with_filters(void **state) {
  struct bench *b = *state;
  char no[NUMBER_MAX];
  struct writer w = writer_begin(b, 1, false);
  OK(store_begin(b->s, &err));
  for (int i = 1; i <= 6; i++) {
    struct made *m = make_open(&w, number(no, i), i % 2 ? "路灯" : "水管", NULL);
    bench_put_in(b, m, YZ_ACCEPTED);
    made_free(m);
  }
  OK(store_commit(b->s, &err));
  struct case_query q = {.since_ms = INT64_MIN, .search = "路灯", .limit = 2};
  assert_lists(b, &q, "QS3-26-0005-F QS3-26-0003-J ");
  q.after = "QS3-26-0003-J";
  assert_lists(b, &q, "QS3-26-0001-N ");
  q.after = NULL;
  q.since_ms = 1700000000000 + 4;
  assert_lists(b, &q, "QS3-26-0005-F ");
  q.state = "closed";
  assert_lists(b, &q, "");
  writer_end(&w);
}

/* --- 20,000 cases against a plain scan -------------------------------------- */

enum { MANY = 20000, WORDS = 60 };

static uint32_t next_random(uint32_t *seed) {
  *seed ^= *seed << 13;
  *seed ^= *seed >> 17;
  *seed ^= *seed << 5;
  return *seed;
}

/* A text over few characters, so that many runs occur by chance: Chinese, rare
 * ones, Latin, digits, spaces and punctuation. */
static void random_text(uint32_t *seed, int n, char *out) {
  static const char *const chars[] = {"村", "民",           "路", "灯", "水", "管", "坏", "了",
                                      "𠮷", "\xee\x80\x80", "，", " ",  "a",  "b",  "1",  "2"};
  *out = '\0';
  char *at = out;
  for (int i = 0; i < n; i++) {
    const char *c = chars[next_random(seed) % 16];
    size_t len = strlen(c);
    memcpy(at, c, len + 1);
    at += len;
  }
}

static int mark(void *arg, const struct case_row *row) {
  unsigned char *seen = arg;
  seen[strtol(row->text, NULL, 10)]++;
  return 0;
}

/* Page by page the same, in the same order, as all at once. */
static int add_key(void *arg, const struct case_row *row) {
  return yz_buf_printf(arg, "%s ", row->key);
}

static void assert_pages(struct bench *b, const char *word, int64_t size) {
  struct yz_buf all = {0}, paged = {0};
  struct case_query q = {.since_ms = INT64_MIN, .search = word};
  char after[100];
  size_t before;
  OK(store_list_cases(b->s, &q, add_key, &all, &err));
  q.limit = size;
  do {
    before = paged.len;
    OK(store_list_cases(b->s, &q, add_key, &paged, &err));
    if (paged.len == before) break;
    const char *end = (char *)paged.data + paged.len - 1, *last = end;
    while (last > (char *)paged.data && last[-1] != ' ') last--;
    (void)snprintf(after, sizeof after, "%.*s", (int)(end - last), last);
    q.after = after;
  } while (true);
  assert_int_equal(all.len, paged.len);
  assert_memory_equal(all.data, paged.data, all.len);
  yz_buf_finish(&all);
  yz_buf_finish(&paged);
}

static int64_t steps_of_page(struct bench *b, const struct case_query *q) {
  int64_t steps = 0;
  struct yz_buf page = {0};
  bench_count_steps(b, &steps);
  OK(store_list_cases(b->s, q, add_key, &page, &err));
  bench_count_steps(b, NULL);
  assert_true(page.len > 0);
  yz_buf_finish(&page);
  return steps;
}

/* Every case that a plain scan finds is found; and for Chinese words no other. */
static void compare(struct bench *b, char (*texts)[200], const char *word) {
  unsigned char *seen = calloc(MANY, 1);
  struct case_query q = {.since_ms = INT64_MIN, .search = word};
  assert_non_null(seen);
  OK(store_list_cases(b->s, &q, mark, seen, &err));
  for (int i = 0; i < MANY; i++) {
    bool there = strstr(texts[i], word) != NULL;
    if (seen[i] != (there ? 1 : 0)) fail_msg("%s in %s: %d times", word, texts[i], seen[i]);
  }
  free(seen);
}

static void test_complete(void **state) {
  struct bench *b = *state;
  uint32_t seed = 2463534242u;
  char(*texts)[200] = calloc(MANY, sizeof *texts), counted[16];
  struct writer w = writer_begin(b, 1, false);
  assert_non_null(texts);
  OK(store_begin(b->s, &err));
  for (int i = 0; i < MANY; i++) {
    char no[NUMBER_MAX];
    random_text(&seed, 30, texts[i]);
    (void)snprintf(counted, sizeof counted, "%d", i);
    struct made *m = make_open(&w, number(no, i + 1), texts[i], counted);
    bench_put_in(b, m, YZ_ACCEPTED);
    made_free(m);
  }
  OK(store_commit(b->s, &err));
  for (int i = 0; i < WORDS; i++) {
    char word[40];
    int length = (int)(next_random(&seed) % 4) + 2;
    do random_text(&seed, length, word);
    while (strpbrk(word, "ab12 ") != NULL || strstr(word, "，") != NULL);
    compare(b, texts, word);
  }
  assert_int_equal(bench_check(b).n, 0);
  free(texts);
  writer_end(&w);
}

/* The first page of a word that most cases have costs what stands on it, not what has the word;
 * and all pages are the whole list, where the word is in most, in many, in the oldest alone. */
static void test_common(void **state) {
  enum { CASES = 6000, OLD = 2500 };
  struct bench *b = *state;
  char no[NUMBER_MAX], title[64];
  struct writer w = writer_begin(b, 1, false);
  OK(store_begin(b->s, &err));
  for (int i = 1; i <= CASES; i++) {
    (void)snprintf(title, sizeof title, "%s，%s%s", i % 4 ? "路灯坏了" : "停水",
                   i % 2 ? "村东" : "村西", i <= OLD ? "老桥" : "");
    struct made *m = make_open(&w, number(no, i), title, NULL);
    bench_put_in(b, m, YZ_ACCEPTED);
    made_free(m);
  }
  OK(store_commit(b->s, &err));
  assert_pages(b, "路灯", 500);
  assert_pages(b, "村东", 350);
  assert_pages(b, "老桥", 700);
  assert_pages(b, "路灯 村东", 1000);
  struct case_query q = {.since_ms = INT64_MIN, .search = "路灯", .limit = 50};
  int64_t few = steps_of_page(b, &q);
  q.search = NULL;
  int64_t none = steps_of_page(b, &q);
  print_message("a page: %lld hundred steps, of a common word %lld\n", (long long)none,
                (long long)few);
  assert_true(few < 20 * none);
  writer_end(&w);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_chinese, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_mixed, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_rare, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_syntax, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_too_long, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_as_it_stands, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_gone, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_with_filters, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_common, bench_setup, bench_teardown),
      cmocka_unit_test_setup_teardown(test_complete, bench_setup, bench_teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
