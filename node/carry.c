#include "carry.h"

#include <stdlib.h>
#include <string.h>

#include "identity.h"
#include "ledgers.h"

enum { MAX_PLACES = 32 }; /* ledgers that one case stands in */

/* The ledgers of one case: the one that it is of, then those that it is carried to. */
struct places {
  struct yz_id ids[MAX_PLACES];
  size_t n;
};

static bool is_none(const struct yz_id *id) {
  static const struct yz_id none;
  return yz_equal(id, &none, sizeof none);
}

static void add_place(struct places *p, const struct yz_id *id) {
  for (size_t i = 0; i < p->n; i++)
    if (yz_equal(&p->ids[i], id, sizeof *id)) return;
  if (p->n < MAX_PLACES) p->ids[p->n++] = *id;
}

void carry_done_finish(struct carry_done *d) {
  free(d->ledgers);
  *d = (struct carry_done){0};
}

int carry_note(struct carry_done *d, const struct yz_id *ledger, struct yz_error *err) {
  for (size_t i = 0; i < d->n_ledgers; i++)
    if (yz_equal(&d->ledgers[i], ledger, sizeof *ledger)) return 0;
  struct yz_id *grown = reallocarray(d->ledgers, d->n_ledgers + 1, sizeof *grown);
  if (grown == NULL) return yz_no_memory(err);
  d->ledgers = grown;
  grown[d->n_ledgers++] = *ledger;
  return 0;
}

/* --- one line ------------------------------------------------------------------ */

struct crossing {
  struct node *n;
  const struct yz_hash *id;
  const struct yz_id *from, *to;
  struct carry_done *done;
  struct yz_roster *roster; /* of this ledger: asked of line after line */
  struct yz_id ruled;
  struct yz_error *err;
};

static bool set_hex(json_t *object, const char *name, const void *bytes, size_t n) {
  char hex[2 * YZ_KEY_LEN + 1];
  yz_to_hex(bytes, n, hex);
  return json_object_set_new(object, name, json_string(hex)) == 0;
}

static json_t *plain_of(const struct crossing *c, const struct case_line *line) {
  json_t *plain =
      json_pack("{s:I,s:I,s:s}", "at", (json_int_t)c->n->world->now_ms(c->n->world->ctx), "place",
                (json_int_t)line->seq, "line", line->line);
  bool ok = plain != NULL && set_hex(plain, "of", line->log.bytes, YZ_ID_LEN) &&
            set_hex(plain, "prev", line->before.bytes, YZ_HASH_LEN) &&
            set_hex(plain, "node", line->node.bytes, YZ_KEY_LEN);
  if (ok && line->hub) ok = json_object_set_new(plain, "hub", json_true()) == 0;
  if (ok && line->head) ok = json_object_set_new(plain, "head", json_true()) == 0;
  if (ok && line->ceiling_ms != 0)
    ok = json_object_set_new(plain, "ceiling", json_integer(line->ceiling_ms)) == 0;
  if (ok) return plain;
  json_decref(plain);
  return NULL;
}

