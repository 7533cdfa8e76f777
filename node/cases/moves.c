#include <string.h>

#include "node/cases/moves.h"
#include "node/cases/register.h"

#include <yizhan/record.h>

static const char *const state_names[CASE_STATES] = {
    [CASE_REGISTERED] = "registered",
    [CASE_ACCEPTED] = "accepted",
    [CASE_REFUSED] = "refused",
    [CASE_ASSIGNED] = "assigned",
    [CASE_RETURNED] = "returned",
    [CASE_IN_HAND] = "in-hand",
    [CASE_RESOLVED] = "resolved",
    [CASE_FOLLOWED_UP] = "followed-up",
    [CASE_CLOSED] = "closed",
    [CASE_MERGED] = "merged",
    [CASE_VOID] = "void",
};
static const char *const flag_names[] = {"escalated", "reopened",     "paused",       "supervised",
                                         "referred",  "about-worker", "township-only"};
static const char *const class_names[CASE_CLASSES] = {"ordinary", "complex", "petition"};
static const char *const effect_names[] = {
    [EFFECT_APPLIED] = "applied", [EFFECT_CONFLICT] = "conflict", [EFFECT_REQUEST] = "request",
    [EFFECT_NONE] = "none",       [EFFECT_NEWER] = "needs-newer",
};
static const char *const field_names[CASE_FIELDS] = {
    [FIELD_TITLE] = "title",       [FIELD_TEXT] = "text",       [FIELD_CATEGORY] = "category",
    [FIELD_CHANNEL] = "channel",   [FIELD_URGENCY] = "urgency", [FIELD_PLACE] = "place",
    [FIELD_RESIDENT] = "resident", [FIELD_PHONE] = "phone",     [FIELD_HOUSEHOLD] = "household",
    [FIELD_ASSIGNED] = "assigned", [FIELD_CLASS] = "class",     [FIELD_STATE] = "state",
};
static const char *const result_names[] = {
    [RESULT_NONE] = NULL,
    [RESULT_UNREACHABLE] = "unreachable",
    [RESULT_SATISFIED] = "satisfied",
    [RESULT_PARTLY] = "partly",
    [RESULT_REOPENED] = NULL,
    [RESULT_DISSATISFIED] = "dissatisfied",
};

/* The index of name among n names, n when it is not there. */
static size_t index_of(const char *const *names, size_t n, const char *name) {
  size_t i = 0;
  while (i < n && (name == NULL || names[i] == NULL || strcmp(names[i], name) != 0)) i++;
  return i;
}

const char *case_state_name(enum case_state state) {
  return state_names[state];
}

enum case_state case_state_from_name(const char *name) {
  return (enum case_state)index_of(state_names, CASE_STATES, name);
}

const char *case_flag_name(enum case_flag flag) {
  size_t bit = 0;
  while (flag >> bit != 1) bit++;
  return flag_names[bit];
}

const char *case_class_name(enum case_class class) {
  return class_names[class];
}

enum case_class case_class_from_name(const char *name) {
  return (enum case_class)index_of(class_names, CASE_CLASSES, name);
}

const char *case_effect_name(enum case_effect effect) {
  return effect_names[effect];
}

bool case_effect_counts(enum case_effect effect) {
  return effect == EFFECT_APPLIED || effect == EFFECT_CONFLICT;
}

const char *case_field_name(enum case_field_index field) {
  return field_names[field];
}

const char *case_result_name(enum case_result result) {
  return result_names[result];
}

enum case_result case_result_from_name(const char *name) {
  size_t n = sizeof result_names / sizeof *result_names;
  size_t result = index_of(result_names, n, name);
  return result < n ? (enum case_result)result : RESULT_NONE;
}

