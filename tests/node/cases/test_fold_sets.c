/* What holds for any set of records: arrival order does not matter, more
 * records change nothing about what was known before, the view is what the
 * definition says (worked out again below, slowly), and no set, however hostile,
 * hangs or crashes. Sets are random; failures name their seed. */
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/node/cases/case_model.h"

enum { ROUNDS = 1500, TYPES = 29 };
static const char *const types[TYPES] = {
    "case.note",
    "case.edit",
    "case.assign",
    "case.assign",
    "case.resolve",
    "case.resolve",
    "case.followup satisfied",
    "case.followup partly",
    "case.followup dissatisfied",
    "case.close",
    "case.reopen",
    "case.followup unreachable",
    "case.accept",
    "case.refuse",
    "case.sign",
    "case.return",
    "case.void",
    "case.pause",
    "case.resume",
    "case.supervise",
    "case.visit",
    "case.settle resolved",
    "case.settle assigned",
    "case.settle merged",
    "case.settle closed",
    "case.merge",
    "case.refer",
    "case.extend 2",
    "case.extend 9",
};

static size_t below(uint64_t *state, size_t n) {
  return (size_t)(set_random(state) % n);
}

/* A random case: each record names some of those before it. */
static void random_set(struct case_set *s, uint64_t seed) {
  uint64_t state = seed;
  s->seed = seed;
  set_open(s);
  for (size_t n = 2 + below(&state, MODEL_MAX - 2); s->n < n;) {
    size_t heads[4], k = 0;
    do heads[k++] = s->n - 1 - below(&state, s->n < 6 ? s->n : 6);
    while (k < 3 && below(&state, 2) == 0);
    heads[k] = SET_END;
    size_t i = set_add(s, types[below(&state, TYPES)], heads);
    struct case_record *r = &s->records[i];
    r->by_hub = below(&state, 3) == 0;
    r->by_head = below(&state, 3) == 0;
    if (below(&state, 2) == 0) r->log = (struct yz_id){{(unsigned char)(1 + below(&state, 3))}};
    r->stamp = (struct yz_stamp){(int64_t)below(&state, 5), (int64_t)below(&state, 2)};
    if (below(&state, 8) == 0) r->stamp.ms += YZ_FIVE_YEARS_MS * 3;
    if (strcmp(r->type, "case.edit") == 0)
      set_content(s, i,
                  below(&state, 2) == 0 ? "{'fields':{'title':'A'}}"
                                        : "{'fields':{'title':'B','phone':null}}");
    if (below(&state, 20) == 0) r->type = "case.from-the-future";
  }
}

/* --- the definition, worked out the slow way ----------------------------- */

static void the_view_is_what_the_definition_says(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
    struct case_set s = {0};
    struct case_view v;
    random_set(&s, seed);
    set_fold(&s, &v);
    struct case_model m;
    unsigned states;
    case_model(&m, &s);
    enum case_state expected = case_model_state(&m, &states);
    if (v.state != expected ||
        (v.fields[FIELD_STATE].n_values > 1) != ((states & (states - 1)) != 0))
      fail_msg("seed %lu", (unsigned long)seed);
    if (((v.flags & CASE_PAUSED) != 0) != case_model_paused(&m))
      fail_msg("seed %lu: paused", (unsigned long)seed);
    int64_t days = case_model_days(&m);
    if (days >= 0 && v.times.rounds[0].extension_days != days)
      fail_msg("seed %lu: %ld days", (unsigned long)seed, (long)days);
    for (size_t i = 0; i < s.n; i++) {
      bool valid = v.effects[i] == EFFECT_APPLIED || v.effects[i] == EFFECT_CONFLICT;
      if (valid != m.valid[i]) fail_msg("seed %lu, record %zu", (unsigned long)seed, i);
    }
    case_view_finish(&v);
    set_finish(&s);
  }
}

/* --- arrival ------------------------------------------------------------- */

static void assert_same_value(const struct case_set *s, const struct case_set *t,
                              const struct case_value *a, const struct case_value *b) {
  assert_int_equal(a->value == NULL, b->value == NULL);
  if (a->value != NULL) assert_string_equal(a->value, b->value);
  assert_int_equal(a->record == CASE_NO_RECORD, b->record == CASE_NO_RECORD);
  if (a->record != CASE_NO_RECORD)
    assert_memory_equal(&s->records[a->record].id, &t->records[b->record].id, YZ_HASH_LEN);
}

