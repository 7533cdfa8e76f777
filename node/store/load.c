/* A case whole: its accepted records, read back and folded. */
#include "../sealed.h"
#include "effects.h"
#include <stdlib.h>
#include <string.h>
#include <yizhan/carried.h>

/* What the records point to. */
struct owned {
  json_t *json, *content;
  struct yz_hash *heads;
};

/* Takes it over; NULL without memory, which is told before anything is saved. */
static json_t *unfolded(const char *type, json_t *content) {
  if (sealed_unfold(type, content) == 0) return content;
  json_decref(content);
  return NULL;
}

/* A new reference; NULL: it cannot be read. What is to be unfolded is copied first: others read it
 * as it was. */
static json_t *parsed(const struct yz_content *c) {
  json_t *json = NULL;
  if (c->json == NULL) return yz_json_parse(c->bytes, c->len, &json, NULL) == 0 ? json : NULL;
  return json_object_get(c->json, "sealed") != NULL ? json_deep_copy(c->json)
                                                    : json_incref(c->json);
}

json_t *case_content(const struct yz_stored *r) {
  json_t *json = NULL;
  for (size_t i = 0; json == NULL && i < r->n_contents; i++)
    if (strcmp(r->contents[i].audience, YZ_FOR_VILLAGE) == 0 ||
        strcmp(r->contents[i].audience, YZ_FOR_TOWNSHIP) == 0)
      json = parsed(&r->contents[i]);
  return json != NULL ? unfolded(r->type, json) : NULL;
}

/* Room for one more record, all zero: by half as many again. */
static int grow(struct case_whole *w, struct yz_error *err) {
  if (w->n > 0 && (w->n & (w->n - 1)) != 0) return 0;
  size_t cap = w->n > 0 ? 2 * w->n : 1;
  void *records = reallocarray(w->records, cap, sizeof *w->records);
  if (records != NULL) w->records = records;
  void *carried = reallocarray(w->carried, cap, sizeof *w->carried);
  if (carried != NULL) w->carried = carried;
  void *lines = reallocarray(w->lines, cap, sizeof *w->lines);
  if (lines != NULL) w->lines = lines;
  void *owned = reallocarray(w->owned, cap, sizeof(struct owned));
  if (owned != NULL) w->owned = owned;
  return records && carried && lines && owned ? 0 : yz_no_memory(err);
}

static int parse(sqlite3_stmt *row, struct owned *own, struct case_record *record, const char *line,
                 struct yz_error *err) {
  struct yz_record r;
  struct yz_members m = {0};
  int rc = yz_record_read(line, (size_t)sqlite3_column_bytes(row, 1), &r, NULL);
  if (rc == 0) rc = yz_record_parse(r.bytes, r.len, &m, NULL);
  if (rc == YZ_E_MEMORY) return yz_no_memory(err);
  if (rc != 0)
    return yz_fail(err, YZ_E_DAMAGED,
                   YZ_N_("A record in the store is not what was written. Keep a copy of the "
                         "node's folder and restore a backup."),
                   NULL);
  own->json = json_incref(m.json);
  own->heads = m.n_heads > 0 ? malloc(m.n_heads * sizeof *m.heads) : NULL;
  if (own->heads != NULL) memcpy(own->heads, m.heads, m.n_heads * sizeof *m.heads);
  record->by = r.by;
  record->stamp = m.stamp;
  record->type = yz_json_string(own->json, "type");
  record->heads = own->heads;
  record->n_heads = m.n_heads;
  record->plain = own->json;
  record->log = r.log;
  record->seq = r.seq;
  rc = m.n_heads > 0 && own->heads == NULL ? yz_no_memory(err) : 0;
  yz_members_finish(&m);
  return rc;
}

static int add_record(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s;
  struct case_whole *w = arg;
  int rc = grow(w, err);
  if (rc != 0) return rc;
  size_t i = w->n;
  struct owned *own = (struct owned *)w->owned + i;
  const char *content = db_get_text(row, 4), *line = db_get_text(row, 1);
  *own = (struct owned){0};
  w->records[i] = (struct case_record){.by_hub = sqlite3_column_int(row, 3) != 0,
                                       .ceiling_ms = sqlite3_column_int64(row, 5)};
  w->carried[i] = false;
  w->lines[i] = strdup(line);
  w->n++;
  if (w->lines[i] == NULL) return yz_no_memory(err);
  db_get_blob(row, 0, w->records[i].id.bytes, YZ_HASH_LEN);
  if (content != NULL &&
      yz_json_parse(content, (size_t)sqlite3_column_bytes(row, 4), &own->content, NULL) != 0)
    own->content = NULL;
  rc = parse(row, own, &w->records[i], w->lines[i], err);
  if (rc == 0 && sealed_unfold(w->records[i].type, own->content) != 0) rc = yz_no_memory(err);
  w->records[i].content = own->content;
  return rc;
}

