/* Lists and figures as tables for other programs, CSV or XLSX. What lists do not show is in none.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../casework.h"
#include "../cli/casework.h"
#include "../i18n.h"
#include "../moment.h"
#include "../personal.h"
#include "../sheet/sheet.h"
#include "../unnamed.h"
#include "api_call.h"

enum { MAX_COLUMNS = 32, LABEL = 96 };

struct table {
  struct api_call *c;
  enum sheet_kind kind;
  int fd;
  struct sheet *sheet;
  int64_t now_ms;
  const struct api_groups *asked;
  struct yz_error *err;
};

/* In the language that is asked for. */
static const char *say(const struct table *t, const char *text) {
  return api_wants_english(t->c->request) ? text : _(text);
}

static int begin(struct table *t, const char *name) {
  struct api_call *c = t->c;
  const char *as;
  t->now_ms = c->node.world->now_ms(c->node.world->ctx);
  int rc = api_argument(c, "as", &as, t->err);
  if (rc != 0) return rc;
  if (as == NULL || (strcmp(as, "csv") != 0 && strcmp(as, "xlsx") != 0))
    return api_wrong_kind("as", t->err);
  t->kind = strcmp(as, "csv") == 0 ? SHEET_CSV : SHEET_XLSX;
  t->fd = unnamed_file(c->node.dir);
  if (t->fd < 0)
    return yz_fail(t->err, YZ_E_IO, YZ_N_("No file can be made in the node's folder."), NULL);
  return sheet_create(&t->sheet, t->kind, t->fd, c->node.dir, name, t->now_ms, t->err);
}

/* The file goes to the answer, which closes it. */
static int end(struct table *t, int rc) {
  static const char *const types[] = {
      [SHEET_CSV] = "text/csv; charset=utf-8",
      [SHEET_XLSX] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"};
  struct web_answer *a = t->c->answer;
  if (rc != 0)
    sheet_drop(t->sheet);
  else
    rc = sheet_end(t->sheet, &a->len, t->err);
  if (rc != 0) {
    if (t->fd >= 0) (void)close(t->fd);
    return rc;
  }
  a->file = t->fd;
  (void)snprintf(a->type, sizeof a->type, "%s", types[t->kind]);
  return 0;
}

static void put(struct sheet_cell *cells, size_t *n, const char *text) {
  cells[(*n)++] = (struct sheet_cell){.text = text};
}

/* --- cases -------------------------------------------------------------------------- */

static int head_of_cases(struct table *t) {
  static const char *const names[] = {
      N_("Number"), N_("Village"), N_("Title"),   N_("Category"),   N_("Class"),   N_("State"),
      N_("Opened"), N_("Due"),     N_("Overdue"), N_("Handled by"), N_("Resident")};
  struct sheet_cell cells[MAX_COLUMNS];
  size_t n = 0;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) put(cells, &n, say(t, names[i]));
  return sheet_row(t->sheet, cells, n, t->err);
}

static const char *moment_of(const struct table *t, int64_t ms, int64_t none,
                             char out[static MOMENT_MAX]) {
  out[0] = '\0';
  if (ms != none) moment_text(ms, t->c->node.zone, out);
  out[strcspn(out, "+")] = '\0';
  if (strlen(out) > 10) out[10] = ' ';
  return out;
}

static int case_line(void *arg, const struct case_row *row) {
  struct table *t = arg;
  char masked[PERSONAL_MASKED], opened[MOMENT_MAX], due[MOMENT_MAX];
  struct sheet_cell cells[MAX_COLUMNS];
  size_t n = 0;
  bool english = api_wants_english(t->c->request);
  const char *resident = row->anonymous ? NULL : row->resident;
  enum case_class class = row->class != NULL ? case_class_from_name(row->class) : CASE_CLASSES;
  put(cells, &n, row->number);
  put(cells, &n, row->village);
  put(cells, &n, row->title);
  put(cells, &n, row->category);
  put(cells, &n, english || class == CASE_CLASSES ? row->class : casework_class(class));
  put(cells, &n, english ? case_state_name(row->state) : casework_state(row->state));
  put(cells, &n, moment_of(t, row->opened_ms, INT64_MIN, opened));
  put(cells, &n, moment_of(t, row->due_ms, CASE_NO_DUE, due));
  put(cells, &n, casework_overdue(row, t->now_ms) ? say(t, N_("yes")) : NULL);
  put(cells, &n, row->assigned);
  put(cells, &n, t->c->node.hub ? personal_masked(resident, masked) : resident);
  return sheet_row(t->sheet, cells, n, t->err);
}

