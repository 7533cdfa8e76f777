/* The table of moves against a table written by hand from the rules: each move
 * in each state, alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/cases.h"

/* Columns: registered accepted refused assigned returned in-hand resolved
 * followed-up closed merged void. y: allowed, h: to the hub alone, n: refused. */
static const struct {
  enum case_move move;
  const char *type, *name, *states;
} table[] = {
    {CASE_ACCEPT, "case.accept", "accept", "ynnnnnnnnnn"},
    {CASE_REFUSE, "case.refuse", "refuse", "ynnnnnnnnnn"},
    {CASE_SIGN, "case.sign", "sign", "nnnynnnnnnn"},
    {CASE_RETURN, "case.return", "return", "nnnynnnnnnn"},
    {CASE_MAKE_VOID, "case.void", "void", "yynyyynnnnn"},
    {CASE_NOTE, "case.note", "note", "yyyyyyyyyyy"},
    {CASE_CONTACT, "case.contact", "contact", "yyyyyyyyyyy"},
    {CASE_VISIT, "case.visit", "visit", "yyyyyyyyyyy"},
    {CASE_ATTACH, "case.attach", "attach", "yyyyyyyyyyy"},
    {CASE_SUPERVISE, "case.supervise", "supervise", "yyyyyyyyyyy"},
    {CASE_PAUSE, "case.pause", "pause", "yynyyyyynnn"},
    {CASE_RESUME, "case.resume", "resume", "yynyyyyynnn"},
    {CASE_EDIT, "case.edit", "edit", "yyyyyyyyyyy"},
    {CASE_SETTLE, "case.settle", "settle", "yyyyyyyyyyy"},
    {CASE_ASSIGN, "case.assign", "assign", "yynyyyyynnn"},
    {CASE_ESCALATE, "case.escalate", "escalate", "yynyyyyynnn"},
    {CASE_RESOLVE, "case.resolve", "resolve", "yynyyynnnnn"},
    {CASE_FOLLOWUP, "case.followup", "followup", "nnnnnnyyhyn"},
    {CASE_CLOSE, "case.close", "close", "nnynnnyynnn"},
    {CASE_MERGE, "case.merge", "merge", "yynyyyyynnn"},
    {CASE_REFER, "case.refer", "refer", "yynyyyyynnn"},
    {CASE_EXTEND, "case.extend", "extend", "yynyyyyynnn"},
    {CASE_REOPEN, "case.reopen", "reopen", "nnynnnyyynn"},
};
enum { ROWS = sizeof table / sizeof *table };

static struct case_view view_in(enum case_state state) {
  struct case_view v = {.state = state};
  v.fields[FIELD_STATE].n_values = 1;
  return v;
}

static void each_move_in_each_state(void **state) {
  (void)state;
  for (size_t row = 0; row < ROWS; row++) {
    assert_int_equal(strlen(table[row].states), CASE_STATES);
    for (int s = 0; s < CASE_STATES; s++) {
      struct case_view v = view_in((enum case_state)s);
      if (table[row].move == CASE_RESUME) v.flags = CASE_PAUSED;
      char may = table[row].states[s];
      const char *village = case_move_refused(table[row].move, &v, false, true);
      const char *hub = case_move_refused(table[row].move, &v, true, true);
      if ((village == NULL) != (may == 'y') || (hub == NULL) != (may != 'n'))
        fail_msg("%s in %s", table[row].name, case_state_name((enum case_state)s));
    }
  }
}

static void opening(void **state) {
  (void)state;
  struct case_view v = view_in(CASE_REGISTERED);
  assert_null(case_move_refused(CASE_OPEN, NULL, false, false));
  assert_non_null(case_move_refused(CASE_OPEN, &v, false, false));
}

static void closing_needs_someone_satisfied_or_a_reason(void **state) {
  (void)state;
  static const char *const answers[] = {NULL, "unreachable", "partly", "dissatisfied"};
  struct case_view v = view_in(CASE_FOLLOWED_UP);
  v.last_result = "satisfied";
  assert_null(case_move_refused(CASE_CLOSE, &v, false, false));
  for (size_t i = 0; i < 4; i++) {
    v.last_result = answers[i];
    assert_non_null(case_move_refused(CASE_CLOSE, &v, false, false));
    assert_null(case_move_refused(CASE_CLOSE, &v, false, true));
  }
}

/* Why it was refused was said already, when it was. */
static void a_refused_case_is_closed_without_another_reason(void **state) {
  (void)state;
  struct case_view v = view_in(CASE_REFUSED);
  assert_null(case_move_refused(CASE_CLOSE, &v, false, false));
  v.last_result = "dissatisfied";
  assert_null(case_move_refused(CASE_CLOSE, &v, true, false));
}

static void a_case_rests_once_and_goes_on_once(void **state) {
  (void)state;
  struct case_view v = view_in(CASE_IN_HAND);
  assert_null(case_move_refused(CASE_PAUSE, &v, false, true));
  assert_string_equal(case_move_refused(CASE_RESUME, &v, false, true),
                      "This case does not rest. Go on working on it.");
  v.flags = CASE_PAUSED;
  assert_string_equal(case_move_refused(CASE_PAUSE, &v, false, true),
                      "This case rests already. To say more about it, note it on the case; "
                      "`yizhan case resume` goes on with it.");
  assert_null(case_move_refused(CASE_RESUME, &v, false, true));
}