/* The author's name, for people who do not know the key; and the words. */
static int content_of(const struct crossing *c, const struct case_line *line, bool words,
                      json_t **out, struct yz_error *err) {
  struct yz_buf name = {0};
  json_t *content = json_object();
  bool ok = content != NULL;
  int rc = store_key_name(c->n->store, c->from, &line->by, &name, err);
  if (rc == 0 && ok && name.len > 0)
    ok = json_object_set_new(content, "name", json_stringn((char *)name.data, name.len)) == 0;
  if (ok && words && line->content != NULL)
    ok = set_hex(content, "key", line->key, YZ_CONTENT_KEY_LEN) &&
         json_object_set_new(content, "content", json_string(line->content)) == 0;
  yz_buf_finish(&name);
  *out = content;
  if (!ok) return yz_no_memory(err);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

static int write_line(const struct crossing *c, const struct case_line *line, bool words,
                      struct yz_error *err) {
  const struct yz_author node = {c->n->station.key, c->n->station.seed};
  json_t *plain = plain_of(c, line), *content;
  int rc = content_of(c, line, words, &content, err);
  struct yz_draft draft = {.type = "case.carry",
                           .case_id = c->id,
                           .plain = plain,
                           .content = content,
                           .township = line->township};
  if (rc == 0 && plain == NULL) rc = yz_no_memory(err);
  if (rc == 0) rc = yz_append(&c->n->station, c->to, &node, &draft, NULL, NULL, err);
  if (rc == 0 && words && !line->township)
    rc = identity_carry(c->n, line->content, c->from, c->to, err);
  json_decref(plain);
  json_decref(content);
  return rc;
}

/* What is too large with its words goes without them; a line too large for a record stays. */
static int cross(void *arg, const struct case_line *line) {
  struct crossing *c = arg;
  struct yz_error why = {0};
  int rc = write_line(c, line, true, &why);
  if (rc == YZ_E_LIMIT && line->content != NULL) rc = write_line(c, line, false, &why);
  if (rc == YZ_E_LIMIT) {
    c->done->left_out++;
    return 0;
  }
  if (rc != 0) return yz_fail(c->err, rc, why.message, "%s", why.subject);
  c->done->carried++;
  return carry_note(c->done, c->to, c->err);
}

/* --- lines that were carried, on ------------------------------------------------- */

static int rule_by(struct crossing *c, const struct yz_id *ledger) {
  if (c->roster != NULL && yz_equal(&c->ruled, ledger, sizeof *ledger)) return 0;
  yz_roster_destroy(c->roster);
  c->ruled = *ledger;
  return yz_station_roster(&c->n->station, ledger, &c->roster, c->err);
}

static bool is_refused(const struct yz_roster *roster, const struct case_line *line) {
  struct yz_record r;
  struct yz_members m = {0};
  const char *rule;
  bool refused = yz_record_read(line->line, strlen(line->line), &r, NULL) != 0 ||
                 yz_record_parse(r.bytes, r.len, &m, NULL) != 0 ||
                 yz_roster_judge(roster, &r, &line->id, m.type, &rule) == YZ_REFUSED;
  yz_members_finish(&m);
  return refused;
}

/* Will nobody send this line again who wrote it, though it would count? A village's node does, as
 * long as it goes on in that log; what a hub lost is nowhere else. */
static int is_lost(struct crossing *c, const struct case_line *line, bool *lost) {
  const struct yz_store *t = store_table(c->n->store);
  struct yz_log_row log;
  int rc = t->get_log(t->ctx, &line->log, &log, c->err);
  *lost = line->hub;
  if (rc == YZ_E_NOT_FOUND) return 0;
  if (rc == 0) rc = rule_by(c, &log.ledger);
  if (rc == 0)
    *lost = (line->hub || yz_roster_left(c->roster, &line->log, line->seq)) &&
            !is_refused(c->roster, line);
  return rc;
}

static int cross_again(void *arg, const struct case_line *line) {
  bool lost;
  int rc = is_lost(arg, line, &lost);
  return rc == 0 && lost ? cross(arg, line) : rc;
}

static int found_one(void *arg, const struct case_line *line) {
  (void)arg, (void)line;
  return 1;
}

static int found_lost(void *arg, const struct case_line *line) {
  bool lost;
  int rc = is_lost(arg, line, &lost);
  return rc == 0 ? lost : rc;
}

/* --- where a case stands --------------------------------------------------------- */

/* May a case about this worker go there? Not where the worker signs, or once did. */
static int is_barred(struct node *n, const struct yz_id *ledger, const struct yz_key *about,
                     bool *barred, struct yz_error *err) {
  struct yz_roster *roster = NULL;
  struct yz_member *members = NULL;
  size_t count = 0;
  int rc = yz_station_roster(&n->station, ledger, &roster, err);
  if (rc == 0 && yz_roster_members(roster, &members, &count) != 0) rc = yz_no_memory(err);
  *barred = false;
  for (size_t i = 0; rc == 0 && i < count; i++)
    *barred |= !members[i].hub && yz_equal(&members[i].worker, about, YZ_KEY_LEN);
  free(members);
  yz_roster_destroy(roster);
  return rc;
}

struct referrals {
  struct places *places;
  const struct case_whole *whole; /* NULL: all that is said, whether it counts or not */
};

static bool counts(const struct case_whole *whole, const struct yz_hash *record) {
  for (size_t i = 0; i < whole->n; i++)
    if (yz_equal(&whole->records[i].id, record, sizeof *record))
      return whole->records[i].by_hub && case_effect_counts(whole->view.effects[i]);
  return false;
}

static int take_referral(void *arg, const struct yz_hash *record, const struct yz_id *target) {
  struct referrals *r = arg;
  if (r->whole == NULL || counts(r->whole, record)) add_place(r->places, target);
  return 0;
}

static int take_place(void *arg, const struct yz_id *ledger) {
  add_place(arg, ledger);
  return 0;
}

/* Villages that were merged, each with its successor, to the end. */
static int add_successors(struct node *n, struct places *p, struct yz_error *err) {
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < p->n; i++) {
    struct yz_id into;
    bool closed;
    rc = store_get_village(n->store, &p->ids[i], &closed, &into, err);
    if (rc == 0 && !is_none(&into)) add_place(p, &into);
  }
  return rc;
}

