/* Every pair of moves made apart, from every state that a case can be in: which
 * state counts, and is it a conflict? The expectation is a table by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/node/cases/case_set.h"

enum { MOVES = 23, STAYS = 10 }; /* the first of them set no state */
static const char *const moves[MOVES] = {
    "case.note",
    "case.edit",
    "case.contact",
    "case.visit",
    "case.supervise",
    "case.escalate",
    "case.pause",
    "case.resume",
    "case.refer",
    "case.extend 2",
    "case.assign",
    "case.resolve",
    "case.followup satisfied",
    "case.followup unreachable",
    "case.followup dissatisfied",
    "case.close",
    "case.reopen",
    "case.accept",
    "case.refuse",
    "case.sign",
    "case.return",
    "case.void",
    "case.merge",
};

/* What leads to a state, and then each move made by a village alone: where it
 * leads (A: accepted, R: refused, a: assigned, x: returned, i, I, s: in-hand,
 * r: resolved, f: followed-up, c: closed, v: void, m: merged; -: the state stays; .: not
 * allowed). */
static const struct {
  const char *path[4];
  const char *leads;
  enum case_state state;
} starts[] = {
    {{NULL}, "----------ar.....AR..vm", CASE_REGISTERED},
    {{"case.accept"}, "----------ar.........vm", CASE_ACCEPTED},
    {{"case.refuse"}, "-----..........cI......", CASE_REFUSED},
    {{"case.assign"}, "----------ar.......sxvm", CASE_ASSIGNED},
    {{"case.assign", "case.return"}, "----------ar.........vm", CASE_RETURNED},
    {{"case.assign", "case.sign"}, "----------ar.........vm", CASE_IN_HAND},
    {{"case.resolve", "case.reopen"}, "----------ar.........vm", CASE_IN_HAND},
    {{"case.resolve"}, "----------a.fficI.....m", CASE_RESOLVED},
    {{"case.resolve", "case.followup partly"}, "----------a.fficI.....m", CASE_FOLLOWED_UP},
    {{"case.resolve", "case.close"}, "-----...........I......", CASE_CLOSED},
    {{"case.merge"}, "-----.......ffi........", CASE_MERGED},
    {{"case.void"}, "-----..................", CASE_VOID},
};

static const char *state_of(char letter) {
  switch (letter) {
  case 'A':
    return "accepted";
  case 'R':
    return "refused";
  case 'x':
    return "returned";
  case 'v':
    return "void";
  case 'm':
    return "merged";
  case 'a':
    return "assigned";
  case 'r':
    return "resolved";
  case 'f':
    return "followed-up";
  case 'c':
    return "closed";
  default:
    return "in-hand";
  }
}

/* Who wins of two moves that both set the state? 'i' (dissatisfied) and 'I'
 * (reopened) over all; then a merge; then the hub; then the later stamp, which is the second's. */
static bool second_wins(char first, char second, bool first_by_hub, bool second_by_hub) {
  bool first_unhappy = first == 'i' || first == 'I',
       second_unhappy = second == 'i' || second == 'I';
  if (first_unhappy != second_unhappy) return second_unhappy;
  if (!first_unhappy && (first == 'm') != (second == 'm')) return second == 'm';
  if (!first_unhappy && first != 'm' && first_by_hub != second_by_hub) return second_by_hub;
  return true;
}

static size_t add(struct case_set *s, const char *type, bool by_hub, size_t head) {
  return by_hub ? set_add_hub(s, type, HEADS(head)) : set_add(s, type, HEADS(head));
}

static void check(size_t start, size_t a, size_t b, bool a_hub, bool b_hub) {
  struct case_set s = {.seed = start};
  struct case_view v;
  size_t head = set_open(&s);
  for (size_t i = 0; starts[start].path[i] != NULL; i++)
    head = set_add(&s, starts[start].path[i], HEADS(head));
  size_t first = add(&s, moves[a], a_hub, head), second = add(&s, moves[b], b_hub, head);
  set_fold(&s, &v);
  char la = starts[start].leads[a], lb = starts[start].leads[b];
  assert_int_equal(v.effects[first] == EFFECT_NONE, la == '.');
  assert_int_equal(v.effects[second] == EFFECT_NONE, lb == '.');
  bool a_sets = strchr("-.", la) == NULL, b_sets = strchr("-.", lb) == NULL;
  const char *expected = case_state_name(starts[start].state);
  if (a_sets) expected = state_of(la);
  if (b_sets && (!a_sets || second_wins(la, lb, a_hub, b_hub))) expected = state_of(lb);
  assert_string_equal(case_state_name(v.state), expected);
  bool conflict = a_sets && b_sets && strcmp(state_of(la), state_of(lb)) != 0;
  assert_int_equal(v.fields[FIELD_STATE].n_values, conflict ? 2 : 1);
  bool first_lost = conflict && strcmp(state_of(la), expected) != 0;
  assert_int_equal(v.effects[first] == EFFECT_CONFLICT, first_lost);
  assert_int_equal(v.effects[second] == EFFECT_CONFLICT, conflict && !first_lost);
  case_view_finish(&v);
  set_finish(&s);
}

