/* The fold, case by case: moves in a row, moves made apart, fields, follow-ups. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/node/cases/case_set.h"

static const char *value(const struct case_view *v, enum case_field_index field, size_t i) {
  assert_true(i < v->fields[field].n_values);
  return v->fields[field].values[i].value;
}

static void nothing_at_all(void **state) {
  (void)state;
  struct case_view v;
  assert_int_equal(case_fold(NULL, 0, NULL, &v), 0);
  assert_int_equal(v.n_records, 0);
  assert_int_equal(v.n_heads, 0);
  assert_null(v.number);
  assert_int_equal(v.state, CASE_REGISTERED);
  assert_null(value(&v, FIELD_TITLE, 0));
  case_view_finish(&v);
  case_view_finish(NULL);
}

static void an_opening(void **state) {
  struct set_fixture *f = *state;
  set_content(&f->s, 0, "{'title':'Water','phone':'139','anonymous':true}");
  const struct case_view *v = set_view(f);
  assert_int_equal(v->state, CASE_REGISTERED);
  assert_string_equal(value(v, FIELD_STATE, 0), "registered");
  assert_string_equal(v->number, "QS3-26-0142-K");
  assert_int_equal(v->opened_ms, 1000);
  assert_true(v->anonymous);
  assert_string_equal(value(v, FIELD_TITLE, 0), "Water");
  assert_string_equal(value(v, FIELD_PHONE, 0), "139");
  assert_int_equal(v->fields[FIELD_PHONE].values[0].record, 0);
  assert_null(value(v, FIELD_PLACE, 0));
  assert_true(v->fields[FIELD_PLACE].values[0].record == CASE_NO_RECORD);
  assert_string_equal(v->fields[FIELD_HOUSEHOLD].name, "household");
  assert_int_equal(v->conflict_count, 0);
  assert_int_equal(v->effects[0], EFFECT_APPLIED);
  assert_int_equal(v->n_heads, 1);
  assert_null(v->last_result);
}

static void a_case_from_start_to_end(void **state) {
  struct set_fixture *f = *state;
  static const struct {
    const char *type;
    enum case_state then;
    unsigned flags;
    const char *result;
  } life[] = {
      {"case.note", CASE_REGISTERED, 0, NULL},
      {"case.accept", CASE_ACCEPTED, 0, NULL},
      {"case.assign", CASE_ASSIGNED, 0, NULL},
      {"case.return", CASE_RETURNED, 0, NULL},
      {"case.assign", CASE_ASSIGNED, 0, NULL},
      {"case.sign", CASE_IN_HAND, 0, NULL},
      {"case.assign", CASE_ASSIGNED, 0, NULL},
      {"case.escalate", CASE_ASSIGNED, CASE_ESCALATED, NULL},
      {"case.resolve", CASE_RESOLVED, CASE_ESCALATED, NULL},
      {"case.followup dissatisfied", CASE_IN_HAND, CASE_ESCALATED | CASE_REOPENED, "dissatisfied"},
      {"case.resolve", CASE_RESOLVED, CASE_ESCALATED | CASE_REOPENED, "dissatisfied"},
      {"case.followup unreachable", CASE_FOLLOWED_UP, CASE_ESCALATED | CASE_REOPENED,
       "dissatisfied"},
      {"case.followup satisfied", CASE_FOLLOWED_UP, CASE_ESCALATED | CASE_REOPENED, "satisfied"},
      {"case.followup unreachable", CASE_FOLLOWED_UP, CASE_ESCALATED | CASE_REOPENED, "satisfied"},
      {"case.close", CASE_CLOSED, CASE_ESCALATED | CASE_REOPENED, "satisfied"},
      {"case.reopen", CASE_IN_HAND, CASE_ESCALATED | CASE_REOPENED, NULL},
      {"case.resolve", CASE_RESOLVED, CASE_ESCALATED | CASE_REOPENED, NULL},
      {"case.followup unreachable", CASE_FOLLOWED_UP, CASE_ESCALATED | CASE_REOPENED,
       "unreachable"},
      {"case.followup partly", CASE_FOLLOWED_UP, CASE_ESCALATED | CASE_REOPENED, "partly"},
  };
  for (size_t i = 0; i < sizeof life / sizeof *life; i++) {
    size_t at = set_add(&f->s, life[i].type, HEADS(i));
    const struct case_view *v = set_view(f);
    assert_int_equal(v->state, life[i].then);
    assert_int_equal(v->flags, life[i].flags);
    assert_int_equal(v->effects[at], EFFECT_APPLIED);
    assert_int_equal(v->conflict_count, 0);
    assert_int_equal(v->n_heads, 1);
    assert_int_equal(v->heads[0], at);
    if (life[i].result == NULL)
      assert_null(v->last_result);
    else
      assert_string_equal(v->last_result, life[i].result);
  }
}

static void a_move_that_was_not_allowed_stays_without_effect(void **state) {
  struct set_fixture *f = *state;
  static const char *const refused[] = {"case.followup satisfied", "case.followup dissatisfied",
                                        "case.close", "case.reopen"};
  for (size_t i = 0; i < 4; i++) set_add(&f->s, refused[i], HEADS(i));
  const struct case_view *v = set_view(f);
  assert_int_equal(v->state, CASE_REGISTERED);
  assert_int_equal(v->flags, 0);
  assert_null(v->last_result);
  for (size_t i = 1; i <= 4; i++) assert_int_equal(v->effects[i], EFFECT_NONE);
  assert_int_equal(v->n_heads, 1);
  assert_int_equal(v->heads[0], 4);
}

static void a_case_that_was_refused_or_void(void **state) {
  struct set_fixture *f = *state;
  size_t refuse = set_add(&f->s, "case.refuse", HEADS(0));
  assert_int_equal(set_view(f)->state, CASE_REFUSED);
  size_t resolve = set_add(&f->s, "case.resolve", HEADS(refuse));
  size_t reopen = set_add(&f->s, "case.reopen", HEADS(resolve));
  assert_int_equal(set_view(f)->state, CASE_IN_HAND);
  assert_int_equal(f->v.effects[resolve], EFFECT_NONE);
  size_t made_void = set_add(&f->s, "case.void", HEADS(reopen));
  set_add(&f->s, "case.assign", HEADS(set_add(&f->s, "case.reopen", HEADS(made_void))));
  assert_int_equal(set_view(f)->state, CASE_VOID);
  assert_null(value(&f->v, FIELD_ASSIGNED, 0));
}

static void a_hub_follows_up_what_is_closed(void **state) {
  struct set_fixture *f = *state;
  set_add(&f->s, "case.resolve", HEADS(0));
  set_add(&f->s, "case.close", HEADS(1));
  size_t village = set_add(&f->s, "case.followup dissatisfied", HEADS(2));
  assert_int_equal(set_view(f)->state, CASE_CLOSED);
  assert_int_equal(f->v.effects[village], EFFECT_NONE);
  size_t hub = set_add_hub(&f->s, "case.followup dissatisfied", HEADS(2));
  assert_int_equal(set_view(f)->state, CASE_IN_HAND);
  assert_int_equal(f->v.effects[hub], EFFECT_APPLIED);
  assert_int_equal(f->v.conflict_count, 0);
}

static void a_settlement_chooses(void **state) {
  struct set_fixture *f = *state;
  size_t a = set_add_hub(&f->s, "case.assign", HEADS(0));
  size_t b = set_add(&f->s, "case.resolve", HEADS(0));
  set_content(&f->s, a, "{'to':'Roads'}");
  size_t c = set_add(&f->s, "case.assign", HEADS(0));
  set_content(&f->s, c, "{'to':'Water'}");
  const struct case_view *v = set_view(f);
  assert_int_equal(v->conflict_count, 2);
  assert_int_equal(v->state, CASE_ASSIGNED);
  size_t alone = set_add(&f->s, "case.settle resolved", HEADS(b));
  size_t other = set_add(&f->s, "case.settle closed", HEADS(alone, a, c));
  size_t settle = set_add(&f->s, "case.settle resolved", HEADS(other));
  set_content(&f->s, settle, "{'fields':{'assigned':'Water'}}");
  v = set_view(f);
  assert_int_equal(v->effects[alone], EFFECT_NONE); /* its writer knew of no other */
  assert_int_equal(v->effects[other], EFFECT_NONE); /* it is none of those that stand */
  assert_int_equal(v->effects[settle], EFFECT_APPLIED);
  assert_int_equal(v->state, CASE_RESOLVED);
  assert_int_equal(v->conflict_count, 0);
  assert_string_equal(value(v, FIELD_ASSIGNED, 0), "Water");
  size_t apart = set_add(&f->s, "case.settle assigned", HEADS(other));
  v = set_view(f);
  assert_int_equal(v->fields[FIELD_STATE].n_values, 1); /* the later one settles it */
  assert_int_equal(v->state, CASE_ASSIGNED);
  assert_int_equal(v->effects[settle], EFFECT_APPLIED);
  assert_int_equal(v->effects[apart], EFFECT_APPLIED);
}

