/* Days that the township says are off, or worked. */
#include <stdlib.h>

#include "township.h"

static int by_day(const void *a, const void *b) {
  const struct case_day *x = a, *y = b;
  return (x->day > y->day) - (x->day < y->day);
}

int township_put_days(json_t *days, struct case_calendar *c, struct yz_error *err) {
  const char *date;
  json_t *off;
  struct case_day *more = reallocarray(c->days, c->n + json_object_size(days) + 1, sizeof *c->days);
  if (more == NULL) return yz_no_memory(err);
  c->days = more;
  size_t known = c->n;
  json_object_foreach(days, date, off) {
    struct case_day d = {.off = json_is_true(off)};
    if (!calendar_read(date, &d.day)) continue;
    struct case_day *there = known > 0 ? bsearch(&d, c->days, known, sizeof d, by_day) : NULL;
    if (there != NULL)
      *there = d;
    else
      c->days[c->n++] = d;
  }
  qsort(c->days, c->n, sizeof *c->days, by_day);
  case_calendar_index(c);
  return 0;
}

static bool has_day(const struct case_calendar *c, const struct case_day *day) {
  const struct case_day *found =
      c->n > 0 ? bsearch(day, c->days, c->n, sizeof *c->days, by_day) : NULL;
  return found != NULL && found->off == day->off;
}

static int tell_day(struct telling *t, const struct yz_id *ledger, const struct case_day *day,
                    struct yz_error *err) {
  char date[CALENDAR_DATE];
  (void)calendar_write(day->day, date);
  json_t *plain = json_pack("{s:s,s:b}", "date", date, "off", (int)day->off);
  int rc = telling_tell(t, ledger, "hub.holiday", plain, NULL, err);
  json_decref(plain);
  return rc;
}

int telling_days(struct telling *t, const struct yz_id *ledger, const struct township *has,
                 struct yz_error *err) {
  const struct case_calendar *days = &t->all->calendar;
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < days->n; i++)
    if (!has_day(&has->calendar, &days->days[i])) rc = tell_day(t, ledger, &days->days[i], err);
  return rc;
}

int hub_tell_day(struct node *n, const struct signer *who, const struct case_day *day,
                 bool *already, struct yz_error *err) {
  struct township all;
  struct telling t = {n, &who->author, &all, telling_now(n), 0};
  char date[CALENDAR_DATE];
  bool none, had;
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = hub_township(n, &all, err);
  if (rc != 0) return store_end(n->store, rc, err);
  (void)calendar_write(day->day, date);
  json_t *spoken = json_pack("{s:b}", date, (int)day->off);
  had = has_day(&all.calendar, day);
  rc = spoken == NULL ? yz_no_memory(err) : township_put_days(spoken, &all.calendar, err);
  if (rc == 0) rc = telling_all(&t, &none, err);
  if (rc == 0 && none && !had) rc = untold_add(n, "days", spoken, err);
  *already = had && t.told == 0;
  json_decref(spoken);
  township_finish(&all);
  return store_end(n->store, rc, err);
}
