#include "reckoning.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "i18n.h"

/* --- months ---------------------------------------------------------------------- */

const struct reckoning_month reckoning_all = {.from_ms = INT64_MIN, .to_ms = INT64_MAX};

bool reckoning_read_month(const char *text, int zone, struct reckoning_month *out) {
  char first[CALENDAR_DATE];
  int64_t day;
  int len = snprintf(first, sizeof first, "%s-01", text);
  if (len != CALENDAR_DATE - 1 || !calendar_read(first, &day)) return false;
  int64_t year = calendar_year(day);
  int month = (int)strtol(text + 5, NULL, 10);
  (void)snprintf(out->name, sizeof out->name, "%.7s", text);
  out->from_ms = calendar_begin(day, zone);
  out->to_ms = calendar_begin(month < 12 ? calendar_from_date(year, month + 1, 1)
                                         : calendar_from_date(year + 1, 1, 1),
                              zone);
  return true;
}

void reckoning_month_of(int64_t ms, int zone, struct reckoning_month *out) {
  char date[CALENDAR_DATE];
  *out = reckoning_all;
  if (!calendar_write(calendar_day(ms, zone), date)) return;
  date[7] = '\0';
  (void)reckoning_read_month(date, zone, out);
}

void reckoning_month_before(const struct reckoning_month *month, int zone,
                            struct reckoning_month *out) {
  reckoning_month_of(month->from_ms - 1, zone, out);
}

/* --- what there is to say -------------------------------------------------------- */

const struct reckoning_member reckoning_members[RECKONING_MEMBERS] = {
    {"cohort", N_("Cases"), RECKONING_COUNT, offsetof(struct figures, cohort)},
    {"merged", N_("Merged"), RECKONING_COUNT, offsetof(struct figures, merged)},
    {"void", N_("Void"), RECKONING_COUNT, offsetof(struct figures, made_void)},
    {"response", N_("Response"), RECKONING_SHARE, offsetof(struct figures, response)},
    {"resolution", N_("Resolution"), RECKONING_SHARE, offsetof(struct figures, resolution)},
    {"satisfaction", N_("Satisfaction"), RECKONING_SHARE, offsetof(struct figures, satisfaction)},
    {"on_time", N_("On time"), RECKONING_SHARE, offsetof(struct figures, on_time)},
    {"same_hand", N_("Same hand"), RECKONING_SHARE, offsetof(struct figures, same_hand)},
    {"unreachable", N_("Unreachable"), RECKONING_COUNT, offsetof(struct figures, unreachable)},
    {"anonymous", N_("Anonymous"), RECKONING_COUNT, offsetof(struct figures, anonymous)},
    {"refused", N_("Refused"), RECKONING_COUNT, offsetof(struct figures, refused)},
    {"no_follow_up", N_("No follow-up"), RECKONING_COUNT, offsetof(struct figures, no_follow_up)},
    {"overdue", N_("Overdue"), RECKONING_COUNT, offsetof(struct figures, overdue)},
    {"breached", N_("Breached"), RECKONING_COUNT, offsetof(struct figures, breached)},
    {"median_answer_minutes", N_("Median answer (h:mm)"), RECKONING_MEDIAN,
     offsetof(struct figures, answer)},
    {"median_resolve_minutes", N_("Median resolve (h:mm)"), RECKONING_MEDIAN,
     offsetof(struct figures, resolve)},
};

static json_t *member_json(struct figures *f, const struct reckoning_member *m) {
  void *at = (char *)f + m->at;
  if (m->kind == RECKONING_COUNT) return json_integer(*(int64_t *)at);
  if (m->kind == RECKONING_SHARE) {
    const struct figure_share *share = at;
    return json_pack("{s:I,s:I}", "numerator", (json_int_t)share->numerator, "denominator",
                     (json_int_t)share->denominator);
  }
  int64_t median = figures_median(at);
  return median < 0 ? json_null() : json_integer(median);
}

bool reckoning_put(struct figures *f, json_t *object) {
  for (size_t i = 0; i < RECKONING_MEMBERS; i++)
    if (json_object_set_new(object, reckoning_members[i].name,
                            member_json(f, &reckoning_members[i])) != 0)
      return false;
  return true;
}

/* --- groups ---------------------------------------------------------------------- */

const char *reckoning_name(enum figures_by by) {
  static const char *const names[] = {[FIGURES_ALL] = NULL,
                                      [FIGURES_BY_CATEGORY] = "category",
                                      [FIGURES_BY_VILLAGE] = "village",
                                      [FIGURES_BY_WORKER] = "worker",
                                      [FIGURES_BY_OFFICE] = "office"};
  return names[by];
}

/* The group that the last case belongs to. */
struct walk {
  reckoning_fn fn;
  void *arg;
  int64_t now_ms;
  bool begun;
  char *key, *village;
  struct figures figures;
  struct yz_error *err;
};

static int end_group(struct walk *w) {
  const struct reckoning_group group = {w->key, w->village, &w->figures};
  int rc = w->fn(w->arg, &group);
  figures_finish(&w->figures);
  return rc;
}

static bool is_same(const char *a, const char *b) {
  return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static int set_text(char **at, const char *text, struct yz_error *err) {
  free(*at);
  *at = text != NULL ? strdup(text) : NULL;
  return text != NULL && *at == NULL ? yz_no_memory(err) : 0;
}

static int take(void *arg, const struct figure_row *row) {
  struct walk *w = arg;
  int rc = 0;
  if (!w->begun || !is_same(row->key, w->key) || !is_same(row->village, w->village)) {
    if (w->begun) rc = end_group(w);
    if (rc == 0) rc = set_text(&w->key, row->key, w->err);
    if (rc == 0) rc = set_text(&w->village, row->village, w->err);
    w->begun = true;
  }
  if (rc == 0 && figures_add(&w->figures, &row->facts, w->now_ms) != 0) rc = yz_no_memory(w->err);
  return rc;
}

int reckoning_each(struct node *n, enum figures_by by, const struct reckoning_month *month,
                   reckoning_fn fn, void *arg, struct yz_error *err) {
  struct walk w = {.fn = fn, .arg = arg, .now_ms = n->world->now_ms(n->world->ctx), .err = err};
  int rc = store_each_figure(n->store, by, month->from_ms, month->to_ms, take, &w, err);
  if (rc == 0 && (w.begun || by == FIGURES_ALL)) rc = end_group(&w);
  figures_finish(&w.figures);
  free(w.key);
  free(w.village);
  return rc;
}
