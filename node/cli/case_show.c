#include <string.h>

#include "../attach.h"
#include "../personal.h"
#include "../reading.h"
#include "casework.h"
#include "commands.h"

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

/* A text, indented: two places before each of its lines. */
static void say_indented(const char *text) {
  while (*text != '\0') {
    size_t len = strcspn(text, "\n");
    cli_say("  %.*s\n", (int)len, text);
    text += len;
    if (*text == '\n') text++;
  }
}

static int say_field(struct node *n, const struct case_whole *whole, enum case_field_index index,
                     struct yz_error *err) {
  const struct case_field *field = &whole->view.fields[index];
  bool hidden = index == FIELD_RESIDENT && whole->view.anonymous;
  if (hidden) cli_say_field(casework_field_label(index), _("anonymous"));
  if (hidden || index == FIELD_TITLE) return 0;
  const char *value = field->n_values > 0 ? field->values[0].value : NULL;
  if (index == FIELD_ASSIGNED && whole->assigned.len > 0)
    value = (const char *)whole->assigned.data;
  if (value != NULL && index != FIELD_TEXT)
    cli_say_field(casework_field_label(index), casework_said(index, value));
  for (size_t i = 0; field->n_values > 1 && i < field->n_values; i++) {
    struct yz_buf by = {0};
    size_t record = field->values[i].record;
    int rc = record == CASE_NO_RECORD
                 ? yz_buf_puts(&by, "-")
                 : casework_author(n, &whole->ledger, &whole->records[record].by, &by, err);
    if (rc == 0)
      cli_say(_("  said apart: %s (%s)\n"), casework_said(index, field->values[i].value), by.data);
    yz_buf_finish(&by);
    if (rc != 0) return rc;
  }
  return 0;
}

static void say_answer(const json_t *plain) {
  const char *result = yz_json_string(plain, "result"), *solved = yz_json_string(plain, "solved");
  if (result == NULL) return;
  cli_say("  %s%s%s\n", casework_result(result), solved != NULL ? _(", ") : "",
          solved != NULL ? casework_solved(solved) : "");
}

/* What an opening said stands above, as it reads now; what a correction changed stands here. */
static void say_changes(const struct case_record *record) {
  const json_t *fields = json_object_get(record->content, "fields");
  for (int i = 0; i < CASE_FIELDS; i++) {
    const char *name = case_field_name((enum case_field_index)i);
    const json_t *value = json_object_get(fields, name);
    if (value == NULL) value = json_object_get(record->plain, name);
    if (value == NULL) continue;
    cli_say("  ");
    cli_say_field(casework_field_label((enum case_field_index)i),
                  casework_said((enum case_field_index)i, json_string_value(value)));
  }
}

/* Its chosen members, then its words. */
static void say_words(const struct case_record *record, enum case_move move) {
  static const char *const words[] = {"to", "reason", "turn_to", "text"};
  int64_t days;
  if (move == CASE_EDIT || move == CASE_SETTLE) say_changes(record);
  say_answer(record->plain);
  if (move == CASE_EXTEND && yz_json_int(record->plain, "days", &days))
    cli_say(_("  days: %lld\n"), (long long)days);
  if (json_is_true(json_object_get(record->plain, "no_follow_up")))
    cli_say("  %s\n", _("No one could be asked."));
  for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
    const char *text = yz_json_string(record->content, words[w]);
    if (text == NULL) continue;
    if (strcmp(words[w], "turn_to") == 0)
      cli_say(_("  the right one to turn to: %s\n"), text);
    else
      say_indented(text);
  }
}

/* To whom it was given, as that one is called now. */
static int say_assignee(struct node *n, const struct case_whole *whole, const struct yz_key *worker,
                        struct yz_error *err) {
  struct yz_buf name = {0};
  int rc = casework_author(n, &whole->ledger, worker, &name, err);
  if (rc == 0) say_indented((const char *)name.data);
  yz_buf_finish(&name);
  return rc;
}

