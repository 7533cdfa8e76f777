/* What workers do with cases, at random. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disk.h"
#include "sim.h"

/* Moves as often as they stand here, with what they say. */
static const struct {
  enum case_move move;
  const char *content, *plain; /* JSON; NULL: none */
} moves[] = {
    {CASE_NOTE, "{\"text\":\"seen\"}", NULL},
    {CASE_CONTACT, "{\"text\":\"asked\"}", NULL},
    {CASE_VISIT, NULL, NULL},
    {CASE_ACCEPT, NULL, NULL},
    {CASE_REFUSE, "{\"reason\":\"not ours\"}", NULL},
    {CASE_ASSIGN, "{\"to\":\"somebody\"}", NULL},
    {CASE_ASSIGN, "{\"to\":\"another\"}", NULL},
    {CASE_SIGN, NULL, NULL},
    {CASE_RETURN, "{\"reason\":\"no\"}", NULL},
    {CASE_ESCALATE, "{\"reason\":\"hard\"}", NULL},
    {CASE_SUPERVISE, NULL, NULL},
    {CASE_PAUSE, "{\"reason\":\"rain\"}", NULL},
    {CASE_RESUME, NULL, NULL},
    {CASE_RESOLVE, "{\"text\":\"done\"}", NULL},
    {CASE_RESOLVE, "{\"text\":\"done well\"}", NULL},
    {CASE_FOLLOWUP, NULL, "{\"result\":\"satisfied\",\"solved\":\"yes\"}"},
    {CASE_FOLLOWUP, NULL, "{\"result\":\"dissatisfied\"}"},
    {CASE_FOLLOWUP, NULL, "{\"result\":\"unreachable\"}"},
    {CASE_CLOSE, "{\"reason\":\"over\"}", NULL},
    {CASE_REOPEN, NULL, NULL},
    {CASE_MAKE_VOID, "{\"reason\":\"twice\"}", NULL},
    {CASE_EXTEND, "{\"reason\":\"parts\"}", "{\"days\":3}"},
};
enum { MOVES = sizeof moves / sizeof *moves };

static const enum case_field_index edited[] = {FIELD_TITLE, FIELD_CATEGORY, FIELD_PLACE,
                                               FIELD_RESIDENT};

static json_t *parse(const char *text) {
  return text == NULL ? NULL : json_loads(text, 0, NULL);
}

static int by_number(const void *a, const void *b) {
  size_t x = *(const size_t *)a, y = *(const size_t *)b;
  return (x > y) - (x < y);
}

static void add_known(struct said *out, size_t at) {
  for (size_t i = 0; i < out->n_known; i++)
    if (out->known[i] == at) return;
  out->known = realloc(out->known, (out->n_known + 1) * sizeof *out->known);
  out->known[out->n_known++] = at;
}

/* What somebody had seen who is seen counts as seen, though it may wait here for its words. */
static void note_seen(const struct yz_hash *record, struct said *out) {
  size_t at = truth_find(record);
  if (at == TRUTH_NONE) return;
  add_known(out, at);
  for (size_t k = 0; k < truth_at(at)->n_known; k++) add_known(out, truth_at(at)->known[k]);
}

static void sort_known(struct said *out) {
  if (out->n_known > 0) qsort(out->known, out->n_known, sizeof *out->known, by_number);
}

/* What the worker sees of the case before writing. */
static void note_known(const struct case_whole *whole, struct said *out) {
  for (size_t i = 0; i < whole->n; i++) note_seen(&whole->records[i].id, out);
  sort_known(out);
}

/* Chooses the fields to edit, or, where values stand apart, now and then which is right. */
static void choose_edit(const struct case_whole *whole, struct move *m) {
  const struct case_view *v = &whole->view;
  json_t *fields = json_object();
  char value[32];
  m->move = CASE_EDIT;
  for (size_t f = 0; f < FIELD_ASSIGNED; f++)
    if (v->fields[f].n_values > 1 && sim_in(2)) {
      const char *one = v->fields[f].values[sim_below(v->fields[f].n_values)].value;
      m->move = CASE_SETTLE;
      json_object_set_new(fields, case_field_name((enum case_field_index)f),
                          one != NULL ? json_string(one) : json_null());
      break;
    }
  if (m->move == CASE_EDIT) {
    enum case_field_index f = edited[sim_below(sizeof edited / sizeof *edited)];
    (void)snprintf(value, sizeof value, "%zu", sim_below(5));
    json_object_set_new(fields, case_field_name(f),
                        f != FIELD_TITLE && sim_in(8) ? json_null() : json_string(value));
  }
  m->content = json_pack("{s:o}", "fields", fields);
}