/* Of several ceilings all hold, so the lowest does. */
#define RECORDS                                                                                    \
  "SELECT r.id, r.line, l.id, l.hub, c.bytes, coalesce((SELECT min(k.ms) FROM ceiling k"           \
  "  WHERE k.log=l.id AND k.ledger=l.ledger AND k.from_seq<=r.seq), 0)"                            \
  " FROM record r JOIN log l ON l.n=r.log" JOIN_CASE_WORDS

int household_load(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
                   struct case_whole *out, struct yz_error *err) {
  static const char SQL[] = RECORDS " WHERE r.n IN (SELECT record FROM household_of WHERE id=?1)"
                                    " AND r.status=0 AND l.ledger=?2 ORDER BY r.n";
  *out = (struct case_whole){.ledger = *ledger};
  int rc = db_each(s, SQL, ARGS(db_hash(id), db_id(ledger)), add_record, out, err);
  if (rc != 0) case_whole_finish(out);
  return rc;
}

int head_then(struct store *s, const struct yz_id *ledger, const struct yz_id *log, int64_t seq,
              const struct yz_key *worker, bool *head, struct yz_error *err) {
  static const char SQL[] = HUB_ORDER(
      "?2") " SELECT count(*) FROM head d CROSS JOIN record r ON r.n=d.record CROSS JOIN hubs h"
            " ON h.n=r.log CROSS JOIN hubs own ON own.id=?3 AND own.node=h.node"
            " WHERE d.worker=?1 AND d.ledger=?2"
            " AND (h.began, h.behind, h.id, r.seq)<(own.began, own.behind, own.id, ?4)";
  int64_t found = 0;
  int rc = db_number(s, SQL, ARGS(db_key(worker), db_id(ledger), db_id(log), db_int(seq)), 0,
                     &found, err);
  *head = found > 0;
  return rc;
}

/* Which of the hub's moves are by who was its head then: asked only of those that it matters for.
 */
static int read_heads(struct store *s, const struct yz_id *ledger, struct case_whole *w,
                      struct yz_error *err) {
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < w->n; i++) {
    struct case_record *r = &w->records[i];
    enum case_move move = case_move_from_type(r->type);
    if (!r->by_hub || !case_move_heads(move)) continue;
    rc = head_then(s, ledger, &r->log, r->seq, &r->by, &r->by_head, err);
  }
  return rc;
}

/* --- carried ------------------------------------------------------------------ */

static bool is_here(const struct case_whole *w, const struct yz_hash *id) {
  for (size_t i = 0; i < w->n; i++)
    if (yz_equal(&w->records[i].id, id, sizeof *id)) return true;
  return false;
}

/* The last of w's records holds a line: that takes its place. */
static int unwrap(struct case_whole *w, const struct yz_carried *c, struct yz_error *err) {
  size_t i = w->n - 1;
  struct owned *own = (struct owned *)w->owned + i;
  if (sealed_unfold(c->members.type, c->content) != 0) return yz_no_memory(err);
  char *line = strndup(c->line, c->line_len);
  struct yz_hash *heads = malloc((c->members.n_heads + 1) * sizeof *heads);
  if (line == NULL || heads == NULL) {
    free(line);
    free(heads);
    return yz_no_memory(err);
  }
  memcpy(heads, c->members.heads, c->members.n_heads * sizeof *heads);
  w->carried[i] = true;
  json_t *json = json_incref(c->members.json), *content = json_incref(c->content);
  w->records[i] = (struct case_record){.id = c->id,
                                       .by = c->record.by,
                                       .stamp = c->members.stamp,
                                       .log = c->record.log,
                                       .seq = c->record.seq,
                                       .by_hub = c->hub,
                                       .by_head = c->head,
                                       .type = yz_json_string(json, "type"),
                                       .heads = heads,
                                       .n_heads = c->members.n_heads,
                                       .plain = json,
                                       .content = content,
                                       .ceiling_ms = c->ceiling_ms};
  free(w->lines[i]);
  w->lines[i] = line;
  free(own->heads);
  json_decref(own->json);
  json_decref(own->content);
  *own = (struct owned){json, content, heads};
  return 0;
}

