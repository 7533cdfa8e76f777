/* The moves that a record of their own options is all there is to: what a person
 * says becomes content, what is chosen among words a plain member. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../hub/hub.h"
#include "../matter.h"
#include "../personal.h"
#include "casework.h"
#include "commands.h"
#include "table.h"

enum { MAX_OFFERED = 5 };

static void note_request(const struct node *n) {
  cli_note("%s\n", n->hub ? _("This is for the township's head to decide: it was recorded as "
                              "a request.")
                          : _("This is the township's to decide: it was recorded as a request."));
}

/* What may be the same matter as a case just opened is offered; a person decides. */
struct likely {
  json_t *cases; /* NULL: for people */
  size_t n;
};

static int offer(void *arg, const struct case_row *row) {
  struct likely *l = arg;
  if (++l->n > MAX_OFFERED) return 0;
  if (l->cases != NULL)
    return json_array_append_new(
               l->cases, json_pack("{s:s?,s:s?}", "case", row->number, "title", row->title)) == 0
               ? 0
               : YZ_E_MEMORY;
  char *title = text_cut(row->title != NULL ? row->title : "-", TABLE_MAX_CELL);
  if (title == NULL) return YZ_E_MEMORY;
  cli_note(_("This may be the same matter: %s  %s\n"), row->number != NULL ? row->number : "-",
           title);
  free(title);
  return 0;
}

/* What was done here is for all to judge who asked for it. */
static int remind(void *arg, const struct case_row *row) {
  (void)arg;
  cli_note(_("The same was asked for in %s: follow that one up too.\n"),
           row->number != NULL ? row->number : "-");
  return 0;
}

/* Of a case that is erased no words are kept any more. arg: said so already? */
static int warn(void *arg, const struct erasure *erasure) {
  bool *warned = arg;
  (void)erasure;
  if (!*warned)
    cli_note("%s\n", _("What people said of this case was erased; what is written on it now is not "
                       "kept."));
  *warned = true;
  return 0;
}

/* What stands where others read it, or is not asked for at all. */
static int warn_of_numbers(const struct casework_move *m, struct yz_error *err) {
  json_t *warnings = personal_warnings(m->content), *one;
  size_t i;
  if (warnings == NULL) return yz_no_memory(err);
  json_array_foreach(warnings, i, one) {
    bool telephone = strcmp(yz_json_string(one, "looks_like"), "telephone") == 0;
    cli_note("%s\n", telephone
                         ? _("The title holds what looks like a telephone number, and lists show "
                             "titles. Put it into --phone instead, with `yizhan case edit`.")
                         : _("What you wrote holds what looks like an ID number. Nobody asks for "
                             "it here: leave it out."));
  }
  json_decref(warnings);
  return 0;
}

static const char *category_of(const json_t *content) {
  const json_t *fields = json_object_get(content, "fields");
  return json_string_value(json_object_get(fields != NULL ? fields : content, "category"));
}

/* The names of an array in a row, as people write them; and whether this one is among them. */
static int names_in_row(const json_t *names, const char *name, bool *among, struct yz_buf *out,
                        struct yz_error *err) {
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < json_array_size(names); i++) {
    const char *one = json_string_value(json_array_get(names, i));
    *among = *among || strcmp(one, name) == 0;
    rc = yz_buf_printf(out, "%s%s", i > 0 ? _(", ") : "", one);
  }
  return rc == 0 ? 0 : yz_no_memory(err);
}

/* Figures go by the name, so another for the same is a group of its own. */
static int warn_of_category(struct node *n, const struct casework_move *m, struct yz_error *err) {
  const char *category = category_of(m->content);
  struct township t;
  struct yz_buf row = {0};
  bool among = false;
  if (category == NULL) return 0;
  int rc = hub_township(n, &t, err);
  if (rc != 0) return rc;
  const json_t *names = t.names[SETTLED_CATEGORIES];
  rc = names_in_row(names, category, &among, &row, err);
  if (rc == 0 && !among && json_array_size(names) > 0)
    cli_note(_("The township has no category “%s”; it was kept as written. Its categories: %s. "
               "`yizhan case edit` changes it.\n"),
             category, (const char *)row.data);
  yz_buf_finish(&row);
  township_finish(&t);
  return rc;
}

static int answer(const struct cli *cli, struct node *n, const struct casework_move *m,
                  const struct yz_hash *id, const struct casework_made *made,
                  struct yz_error *err) {
  char hex[YZ_HASH_HEX + 1];
  struct likely likely = {.cases = cli->json ? json_array() : NULL};
  bool warned = false;
  int rc = 0;
  yz_to_hex(made->record.bytes, YZ_HASH_LEN, hex);
  if (made->request) note_request(n);
  if (!cli->json) cli_say("%s\n", made->number);
  if (rc == 0) rc = warn_of_numbers(m, err);
  if (rc == 0) rc = warn_of_category(n, m, err);
  if (rc == 0 && m->move == CASE_OPEN) rc = matter_likely(n, &made->record, offer, &likely, err);
  if (rc == 0 && m->move != CASE_OPEN && m->content != NULL)
    rc = store_each_erasure(n->store, id, warn, &warned, err);
  if (rc == 0 && m->move == CASE_RESOLVE) rc = store_each_merged(n->store, id, remind, NULL, err);
  if (rc == YZ_E_MEMORY) rc = yz_no_memory(err);
  if (rc == 0 && cli->json) {
    json_t *said = json_pack("{s:s,s:s}", "case", made->number, "record", hex);
    bool ok = said != NULL;
    if (ok && likely.n > 0) ok = json_object_set(said, "duplicates", likely.cases) == 0;
    if (!ok) json_decref(said);
    rc = cli_json(ok ? said : NULL, err);
  }
  json_decref(likely.cases);
  return rc;
}