static void only_what_was_said_apart_is_settled(void **state) {
  struct set_fixture *f = *state;
  static const struct {
    const char *plain, *content, *says;
  } rows[] = {
      {"{\"state\":\"resolved\"}", "{}", NULL},
      {"{\"state\":\"assigned\"}", "{}", NULL},
      {"{\"state\":\"closed\"}", "{}", "none of the values"},
      {"{}", "{\"fields\":{\"title\":\"x\"}}", NULL},
      {"{}", "{\"fields\":{\"title\":null}}", NULL},
      {"{}", "{\"fields\":{\"title\":\"Water\"}}", "none of the values"},
      {"{}", "{\"fields\":{\"phone\":\"1\"}}", "nothing to settle"},
      {"{\"state\":\"resolved\"}", "{\"fields\":{\"phone\":null}}", "nothing to settle"},
  };
  set_add(&f->s, "case.resolve", HEADS(0));
  set_add(&f->s, "case.assign", HEADS(set_add(&f->s, "case.edit", HEADS(0))));
  set_content(&f->s, set_add(&f->s, "case.edit", HEADS(0)), "{'fields':{'title':null}}");
  const struct case_view *v = set_view(f);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    json_t *plain = json_loads(rows[i].plain, 0, NULL);
    json_t *content = json_loads(rows[i].content, 0, NULL);
    const char *says = case_settle_refused(v, plain, content);
    assert_int_equal(says == NULL, rows[i].says == NULL);
    if (says != NULL) assert_non_null(strstr(says, rows[i].says));
    json_decref(plain);
    json_decref(content);
  }
}