/* Why nothing more happens to a case in this state; NULL when something may. */
static const char *ended_sentence(enum case_state state) {
  switch (state) {
  case CASE_REFUSED:
    return YZ_N_("This case is refused. Reopen it first.");
  case CASE_CLOSED:
    return YZ_N_("This case is closed. Reopen it first.");
  case CASE_MERGED:
    return YZ_N_("This case was merged into another one. Work on that one.");
  case CASE_VOID:
    return YZ_N_("This case is void. Open a new one.");
  default:
    return NULL;
  }
}

/* Why a case is not to rest, or not to go on; NULL when it may. */
static const char *rest_refused(enum case_move move, bool rests) {
  if (move == CASE_PAUSE && rests)
    return YZ_N_("This case rests already. To say more about it, note it on the case; "
                 "`yizhan case resume` goes on with it.");
  if (move == CASE_RESUME && !rests) return YZ_N_("This case does not rest. Go on working on it.");
  return NULL;
}

/* To close it, does someone have to say why? Who is satisfied has said so, and so has who refused.
 */
static bool wants_reason(const struct case_view *view) {
  return view->state != CASE_REFUSED &&
         case_result_from_name(view->last_result) != RESULT_SATISFIED;
}

const char *case_move_refused(enum case_move move, const struct case_view *view, bool by_hub,
                              bool has_reason) {
  if (move == CASE_OPEN)
    return view == NULL ? NULL : YZ_N_("This case is open already. Go on working on it.");
  bool contested = view->fields[FIELD_STATE].n_values > 1;
  if (!case_move_allowed(move, view->state, by_hub, contested)) {
    if (move == CASE_CLOSE && view->state == CASE_CLOSED)
      return YZ_N_("This case is closed already.");
    const char *ended = ended_sentence(view->state);
    return ended != NULL ? ended : case_rule(move)->refusal;
  }
  if (move == CASE_CLOSE && !has_reason && wants_reason(view))
    return YZ_N_("No one has said yet that they are satisfied. Follow the case up, or give a "
                 "reason for closing it.");
  return rest_refused(move, (view->flags & CASE_PAUSED) != 0);
}

/* Is value one of several that were written apart in this field? */
static const char *value_refused(const struct case_field *field, const char *value) {
  if (field->n_values < 2)
    return YZ_N_("Nothing was said apart about this: there is nothing to settle.");
  for (size_t i = 0; i < field->n_values; i++)
    if (case_value_equal(field->values[i].value, value)) return NULL;
  return YZ_N_("This is none of the values that were said apart. `yizhan case show` names them.");
}

bool case_key_is(const struct yz_key *a, const struct yz_key *b) {
  return memcmp(a, b, sizeof *a) == 0;
}

bool case_member_key(const json_t *plain, const char *name, struct yz_key *out) {
  return yz_json_hex(plain, name, out->bytes, YZ_KEY_LEN);
}

const char *case_about_refused(enum case_move move, const struct case_view *view,
                               const struct yz_key *by, const json_t *plain) {
  struct yz_key worker;
  if (!view->has_about) return NULL;
  if (move == CASE_FOLLOWUP && case_key_is(&view->about, by))
    return YZ_N_("This case is about you: someone else must ask whether they are satisfied.");
  if (move == CASE_ASSIGN && case_member_key(plain, "worker", &worker) &&
      case_key_is(&view->about, &worker))
    return YZ_N_("This case is about that worker: give it to someone else.");
  return NULL;
}

const char *case_settle_refused(const struct case_view *view, const json_t *plain,
                                const json_t *content) {
  const json_t *state = json_object_get(plain, "state");
  const json_t *fields = json_object_get(content, "fields");
  const char *refusal = NULL;
  if (state != NULL) refusal = value_refused(&view->fields[FIELD_STATE], json_string_value(state));
  for (int i = 0; refusal == NULL && i < FIELD_STATE; i++) {
    const json_t *value = json_object_get(i == FIELD_CLASS ? plain : fields, field_names[i]);
    if (value != NULL) refusal = value_refused(&view->fields[i], json_string_value(value));
  }
  return refusal;
}
