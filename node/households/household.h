/* What a household 户 is: a pure function from a set of records to who lives there and when
 * somebody last went to see them. No clock, no disk, no arrival order. FORMAT.md §14. */
#ifndef YIZHAN_NODE_HOUSEHOLD_H
#define YIZHAN_NODE_HOUSEHOLD_H

#include "node/cases/cases.h"

enum { HOUSEHOLD_MAX_PEOPLE = 100 };
#define HOUSEHOLD_NEVER INT64_MIN

/* A household as it stands. Strings and JSON are the records'; NULL: unset, or not readable here.
 */
struct household {
  bool added;       /* its household.add counts: without it there is no household */
  bool needs_newer; /* holds a record that a newer version must judge */
  const char *name, *place, *phone, *note;
  const json_t *people; /* array of strings, or what stands for one that is sealed (sealed.h) */
  bool gone;            /* nobody lives there any more */
  size_t visits;
  int64_t last_visit_ms; /* the greatest `at`; HOUSEHOLD_NEVER: none */
};

/* The household that a record of these types is of: its own id where it adds one. false: it says
 * none that could be. */
bool household_of(const char *type, const struct yz_hash *record, const json_t *plain,
                  struct yz_hash *out);

/* Is the record of a shape that this version knows? content NULL: not readable here. */
bool household_record_known(const char *type, const json_t *plain, const json_t *content);

/* Is it a visit that counts? And is record i, of those that a case's view was folded from, one? */
bool household_is_visit(const struct case_record *record);
bool household_is_case_visit(const struct case_view *view, const struct case_record *records,
                             size_t i);

/* Folds the accepted records of one household, in any order, into what it is. Of each field the
 * last write counts, by stamp (at most its ceiling), then id; heads say nothing here. */
void household_fold(const struct case_record *records, size_t n, struct household *out);

#endif