/* Only ledgers that are here. */
static int keep_known(struct node *n, struct places *p, struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  size_t kept = 0;
  for (size_t i = 0; i < p->n; i++) {
    struct yz_ledger_row row;
    int rc = t->get_ledger(t->ctx, &p->ids[i], &row, err);
    if (rc == 0) p->ids[kept++] = p->ids[i];
    if (rc != 0 && rc != YZ_E_NOT_FOUND) return rc;
  }
  p->n = kept;
  return 0;
}

/* Where the case is already all that is said of it goes on to: else those there would show another
 * case than others do. */
static int find_places(struct node *n, const struct yz_hash *id, const struct yz_id *ledger,
                       const struct case_whole *whole, struct places *out, struct yz_error *err) {
  struct referrals r = {.places = out, .whole = whole};
  *out = (struct places){.n = 0};
  add_place(out, ledger);
  int rc = store_each_carried_place(n->store, id, take_place, out, err);
  if (rc == 0) rc = store_each_referral(n->store, id, take_referral, &r, err);
  if (rc == 0) rc = add_successors(n, out, err);
  return rc == 0 ? keep_known(n, out, err) : rc;
}

/* Is there a line that one of these ledgers has and another lacks? 1, 0 or negative. */
static int is_behind(struct crossing *c, const struct places *p) {
  struct store *s = c->n->store;
  int rc = 0;
  for (size_t to = 0; rc == 0 && to < p->n; to++)
    for (size_t from = 0; rc == 0 && from < p->n; from++) {
      if (from == to) continue;
      rc = store_each_uncarried(s, c->id, &p->ids[from], &p->ids[to], found_one, NULL, c->err);
      if (rc == 0)
        rc = store_each_carried(s, c->id, &p->ids[from], &p->ids[to], found_lost, c, c->err);
    }
  return rc;
}

/* Of a line that stands somewhere itself that is what goes on. */
static int bring_to(struct crossing *c, const struct places *p) {
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < p->n; i++) {
    c->from = &p->ids[i];
    if (c->from != c->to)
      rc = store_each_uncarried(c->n->store, c->id, c->from, c->to, cross, c, c->err);
  }
  for (size_t i = 0; rc == 0 && i < p->n; i++) {
    c->from = &p->ids[i];
    if (c->from != c->to)
      rc = store_each_carried(c->n->store, c->id, c->from, c->to, cross_again, c, c->err);
  }
  return rc;
}

static int bring_level(struct crossing *c, const struct case_view *view, const struct places *p) {
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < p->n; i++) {
    bool barred = false;
    c->to = &p->ids[i];
    if (view->has_about) rc = is_barred(c->n, c->to, &view->about, &barred, c->err);
    if (rc == 0 && !barred) rc = bring_to(c, p);
  }
  return rc;
}