static void refusals_say_what_to_do(void **state) {
  (void)state;
  static const struct {
    enum case_move move;
    enum case_state in;
    const char *says;
  } rows[] = {
      {CASE_ASSIGN, CASE_CLOSED, "This case is closed. Reopen it first."},
      {CASE_RESOLVE, CASE_REFUSED, "This case is refused. Reopen it first."},
      {CASE_CLOSE, CASE_CLOSED, "This case is closed already."},
      {CASE_CLOSE, CASE_ASSIGNED, "This case is not resolved yet. Resolve it first."},
      {CASE_FOLLOWUP, CASE_REGISTERED, "This case is not resolved yet. Resolve it first."},
      {CASE_RESOLVE, CASE_RESOLVED, "This case is resolved already. Follow it up, or reopen it."},
      {CASE_REOPEN, CASE_IN_HAND, "This case is open already. Go on working on it."},
      {CASE_REOPEN, CASE_VOID, "This case is void. Open a new one."},
      {CASE_ACCEPT, CASE_ASSIGNED,
       "Only a case that was just registered is accepted or refused. Go on working on it."},
      {CASE_REFUSE, CASE_ACCEPTED,
       "Only a case that was just registered is accepted or refused. Go on working on it."},
      {CASE_REFUSE, CASE_REFUSED, "This case is refused. Reopen it first."},
      {CASE_SIGN, CASE_RETURNED, "This case is not assigned to anyone. Assign it first."},
      {CASE_RETURN, CASE_IN_HAND, "This case is not assigned to anyone. Assign it first."},
      {CASE_MAKE_VOID, CASE_FOLLOWED_UP,
       "This case is resolved already. Follow it up, or reopen it."},
      {CASE_RESUME, CASE_VOID, "This case is void. Open a new one."},
      {CASE_PAUSE, CASE_CLOSED, "This case is closed. Reopen it first."},
      {CASE_MAKE_VOID, CASE_VOID, "This case is void. Open a new one."},
      {CASE_ESCALATE, CASE_MERGED, "This case was merged into another one. Work on that one."},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct case_view v = view_in(rows[i].in);
    assert_string_equal(case_move_refused(rows[i].move, &v, false, true), rows[i].says);
  }
}

static void a_contested_state_may_be_confirmed(void **state) {
  (void)state;
  struct case_view v = view_in(CASE_CLOSED);
  v.fields[FIELD_STATE].n_values = 2;
  assert_null(case_move_refused(CASE_CLOSE, &v, false, true));
  assert_non_null(case_move_refused(CASE_RESOLVE, &v, false, true));
  v.state = CASE_RESOLVED;
  assert_null(case_move_refused(CASE_RESOLVE, &v, false, true));
}

static void names(void **state) {
  (void)state;
  static const char *const states[] = {"registered", "accepted", "refused",  "assigned",
                                       "returned",   "in-hand",  "resolved", "followed-up",
                                       "closed",     "merged",   "void"};
  static const char *const fields[] = {"title",     "text",     "category", "channel",
                                       "urgency",   "place",    "resident", "phone",
                                       "household", "assigned", "class",    "state"};
  for (int i = 0; i < CASE_STATES; i++) {
    assert_string_equal(case_state_name((enum case_state)i), states[i]);
    assert_int_equal(case_state_from_name(states[i]), i);
  }
  assert_int_equal(case_state_from_name("open"), CASE_STATES);
  for (int i = 0; i < CASE_FIELDS; i++)
    assert_string_equal(case_field_name((enum case_field_index)i), fields[i]);
  for (size_t i = 0; i < ROWS; i++) {
    assert_string_equal(case_move_name(table[i].move), table[i].name);
    assert_int_equal(case_move_from_type(table[i].type), table[i].move);
  }
  assert_int_equal(case_move_from_type("case.open"), CASE_OPEN);
  assert_int_equal(case_move_from_type("case.dream"), CASE_MOVES);
  assert_int_equal(case_move_from_type("note"), CASE_MOVES);
  assert_string_equal(case_flag_name(CASE_ESCALATED), "escalated");
  assert_string_equal(case_flag_name(CASE_REOPENED), "reopened");
  assert_string_equal(case_flag_name(CASE_PAUSED), "paused");
  assert_string_equal(case_flag_name(CASE_SUPERVISED), "supervised");
  assert_string_equal(case_flag_name(CASE_REFERRED), "referred");
  assert_string_equal(case_flag_name(CASE_ABOUT_WORKER), "about-worker");
  assert_string_equal(case_effect_name(EFFECT_APPLIED), "applied");
  assert_string_equal(case_effect_name(EFFECT_CONFLICT), "conflict");
  assert_string_equal(case_effect_name(EFFECT_REQUEST), "request");
  assert_string_equal(case_effect_name(EFFECT_NONE), "none");
  assert_string_equal(case_effect_name(EFFECT_NEWER), "needs-newer");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_move_in_each_state),
      cmocka_unit_test(opening),
      cmocka_unit_test(closing_needs_someone_satisfied_or_a_reason),
      cmocka_unit_test(a_refused_case_is_closed_without_another_reason),
      cmocka_unit_test(a_case_rests_once_and_goes_on_once),
      cmocka_unit_test(refusals_say_what_to_do),
      cmocka_unit_test(a_contested_state_may_be_confirmed),
      cmocka_unit_test(names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