static json_t *words(size_t word, const char *text) {
  return json_sprintf("%s " TRUTH_WORD "%06zu", text, word);
}

/* What is said of a case in words is said so but once. */
static void say_once(json_t *content, const struct yz_hash *of) {
  static const char *const names[] = {"text", "reason"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const char *text = json_string_value(json_object_get(content, names[i]));
    if (text != NULL) json_object_set_new(content, names[i], words(truth_word(of), text));
  }
}

static void choose(const struct case_whole *whole, struct move *m) {
  if (sim_in(2)) {
    choose_edit(whole, m);
    return;
  }
  size_t i = sim_below(MOVES);
  m->move = moves[i].move;
  m->content = parse(moves[i].content);
  m->plain = parse(moves[i].plain);
}

/* Signs one move in a transaction: 0 when the program says that it is saved. */
static int make(struct pc *pc, const struct worker *w, const struct move *m, struct yz_hash *record,
                struct yz_error *err) {
  char number[NUMBER_MAX];
  int rc = store_begin(pc->node.store, err);
  return rc != 0 ? rc
                 : store_end(pc->node.store,
                             node_move(&pc->node, &w->signer, m, number, record, err), err);
}

static void tell(const struct pc *pc, const struct move *m, int rc, const struct yz_error *err,
                 const struct yz_hash *record) {
  char hex[YZ_HASH_HEX + 1] = "";
  if (rc == 0) yz_to_hex(record->bytes, YZ_HASH_LEN, hex);
  hex[12] = '\0';
  sim_say("%s: %s %s", pc_name(pc), case_move_name(m->move),
          rc == 0 ? hex : yz_code_name(err->code));
}

/* A record whose success was told is there from now on, and a case of the truth. */
static void keep(struct pc *pc, struct said *said, const struct move *m,
                 const struct yz_hash *record, const struct worker *w) {
  said->id = *record;
  said->pc = pc->index;
  said->by = w->signer.author.key;
  said->has_case = true;
  said->case_id = m->case_id != NULL ? *m->case_id : *record;
  said->told = true;
  faults.records++;
  said->ended_by = TRUTH_NONE;
  said->lies = pc->lies;
  truth_add(said);
  if (m->move == CASE_OPEN) truth_open(record, pc->village, m->township_only);
}

static void open_case(struct pc *pc, struct worker *w) {
  struct said said = {0};
  struct yz_hash record;
  struct yz_error err = {0};
  size_t word = truth_word(NULL);
  struct move m = {.move = CASE_OPEN,
                   .at_ms = INT64_MIN,
                   .township = pc->index == HUB,
                   .township_only = pc->index != HUB && chance_in(&sim.kinds, 8),
                   .content = json_pack("{s:s,s:o,s:s}", "title", "0", "text",
                                        words(word, "broken"), "resident", "somebody")};
  int rc = make(pc, w, &m, &record, &err);
  tell(pc, &m, rc, &err, &record);
  if (rc == 0) {
    truth_word_of(word, &record);
    keep(pc, &said, &m, &record, w);
    faults.sealed += m.township_only;
  }
  json_decref(m.content);
}

/* Of the hub's: to another village, by its code. */
static void choose_target(const struct pc *pc, struct move *m) {
  char code[16];
  if (pc->index != HUB || !sim_in(12)) return;
  json_decref(m->content);
  json_decref(m->plain);
  (void)snprintf(code, sizeof code, "V%zu", 100 + sim_below(sim.n_villages));
  m->move = CASE_REFER;
  m->plain = NULL;
  m->content = json_pack("{s:s,s:s}", "to", code, "reason", "nearer");
}