/* One that is not here is looked at again when it comes. */
static int carry_one(struct crossing *c, const struct yz_hash *id) {
  struct case_whole whole = {0};
  struct places p;
  struct yz_id ledger;
  c->id = id;
  int rc = store_case_ledger(c->n->store, id, &ledger, c->err);
  if (rc == YZ_E_NOT_FOUND) return store_carried_all(c->n->store, id, c->err);
  if (rc == 0) rc = find_places(c->n, id, &ledger, NULL, &p, c->err);
  if (rc == 0) rc = is_behind(c, &p);
  if (rc == 0) return store_carried_all(c->n->store, id, c->err);
  if (rc < 0) return rc;
  rc = store_load_case(c->n->store, id, &whole, c->err);
  if (rc == 0) rc = find_places(c->n, id, &ledger, &whole, &p, c->err);
  if (rc == 0) rc = bring_level(c, &whole.view, &p);
  c->from = c->to = NULL;
  case_whole_finish(&whole);
  return rc;
}

int carry_case(struct node *n, const struct yz_hash *id, struct carry_done *done,
               struct yz_error *err) {
  struct crossing c = {.n = n, .done = done, .err = err};
  int rc = carry_one(&c, id);
  yz_roster_destroy(c.roster);
  return rc;
}

/* --- all cases --------------------------------------------------------------------- */

struct marked {
  struct yz_hash *ids;
  size_t n;
};

static int keep_marked(void *arg, const struct yz_hash *id) {
  struct marked *s = arg;
  if ((s->n & (s->n - 1)) == 0) {
    void *grown = reallocarray(s->ids, s->n > 0 ? 2 * s->n : 1, sizeof *s->ids);
    if (grown == NULL) return YZ_E_MEMORY;
    s->ids = grown;
  }
  s->ids[s->n++] = *id;
  return 0;
}

int carry_all(struct node *n, struct carry_done *done, struct yz_error *err) {
  struct crossing c = {.n = n, .done = done, .err = err};
  struct marked s = {0};
  int rc = store_each_to_carry(n->store, keep_marked, &s, err);
  if (rc == YZ_E_MEMORY) rc = yz_no_memory(err);
  for (size_t i = 0; rc == 0 && i < s.n; i++) rc = carry_one(&c, &s.ids[i]);
  yz_roster_destroy(c.roster);
  free(s.ids);
  return rc;
}

/* --- whither ----------------------------------------------------------------------- */

static int find_code(struct node *n, const char *to, struct yz_ledger_row *out, bool *found,
                     struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  char code[YZ_MAX_CODE + 1];
  *found = false;
  if (!number_code(to, code) || strcmp(code, n->code) == 0) return 0; /* the hub's own */
  int rc = node_ledgers(n, &rows, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++)
    if (strcmp(rows[i].code, code) == 0) {
      *out = rows[i];
      *found = true;
    }
  free(rows);
  return rc;
}

int carry_target(struct node *n, const char *to, const struct yz_id *ledger,
                 const struct case_view *view, struct yz_id *out, bool *found,
                 struct yz_error *err) {
  struct yz_ledger_row row;
  struct yz_id into;
  const char *why = NULL;
  bool closed = false, barred = false;
  int rc = find_code(n, to, &row, found, err);
  if (rc != 0 || !*found) return rc;
  *out = row.id;
  rc = store_get_village(n->store, &row.id, &closed, &into, err);
  if (rc == 0 && view->has_about) rc = is_barred(n, &row.id, &view->about, &barred, err);
  if (yz_equal(&row.id, ledger, sizeof *ledger))
    why = YZ_N_("The case is that village's already: name another one, or give it back with "
                "`yizhan case return`.");
  else if ((view->flags & CASE_TOWNSHIP_ONLY) != 0)
    why = YZ_N_("What is said in this case is for the township alone, so it goes to no village. "
                "Give it to an office or to a worker of the township.");
  else if (closed)
    why = YZ_N_("That village is closed. Name the one that goes on with its cases.");
  else if (barred)
    why = YZ_N_("The case is about a worker of that village, and must not reach it. Give it to "
                "someone else.");
  return rc == 0 && why != NULL ? yz_fail(err, YZ_E_REFUSED, why, "%s %s", row.code, row.name) : rc;
}