static void every_pair_made_apart(void **state) {
  (void)state;
  for (size_t start = 0; start < sizeof starts / sizeof *starts; start++)
    for (size_t a = 0; a < MOVES; a++)
      for (size_t b = 0; b < MOVES; b++)
        for (int hub = 0; hub < 4; hub++) {
          /* A hub may follow up what is closed: that stands in test_fold.c. */
          bool a_hub = (hub & 1) != 0, b_hub = (hub & 2) != 0;
          bool follows =
              strstr(moves[a], "followup") != NULL || strstr(moves[b], "followup") != NULL;
          if (starts[start].state == CASE_CLOSED && follows && hub != 0) continue;
          check(start, a, b, a_hub, b_hub);
        }
}

/* Settling on either of the states that stand, by who may decide on any of them, leaves that one
 * alone; on another is refused. */
static void check_settlement(struct case_set *s, const struct case_view *contested, size_t first,
                             size_t second) {
  const struct case_field *field = &contested->fields[FIELD_STATE];
  for (size_t i = 0; i <= field->n_values; i++) {
    char type[40];
    struct case_view v;
    bool standing = i < field->n_values && field->n_values > 1;
    const char *value = standing ? field->values[i].value : "returned";
    (void)snprintf(type, sizeof type, "case.settle %s", value);
    size_t settle = set_add_head(s, type, HEADS(first, second));
    set_fold(s, &v);
    assert_int_equal(v.effects[settle], standing ? EFFECT_APPLIED : EFFECT_NONE);
    assert_int_equal(v.fields[FIELD_STATE].n_values, standing ? 1 : field->n_values);
    if (standing) assert_string_equal(case_state_name(v.state), value);
    case_view_finish(&v);
    set_pop(s);
  }
}

/* After any two moves apart a later one that knows both leaves one state. */
static void every_settlement_settles(void **state) {
  (void)state;
  for (size_t a = STAYS; a < MOVES; a++)
    for (size_t b = STAYS; b < MOVES; b++)
      for (size_t c = STAYS; c < MOVES; c++) {
        struct case_set s = {.seed = a};
        struct case_view v;
        size_t head = set_add(&s, "case.resolve", HEADS(set_open(&s)));
        size_t first = set_add_hub(&s, moves[a], HEADS(head));
        size_t second = set_add(&s, moves[b], HEADS(head));
        set_fold(&s, &v);
        bool conflict = v.fields[FIELD_STATE].n_values > 1;
        if (c == STAYS) check_settlement(&s, &v, first, second);
        case_view_finish(&v);
        size_t third = set_add(&s, moves[c], HEADS(first, second));
        set_fold(&s, &v);
        bool settled = v.effects[third] == EFFECT_APPLIED;
        assert_int_equal(v.fields[FIELD_STATE].n_values > 1, conflict && !settled);
        assert_true(v.effects[third] != EFFECT_CONFLICT);
        case_view_finish(&v);
        set_finish(&s);
      }
}

/* Apart from a settlement, someone who had seen what it chose from goes on: no new conflict. */
static void a_settlement_gives_way_to_who_had_seen_it_all(void **state) {
  (void)state;
  struct case_set s = {0};
  struct case_view v;
  size_t open = set_open(&s);
  size_t a = set_add(&s, "case.assign", HEADS(open)), b = set_add(&s, "case.resolve", HEADS(open));
  size_t settle = set_add_hub(&s, "case.settle assigned", HEADS(a, b));
  size_t move = set_add(&s, "case.followup satisfied", HEADS(a, b));
  size_t x = set_add(&s, "case.edit", HEADS(open)), y = set_add(&s, "case.edit", HEADS(open));
  size_t edit = set_add(&s, "case.edit", HEADS(x, y));
  size_t field = set_add(&s, "case.settle", HEADS(x, y));
  set_content(&s, y, "{'fields':{'title':'y'}}");
  set_content(&s, edit, "{'fields':{'title':'both'}}");
  set_content(&s, field, "{'fields':{'title':'y'}}");
  set_fold(&s, &v);
  assert_int_equal(v.conflict_count, 0);
  assert_int_equal(v.state, CASE_FOLLOWED_UP);
  assert_string_equal(v.fields[FIELD_TITLE].values[0].value, "both");
  assert_int_equal(v.effects[settle], EFFECT_APPLIED);
  assert_int_equal(v.effects[move], EFFECT_APPLIED);
  case_view_finish(&v);
  set_finish(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_pair_made_apart),
      cmocka_unit_test(every_settlement_settles),
      cmocka_unit_test(a_settlement_gives_way_to_who_had_seen_it_all),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