/* When it was, in the township's zone where the option does not say in which. */
static int64_t when_of(const struct cli *cli, const struct node *n) {
  const struct cli_option *option = cli->command->options;
  while (option != NULL && option->kind != CLI_END && option->kind != CLI_WHEN) option++;
  return option != NULL && option->kind == CLI_WHEN
             ? cli_when(cli, option->name, n->zone, INT64_MIN)
             : INT64_MIN;
}

static int run_move(const struct cli *cli, struct node *n, const struct casework_move *given,
                    struct yz_error *err) {
  struct casework_move m = *given;
  struct signer who = {0};
  struct casework_made made;
  struct yz_hash id;
  bool opens = m.move == CASE_OPEN;
  m.at_ms = when_of(cli, n);
  for (size_t i = 0; i < m.n_then; i++) m.then[i].at_ms = m.at_ms;
  int rc = opens ? 0 : node_find_case(n, cli->args[0], &id, err);
  if (rc == 0) rc = cli_open_signer(cli, n, &who, err);
  if (rc == 0) rc = casework_make(n, &who, opens ? NULL : &id, &m, &made, err);
  if (rc == 0) rc = answer(cli, n, &m, &id, &made, err);
  signer_finish(&who);
  return rc;
}

int casework_move(const struct cli *cli, const struct casework_move *m, struct yz_error *err) {
  struct node n;
  int rc = m->ok ? cli_open_node(cli, &n, err) : yz_no_memory(err);
  if (rc == 0) {
    rc = run_move(cli, &n, m, err);
    node_finish(&n);
  }
  casework_drop(m);
  return rc;
}

/* Adds what an option says under its own name. */
static bool add_member(json_t **to, const char *option, json_t *value) {
  char name[32];
  size_t i = 0;
  for (; option[i] != '\0' && i + 1 < sizeof name; i++) name[i] = option[i];
  name[i] = '\0';
  for (char *dash = name; (dash = strchr(dash, '-')) != NULL;) *dash = '_';
  if (*to == NULL) *to = json_object();
  return json_object_set_new(*to, name, value) == 0;
}

static void take_option(struct casework_move *m, const struct cli_option *option,
                        const char *value) {
  bool words = option->kind == CLI_TEXT || option->kind == CLI_LINE;
  if (words && value[0] != '\0')
    m->ok = m->ok && add_member(&m->content, option->name, json_string(value));
  if (option->kind == CLI_CHOICE)
    m->ok = m->ok && add_member(&m->plain, option->name, json_string(value));
  if (option->kind == CLI_NUMBER)
    m->ok = m->ok && add_member(&m->plain, option->name, json_integer(strtoll(value, NULL, 10)));
  if (option->kind == CLI_FLAG) m->ok = m->ok && add_member(&m->plain, option->name, json_true());
}

static int run(struct cli *cli, struct yz_error *err) {
  char type[64];
  const struct cli_option *option = cli->command->options;
  struct casework_move m = {.at_ms = INT64_MIN, .ok = true};
  for (; option != NULL && option->kind != CLI_END; option++) {
    const char *value = cli_get(cli, option->name);
    if (option->required && value[0] == '\0') {
      json_decref(m.content);
      json_decref(m.plain);
      return cli_option_fail(cli, err, YZ_N_("Say it in words: the value is empty."), option->name);
    }
    if (value != NULL) take_option(&m, option, value);
  }
  (void)snprintf(type, sizeof type, "case.%s", strchr(cli->command->name, ' ') + 1);
  m.move = case_move_from_type(type);
  return casework_move(cli, &m, err);
}

static const struct cli_option maybe_text_options[] = {
    {CLI_TEXT, false, 0, "text", "TEXT", N_("what there is to say of it")},
    {.kind = CLI_END},
};
static const struct cli_option reason_options[] = {
    {CLI_TEXT, true, 0, "reason", "TEXT", N_("why")},
    {.kind = CLI_END},
};
static const struct cli_option maybe_reason_options[] = {
    {CLI_TEXT, false, 0, "reason", "TEXT", N_("why")},
    {.kind = CLI_END},
};

const struct command cmd_case_accept = {
    "case accept", "NUMBER", 1, 1, N_("Say that a case is taken up"), maybe_text_options, run};

