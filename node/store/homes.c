/* What cases say of the households that they name: beside each such case's row stand the
 * household's name, folded, whether the case is open, and the visits that count on it. */
#include "../sealed.h"
#include "effects.h"
#include "terms.h"
#include <stdlib.h>
#include <string.h>

int home_fold(const char *name, char **out, struct yz_error *err) {
  struct yz_buf folded = {0};
  *out = NULL;
  if (name == NULL) return 0;
  if (sealed_is(name)) return (*out = strdup(name)) != NULL ? 0 : yz_no_memory(err);
  int rc = terms_name(name, strlen(name), &folded) == 0 ? 0 : yz_no_memory(err);
  if (rc == 0 && folded.len > 0 && (*out = strdup((const char *)folded.data)) == NULL)
    rc = yz_no_memory(err);
  yz_buf_finish(&folded);
  return rc;
}

static void count_visit(struct case_home *home, const struct case_view *view,
                        const struct case_record *records, size_t i) {
  int64_t at;
  if (!household_is_case_visit(view, records, i) || !yz_json_int(records[i].plain, "at", &at))
    return;
  home->visits++;
  if (at > home->last_ms) home->last_ms = at;
}

/* A case whose opening is not here is in no list, nor in its household's. */
int home_find(const struct case_view *view, const struct case_record *records,
              struct case_home *out, struct yz_error *err) {
  const struct case_field *field = &view->fields[FIELD_HOUSEHOLD];
  *out = (struct case_home){.open = !case_state_ended(view->state), .last_ms = HOUSEHOLD_NEVER};
  if (view->number == NULL || view->anonymous || field->n_values == 0) return 0;
  int rc = home_fold(field->values[0].value, &out->home, err);
  for (size_t i = 0; rc == 0 && out->home != NULL && i < view->n_records; i++)
    count_visit(out, view, records, i);
  return rc;
}

int home_put(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
             const struct case_home *home, struct yz_error *err) {
  static const char DROP[] = "DELETE FROM case_home WHERE ledger=?1 AND id=?2";
  static const char PUT[] = "INSERT OR REPLACE INTO case_home(ledger, id, home, open, visits,"
                            " last_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6)";
  if (home->home == NULL) return db_run(s, DROP, ARGS(db_id(ledger), db_hash(id)), err);
  return db_run(s, PUT,
                ARGS(db_id(ledger), db_hash(id), db_text(home->home), db_int(home->open),
                     db_int(home->visits), db_int(home->last_ms)),
                err);
}

int home_holds(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
               const struct case_home *home, struct yz_error *err) {
  static const char ANY[] = "SELECT count(*) FROM case_home WHERE ledger=?1 AND id=?2";
  static const char SAME[] = "SELECT count(*) FROM case_home WHERE ledger=?1 AND id=?2 AND home=?3"
                             " AND open=?4 AND visits=?5 AND last_ms=?6";
  int64_t any = 0, same = 0;
  int rc = db_number(s, ANY, ARGS(db_id(ledger), db_hash(id)), 0, &any, err);
  if (rc == 0 && home->home != NULL)
    rc = db_number(s, SAME,
                   ARGS(db_id(ledger), db_hash(id), db_text(home->home), db_int(home->open),
                        db_int(home->visits), db_int(home->last_ms)),
                   0, &same, err);
  return rc != 0 ? rc : any == (home->home != NULL) && any == same;
}