static size_t number_of(const struct case_whole *whole, size_t record) {
  size_t number = 1;
  while (attachment_find(whole, number) != record) number++;
  return number;
}

/* Its number, its own name, what it is, and how much of it is here. */
static void say_attachment(struct node *n, const struct case_whole *whole, size_t record) {
  struct attachment a;
  if (!attachment_read(n, whole, record, &a)) return;
  long long number = (long long)number_of(whole, record), kib = (a.size + 1023) / 1024;
  if (a.sealed)
    cli_say(_("  attachment %lld: sealed (%lld KiB)\n"), number, kib);
  else if (a.name[0] == '\0')
    cli_say(_("  attachment %lld: erased\n"), number);
  else if (a.here < a.pieces)
    cli_say(_("  attachment %lld: %s (%s, %lld KiB; pieces here: %lld/%lld)\n"), number, a.name,
            a.media, kib, (long long)a.here, (long long)a.pieces);
  else
    cli_say(_("  attachment %lld: %s (%s, %lld KiB)\n"), number, a.name, a.media, kib);
}

static int say_event(struct node *n, const struct case_whole *whole, size_t i,
                     struct yz_error *err) {
  const struct case_record *record = &whole->records[i];
  enum case_move move = case_move_from_type(record->type);
  struct yz_buf by = {0};
  char at[CLI_TIME] = "";
  int64_t at_ms;
  if (yz_json_int(record->plain, "at", &at_ms)) cli_moment(at_ms, n->zone, at);
  int rc = casework_author(n, &whole->ledger, &whole->records[i].by, &by, err);
  if (rc == 0)
    cli_say("%s  %s  %s%s\n", at, by.data, casework_move_label(record->type),
            effect_note(whole->view.effects[i]));
  yz_buf_finish(&by);
  struct yz_key worker;
  if (rc == 0 && move == CASE_ASSIGN &&
      yz_json_hex(record->plain, "worker", worker.bytes, YZ_KEY_LEN))
    return say_assignee(n, whole, &worker, err);
  if (rc == 0 && move == CASE_ATTACH) say_attachment(n, whole, i);
  if (rc == 0 && move != CASE_OPEN) say_words(record, move);
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
      {CASE_TOWNSHIP_ONLY, N_("What is said in it is for the township alone.")},
  };
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
    if ((row->flags & flags[i].flag) != 0) cli_say("%s\n", _(flags[i].says));
  if (row->requested)
    cli_say("%s\n", _("Something was asked of the township: it has not answered yet."));
  if (row->needs_newer)
    cli_say("%s\n", _("Something in it needs a newer version of this program."));
}

/* arg: at a hub? There a list shows no whole name. */
static int say_merged(void *arg, const struct case_row *row) {
  const bool *hub = arg;
  char masked[PERSONAL_MASKED];
  const char *resident = *hub ? personal_masked(row->resident, masked) : row->resident;
  cli_say(_("The same matter: %s  %s\n"), row->number != NULL ? row->number : "-",
          resident != NULL && !row->anonymous ? resident : "");
  return 0;
}