static void move_case(struct pc *pc, struct worker *w, const struct yz_hash *id) {
  struct said said = {0};
  struct yz_hash record;
  struct yz_error err = {0};
  struct case_whole whole = {0};
  struct move m = {.case_id = id, .at_ms = INT64_MIN};
  if (store_load_case(pc->node.store, id, &whole, &err) != 0) return;
  int rc;
  if (chance_in(&sim.kinds, 12)) {
    m.move = CASE_ATTACH;
    rc = attachments_add(pc, &w->signer, id, &record, &err);
  } else {
    choose(&whole, &m);
    choose_target(pc, &m);
    say_once(m.content, id);
    rc = make(pc, w, &m, &record, &err);
  }
  tell(pc, &m, rc, &err, &record);
  if (rc == 0) {
    note_known(&whole, &said);
    keep(pc, &said, &m, &record, w);
  }
  json_decref(m.content);
  json_decref(m.plain);
  case_whole_finish(&whole);
}

/* It names the opening alone; but what stands before it in its own log it knew (FORMAT.md §14, 2).
 */
static void note_own(const struct pc *pc, const struct yz_hash *id, const struct yz_hash *record,
                     struct said *out) {
  struct case_whole whole = {0};
  const struct case_record *said = NULL;
  struct yz_error err = {0};
  note_seen(id, out);
  if (store_load_case(pc->node.store, id, &whole, &err) != 0) return;
  for (size_t i = 0; i < whole.n; i++)
    if (memcmp(&whole.records[i].id, record, sizeof *record) == 0) said = &whole.records[i];
  for (size_t i = 0; i < whole.n && said != NULL; i++) {
    const struct case_record *r = &whole.records[i];
    if (r->seq < said->seq && memcmp(&r->log, &said->log, sizeof r->log) == 0)
      note_seen(&r->id, out);
  }
  case_whole_finish(&whole);
  sort_known(out);
}

/* A program of a newer version writes what this one does not know. */
static void write_newer(struct pc *pc, struct worker *w, const struct yz_hash *id) {
  struct yz_error err = {0};
  struct yz_id ledger;
  struct yz_place place;
  json_t *plain = json_pack("{s:I,s:s}", "at", (json_int_t)sim.now_ms, "mood", "green");
  json_t *content = json_pack("{s:o}", "text", words(truth_word(id), "from later"));
  struct yz_draft draft = {.type = sim_in(2) ? "case.dream" : "case.note",
                           .plain = plain,
                           .content = content,
                           .case_id = id,
                           .heads = id,
                           .n_heads = 1,
                           .township = truth_sealed(id)};
  int rc = store_case_ledger(pc->node.store, id, &ledger, &err);
  if (rc == 0) rc = store_begin(pc->node.store, &err);
  if (rc == 0)
    rc = store_end(
        pc->node.store,
        yz_append(&pc->node.station, &ledger, &w->signer.author, &draft, &place, NULL, &err), &err);
  sim_say("%s: %s of a newer version: %s", pc_name(pc), draft.type,
          rc == 0 ? "ok" : yz_code_name(rc));
  if (rc == 0) {
    struct said said = {0};
    struct move m = {.move = CASE_NOTE, .case_id = id};
    note_own(pc, id, &place.id, &said);
    keep(pc, &said, &m, &place.id, w);
    fault_count(FAULT_NEWER);
  }
  json_decref(plain);
  json_decref(content);
}

/* A case that the PC may have. */
static const struct yz_hash *choose_case(const struct pc *pc) {
  for (int i = 0; i < 20 && truth_cases() > 0; i++) {
    size_t n = truth_cases(), back = sim_in(3) ? n : n < 12 ? n : 12;
    const struct opened *c = truth_case(n - 1 - sim_below(back));
    if (pc->index == HUB || c->village == pc->village || sim_in(8)) return &c->id;
  }
  return NULL;
}

static void try_something(struct pc *pc, struct worker *w) {
  const struct yz_hash *id = choose_case(pc);
  struct yz_hash chosen;
  if (id != NULL) chosen = *id;
  if (id == NULL || sim_in(pc->index == HUB ? 40 : 6))
    open_case(pc, w);
  else if (sim_in(30))
    write_newer(pc, w, &chosen);
  else
    move_case(pc, w, &chosen);
}

/* What is not allowed, or of a case that is not here, is followed by something else. */
void work(struct pc *pc) {
  enum { TRIES = 6 };
  struct worker *w = pc_worker(pc);
  int64_t before = faults.records;
  if (w == NULL) return;
  act_begin(pc, true);
  for (int i = 0; i < TRIES && faults.records == before && !disk_dead(); i++) try_something(pc, w);
  (void)act_end(pc);
}
