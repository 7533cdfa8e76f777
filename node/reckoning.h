/* Figures as they are told: what became of the cases of a month, all together or group by group. */
#ifndef YIZHAN_NODE_RECKONING_H
#define YIZHAN_NODE_RECKONING_H

#include <stddef.h>

#include "node.h"

/* "2026-03", in the township's zone; the end is not in it. */
struct reckoning_month {
  char name[8]; /* "": all months */
  int64_t from_ms, to_ms;
};
extern const struct reckoning_month reckoning_all;
/* false: it is no month. */
bool reckoning_read_month(const char *text, int zone, struct reckoning_month *out);
/* The month of a moment, and the one before a month. */
void reckoning_month_of(int64_t ms, int zone, struct reckoning_month *out);
void reckoning_month_before(const struct reckoning_month *month, int zone,
                            struct reckoning_month *out);

/* What there is to say of cases, in this order. */
enum reckoning_kind { RECKONING_COUNT, RECKONING_SHARE, RECKONING_MEDIAN };
struct reckoning_member {
  const char *name, *label; /* for scripts; for people, translatable */
  enum reckoning_kind kind;
  size_t at; /* in struct figures */
};
enum { RECKONING_MEMBERS = 16 };
extern const struct reckoning_member reckoning_members[RECKONING_MEMBERS];
/* All of them as members of an object; false: no memory. */
bool reckoning_put(struct figures *f, json_t *object);

/* What groups are called; NULL for FIGURES_ALL. */
const char *reckoning_name(enum figures_by by);
/* fn gets each group: its key and, of workers, its village; NULL: none. A group of nobody is told
 * only of FIGURES_ALL. Its answer other than 0 ends it and is returned. */
struct reckoning_group {
  const char *key, *village;
  struct figures *figures;
};
typedef int (*reckoning_fn)(void *arg, const struct reckoning_group *group);
int reckoning_each(struct node *n, enum figures_by by, const struct reckoning_month *month,
                   reckoning_fn fn, void *arg, struct yz_error *err) YZ_MUST_CHECK;

#endif
