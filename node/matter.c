#include "matter.h"

#include <string.h>

#include "cases/near.h"
#include "store/terms.h"

enum { MAX_CHAIN = 16 }; /* merges that are followed to the case where the work is done */

static int refuse(struct yz_error *err, const char *why, const struct case_view *view) {
  return yz_fail(err, YZ_E_REFUSED, why, "%s", view->number != NULL ? view->number : "");
}

static const char *target_refused(const struct case_view *view) {
  if (view->state == CASE_MERGED)
    return YZ_N_("That case was merged into another one itself. Merge into that one.");
  if (view->state == CASE_VOID) return YZ_N_("That case is void. Merge into another one.");
  return NULL;
}

static int check_target(struct node *n, const struct move *m, const struct yz_id *ledger,
                        struct yz_error *err) {
  struct case_whole target = {0};
  struct yz_hash into;
  struct yz_id where;
  if (!yz_json_hex(m->plain, "into", into.bytes, YZ_HASH_LEN) ||
      memcmp(&into, m->case_id, sizeof into) == 0)
    return yz_fail(err, YZ_E_REFUSED,
                   YZ_N_("A case is merged into another one, not into itself. Name that one."),
                   NULL);
  int rc = store_load_case(n->store, &into, &target, err);
  if (rc == YZ_E_NOT_FOUND) return yz_fail(err, rc, YZ_N_("There is no such case."), NULL);
  if (rc == 0) rc = store_case_ledger(n->store, &into, &where, err);
  const char *why = rc == 0 ? target_refused(&target.view) : NULL;
  if (rc == 0 && why == NULL && memcmp(&where, ledger, sizeof where) != 0)
    why = YZ_N_("That case is another village's. Refer one of them first.");
  if (why != NULL) rc = refuse(err, why, &target.view);
  case_whole_finish(&target);
  return rc;
}

/* The target's resolution is offered to all whose cases were merged into it. One that is not
 * here keeps no one from being asked; nor does a circle, made by merges apart. */
static int check_resolved(struct node *n, const struct case_view *merged, struct yz_error *err) {
  struct yz_hash id = merged->into;
  bool wait = false, on = true;
  for (int i = 0; on && i < MAX_CHAIN; i++) {
    struct case_whole target = {0};
    int rc = store_load_case(n->store, &id, &target, err);
    enum case_state state = target.view.state;
    on = rc == 0 && state == CASE_MERGED && target.view.has_into;
    id = target.view.into;
    wait = rc == 0 && state != CASE_RESOLVED && state != CASE_FOLLOWED_UP && state != CASE_CLOSED &&
           state != CASE_REFUSED && state != CASE_VOID;
    case_whole_finish(&target);
    if (rc == YZ_E_NOT_FOUND) return 0;
    if (rc != 0) return rc;
  }
  if (!wait || on) return 0;
  return refuse(err,
                YZ_N_("The case into which this one was merged is not resolved yet. Resolve that "
                      "one first."),
                merged);
}

int matter_in_circle(struct node *n, const struct yz_hash *id, const struct case_view *view,
                     bool *circle, struct yz_error *err) {
  struct yz_hash at = view->into;
  bool on = view->state == CASE_MERGED && view->has_into;
  *circle = false;
  for (int i = 0; on && !*circle && i < MAX_CHAIN; i++) {
    struct case_whole next = {0};
    int rc = store_load_case(n->store, &at, &next, err);
    on = rc == 0 && next.view.state == CASE_MERGED && next.view.has_into;
    at = next.view.into;
    *circle = on && yz_equal(&at, id, sizeof at);
    case_whole_finish(&next);
    if (rc != 0) return rc == YZ_E_NOT_FOUND ? 0 : rc;
  }
  return 0;
}

int matter_check(struct node *n, const struct move *m, const struct case_whole *whole,
                 const struct yz_id *ledger, struct yz_error *err) {
  if (m->move == CASE_MERGE) return check_target(n, m, ledger, err);
  if (m->move == CASE_FOLLOWUP && whole->view.state == CASE_MERGED && whole->view.has_into)
    return check_resolved(n, &whole->view, err);
  return 0;
}

struct likely {
  const struct yz_hash *id; /* NULL: nobody has opened it yet */
  const char *household;
  struct near_title title;
  case_row_fn fn;
  void *arg;
};

/* However the two are written. */
static bool is_same(const char *a, const char *b) {
  struct yz_buf x = {0}, y = {0};
  bool same = a != NULL && b != NULL && terms_name(a, strlen(a), &x) == 0 &&
              terms_name(b, strlen(b), &y) == 0 && x.len > 0 && x.len == y.len &&
              memcmp(x.data, y.data, x.len) == 0;
  yz_buf_finish(&x);
  yz_buf_finish(&y);
  return same;
}

static bool is_likely(void *arg, const char *title, const char *household) {
  const struct likely *l = arg;
  return is_same(l->household, household) || (title != NULL && near_is(&l->title, title));
}

static int hand_on(void *arg, const struct case_row *row) {
  const struct likely *l = arg;
  bool itself = l->id != NULL && memcmp(&row->id, l->id, sizeof row->id) == 0;
  return itself ? 0 : l->fn(l->arg, row);
}

/* Opened about then. */
static int each_likely(struct node *n, const struct yz_id *ledger, struct likely *l,
                       const char *title, int64_t then_ms, struct yz_error *err) {
  static const int64_t span_ms = (int64_t)MATTER_DAYS * 86400 * 1000;
  near_read(title != NULL ? title : "", &l->title);
  return store_each_recent(n->store, ledger, then_ms - span_ms, then_ms + span_ms,
                           l->household != NULL, is_likely, hand_on, l, err);
}

int matter_likely(struct node *n, const struct yz_hash *id, case_row_fn fn, void *arg,
                  struct yz_error *err) {
  struct case_whole whole = {0};
  struct yz_id ledger;
  int rc = store_load_case(n->store, id, &whole, err);
  if (rc == 0) rc = store_case_ledger(n->store, id, &ledger, err);
  if (rc != 0) return rc;
  const struct case_view *v = &whole.view;
  struct likely l = {
      .id = id, .household = v->fields[FIELD_HOUSEHOLD].values[0].value, .fn = fn, .arg = arg};
  rc = each_likely(n, &ledger, &l, v->fields[FIELD_TITLE].values[0].value, v->opened_ms, err);
  case_whole_finish(&whole);
  return rc;
}

int matter_likely_new(struct node *n, const struct yz_id *ledger, const char *title,
                      const char *household, case_row_fn fn, void *arg, struct yz_error *err) {
  struct likely l = {.household = household, .fn = fn, .arg = arg};
  return each_likely(n, ledger, &l, title, n->world->now_ms(n->world->ctx), err);
}