/* Are these views of two sets the same, but for the indexes? */
static void assert_same(const struct case_set *s, const struct case_view *a,
                        const struct case_set *t, const struct case_view *b) {
  assert_int_equal(a->state, b->state);
  assert_int_equal(a->flags, b->flags);
  assert_int_equal(a->conflict_count, b->conflict_count);
  assert_int_equal(a->needs_newer, b->needs_newer);
  assert_int_equal(a->n_heads, b->n_heads);
  assert_int_equal(a->last_result == NULL, b->last_result == NULL);
  if (a->last_result != NULL) assert_string_equal(a->last_result, b->last_result);
  for (size_t i = 0; i < s->n; i++) {
    assert_memory_equal(&s->records[a->order[i]].id, &t->records[b->order[i]].id, YZ_HASH_LEN);
    assert_int_equal(a->effects[a->order[i]], b->effects[b->order[i]]);
  }
  for (size_t i = 0; i < a->n_heads; i++)
    assert_memory_equal(&s->records[a->heads[i]].id, &t->records[b->heads[i]].id, YZ_HASH_LEN);
  for (size_t f = 0; f < CASE_FIELDS; f++) {
    assert_int_equal(a->fields[f].n_values, b->fields[f].n_values);
    for (size_t i = 0; i < a->fields[f].n_values; i++)
      assert_same_value(s, t, &a->fields[f].values[i], &b->fields[f].values[i]);
  }
}

static void swap(struct case_record *a, struct case_record *b) {
  struct case_record r = *a;
  *a = *b;
  *b = r;
}

static void arrival_does_not_matter(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
    struct case_set s = {0};
    struct case_view first, again;
    random_set(&s, seed);
    uint64_t random = seed;
    bool headless = seed % 3 == 0; /* the opening has not come: it waits behind the end */
    if (headless) swap(&s.records[0], &s.records[--s.n]);
    set_fold(&s, &first);
    struct case_set t = {.n = s.n, .records = calloc(s.n, sizeof *s.records)};
    memcpy(t.records, s.records, s.n * sizeof *s.records);
    for (size_t i = s.n; i-- > 1;) swap(&t.records[i], &t.records[below(&random, i + 1)]);
    set_fold(&t, &again);
    assert_same(&s, &first, &t, &again);
    case_view_finish(&first);
    case_view_finish(&again);
    free(t.records);
    s.n += headless ? 1 : 0;
    set_finish(&s);
  }
}

/* What a set holds whole (with all ancestors) is judged and ordered in any
 * greater set as it is alone. */
static void more_records_change_no_judgement(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
    struct case_set s = {0};
    struct case_view whole, part;
    random_set(&s, seed);
    set_fold(&s, &whole);
    for (size_t n = 1; n < s.n; n++) {
      assert_int_equal(case_fold(s.records, n, NULL, &part), 0);
      size_t next = 0;
      for (size_t i = 0; i < n; i++) {
        if ((part.effects[i] == EFFECT_REQUEST) != (whole.effects[i] == EFFECT_REQUEST))
          fail_msg("seed %lu: request %zu of %zu", (unsigned long)seed, i, n);
        bool valid = part.effects[i] != EFFECT_NONE && part.effects[i] != EFFECT_NEWER;
        bool still = whole.effects[i] != EFFECT_NONE && whole.effects[i] != EFFECT_NEWER;
        if (valid != still) fail_msg("seed %lu: record %zu of %zu", (unsigned long)seed, i, n);
      }
      for (size_t i = 0; i < s.n; i++)
        if (whole.order[i] < n && whole.order[i] != part.order[next++])
          fail_msg("seed %lu: order of %zu", (unsigned long)seed, n);
      case_view_finish(&part);
    }
    case_view_finish(&whole);
    set_finish(&s);
  }
}

/* --- hostile and large --------------------------------------------------- */

/* A set of n records whose heads and places are anything: circles, gaps, two at one place. */
static void circle(struct case_set *s, size_t n, uint64_t seed) {
  uint64_t random = seed;
  s->seed = seed;
  set_open(s);
  while (s->n < n) {
    size_t i =
        set_add(s, types[below(&random, TYPES)], HEADS(below(&random, n), below(&random, n), s->n));
    s->records[i].log = (struct yz_id){{(unsigned char)below(&random, 3)}};
    s->records[i].seq = (int64_t)below(&random, n);
  }
}