static void drop_last(struct case_whole *w) {
  struct owned *own = (struct owned *)w->owned + --w->n;
  json_decref(own->json);
  json_decref(own->content);
  free(own->heads);
  free(w->lines[w->n]);
}

/* A line counts once, however it came; a carry of a shape that this version does not know stays
 * as what it is: something that a newer one must judge. */
static int add_carried(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  struct case_whole *w = arg;
  struct yz_carried c;
  size_t before = w->n;
  int rc = add_record(s, row, arg, err);
  if (rc != 0 || w->n == before) return rc;
  const struct case_record *outer = &w->records[w->n - 1];
  if (!case_carry_known(outer->plain, outer->content)) return 0;
  rc = yz_carried_read(outer->plain, outer->content, &c, NULL);
  if (rc == YZ_E_MEMORY) return yz_no_memory(err);
  bool counts = rc == 0 && !is_here(w, &c.id);
  rc = counts ? unwrap(w, &c, err) : 0;
  if (!counts) drop_last(w);
  yz_carried_finish(&c);
  return rc;
}

int case_load(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
              struct case_whole *out, struct yz_error *err) {
  static const char SQL[] = RECORDS " WHERE r.case_id=?1 AND r.status=0 AND l.ledger=?2"
                                    " AND r.type<>'case.carry' ORDER BY r.n";
  static const char CARRIED[] = RECORDS " WHERE r.case_id=?1 AND r.status=0 AND l.ledger=?2"
                                        " AND r.type='case.carry' AND l.hub=1"
                                        " ORDER BY l.id, r.seq";
  const struct township *t = NULL;
  *out = (struct case_whole){.ledger = *ledger};
  int rc = db_each(s, SQL, ARGS(db_hash(id), db_id(ledger)), add_record, out, err);
  if (rc == 0) rc = read_heads(s, ledger, out, err);
  if (rc == 0) rc = db_each(s, CARRIED, ARGS(db_hash(id), db_id(ledger)), add_carried, out, err);
  if (rc == 0) rc = township_of(s, ledger, &t, err);
  if (rc == 0 && out->n > 0 && case_fold(out->records, out->n, &t->policies, &out->view) != 0)
    rc = yz_no_memory(err);
  if (rc == 0) case_deadline(&out->view.times, &t->calendar, &t->policies, &out->deadline);
  if (rc != 0) case_whole_finish(out);
  return rc;
}

void case_whole_finish(struct case_whole *w) {
  if (w == NULL) return;
  case_view_finish(&w->view);
  for (size_t i = 0; i < w->n; i++) {
    struct owned *own = (struct owned *)w->owned + i;
    json_decref(own->json);
    json_decref(own->content);
    free(own->heads);
    free(w->lines[i]);
  }
  yz_buf_finish(&w->assigned);
  json_decref(w->opened);
  free(w->owned);
  free(w->lines);
  free(w->carried);
  free(w->records);
  *w = (struct case_whole){0};
}

const struct case_record *case_opening(const struct case_whole *w, const struct yz_hash *id) {
  for (size_t i = 0; i < w->n; i++)
    if (yz_equal(&w->records[i].id, id, sizeof *id)) return &w->records[i];
  return NULL;
}

/* Where a case of one ledger is named in another too, the ledger that has its
 * opening record is meant. */
int store_case_ledger(struct store *s, const struct yz_hash *id, struct yz_id *out,
                      struct yz_error *err) {
  static const char SQL[] = "SELECT ledger FROM cases WHERE id=? ORDER BY listed DESC, n LIMIT 1";
  sqlite3_stmt *row;
  int rc = cases_settle(s, err);
  if (rc == 0) rc = db_first(s, SQL, ARGS(db_hash(id)), &row, err);
  if (rc != 0) return rc;
  db_get_blob(row, 0, out->bytes, YZ_ID_LEN);
  db_give(s, row);
  return 0;
}

