/* What states, classes, moves, fields and answers are called, for people. */
#include <string.h>

#include "../cases/moves.h"
#include "casework.h"

const char *casework_state(enum case_state state) {
  static const char *const labels[CASE_STATES] = {
      [CASE_REGISTERED] = N_("registered"),
      [CASE_ACCEPTED] = N_("accepted"),
      [CASE_REFUSED] = N_("refused"),
      [CASE_ASSIGNED] = N_("assigned"),
      [CASE_RETURNED] = N_("returned"),
      [CASE_IN_HAND] = N_("in hand"),
      [CASE_RESOLVED] = N_("resolved"),
      [CASE_FOLLOWED_UP] = N_("followed up"),
      [CASE_CLOSED] = N_("closed"),
      [CASE_MERGED] = N_("merged"),
      [CASE_VOID] = N_("void"),
  };
  return _(labels[state]);
}

const char *casework_class(enum case_class class) {
  static const char *const labels[CASE_CLASSES] = {
      [CLASS_ORDINARY] = N_("ordinary"),
      [CLASS_COMPLEX] = N_("complex"),
      [CLASS_PETITION] = N_("petition"),
  };
  return _(labels[class]);
}

const char *casework_move_label(const char *type) {
  static const char *const labels[CASE_MOVES] = {
      [CASE_OPEN] = N_("opened"),
      [CASE_ACCEPT] = N_("accepted"),
      [CASE_REFUSE] = N_("refused"),
      [CASE_ASSIGN] = N_("assigned"),
      [CASE_SIGN] = N_("signed for"),
      [CASE_RETURN] = N_("returned"),
      [CASE_NOTE] = N_("note"),
      [CASE_CONTACT] = N_("talked with"),
      [CASE_VISIT] = N_("visited"),
      [CASE_ATTACH] = N_("attached"),
      [CASE_ESCALATE] = N_("escalated"),
      [CASE_SUPERVISE] = N_("supervised"),
      [CASE_PAUSE] = N_("paused"),
      [CASE_RESUME] = N_("resumed"),
      [CASE_RESOLVE] = N_("resolved"),
      [CASE_FOLLOWUP] = N_("followed up"),
      [CASE_CLOSE] = N_("closed"),
      [CASE_REOPEN] = N_("reopened"),
      [CASE_MAKE_VOID] = N_("made void"),
      [CASE_EDIT] = N_("corrected"),
      [CASE_MERGE] = N_("merged"),
      [CASE_REFER] = N_("referred"),
      [CASE_EXTEND] = N_("given more days"),
      [CASE_SETTLE] = N_("settled"),
  };
  enum case_move move = case_move_from_type(type);
  return move < CASE_MOVES ? _(labels[move]) : type;
}

const char *casework_field_label(enum case_field_index field) {
  static const char *const labels[CASE_FIELDS] = {
      [FIELD_TITLE] = N_("Title"),         [FIELD_TEXT] = N_("Text"),
      [FIELD_CATEGORY] = N_("Category"),   [FIELD_CHANNEL] = N_("Channel"),
      [FIELD_URGENCY] = N_("Urgency"),     [FIELD_PLACE] = N_("Place"),
      [FIELD_RESIDENT] = N_("Resident"),   [FIELD_PHONE] = N_("Telephone"),
      [FIELD_HOUSEHOLD] = N_("Household"), [FIELD_ASSIGNED] = N_("Handled by"),
      [FIELD_CLASS] = N_("Class"),         [FIELD_STATE] = N_("State"),
  };
  return _(labels[field]);
}

const char *casework_said(enum case_field_index field, const char *value) {
  if (value == NULL) return _("(nothing)");
  enum case_state state = field == FIELD_STATE ? case_state_from_name(value) : CASE_STATES;
  if (state < CASE_STATES) return casework_state(state);
  enum case_class class = field == FIELD_CLASS ? case_class_from_name(value) : CASE_CLASSES;
  return class < CASE_CLASSES ? casework_class(class) : value;
}

const char *casework_result(const char *result) {
  switch (case_result_from_name(result)) {
  case RESULT_SATISFIED:
    return _("satisfied");
  case RESULT_PARTLY:
    return _("partly satisfied");
  case RESULT_DISSATISFIED:
    return _("dissatisfied");
  case RESULT_UNREACHABLE:
    return _("could not be reached");
  default:
    return result;
  }
}

const char *casework_solved(const char *solved) {
  static const struct {
    const char *name, *label;
  } answers[] = {{"yes", N_("solved")}, {"partly", N_("partly solved")}, {"no", N_("not solved")}};
  for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
    if (strcmp(answers[i].name, solved) == 0) return _(answers[i].label);
  return solved;
}
