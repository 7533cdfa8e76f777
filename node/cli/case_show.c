#include <string.h>

#include "casework.h"
#include "commands.h"

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

static const char *effect_note(enum case_effect effect) {
  switch (effect) {
  case EFFECT_CONFLICT:
    return _(" (in conflict with another)");
  case EFFECT_REQUEST:
    return _(" (a request to the township)");
  case EFFECT_NONE:
    return _(" (without effect)");
  case EFFECT_NEWER:
    return _(" (needs a newer version)");
  default:
    return "";
  }
}

static const char *field_label(enum case_field_index field) {
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

/* A text, indented: two places before each of its lines. */
static void say_indented(const char *text) {
  while (*text != '\0') {
    size_t len = strcspn(text, "\n");
    cli_say("  %.*s\n", (int)len, text);
    text += len;
    if (*text == '\n') text++;
  }
}

static const char *for_people(enum case_field_index field, const char *value) {
  if (value == NULL) return _("(nothing)");
  enum case_state state = field == FIELD_STATE ? case_state_from_name(value) : CASE_STATES;
  if (state < CASE_STATES) return casework_state(state);
  enum case_class class = field == FIELD_CLASS ? case_class_from_name(value) : CASE_CLASSES;
  return class < CASE_CLASSES ? casework_class(class) : value;
}

static int say_field(struct node *n, const struct case_whole *whole, enum case_field_index index,
                     struct yz_error *err) {
  const struct case_field *field = &whole->view.fields[index];
  bool hidden = index == FIELD_RESIDENT && whole->view.anonymous;
  if (hidden) cli_say("%s: %s\n", field_label(index), _("anonymous"));
  if (hidden || index == FIELD_TITLE) return 0;
  if (field->n_values > 0 && field->values[0].value != NULL && index != FIELD_TEXT)
    cli_say("%s: %s\n", field_label(index), for_people(index, field->values[0].value));
  for (size_t i = 0; field->n_values > 1 && i < field->n_values; i++) {
    struct yz_buf by = {0};
    size_t record = field->values[i].record;
    int rc = record == CASE_NO_RECORD
                 ? yz_buf_puts(&by, "-")
                 : casework_author(n, &whole->ledger, &whole->records[record].by, &by, err);
    if (rc == 0)
      cli_say(_("  said apart: %s (%s)\n"), for_people(index, field->values[i].value), by.data);
    yz_buf_finish(&by);
    if (rc != 0) return rc;
  }
  return 0;
}

static int say_event(struct node *n, const struct case_whole *whole, size_t i,
                     struct yz_error *err) {
  static const char *const words[] = {"result", "to", "reason", "turn_to", "text"};
  const struct case_record *record = &whole->records[i];
  struct yz_buf by = {0};
  char at[CLI_TIME] = "";
  int64_t at_ms;
  if (yz_json_int(record->plain, "at", &at_ms)) cli_time(at_ms, at);
  int rc = casework_author(n, &whole->ledger, &whole->records[i].by, &by, err);
  if (rc == 0)
    cli_say("%s  %s  %s%s\n", at, by.data, casework_move_label(record->type),
            effect_note(whole->view.effects[i]));
  yz_buf_finish(&by);
  bool opening = case_move_from_type(record->type) == CASE_OPEN;
  for (size_t w = 0; rc == 0 && !opening && w < sizeof words / sizeof *words; w++) {
    const char *text = yz_json_string(w == 0 ? record->plain : record->content, words[w]);
    if (text != NULL) say_indented(text);
  }
  return rc;
}

static void say_flags(const struct case_row *row) {
  static const struct {
    enum case_flag flag;
    const char *says;
  } flags[] = {
      {CASE_ESCALATED, N_("The township was asked to take it up.")},
      {CASE_REOPENED, N_("It was taken up again.")},
      {CASE_PAUSED, N_("It rests for now.")},
      {CASE_SUPERVISED, N_("It is watched over.")},
      {CASE_REFERRED, N_("It was referred elsewhere.")},
  };
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
    if ((row->flags & flags[i].flag) != 0) cli_say("%s\n", _(flags[i].says));
  if (row->requested)
    cli_say("%s\n", _("Something was asked of the township: it has not answered yet."));
  if (row->needs_newer)
    cli_say("%s\n", _("Something in it needs a newer version of this program."));
}

static int say_merged(void *arg, const struct case_row *row) {
  (void)arg;
  cli_say(_("The same matter: %s  %s\n"), row->number != NULL ? row->number : "-",
          row->resident != NULL && !row->anonymous ? row->resident : "");
  return 0;
}

/* Which other cases are the same matter. */
static int say_matter(struct node *n, const struct yz_hash *id, const struct case_view *view,
                      struct yz_error *err) {
  struct case_whole target = {0};
  int rc = store_each_merged(n->store, id, say_merged, NULL, err);
  if (rc != 0 || !view->has_into) return rc;
  rc = store_load_case(n->store, &view->into, &target, err);
  if (rc == 0)
    cli_say(_("Merged into: %s\n"), target.view.number != NULL ? target.view.number : "-");
  case_whole_finish(&target);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

static int say_about(struct node *n, const struct case_whole *whole, struct yz_error *err) {
  struct yz_buf name = {0};
  if (!whole->view.has_about) return 0;
  int rc = casework_author(n, &whole->ledger, &whole->view.about, &name, err);
  if (rc == 0) cli_say(_("It is about %s, who has no hand in it.\n"), (const char *)name.data);
  yz_buf_finish(&name);
  return rc;
}

/* Until when, whether that is past, and what was not kept before. */
static void say_due(const struct case_row *row, int64_t now_ms) {
  char day[CALENDAR_DATE];
  bool overdue = casework_overdue(row, now_ms);
  casework_due_day(row, day);
  if (row->due_ms != CASE_NO_DUE && row->of_acceptance)
    cli_say(overdue ? _("It was to be answered by the end of %s: it is overdue.\n")
                    : _("It is to be answered by the end of %s.\n"),
            day);
  else if (row->due_ms != CASE_NO_DUE)
    cli_say(overdue ? _("It was to be resolved by the end of %s: it is overdue.\n")
                    : _("It is to be resolved by the end of %s.\n"),
            day);
  if (row->provisional)
    cli_say("%s\n", _("That is provisional: the township has not said yet which days of a year are "
                      "off."));
  if (row->breaches > 0)
    cli_say(_("Deadlines that were not kept: %lld\n"), (long long)row->breaches);
}

static int say_case(struct node *n, const struct yz_hash *id, struct yz_error *err) {
  struct case_whole whole = {0};
  struct case_row row;
  char opened[CLI_TIME];
  int rc = store_load_case(n->store, id, &whole, err);
  if (rc == YZ_E_NOT_FOUND) return yz_fail(err, rc, YZ_N_("There is no such case."), NULL);
  if (rc != 0) return rc;
  casework_row(&whole, id, &row);
  cli_time(row.opened_ms, opened);
  cli_say("%s  %s\n", row.number != NULL ? row.number : "-", row.title != NULL ? row.title : "-");
  cli_say("%s: %s\n", _("Opened"), opened);
  for (int i = FIELD_STATE; rc == 0 && i >= 0; i--)
    rc = say_field(n, &whole, (enum case_field_index)i, err);
  say_due(&row, n->world->now_ms(n->world->ctx));
  say_flags(&row);
  if (rc == 0) rc = say_about(n, &whole, err);
  if (rc == 0) rc = say_matter(n, id, &whole.view, err);
  if (row.text != NULL) cli_say("\n"), say_indented(row.text);
  cli_say("\n");
  for (size_t i = 0; rc == 0 && i < whole.n; i++)
    rc = say_event(n, &whole, whole.view.order[i], err);
  case_whole_finish(&whole);
  return rc;
}

static int run_show(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct yz_hash id;
  json_t *object;
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  rc = node_find_case(&n, cli->args[0], &id, err);
  if (rc == 0 && !cli->json) rc = say_case(&n, &id, err);
  if (rc == 0 && cli->json && (rc = casework_object(&n, &id, &object, err)) == 0)
    rc = cli_json(object, err);
  node_finish(&n);
  return rc;
}

const struct command cmd_case_show = {
    "case show", "NUMBER", 1, 1, N_("Show a case and all that was done about it"), NULL, run_show};
