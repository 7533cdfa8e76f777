#include "casework.h"

#include <stdlib.h>
#include <string.h>

#include "hub/hub.h"
#include "tidy.h"

void casework_drop(const struct casework_move *m) {
  json_decref(m->content);
  json_decref(m->plain);
  for (size_t i = 0; i < m->n_then; i++) {
    json_decref(m->then[i].content);
    json_decref(m->then[i].plain);
  }
}

/* --- making ----------------------------------------------------------- */

/* The move, then what is to follow it. */
static int make_all(struct node *n, const struct signer *who, const struct move *move,
                    const struct casework_move *m, struct casework_made *out,
                    struct yz_error *err) {
  struct yz_hash other;
  char same[NUMBER_MAX];
  int rc = node_move(n, who, move, out->number, &out->record, err);
  for (size_t i = 0; rc == 0 && i < m->n_then; i++) {
    struct move next = {.move = m->then[i].move,
                        .case_id = move->case_id != NULL ? move->case_id : &out->record,
                        .content = m->then[i].content,
                        .plain = m->then[i].plain,
                        .at_ms = m->then[i].at_ms};
    rc = node_move(n, who, &next, same, &other, err);
  }
  return rc;
}

/* What only the township may do is a request of the village: who made it is told. */
static int see_request(struct node *n, const struct yz_hash *id, const struct casework_move *m,
                       struct casework_made *out, struct yz_error *err) {
  struct case_whole whole = {0};
  if (!case_move_townships(m->move, false) && !case_move_heads(m->move)) return 0;
  int rc = store_load_case(n->store, id, &whole, err);
  if (rc != 0) return rc;
  for (size_t i = 0; i < whole.n; i++)
    if (yz_equal(&whole.records[i].id, &out->record, sizeof out->record) &&
        whole.view.effects[i] == EFFECT_REQUEST)
      out->request = true;
  case_whole_finish(&whole);
  return 0;
}

int casework_make(struct node *n, const struct signer *who, const struct yz_hash *id,
                  const struct casework_move *m, struct casework_made *out, struct yz_error *err) {
  const struct move move = {.move = m->move,
                            .case_id = id,
                            .content = m->content,
                            .plain = m->plain,
                            .at_ms = m->at_ms,
                            .township = m->township,
                            .township_only = m->township_only};
  *out = (struct casework_made){0};
  bool ok = m->ok;
  for (size_t i = 0; i < m->n_then; i++) ok = ok && m->then[i].ok;
  if (!ok) return yz_no_memory(err);
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = store_end(n->store, make_all(n, who, &move, m, out, err), err);
  return rc == 0 && id != NULL ? see_request(n, id, m, out, err) : rc;
}

/* --- what is said ----------------------------------------------------- */

json_t *casework_field(enum case_field_index field, const char *value) {
  if (field != FIELD_TITLE) return value[0] != '\0' ? json_string(value) : json_null();
  char *title = strdup(value);
  if (title == NULL) return NULL;
  tidy_cell(title, false);
  json_t *json = json_string(title);
  free(title);
  return json;
}

bool casework_make_anonymous(json_t *content, bool *left_out) {
  static const enum case_field_index identity[] = {FIELD_RESIDENT, FIELD_PHONE, FIELD_HOUSEHOLD};
  *left_out = false;
  for (size_t i = 0; i < sizeof identity / sizeof *identity; i++)
    *left_out |= json_object_del(content, case_field_name(identity[i])) == 0;
  return json_object_set_new(content, "anonymous", json_true()) == 0;
}

/* The closing that a result is followed by: who cannot be reached is not followed up
 * further, and of who is not quite satisfied what was done is the reason. */
static struct casework_move closing(const char *result, const char *done, int64_t at_ms) {
  struct casework_move m = {.move = CASE_CLOSE, .at_ms = at_ms, .ok = true};
  if (strcmp(result, "unreachable") == 0) {
    m.plain = json_pack("{s:b}", "no_follow_up", 1);
    m.ok = m.plain != NULL;
  }
  if (strcmp(result, "partly") == 0) {
    m.content = json_pack("{s:s}", "reason", done);
    m.ok = m.content != NULL;
  }
  return m;
}