static void what_the_township_decides(void **state) {
  static const struct {
    const char *path[5], *move;
    enum case_effect village;
    enum case_state hub_leads;
  } rows[] = {
      {{"case.note"}, "case.refuse", EFFECT_APPLIED, CASE_REFUSED},
      {{"case.escalate"}, "case.refuse", EFFECT_REQUEST, CASE_REFUSED},
      {{"case.supervise"}, "case.void", EFFECT_REQUEST, CASE_VOID},
      {{"case.escalate"}, "case.resolve", EFFECT_APPLIED, CASE_RESOLVED},
      {{"case.escalate"}, "case.close", EFFECT_NONE, CASE_REGISTERED},
      {{"case.escalate", "case.resolve"}, "case.close", EFFECT_REQUEST, CASE_CLOSED},
      {{"case.escalate", "case.resolve", "case.followup partly"},
       "case.close",
       EFFECT_REQUEST,
       CASE_CLOSED},
      {{"case.escalate", "case.resolve", "case.followup satisfied", "case.followup unreachable"},
       "case.close",
       EFFECT_APPLIED,
       CASE_CLOSED},
      {{"case.resolve", "case.followup dissatisfied"}, "case.void", EFFECT_APPLIED, CASE_VOID},
      {{"case.resolve", "case.followup dissatisfied", "case.resolve", "case.followup dissatisfied"},
       "case.void",
       EFFECT_REQUEST,
       CASE_VOID},
  };
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    for (int hub = 0; hub < 2; hub++) {
      struct set_fixture f = {.s = {.seed = i}};
      size_t head = set_open(&f.s);
      for (size_t k = 0; k < 5 && rows[i].path[k] != NULL; k++)
        head = set_add(&f.s, rows[i].path[k], HEADS(head));
      enum case_state before = set_view(&f)->state;
      size_t move = hub ? set_add_hub(&f.s, rows[i].move, HEADS(head))
                        : set_add(&f.s, rows[i].move, HEADS(head));
      const struct case_view *v = set_view(&f);
      bool request = !hub && rows[i].village == EFFECT_REQUEST;
      assert_int_equal(v->effects[move] == EFFECT_REQUEST, request);
      assert_int_equal(v->state, request ? before : rows[i].hub_leads);
      assert_int_equal(v->conflict_count, 0);
      case_view_finish(&f.v);
      set_finish(&f.s);
    }
}

static void not_known_to_the_writer_is_no_request(void **state) {
  struct set_fixture *f = *state;
  set_add_hub(&f->s, "case.supervise", HEADS(0));
  size_t refuse = set_add(&f->s, "case.refuse", HEADS(0));
  assert_int_equal(set_view(f)->effects[refuse], EFFECT_APPLIED);
  assert_int_equal(f->v.state, CASE_REFUSED);
}