int store_case_tip(struct store *s, const struct yz_hash *id, struct case_tip *out,
                   struct yz_error *err) {
  static const char SQL[] = "SELECT ledger, number, heads, flags FROM cases WHERE id=?"
                            " ORDER BY listed DESC, n LIMIT 1";
  sqlite3_stmt *row;
  *out = (struct case_tip){0};
  int rc = cases_settle(s, err);
  if (rc == 0) rc = db_first(s, SQL, ARGS(db_hash(id)), &row, err);
  if (rc != 0) return rc;
  db_get_blob(row, 0, out->ledger.bytes, YZ_ID_LEN);
  db_get_chars(row, 1, out->number, sizeof out->number);
  out->township = (sqlite3_column_int64(row, 3) & CASE_TOWNSHIP_ONLY) != 0;
  size_t len = (size_t)sqlite3_column_bytes(row, 2);
  if (len <= sizeof out->heads) {
    db_get_blob(row, 2, out->heads[0].bytes, len);
    out->n_heads = len / sizeof *out->heads;
  }
  db_give(s, row);
  return 0;
}

int store_case_village(struct store *s, const struct yz_hash *id, struct yz_buf *out,
                       struct yz_error *err) {
  static const char SQL[] = "SELECT code FROM ledger WHERE id=?";
  struct yz_id ledger;
  sqlite3_stmt *row;
  int rc = store_case_ledger(s, id, &ledger, err);
  if (rc == 0) rc = db_first(s, SQL, ARGS(db_id(&ledger)), &row, err);
  if (rc != 0) return rc;
  rc = db_append(row, 0, out, err);
  db_give(s, row);
  return rc;
}

/* A worker is shown as they are called now, and not as they were when it was given to them. */
static int find_assignee(struct store *s, struct case_whole *w, struct yz_error *err) {
  const char *said = w->n > 0 ? w->view.fields[FIELD_ASSIGNED].values[0].value : NULL;
  int rc = w->view.to_worker ? store_key_called(s, &w->ledger, &w->view.worker, &w->assigned, err)
                             : YZ_E_NOT_FOUND;
  if (rc != YZ_E_NOT_FOUND) return rc;
  return said == NULL || yz_buf_puts(&w->assigned, said) == 0 ? 0 : yz_no_memory(err);
}

/* --- shown ------------------------------------------------------------------------ */

/* A text that lives as long as the case; NULL without memory. */
static const char *keep_text(struct case_whole *w, const char *text, size_t len) {
  json_t *json = json_stringn(text, len);
  if (w->opened == NULL) w->opened = json_array();
  return json_array_append_new(w->opened, json) == 0 ? json_string_value(json) : NULL;
}

static int open_value(struct store *s, struct case_whole *w, struct case_value *v,
                      struct yz_error *err) {
  struct yz_buf text = {0};
  if (!sealed_is(v->value)) return 0;
  v->sealed = keep_text(w, v->value + 1, strlen(v->value + 1));
  int rc = v->sealed == NULL ? YZ_E_MEMORY : identity_open(s, NULL, v->sealed, &text);
  const char *chars = text.len > 0 ? (const char *)text.data : "";
  v->value = rc == 0 ? keep_text(w, chars, text.len) : NULL;
  if (rc == 0 && v->value == NULL) rc = YZ_E_MEMORY;
  w->sealed |= rc == YZ_E_KEY;
  if (text.data != NULL) yz_wipe(text.data, text.len);
  yz_buf_finish(&text);
  return rc == 0 || rc == YZ_E_KEY ? 0 : yz_no_memory(err);
}

/* What is sealed is folded as it is, so that it is the same for everyone, and opened last. */
static int open_sealed(struct store *s, struct case_whole *w, struct yz_error *err) {
  int rc = 0;
  for (size_t f = FIELD_RESIDENT; w->n > 0 && f <= FIELD_HOUSEHOLD; f++)
    for (size_t i = 0; rc == 0 && i < w->view.fields[f].n_values; i++)
      rc = open_value(s, w, &w->view.fields[f].values[i], err);
  for (size_t i = 0; rc == 0 && i < w->n; i++)
    if (sealed_open(((struct owned *)w->owned)[i].content, identity_open, s) != 0)
      rc = yz_no_memory(err);
  return rc;
}

int store_load_case(struct store *s, const struct yz_hash *id, struct case_whole *out,
                    struct yz_error *err) {
  struct yz_id ledger;
  *out = (struct case_whole){0};
  int rc = store_case_ledger(s, id, &ledger, err);
  if (rc == 0) rc = case_load(s, &ledger, id, out, err);
  if (rc != 0) return rc;
  rc = find_assignee(s, out, err);
  if (rc == 0) rc = open_sealed(s, out, err);
  if (rc != 0) case_whole_finish(out);
  return rc;
}
