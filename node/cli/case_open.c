/* Opening a case, and correcting what was said in it. */
#include <string.h>

#include "../hub/hub.h"
#include "../tidy.h"
#include "admin.h"
#include "casework.h"
#include "commands.h"

#define CASE_FIELD_OPTIONS                                                                         \
  {CLI_TEXT, false, 0, "text", "TEXT", N_("what was asked for")},                                  \
      {CLI_LINE, false, 0, "category", "NAME", N_("what it is about")},                            \
      {CLI_LINE, false, 0, "channel", "NAME", N_("how it came: visit, telephone, ...")},           \
      {CLI_LINE, false, 0, "urgency", "NAME", N_("how urgent it is")},                             \
      {CLI_LINE, false, 0, "place", "PLACE", N_("where it is")},                                   \
      {CLI_LINE, false, 0, "resident", "NAME", N_("who asks")},                                    \
      {CLI_LINE, false, 0, "phone", "NUMBER", N_("their telephone number")},                       \
      {CLI_LINE, false, 0, "household", "NAME", N_("their household")}, {                          \
    CLI_CHOICE, false, 0, "class", "ordinary|complex|petition",                                    \
        N_("how much time it is given; without it: ordinary")                                      \
  }

/* The fields that were given, as an object. with_empty: empty ones as null, else left out. */
static json_t *given_fields(const struct cli *cli, bool with_empty) {
  json_t *fields = json_object();
  bool ok = fields != NULL;
  for (int i = 0; ok && i < FIELD_ASSIGNED; i++) {
    enum case_field_index field = (enum case_field_index)i;
    const char *value = cli_get(cli, case_field_name(field));
    if (value == NULL || (value[0] == '\0' && !with_empty)) continue;
    ok = json_object_set_new(fields, case_field_name(field), casework_field(field, value)) == 0;
  }
  if (ok) return fields;
  json_decref(fields);
  return NULL;
}

static int blank_title(struct cli *cli, struct yz_error *err) {
  return cli_usage_fail(
      cli, err, YZ_N_("A case needs a title. Say in a few words what it is about."), "--title");
}

static bool make_anonymous(json_t *content) {
  bool left_out = false;
  bool ok = casework_make_anonymous(content, &left_out);
  if (left_out)
    cli_note("%s\n", _("Who asks wants not to be named: the name, telephone number and household "
                       "were left out."));
  return ok;
}

/* Its plain members; NULL where there are none. */
static json_t *given_class(const struct cli *cli, bool *ok) {
  const char *class = cli_get(cli, "class");
  json_t *plain = class != NULL ? json_pack("{s:s}", "class", class) : NULL;
  *ok = *ok && (class == NULL || plain != NULL);
  return plain;
}

static struct casework_move opening(const struct cli *cli) {
  struct casework_move m = {
      .move = CASE_OPEN, .content = given_fields(cli, false), .at_ms = INT64_MIN};
  m.ok = m.content != NULL;
  m.plain = given_class(cli, &m.ok);
  if (m.ok && cli_has(cli, "anonymous")) m.ok = make_anonymous(m.content);
  return m;
}

static int run_open(struct cli *cli, struct yz_error *err) {
  if (tidy_is_blank(cli_get(cli, "title"))) return blank_title(cli, err);
  struct casework_move m = opening(cli);
  m.township_only = cli_has(cli, "township-only");
  return casework_move(cli, &m, err);
}

/* The village that it concerns, and the worker whom it is about. Without a place it is there. */
static int find_concerned(struct cli *cli, char place[static YZ_MAX_NAME + 1],
                          char about[static YZ_HASH_HEX + 1], struct yz_error *err) {
  struct node n;
  struct yz_ledger_row village;
  struct yz_key worker;
  const char *whom = cli_get(cli, "about");
  about[0] = '\0';
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  rc = hub_find_village(&n, cli_get(cli, "village"), &village, err);
  if (rc == 0) memcpy(place, village.name, YZ_MAX_NAME + 1);
  if (rc == 0 && whom != NULL) rc = hub_find_worker(&n, &village, whom, &worker, err);
  if (rc == 0 && whom != NULL) yz_to_hex(worker.bytes, YZ_KEY_LEN, about);
  node_finish(&n);
  return rc;
}