static void dissatisfied_twice_goes_to_the_township(void **state) {
  struct set_fixture *f = *state;
  size_t first =
      set_add(&f->s, "case.followup dissatisfied", HEADS(set_add(&f->s, "case.resolve", HEADS(0))));
  assert_int_equal(set_view(f)->flags, CASE_REOPENED);
  size_t reopen =
      set_add(&f->s, "case.reopen", HEADS(set_add(&f->s, "case.resolve", HEADS(first))));
  assert_int_equal(set_view(f)->flags, CASE_REOPENED); /* no one said anything */
  set_add(&f->s, "case.followup dissatisfied",
          HEADS(set_add(&f->s, "case.resolve", HEADS(reopen))));
  assert_int_equal(set_view(f)->flags, CASE_REOPENED | CASE_ESCALATED);
}

static void a_case_that_rests(void **state) {
  struct set_fixture *f = *state;
  size_t pause = set_add(&f->s, "case.pause", HEADS(0));
  assert_int_equal(set_view(f)->flags, CASE_PAUSED);
  assert_int_equal(f->v.state, CASE_REGISTERED);
  size_t resume = set_add(&f->s, "case.resume", HEADS(set_add(&f->s, "case.visit", HEADS(pause))));
  assert_int_equal(set_view(f)->flags, 0);
  set_add(&f->s, "case.pause", HEADS(0)); /* not the pause that was ended */
  assert_int_equal(set_view(f)->flags, CASE_PAUSED);
  set_add_hub(&f->s, "case.resume", HEADS(resume));
  assert_int_equal(set_view(f)->flags, 0); /* the hub's word over a later one of the village */
  set_add(&f->s, "case.pause", HEADS(set_add(&f->s, "case.void", HEADS(0))));
  assert_int_equal(set_view(f)->flags, 0); /* it had no effect */
}

static void a_case_that_is_watched_over(void **state) {
  struct set_fixture *f = *state;
  size_t closed = set_add(&f->s, "case.close", HEADS(set_add(&f->s, "case.resolve", HEADS(0))));
  size_t supervise = set_add_hub(&f->s, "case.supervise", HEADS(closed));
  size_t contact = set_add(&f->s, "case.contact", HEADS(supervise));
  assert_int_equal(set_view(f)->flags, CASE_SUPERVISED);
  assert_int_equal(f->v.state, CASE_CLOSED);
  assert_int_equal(f->v.effects[contact], EFFECT_APPLIED);
}

static void judged_by_what_its_writer_knew(void **state) {
  struct set_fixture *f = *state;
  size_t closed = set_add(&f->s, "case.close", HEADS(set_add(&f->s, "case.resolve", HEADS(0))));
  size_t late = set_add(&f->s, "case.assign", HEADS(0)); /* knew only the opening */
  size_t knew = set_add(&f->s, "case.assign", HEADS(closed));
  const struct case_view *v = set_view(f);
  assert_int_equal(v->effects[late], EFFECT_APPLIED);
  assert_int_equal(v->effects[knew], EFFECT_NONE);
  assert_int_equal(v->state, CASE_ASSIGNED);
  assert_int_equal(v->effects[closed], EFFECT_CONFLICT);
}

static void a_conflict_and_its_settlement(void **state) {
  struct set_fixture *f = *state;
  size_t resolve = set_add_hub(&f->s, "case.resolve", HEADS(0));
  size_t assign = set_add(&f->s, "case.assign", HEADS(0));
  const struct case_view *v = set_view(f);
  assert_int_equal(v->state, CASE_RESOLVED);
  assert_int_equal(v->conflict_count, 1);
  assert_int_equal(v->fields[FIELD_STATE].n_values, 2);
  assert_string_equal(value(v, FIELD_STATE, 1), "assigned");
  assert_int_equal(v->fields[FIELD_STATE].values[1].record, assign);
  assert_int_equal(v->effects[assign], EFFECT_CONFLICT);
  size_t settle = set_add(&f->s, "case.assign", HEADS(resolve, assign));
  size_t same = set_add(&f->s, "case.assign", HEADS(resolve, assign));
  v = set_view(f);
  assert_int_equal(v->state, CASE_ASSIGNED);
  assert_int_equal(v->conflict_count, 0);
  assert_int_equal(v->effects[settle], EFFECT_APPLIED);
  assert_int_equal(v->effects[same], EFFECT_APPLIED);
  assert_int_equal(v->effects[assign], EFFECT_APPLIED);
}