static void circles_neither_hang_nor_crash(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 300; seed++) {
    struct case_set s = {0}, t = {0};
    struct case_view a, b;
    circle(&s, seed % 10 == 0 ? 150 : 12, seed);
    t.n = s.n;
    t.records = calloc(s.n, sizeof *s.records);
    for (size_t i = 0; i < s.n; i++) t.records[i] = s.records[s.n - 1 - i];
    set_fold(&s, &a);
    set_fold(&t, &b);
    assert_same(&s, &a, &t, &b);
    assert_true(a.n_heads > 0);
    assert_int_equal(a.heads[a.n_heads - 1], a.order[s.n - 1]);
    case_view_finish(&a);
    case_view_finish(&b);
    free(t.records);
    set_finish(&s);
  }
}

/* The most memory held since the last call of forget_peak. */
static long peak_kb(void) {
  char line[256];
  long kb = -1;
  FILE *status = fopen("/proc/self/status", "r");
  assert_non_null(status);
  while (fgets(line, sizeof line, status) != NULL)
    if (strncmp(line, "VmHWM:", 6) == 0) kb = strtol(line + 6, NULL, 10);
  fclose(status);
  assert_true(kb > 0);
  return kb;
}

static void forget_peak(void) {
  FILE *refs = fopen("/proc/self/clear_refs", "w");
  assert_non_null(refs);
  assert_true(fputs("5", refs) >= 0);
  assert_int_equal(fclose(refs), 0);
}

/* Memory says something only of a program built to be used. */
#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined __OPTIMIZE__ && !defined __SANITIZE_ADDRESS__ && !__has_feature(address_sanitizer)
enum { IN_EARNEST = true };
#else
enum { IN_EARNEST = false };
#endif

/* Shapes that are hard in one way or another. */
enum shape { CHAIN, RANDOM_HEADS, LAYERS, ALL_APART, HALF_APART, ONE_LOG };

static void large_set(struct case_set *s, size_t n, enum shape shape) {
  uint64_t random = 7;
  size_t heads[SET_HEADS + 1];
  set_open(s);
  while (s->n < n) {
    size_t i = s->n, k = 0, layer = i / SET_HEADS * SET_HEADS;
    const char *type = types[i % TYPES];
    if (shape == CHAIN)
      heads[k++] = i - 1;
    else if (shape == ALL_APART || shape == ONE_LOG)
      heads[k++] = 0;
    else if (shape == RANDOM_HEADS)
      while (k < SET_HEADS) heads[k++] = below(&random, i);
    else if (shape == LAYERS)
      while (k < SET_HEADS && k < layer) heads[k] = layer - 1 - k, k++;
    else if (i <= n / 2)
      heads[k++] = 0, type = "case.assign";
    else {
      heads[k++] = i - 1, type = "case.escalate";
      while (k < SET_HEADS) heads[k] = ((i - n / 2) * (SET_HEADS - 1) + k) % (n / 2), k++;
    }
    if (k == 0) heads[k++] = 0;
    heads[k] = SET_END;
    size_t added = set_add(s, type, heads);
    if (shape == ONE_LOG) s->records[added].log = s->records[0].log;
  }
}

/* Hard shapes are folded, in bounded memory. How long it takes is no matter of a test:
 * a busy machine would decide. */
static void large(size_t n, enum shape shape) {
  struct case_set s = {0};
  struct case_view v;
  large_set(&s, n, shape);
  malloc_trim(0);
  forget_peak();
  long before_kb = peak_kb();
  set_fold(&s, &v);
  long grown_kb = peak_kb() - before_kb;
  print_message("shape %d, %zu records: %ld KiB\n", (int)shape, n, grown_kb);
  assert_int_equal(v.n_records, n);
  assert_int_equal(v.order[0], 0);
  if (IN_EARNEST) assert_true(grown_kb < 100 * 1024);
  case_view_finish(&v);
  set_finish(&s);
}

static void a_chain_of_5000(void **state) {
  (void)state;
  large(5000, CHAIN);
}

static void twenty_thousand(void **state) {
  (void)state;
  large(SET_MAX, CHAIN);
  large(SET_MAX, RANDOM_HEADS);
  large(SET_MAX, LAYERS);
  large(SET_MAX, ALL_APART);
  large(SET_MAX, HALF_APART);
  large(SET_MAX, ONE_LOG);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_view_is_what_the_definition_says),
      cmocka_unit_test(arrival_does_not_matter),
      cmocka_unit_test(more_records_change_no_judgement),
      cmocka_unit_test(circles_neither_hang_nor_crash),
      cmocka_unit_test(a_chain_of_5000),
      cmocka_unit_test(twenty_thousand),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