/* Which other cases are the same matter. */
static int say_matter(struct node *n, const struct yz_hash *id, const struct case_view *view,
                      struct yz_error *err) {
  struct case_whole target = {0};
  int rc = store_each_merged(n->store, id, say_merged, &n->hub, err);
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

static void say_who(const char *format, const json_t *said) {
  const char *reason = yz_json_string(said, "reason");
  if (json_is_object(said))
    cli_say(format, yz_json_string(said, "at"), yz_json_string(said, "by"),
            reason != NULL ? reason : "-");
}

void casework_say_erasing(const json_t *object) {
  say_who(_("What people said was erased on %s by %s: %s\n"), json_object_get(object, "erased"));
  say_who(_("The township is asked to erase what people said, on %s by %s: %s\n"),
          json_object_get(object, "erase_asked"));
  say_who(_("The township does not erase what people said, as it said on %s by %s: %s\n"),
          json_object_get(object, "erase_refused"));
}

static int say_erasing(struct node *n, const struct yz_hash *id, struct yz_error *err) {
  json_t *object = casework_erasing(n, id, err);
  if (object == NULL) return err->code;
  casework_say_erasing(object);
  json_decref(object);
  return 0;
}

void casework_say_readings(const json_t *list) {
  size_t i;
  json_t *one;
  json_array_foreach((json_t *)list, i, one) {
    const char *by = yz_json_string(one, "by");
    cli_say(_("Read here on %s by %s\n"), yz_json_string(one, "day"),
            by != NULL ? by : _("someone who was not named"));
  }
}

/* At a hub. */
static int say_readings(struct node *n, const struct yz_hash *id, struct yz_error *err) {
  json_t *list = n->hub ? reading_list(n, id, err) : json_array();
  if (list == NULL) return err->code != 0 ? err->code : yz_no_memory(err);
  casework_say_readings(list);
  json_decref(list);
  return 0;
}

/* Until when, whether that is past, and what was not kept before. */
static void say_due(const struct case_row *row, int64_t now_ms, int zone) {
  char day[CALENDAR_DATE];
  bool overdue = casework_overdue(row, now_ms);
  casework_due_day(row, zone, day);
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
  static const enum case_field_index shown[CASE_FIELDS] = {
      FIELD_STATE,    FIELD_CLASS, FIELD_CATEGORY,  FIELD_CHANNEL,  FIELD_URGENCY, FIELD_PLACE,
      FIELD_RESIDENT, FIELD_PHONE, FIELD_HOUSEHOLD, FIELD_ASSIGNED, FIELD_TITLE,   FIELD_TEXT};
  struct case_whole whole = {0};
  struct case_row row;
  char opened[CLI_TIME];
  int rc = store_load_case(n->store, id, &whole, err);
  if (rc == YZ_E_NOT_FOUND) return yz_fail(err, rc, YZ_N_("There is no such case."), NULL);
  if (rc != 0) return rc;
  casework_row(&whole, id, &row);
  cli_moment(row.opened_ms, n->zone, opened);
  cli_say("%s  %s\n", row.number != NULL ? row.number : "-", row.title != NULL ? row.title : "-");
  cli_say_field(_("Opened"), opened);
  for (size_t i = 0; rc == 0 && i < CASE_FIELDS; i++) rc = say_field(n, &whole, shown[i], err);
  if (row.sealed) cli_say("%s\n", _("Who asked is sealed to the workers."));
  say_due(&row, n->world->now_ms(n->world->ctx), n->zone);
  say_flags(&row);
  if (rc == 0) rc = say_about(n, &whole, err);
  if (rc == 0) rc = say_erasing(n, id, err);
  if (rc == 0) rc = say_readings(n, id, err);
  if (rc == 0) rc = say_matter(n, id, &whole.view, err);
  if (row.text != NULL) cli_say("\n"), say_indented(row.text);
  cli_say("\n");
  for (size_t i = 0; rc == 0 && i < whole.n; i++)
    rc = say_event(n, &whole, whole.view.order[i], err);
  if (rc == 0 && whole.sealed) cli_note_sealed();
  case_whole_finish(&whole);
  return rc;
}

static int run_show(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct yz_hash id;
  json_t *object;
  int rc = cli_open_reader(cli, &n, err);
  if (rc != 0) return rc;
  rc = node_find_case(&n, cli->args[0], &id, err);
  if (rc == 0) rc = reading_note_named(&n, &id, cli->worker, err);
  if (rc == 0 && !cli->json) rc = say_case(&n, &id, err);
  if (rc == 0 && cli->json && (rc = casework_object(&n, &id, &object, err)) == 0)
    rc = cli_json(object, err);
  node_finish(&n);
  return rc;
}

const struct command cmd_case_show = {
    "case show", "NUMBER", 1, 1, N_("Show a case and all that was done about it"), NULL, run_show};