static void what_counts_can_be_confirmed(void **state) {
  struct set_fixture *f = *state;
  size_t resolve = set_add(&f->s, "case.resolve", HEADS(0));
  size_t close = set_add_hub(&f->s, "case.close", HEADS(resolve));
  size_t follow = set_add(&f->s, "case.followup partly", HEADS(resolve));
  size_t alone = set_add(&f->s, "case.close", HEADS(close));
  const struct case_view *v = set_view(f);
  assert_int_equal(v->effects[alone], EFFECT_NONE);
  assert_int_equal(v->conflict_count, 1);
  assert_null(case_move_refused(CASE_CLOSE, v, false, true));
  size_t confirm = set_add(&f->s, "case.close", HEADS(alone, follow));
  v = set_view(f);
  assert_int_equal(v->effects[confirm], EFFECT_APPLIED);
  assert_int_equal(v->state, CASE_CLOSED);
  assert_int_equal(v->conflict_count, 0);
  assert_string_equal(v->last_result, "partly");
}

static void of_answers_made_apart_the_less_satisfied_counts(void **state) {
  (void)state;
  static const char *const answers[] = {"unreachable", "satisfied", "partly", "dissatisfied"};
  for (size_t a = 0; a < 4; a++)
    for (size_t b = 0; b < 4; b++) {
      struct case_set s = {.seed = a * 4 + b};
      struct case_view v;
      char type[2][40];
      (void)snprintf(type[0], 40, "case.followup %s", answers[a]);
      (void)snprintf(type[1], 40, "case.followup %s", answers[b]);
      set_add(&s, "case.resolve", HEADS(set_open(&s)));
      set_add(&s, type[0], HEADS(1));
      set_add_hub(&s, type[1], HEADS(1));
      set_fold(&s, &v);
      assert_string_equal(v.last_result, answers[a > b ? a : b]);
      assert_int_equal(v.state, a == 3 || b == 3 ? CASE_IN_HAND : CASE_FOLLOWED_UP);
      assert_int_equal(v.conflict_count, (a == 3) != (b == 3));
      case_view_finish(&v);
      set_finish(&s);
    }
}

static void an_answer_apart_from_a_reopening(void **state) {
  struct set_fixture *f = *state;
  size_t resolve = set_add(&f->s, "case.resolve", HEADS(0));
  size_t reopen = set_add(&f->s, "case.reopen", HEADS(resolve));
  size_t satisfied = set_add_hub(&f->s, "case.followup satisfied", HEADS(resolve));
  set_add(&f->s, "case.followup unreachable", HEADS(resolve));
  assert_null(set_view(f)->last_result);
  assert_int_equal(f->v.state, CASE_IN_HAND);
  assert_int_equal(f->v.effects[satisfied], EFFECT_CONFLICT);
  set_add(&f->s, "case.followup unreachable", HEADS(set_add(&f->s, "case.resolve", HEADS(reopen))));
  assert_string_equal(set_view(f)->last_result, "unreachable");
  set_add_hub(&f->s, "case.followup dissatisfied", HEADS(resolve));
  assert_string_equal(set_view(f)->last_result, "dissatisfied");
}

static void fields_written_apart(void **state) {
  struct set_fixture *f = *state;
  size_t a = set_add(&f->s, "case.edit", HEADS(0));
  size_t b = set_add(&f->s, "case.edit", HEADS(0));
  size_t c = set_add_hub(&f->s, "case.edit", HEADS(0));
  size_t d = set_add(&f->s, "case.edit", HEADS(0));
  set_content(&f->s, a, "{'fields':{'title':'A','phone':'1'}}");
  set_content(&f->s, b, "{'fields':{'title':'B','phone':'1','place':null}}");
  set_content(&f->s, c, "{'fields':{'title':'A','household':'H'}}");
  set_content(&f->s, d, "{'fields':{'title':null}}");
  const struct case_view *v = set_view(f);
  assert_int_equal(v->fields[FIELD_TITLE].n_values, 3);
  assert_null(value(v, FIELD_TITLE, 0)); /* d has the greatest stamp */
  assert_string_equal(value(v, FIELD_TITLE, 1), "A");
  assert_int_equal(v->fields[FIELD_TITLE].values[1].record, c);
  assert_string_equal(value(v, FIELD_TITLE, 2), "B");
  assert_int_equal(v->fields[FIELD_PHONE].n_values, 1);
  assert_int_equal(v->fields[FIELD_HOUSEHOLD].n_values, 1);
  assert_int_equal(v->conflict_count, 1);
  assert_int_equal(v->effects[d], EFFECT_APPLIED);
  assert_int_equal(v->effects[a], EFFECT_CONFLICT);
  assert_int_equal(v->effects[b], EFFECT_CONFLICT);
  size_t settle = set_add(&f->s, "case.edit", HEADS(a, b, c, d));
  v = set_view(f);
  assert_int_equal(v->conflict_count, 0);
  assert_string_equal(value(v, FIELD_TITLE, 0), "x");
  assert_int_equal(v->effects[settle], EFFECT_APPLIED);
  assert_int_equal(v->effects[b], EFFECT_APPLIED);
}

