/* Sets of case records for tests, made by hand or at random.
 *
 *   struct case_set s = {0};
 *   size_t open = set_open(&s);
 *   size_t note = set_add(&s, "case.note", HEADS(open));
 *   struct case_view v;
 *   set_fold(&s, &v);
 *   …
 *   case_view_finish(&v);
 *   set_finish(&s);
 *
 * Records have the shape that FORMAT.md gives them, contents too. Stamps rise
 * with the index: 1,000 ms each, and so do places; each stands in a log of its own. A test may
 * change what it likes before it folds. */
#ifndef YIZHAN_TESTS_CASE_SET_H
#define YIZHAN_TESTS_CASE_SET_H

#include "node/cases/cases.h"

enum { SET_MAX = 20000, SET_HEADS = 64 };
#define SET_END SIZE_MAX
#define HEADS(...) ((const size_t[]){__VA_ARGS__, SET_END})

struct case_set {
  struct case_record *records;
  size_t n, cap;
  uint64_t seed; /* ids differ with it */
};

/* The id that the record at this index has in a set with this seed. */
struct yz_hash set_id(uint64_t seed, size_t index);
/* Opens the case: number "QS3-26-0142-K", title "Water". */
size_t set_open(struct case_set *s);
/* Adds a village's record. A follow-up's type says its result: "case.followup
 * satisfied"; a settlement's its state; an extension's its days. Texts are "x"; an edit's title and
 * an assignment's name too. */
size_t set_add(struct case_set *s, const char *type, const size_t *heads);
/* The same by the hub. */
size_t set_add_hub(struct case_set *s, const char *type, const size_t *heads);
/* By the hub's head. */
size_t set_add_head(struct case_set *s, const char *type, const size_t *heads);
/* Takes the last record away. */
void set_pop(struct case_set *s);
/* Puts a content in place of the record's, written as JSON with ' for ". */
void set_content(struct case_set *s, size_t index, const char *json);
/* Folds; the test fails when memory runs out. */
void set_fold(const struct case_set *s, struct case_view *v);
void set_finish(struct case_set *s);

/* For cmocka: a set that holds an opening, and its view as folded last. */
struct set_fixture {
  struct case_set s;
  struct case_view v;
};
int set_setup(void **state);
int set_teardown(void **state);
const struct case_view *set_view(struct set_fixture *f); /* folds anew */

/* Random numbers that a seed makes the same again. */
uint64_t set_random(uint64_t *state);

#endif