static const struct cli_option refuse_options[] = {
    {CLI_TEXT, true, 0, "reason", "TEXT", N_("why")},
    {CLI_LINE, false, 0, "turn-to", "WHOM", N_("who is the right one to turn to")},
    {.kind = CLI_END},
};
const struct command cmd_case_refuse = {
    "case refuse",  "NUMBER", 1, 1, N_("Say that a case is not for this office, and why"),
    refuse_options, run};

static const struct cli_option assign_options[] = {
    {CLI_LINE, true, 0, "to", "WHOM", N_("who is to handle it")},
    {.kind = CLI_END},
};
const struct command cmd_case_assign = {
    "case assign", "NUMBER", 1, 1, N_("Give a case to someone"), assign_options, run};

const struct command cmd_case_sign = {
    "case sign", "NUMBER", 1, 1, N_("Sign for a case that was assigned: it is in hand"), NULL, run};

const struct command cmd_case_return = {
    "case return", "NUMBER", 1, 1, N_("Give a case back that was assigned"), reason_options, run};

static const struct cli_option note_options[] = {
    {CLI_TEXT, true, 0, "text", "TEXT", N_("what is noted")},
    {.kind = CLI_END},
};
const struct command cmd_case_note = {"case note",  "NUMBER", 1, 1, N_("Note something on a case"),
                                      note_options, run};

static const struct cli_option contact_options[] = {
    {CLI_TEXT, true, 0, "text", "TEXT", N_("what was said")},
    {.kind = CLI_END},
};
const struct command cmd_case_contact = {
    "case contact", "NUMBER", 1, 1, N_("Record a talk with who asked"), contact_options, run};
const struct command cmd_case_visit = {
    "case visit", "NUMBER", 1, 1, N_("Record that someone went there"), maybe_text_options, run};

const struct command cmd_case_escalate = {
    "case escalate", "NUMBER", 1, 1, N_("Ask the township to take a case up"), reason_options, run};

const struct command cmd_case_supervise = {
    "case supervise",   "NUMBER", 1, 1, N_("Watch over a case until it is settled"),
    maybe_text_options, run};
const struct command cmd_case_pause = {
    "case pause", "NUMBER", 1, 1, N_("Let a case rest, and say why"), reason_options, run};
const struct command cmd_case_resume = {
    "case resume", "NUMBER", 1, 1, N_("Go on with a case that rests"), maybe_text_options, run};

static const struct cli_option resolve_options[] = {
    {CLI_TEXT, true, 0, "text", "TEXT", N_("what was done")},
    {CLI_WHEN, false, 0, "at", "TIME", N_("when it was done; without it: now")},
    {.kind = CLI_END},
};
const struct command cmd_case_resolve = {
    "case resolve",  "NUMBER", 1, 1, N_("Say that a case is resolved, and how"),
    resolve_options, run};

static const struct cli_option followup_options[] = {
    {CLI_CHOICE, true, 0, "result", "satisfied|partly|dissatisfied|unreachable",
     N_("what the resident said")},
    {CLI_CHOICE, false, 0, "solved", "yes|partly|no", N_("whether it was solved, as they see it")},
    {CLI_TEXT, false, 0, "text", "TEXT", N_("in their words")},
    {.kind = CLI_END},
};
const struct command cmd_case_followup = {
    "case followup",  "NUMBER", 1, 1, N_("Record what the resident said of the outcome"),
    followup_options, run};

static const struct cli_option close_options[] = {
    {CLI_TEXT, false, 0, "reason", "TEXT", N_("why")},
    {CLI_FLAG, false, 0, "no-follow-up", NULL,
     N_("no one can be asked: who asked is anonymous, or cannot be reached")},
    {.kind = CLI_END},
};
const struct command cmd_case_close = {"case close",       "NUMBER",      1,  1,
                                       N_("Close a case"), close_options, run};

static const struct cli_option refer_options[] = {
    {CLI_LINE, true, 0, "to", "WHOM", N_("which village, by its code, or which body outside")},
    {CLI_TEXT, true, 0, "reason", "TEXT", N_("why")},
    {.kind = CLI_END},
};
const struct command cmd_case_refer = {
    "case refer",  "NUMBER", 1, 1, N_("Ask that another village or body take a case"),
    refer_options, run};

static const struct cli_option extend_options[] = {
    {CLI_NUMBER, true, 0, "days", "N", N_("how many days more; of what kind, its class says")},
    {CLI_TEXT, true, 0, "reason", "TEXT", N_("why")},
    {.kind = CLI_END},
};

static int run_extend(struct cli *cli, struct yz_error *err) {
  int64_t days = cli_number(cli, "days", 0);
  if (days < 1 || days > POLICY_MAX_DAYS)
    return cli_option_fail(cli, err, YZ_N_("Give 1 to 3650 days."), "days");
  return run(cli, err);
}

const struct command cmd_case_extend = {
    "case extend", "NUMBER", 1, 1, N_("Give a case more days"), extend_options, run_extend};

const struct command cmd_case_reopen = {
    "case reopen", "NUMBER", 1, 1, N_("Take a case up again"), maybe_reason_options, run};

const struct command cmd_case_void = {
    "case void",    "NUMBER", 1, 1, N_("Put a case aside that was entered by mistake"),
    reason_options, run};