static void assigned_to(void **state) {
  struct set_fixture *f = *state;
  size_t a = set_add(&f->s, "case.assign", HEADS(0));
  set_content(&f->s, a, "{'to':'Roads'}");
  assert_string_equal(value(set_view(f), FIELD_ASSIGNED, 0), "Roads");
  size_t b = set_add(&f->s, "case.assign", HEADS(0));
  set_content(&f->s, b, "{'to':'Water'}");
  const struct case_view *v = set_view(f);
  assert_int_equal(v->conflict_count, 1); /* not the state: both say assigned */
  assert_string_equal(value(v, FIELD_ASSIGNED, 0), "Water");
  assert_string_equal(value(v, FIELD_ASSIGNED, 1), "Roads");
}

static void what_has_no_effect_writes_no_field(void **state) {
  struct set_fixture *f = *state;
  size_t close = set_add(&f->s, "case.close", HEADS(set_add(&f->s, "case.resolve", HEADS(0))));
  size_t assign = set_add(&f->s, "case.assign", HEADS(close));
  size_t edit = set_add(&f->s, "case.edit", HEADS(assign));
  set_content(&f->s, edit, "{'fields':{'title':'New','mood':'x'}}");
  const struct case_view *v = set_view(f);
  assert_int_equal(v->effects[assign], EFFECT_NONE);
  assert_int_equal(v->effects[edit], EFFECT_NEWER);
  assert_null(value(v, FIELD_ASSIGNED, 0));
  assert_string_equal(value(v, FIELD_TITLE, 0), "Water");
}

static void contents_can_be_gone(void **state) {
  struct set_fixture *f = *state;
  set_add(&f->s, "case.edit", HEADS(0));
  set_add(&f->s, "case.assign", HEADS(1));
  set_add(&f->s, "case.assign", HEADS(2));
  set_add(&f->s, "case.resolve", HEADS(3));
  set_add(&f->s, "case.followup satisfied", HEADS(4));
  for (size_t i = 0; i < f->s.n; i++) {
    if (i == 2) continue;
    json_decref((json_t *)f->s.records[i].content);
    f->s.records[i].content = NULL;
  }
  const struct case_view *v = set_view(f);
  assert_int_equal(v->state, CASE_FOLLOWED_UP);
  assert_string_equal(v->last_result, "satisfied");
  assert_string_equal(v->number, "QS3-26-0142-K");
  assert_null(value(v, FIELD_TITLE, 0));
  assert_null(value(v, FIELD_ASSIGNED, 0)); /* the later one, to no one knows whom */
  assert_int_equal(v->fields[FIELD_ASSIGNED].values[0].record, 3);
  assert_false(v->needs_newer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_setup, set_teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(nothing_at_all),
      TEST(an_opening),
      TEST(a_case_from_start_to_end),
      TEST(a_move_that_was_not_allowed_stays_without_effect),
      TEST(a_case_that_was_refused_or_void),
      TEST(a_hub_follows_up_what_is_closed),
      TEST(a_settlement_chooses),
      TEST(only_what_was_said_apart_is_settled),
      TEST(what_the_township_decides),
      TEST(not_known_to_the_writer_is_no_request),
      TEST(dissatisfied_twice_goes_to_the_township),
      TEST(a_case_that_rests),
      TEST(a_case_that_is_watched_over),
      TEST(judged_by_what_its_writer_knew),
      TEST(a_conflict_and_its_settlement),
      TEST(what_counts_can_be_confirmed),
      TEST(of_answers_made_apart_the_less_satisfied_counts),
      TEST(an_answer_apart_from_a_reopening),
      TEST(fields_written_apart),
      TEST(assigned_to),
      TEST(what_has_no_effect_writes_no_field),
      TEST(contents_can_be_gone),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