static int run_township(struct cli *cli, struct yz_error *err) {
  char place[YZ_MAX_NAME + 1], about[YZ_HASH_HEX + 1];
  if (tidy_is_blank(cli_get(cli, "title"))) return blank_title(cli, err);
  int rc = find_concerned(cli, place, about, err);
  if (rc != 0) return rc;
  struct casework_move m = opening(cli);
  m.township = true;
  if (m.ok && json_object_get(m.content, "place") == NULL)
    m.ok = json_object_set_new(m.content, "place", json_string(place)) == 0;
  if (m.ok && about[0] != '\0') {
    if (m.plain == NULL) m.plain = json_object();
    m.ok = json_object_set_new(m.plain, "about", json_string(about)) == 0;
  }
  return casework_move(cli, &m, err);
}

static int run_solve(struct cli *cli, struct yz_error *err) {
  const char *done = cli_get(cli, "done"), *result = cli_get(cli, "result");
  struct casework_move then[CASEWORK_SOLVING];
  if (result == NULL && cli_has(cli, "solved"))
    return cli_option_fail(cli, err, YZ_N_("Say with --result what the resident said."), "solved");
  if (tidy_is_blank(cli_get(cli, "title"))) return blank_title(cli, err);
  if (done[0] == '\0')
    return cli_option_fail(cli, err, YZ_N_("Say it in words: the value is empty."), "done");
  struct casework_move m = opening(cli);
  casework_solve(&m, done, result, cli_get(cli, "solved"), then);
  return casework_move(cli, &m, err);
}

static int run_edit(struct cli *cli, struct yz_error *err) {
  const char *title = cli_get(cli, "title");
  if (title != NULL && tidy_is_blank(title)) return blank_title(cli, err);
  json_t *fields = given_fields(cli, true);
  if (fields != NULL && json_object_size(fields) == 0 && !cli_has(cli, "class")) {
    json_decref(fields);
    return cli_usage_fail(cli, err, YZ_N_("Say what is to be changed. --help says what can be."),
                          NULL);
  }
  struct casework_move m = {.move = CASE_EDIT, .at_ms = INT64_MIN};
  if (fields != NULL) m.content = json_pack("{s:o}", "fields", fields);
  m.ok = m.content != NULL;
  m.plain = given_class(cli, &m.ok);
  return casework_move(cli, &m, err);
}

#define OPEN_OPTIONS                                                                               \
  {CLI_TEXT, true, 0, "title", "TEXT", N_("what it is about, in a few words")},                    \
      CASE_FIELD_OPTIONS,                                                                          \
      {CLI_FLAG, false, 0, "anonymous", NULL, N_("who asks wants not to be named")}, {             \
    CLI_WHEN, false, 0, "at", "TIME", N_("when it came; without it: now")                          \
  }

static const struct cli_option open_options[] = {
    OPEN_OPTIONS,
    {CLI_FLAG, false, 0, "township-only", NULL,
     N_("for the township alone: nobody can read it here again")},
    {.kind = CLI_END}};
const struct command cmd_case_open = {"case open",       NULL,         0,       0,
                                      N_("Open a case"), open_options, run_open};

static const struct cli_option township_options[] = {
    OPEN_OPTIONS,
    {CLI_LINE, true, 0, "village", "CODE", N_("which village it concerns")},
    {CLI_LINE, false, 0, "about", "WORKER",
     N_("a worker of that village whom it is about, by name or key: it never reaches that one")},
    {.kind = CLI_END},
};
const struct command cmd_hub_case_open = {
    "hub case open",  NULL,        0, 0, N_("Open a case that people bring to the township itself"),
    township_options, run_township};

static const struct cli_option solve_options[] = {
    OPEN_OPTIONS,
    {CLI_TEXT, true, 0, "done", "TEXT", N_("what was done")},
    {CLI_CHOICE, false, 0, "result", "satisfied|partly|dissatisfied|unreachable",
     N_("what the resident said")},
    {CLI_CHOICE, false, 0, "solved", "yes|partly|no", N_("whether it was solved, as they see it")},
    {.kind = CLI_END},
};
const struct command cmd_case_solve = {
    "case solve",  NULL,     0, 0, N_("Record a case that was solved on the spot"),
    solve_options, run_solve};

static const struct cli_option edit_options[] = {
    {CLI_TEXT, false, 0, "title", "TEXT", N_("what it is about, in a few words")},
    CASE_FIELD_OPTIONS,
    {.kind = CLI_END},
};
const struct command cmd_case_edit = {
    "case edit",  "NUMBER", 1, 1, N_("Correct what is said in a case; an empty value clears it"),
    edit_options, run_edit};