int api_table_of_cases(struct api_call *c, struct yz_error *err) {
  struct table t = {.c = c, .fd = -1, .err = err};
  struct case_query q;
  struct yz_ledger_row village;
  int rc = begin(&t, "cases");
  if (rc == 0) rc = api_read_list(c, t.now_ms, &village, &q, err);
  q.limit = 0;
  if (rc == 0) rc = head_of_cases(&t);
  if (rc == 0) rc = store_list_cases(c->node.store, &q, case_line, &t, err);
  return end(&t, rc);
}

/* --- figures ------------------------------------------------------------------------- */

static void number(struct sheet_cell *cells, size_t *n, int64_t value) {
  cells[(*n)++] = (struct sheet_cell){SHEET_NUMBER, NULL, (double)value};
}

static void put_share(struct sheet_cell *cells, size_t *n, const struct figure_share *share) {
  number(cells, n, share->numerator);
  number(cells, n, share->denominator);
  cells[*n] = (struct sheet_cell){.text = NULL};
  if (share->denominator > 0)
    cells[*n] = (struct sheet_cell){SHEET_RATE, NULL,
                                    (double)share->numerator / (double)share->denominator};
  ++*n;
}

typedef char label[LABEL];

static int head_of_figures(struct table *t) {
  static const char *const keys[] = {[FIGURES_ALL] = "",
                                     [FIGURES_BY_CATEGORY] = N_("Category"),
                                     [FIGURES_BY_VILLAGE] = N_("Village"),
                                     [FIGURES_BY_WORKER] = N_("Worker"),
                                     [FIGURES_BY_OFFICE] = N_("Office")};
  struct sheet_cell cells[MAX_COLUMNS];
  label shares[2 * RECKONING_MEMBERS];
  size_t n = 0, used = 0;
  put(cells, &n, say(t, N_("Month")));
  if (t->asked->by == FIGURES_BY_WORKER) put(cells, &n, say(t, N_("Village")));
  if (t->asked->by != FIGURES_ALL) put(cells, &n, say(t, keys[t->asked->by]));
  for (size_t i = 0; i < RECKONING_MEMBERS; i++) {
    const struct reckoning_member *m = &reckoning_members[i];
    const char *called = say(t, m->label);
    if (m->kind == RECKONING_SHARE) {
      (void)snprintf(shares[used], LABEL, "%s: %s", called, say(t, N_("numerator")));
      put(cells, &n, shares[used++]);
      (void)snprintf(shares[used], LABEL, "%s: %s", called, say(t, N_("denominator")));
      put(cells, &n, shares[used++]);
    }
    put(cells, &n, called);
  }
  return sheet_row(t->sheet, cells, n, t->err);
}

static int figures_line(void *arg, const struct reckoning_group *g) {
  struct table *t = arg;
  struct sheet_cell cells[MAX_COLUMNS];
  label times[RECKONING_MEMBERS];
  size_t n = 0;
  put(cells, &n, t->asked->month.name);
  if (t->asked->by == FIGURES_BY_WORKER) put(cells, &n, g->village);
  if (t->asked->by != FIGURES_ALL) put(cells, &n, g->key);
  for (size_t i = 0; i < RECKONING_MEMBERS; i++) {
    const struct reckoning_member *m = &reckoning_members[i];
    void *at = (char *)g->figures + m->at;
    if (m->kind == RECKONING_COUNT) number(cells, &n, *(int64_t *)at);
    if (m->kind == RECKONING_SHARE) put_share(cells, &n, at);
    if (m->kind != RECKONING_MEDIAN) continue;
    int64_t median = figures_median(at);
    (void)snprintf(times[i], LABEL, "%lld:%02lld", (long long)(median / 60),
                   (long long)(median % 60));
    put(cells, &n, median < 0 ? NULL : times[i]);
  }
  return sheet_row(t->sheet, cells, n, t->err);
}

int api_table_of_figures(struct api_call *c, struct yz_error *err) {
  struct api_groups asked;
  struct table t = {.c = c, .fd = -1, .asked = &asked, .err = err};
  int rc = api_read_groups(c, &asked, err);
  if (rc == 0) rc = begin(&t, "figures");
  if (rc == 0) rc = head_of_figures(&t);
  if (rc == 0) rc = api_each_group(c, &asked, figures_line, &t, err);
  return end(&t, rc);
}