void casework_solve(struct casework_move *opening, const char *done, const char *result,
                    const char *solved, struct casework_move then[static CASEWORK_SOLVING]) {
  struct casework_move *m = opening;
  m->then = then;
  then[0] = (struct casework_move){
      .move = CASE_RESOLVE, .content = json_pack("{s:s}", "text", done), .at_ms = m->at_ms};
  then[0].ok = then[0].content != NULL;
  m->n_then = 1;
  if (result == NULL) return;
  then[1] =
      (struct casework_move){.move = CASE_FOLLOWUP,
                             .plain = json_pack("{s:s,s:s*}", "result", result, "solved", solved),
                             .at_ms = m->at_ms};
  then[1].ok = then[1].plain != NULL;
  m->n_then = 2;
  /* Who is not satisfied has an open case: their answer alone takes it up again. */
  if (strcmp(result, "dissatisfied") != 0) then[m->n_then++] = closing(result, done, m->at_ms);
}

struct casework_move casework_settle(const char *field, const char *value) {
  struct casework_move m = {.move = CASE_SETTLE, .at_ms = INT64_MIN};
  if (strcmp(field, case_field_name(FIELD_STATE)) == 0 ||
      strcmp(field, case_field_name(FIELD_CLASS)) == 0) {
    m.plain = json_pack("{s:s}", field, value);
    m.ok = m.plain != NULL;
  } else {
    m.content = json_pack("{s:{s:o}}", "fields", field,
                          value[0] != '\0' ? json_string(value) : json_null());
    m.ok = m.content != NULL;
  }
  return m;
}

/* --- what is looked for ------------------------------------------------ */

void casework_ask_due(bool overdue, int64_t within, int64_t now_ms, int zone,
                      struct case_query *q) {
  enum { MAX_WITHIN = 36600 /* days */ };
  if (within > MAX_WITHIN) within = MAX_WITHIN;
  q->due = overdue || within >= 0;
  q->due_after_ms = overdue ? INT64_MIN : now_ms;
  q->due_until_ms =
      within < 0 ? now_ms : calendar_begin(calendar_day(now_ms, zone) + within + 1, zone);
}

unsigned casework_flag(const char *name) {
  unsigned flag = name != NULL ? 1 : 0;
  while (flag != 0 && strcmp(case_flag_name((enum case_flag)flag), name) != 0) flag <<= 1;
  return flag;
}

/* --- what may be done ------------------------------------------------- */

static bool may_make(const struct node *n, const struct signer *who, enum case_move move,
                     const struct case_view *view) {
  if (move == CASE_SETTLE && view->conflict_count == 0) return false;
  return case_move_refused(move, view, n->hub, true) == NULL &&
         case_about_refused(move, view, &who->author.key, NULL) == NULL;
}

/* At a hub an auditor makes none. */
static int may_write(struct node *n, const struct signer *who, const struct case_whole *whole,
                     bool *out, struct yz_error *err) {
  struct yz_error why = {0};
  int rc = n->hub ? hub_check_writer(n, &whole->ledger, &who->author.key, &why) : 0;
  *out = rc == 0;
  if (rc == 0 || rc == YZ_E_REFUSED) return 0;
  return yz_fail(err, why.code, why.message, "%s", why.subject);
}

int casework_moves(struct node *n, const struct signer *who, const struct yz_hash *id, json_t **out,
                   struct yz_error *err) {
  struct case_whole whole = {0};
  bool writes = false;
  int rc = store_load_case(n->store, id, &whole, err);
  if (rc == YZ_E_NOT_FOUND) return yz_fail(err, rc, YZ_N_("There is no such case."), NULL);
  if (rc == 0) rc = may_write(n, who, &whole, &writes, err);
  json_t *moves = json_array();
  bool ok = moves != NULL;
  for (int i = CASE_OPEN + 1; rc == 0 && ok && writes && i < CASE_MOVES; i++)
    if (i != CASE_ATTACH && may_make(n, who, (enum case_move)i, &whole.view))
      ok = json_array_append_new(moves, json_string(case_move_name((enum case_move)i))) == 0;
  case_whole_finish(&whole);
  if (rc == 0 && !ok) rc = yz_no_memory(err);
  if (rc == 0)
    *out = moves;
  else
    json_decref(moves);
  return rc;
}
