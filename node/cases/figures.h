/* Figures 统计 about the office's work, summed over cases. Pure; the rules are in FORMAT.md §14,
 * "Figures", plainly enough for anyone to work them out again.
 *
 *   struct figures f = {0};
 *   if (figures_add(&f, &facts, now_ms) != 0) … memory ran out …   (for each case)
 *   … f.response.numerator, figures_median(&f.answer) …
 *   figures_finish(&f); */
#ifndef YIZHAN_NODE_FIGURES_H
#define YIZHAN_NODE_FIGURES_H

#include "node/cases/deadline.h"

/* What figures need to know of a case, as its view and its deadline have it. */
struct figure_facts {
  enum case_state state;
  const char *result, *solved; /* NULL: none */
  bool same_hand, anonymous;
  bool unasked; /* who closed it says that there was no one to ask: believed where it can be so */
  bool history; /* came from an older table: it adds nothing */
  int64_t opened_ms;
  int64_t answered_ms, resolved_ms;              /* INT64_MAX: it has not happened */
  int64_t due_ms, answer_due_ms, resolve_due_ms; /* CASE_NO_DUE: none */
  int64_t breaches;
};

struct figure_share {
  int64_t numerator, denominator;
};
struct figure_times {
  int64_t *minutes;
  size_t n, cap;
};

struct figures {
  int64_t cohort, merged, made_void; /* apart from each other; all others count in the cohort */
  struct figure_share response, resolution, satisfaction, on_time, same_hand;
  int64_t unreachable, anonymous, refused, no_follow_up, overdue, breached;
  struct figure_times answer, resolve; /* from opening until then */
};

/* Adds a case, as it stands at a moment. 0, or -1 when memory ran out. */
int figures_add(struct figures *f, const struct figure_facts *facts, int64_t now_ms)
    __attribute__((warn_unused_result));
void figures_finish(struct figures *f); /* and begins anew */
/* Of an even number the lower one of the middle; -1: there are none. Sorts them. */
int64_t figures_median(struct figure_times *t);
/* In hundredths, halves up; -1: of nothing. */
int64_t figures_percent(const struct figure_share *share);

#endif
