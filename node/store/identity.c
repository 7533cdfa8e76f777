/* Keys under which it is sealed who somebody is (FORMAT.md §19), as rows that repeat the records
 * that wrap them; and opening what is sealed, in memory alone, with the boxes of who reads. */
#include "identity.h"
#include "../sealed.h"
#include "../shape.h"
#include "effects.h"
#include "terms.h"
#include <stdlib.h>
#include <string.h>

/* --- rows --------------------------------------------------------------------- */

struct taking {
  struct store *s;
  const struct placed *p;
  struct yz_error *err;
};

static struct db_arg db_short(const struct yz_identity_id *id) {
  return db_blob(id->bytes, YZ_IDENTITY_ID);
}

static int put_row(void *arg, const struct yz_identity_id *id, const struct yz_identity_id *box,
                   const unsigned char wrapped[static YZ_IDENTITY_WRAPPED]) {
  static const char SQL[] = "INSERT INTO identity(record, key, box, wrapped)"
                            " VALUES(?, ?, ?, ?) ON CONFLICT(record, box) DO NOTHING";
  const struct taking *t = arg;
  return db_run(
      t->s, SQL,
      ARGS(db_int(t->p->n), db_short(id), db_short(box), db_blob(wrapped, YZ_IDENTITY_WRAPPED)),
      t->err);
}

static bool is_short(const json_t *value) {
  return json_string_length(value) == YZ_IDENTITY_HEX;
}

static bool is_object(const json_t *value) {
  return json_is_object(value);
}

int identity_take(struct store *s, const struct placed *p, struct yz_error *err) {
  static const struct shape_member own[] = {{"key", is_short, true}, {"to", is_object, true}, {0}};
  struct taking t = {s, p, err};
  struct yz_identity_id id;
  if (!shape_plain(p->record->json, NULL, own)) return 0;
  int rc = yz_identity_each(p->record->json, &id, put_row, &t);
  return rc == YZ_E_FORMAT ? 0 : rc;
}

int identity_drop(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "DELETE FROM identity WHERE record=?";
  return db_run(s, SQL, ARGS(db_int(p->n)), err);
}

struct walk {
  store_wrap_fn fn;
  void *arg;
};

static int hand_on(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  const struct walk *w = arg;
  struct yz_identity_id key, box;
  struct yz_key by = {{0}};
  const char *hex = db_get_text(row, 3);
  db_get_blob(row, 0, key.bytes, YZ_IDENTITY_ID);
  db_get_blob(row, 1, box.bytes, YZ_IDENTITY_ID);
  if (hex != NULL) (void)yz_from_hex(hex, strlen(hex), by.bytes, YZ_KEY_LEN);
  return w->fn(w->arg, &key, &box, hex != NULL ? &by : NULL, sqlite3_column_int(row, 2) != 0);
}

/* Those of a ledger are those in its logs, wherever these were begun. */
#define OF_LEDGER                                                                                  \
  " FROM identity i CROSS JOIN record r ON r.n=i.record CROSS JOIN log l ON l.n=r.log"             \
  " WHERE (?1 IS NULL OR l.ledger=?1)"

int store_each_wrap(struct store *s, const struct yz_id *ledger, store_wrap_fn fn, void *arg,
                    struct yz_error *err) {
  static const char SQL[] =
      "SELECT i.key, i.box, l.own=1 OR l.hub=1,"
      " CASE WHEN l.hub=0 THEN substr(r.line, instr(r.line, '\"by\":\"')+6, 64) END,"
      " min(i.record) OVER (PARTITION BY i.key) AS first" OF_LEDGER
      " ORDER BY first DESC, i.key, i.record, i.box";
  return db_each(s, SQL, ARGS(db_id(ledger)), hand_on, &(struct walk){fn, arg}, err);
}

int store_is_wrapped(struct store *s, const struct yz_identity_id *key, bool *is,
                     struct yz_error *err) {
  static const char SQL[] = "SELECT EXISTS(SELECT 1 FROM identity WHERE key=?)";
  int64_t found = 0;
  int rc = db_number(s, SQL, ARGS(db_short(key)), 0, &found, err);
  *is = found != 0;
  return rc;
}

int store_has_wraps(struct store *s, const struct yz_id *ledger, bool *any, struct yz_error *err) {
  static const char SQL[] = "SELECT EXISTS(SELECT 1" OF_LEDGER ")";
  int64_t found = 0;
  int rc = db_number(s, SQL, ARGS(ledger != NULL ? db_id(ledger) : db_null()), 0, &found, err);
  *any = found > 0;
  return rc;
}

int store_count_named(struct store *s, int64_t *out, struct yz_error *err) {
  static const char CASES[] = "SELECT count(*) FROM cases WHERE " CASE_NAMES_SOMEBODY;
  static const char HOMES[] = "SELECT count(*) FROM household WHERE " HOME_NAMES_SOMEBODY;
  int64_t homes = 0;
  int rc = effects_settle(s, err);
  if (rc == 0) rc = db_number(s, CASES, NULL, 0, 0, out, err);
  if (rc == 0) rc = db_number(s, HOMES, NULL, 0, 0, &homes, err);
  *out += homes;
  return rc;
}

/* --- who reads ------------------------------------------------------------------ */

/* Opened at a time. Who wraps more, one after the other, keeps nobody from their work. */
enum { KEYS_MAX = 4096 };

struct opened {
  struct yz_identity_id id;
  struct yz_secret *key;
};
struct reader {
  struct yz_secret **boxes;
  size_t n_boxes;
  struct opened *keys;
  size_t n_keys;
};

void reader_finish(struct store *s) {
  struct reader *r = s->reader;
  if (r == NULL) return;
  for (size_t i = 0; i < r->n_boxes; i++) yz_secret_destroy(r->boxes[i]);
  for (size_t i = 0; i < r->n_keys; i++) yz_secret_destroy(r->keys[i].key);
  free(r->boxes);
  free(r->keys);
  free(r);
  s->reader = NULL;
}

int store_read_with(struct store *s, const struct yz_secret *box, struct yz_error *err) {
  if (s->reader == NULL && (s->reader = calloc(1, sizeof *s->reader)) == NULL)
    return yz_no_memory(err);
  struct reader *r = s->reader;
  for (size_t i = 0; i < r->n_boxes; i++)
    if (yz_equal(r->boxes[i]->bytes, box->bytes, YZ_SEED_LEN)) return 0;
  struct yz_secret **grown = reallocarray(r->boxes, r->n_boxes + 1, sizeof(struct yz_secret *));
  if (grown == NULL) return yz_no_memory(err);
  r->boxes = grown;
  struct yz_secret *copy = yz_secret_create(YZ_SEED_LEN);
  if (copy == NULL) return yz_no_memory(err);
  memcpy(copy->bytes, box->bytes, YZ_SEED_LEN);
  r->boxes[r->n_boxes++] = copy;
  return 0;
}

static int keep_key(struct reader *r, const struct yz_identity_id *id, struct yz_secret *key,
                    struct yz_error *err) {
  struct opened *grown = reallocarray(r->keys, r->n_keys + 1, sizeof *grown);
  if (grown == NULL) return yz_no_memory(err);
  r->keys = grown;
  grown[r->n_keys++] = (struct opened){*id, key};
  return 0;
}

int store_keep_key(struct store *s, const unsigned char key[static YZ_BATCH_KEY_LEN],
                   struct yz_error *err) {
  struct yz_identity_id id;
  if (s->reader == NULL && (s->reader = calloc(1, sizeof *s->reader)) == NULL)
    return yz_no_memory(err);
  struct yz_secret *copy = yz_secret_create(YZ_BATCH_KEY_LEN);
  if (copy == NULL) return yz_no_memory(err);
  memcpy(copy->bytes, key, YZ_BATCH_KEY_LEN);
  yz_identity_id(key, &id);
  int rc = keep_key(s->reader, &id, copy, err);
  if (rc != 0) yz_secret_destroy(copy);
  return rc;
}

struct unwrapping {
  const struct yz_secret *box;
  const struct yz_identity_id *id;
  struct yz_secret *key;
  bool found;
};

static int unwrap(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  struct unwrapping *u = arg;
  unsigned char wrapped[YZ_IDENTITY_WRAPPED];
  db_get_blob(row, 0, wrapped, sizeof wrapped);
  u->found = yz_identity_unwrap(u->box, u->id, wrapped, u->key->bytes);
  return u->found ? 1 : 0;
}

/* Whoever wrapped another key, or nothing, is passed over. */
static int find_key(struct store *s, const struct yz_id *ledger, const struct yz_identity_id *id,
                    struct yz_secret *key, bool *found, struct yz_error *err) {
  static const char SQL[] = "SELECT i.wrapped" OF_LEDGER " AND i.key=?2 AND i.box=?3";
  const struct reader *r = s->reader;
  struct unwrapping u = {.id = id, .key = key};
  int rc = 0;
  const struct db_arg in = ledger != NULL ? db_id(ledger) : db_null();
  for (size_t i = 0; rc == 0 && i < r->n_boxes; i++) {
    struct yz_key own;
    yz_box_public(r->boxes[i], &own);
    struct yz_identity_id box = yz_identity_box(&own);
    u.box = r->boxes[i];
    rc = db_each(s, SQL, ARGS(in, db_short(id), db_short(&box)), unwrap, &u, err);
  }
  *found = u.found;
  return rc > 0 ? 0 : rc;
}

int store_identity_key(struct store *s, const struct yz_identity_id *id,
                       const struct yz_secret **out, struct yz_error *err) {
  struct reader *r = s->reader;
  bool found = false;
  for (size_t i = 0; r != NULL && i < r->n_keys; i++)
    if (yz_equal(&r->keys[i].id, id, sizeof *id)) {
      *out = r->keys[i].key;
      return 0;
    }
  if (r == NULL || r->n_boxes == 0 || r->n_keys >= KEYS_MAX) return YZ_E_NOT_FOUND;
  struct yz_secret *key = yz_secret_create(YZ_BATCH_KEY_LEN);
  if (key == NULL) return yz_no_memory(err);
  int rc = find_key(s, NULL, id, key, &found, err);
  if (rc == 0 && found) rc = keep_key(r, id, key, err);
  if (rc == 0 && found) {
    *out = key;
    return 0;
  }
  yz_secret_destroy(key);
  return rc != 0 ? rc : YZ_E_NOT_FOUND;
}

int store_ledger_key(struct store *s, const struct yz_id *ledger, const struct yz_identity_id *id,
                     const struct yz_secret **out, struct yz_error *err) {
  bool found = false;
  if (s->reader == NULL || s->reader->n_boxes == 0) return YZ_E_NOT_FOUND;
  struct yz_secret *key = yz_secret_create(YZ_BATCH_KEY_LEN);
  if (key == NULL) return yz_no_memory(err);
  int rc = find_key(s, ledger, id, key, &found, err);
  if (rc == 0) rc = found ? store_identity_key(s, id, out, err) : YZ_E_NOT_FOUND;
  if (rc == 0 && !yz_equal((*out)->bytes, key->bytes, key->len)) rc = YZ_E_NOT_FOUND;
  yz_secret_destroy(key);
  return rc;
}

/* --- opening -------------------------------------------------------------------- */

int identity_open(void *arg, const char *name, const char *text, struct yz_buf *out) {
  (void)name;
  struct yz_error why = {0};
  const struct yz_secret *key;
  struct yz_identity_id id;
  size_t len = strlen(text);
  if (!yz_identity_read(text, len, &id)) return YZ_E_KEY;
  int rc = store_identity_key(arg, &id, &key, &why);
  if (rc == YZ_E_NOT_FOUND) return YZ_E_KEY;
  return rc != 0 ? rc : yz_identity_open(key->bytes, text, len, out);
}

int identity_show(struct store *s, const char *text, struct yz_buf *room, const char **out,
                  bool *sealed, struct yz_error *err) {
  *out = text;
  if (!sealed_is(text)) return 0;
  yz_buf_clear(room);
  int rc = yz_buf_append(room, "", 0);
  if (rc == 0) rc = identity_open(s, NULL, text + 1, room);
  *out = rc == 0 ? (const char *)room->data : NULL;
  *sealed |= rc == YZ_E_KEY;
  return rc == 0 || rc == YZ_E_KEY ? 0 : yz_no_memory(err);
}

/* home_of(home): what a household's name is compared by, opened where it is sealed and can be. */
static void home_of(sqlite3_context *ctx, int n, sqlite3_value **values) {
  (void)n;
  const char *text = (const char *)sqlite3_value_text(values[0]);
  struct yz_buf name = {0}, folded = {0};
  int rc =
      sealed_is(text) ? identity_open(sqlite3_user_data(ctx), NULL, text + 1, &name) : YZ_E_KEY;
  if (rc == 0) rc = terms_name((const char *)name.data, name.len, &folded);
  if (rc == 0)
    sqlite3_result_text64(ctx, (const char *)folded.data, folded.len, SQLITE_TRANSIENT,
                          SQLITE_UTF8);
  else if (rc == YZ_E_KEY)
    sqlite3_result_value(ctx, values[0]);
  else
    sqlite3_result_error_nomem(ctx);
  if (name.data != NULL) yz_wipe(name.data, name.len);
  yz_buf_finish(&name);
  yz_buf_finish(&folded);
}

/* says(search, what...): do all these words, folded, occur in what is said, opened where it can be?
 */
static void says(sqlite3_context *ctx, int n, sqlite3_value **values) {
  const char *search = (const char *)sqlite3_value_text(values[0]);
  struct yz_buf all = {0}, text = {0};
  int rc = search == NULL ? YZ_E_MEMORY : yz_buf_append(&all, "", 0);
  for (int i = 1; rc == 0 && i < n; i++) {
    const char *said = (const char *)sqlite3_value_text(values[i]);
    yz_buf_clear(&text);
    if (said == NULL) continue;
    rc = sealed_is(said) ? identity_open(sqlite3_user_data(ctx), NULL, said + 1, &text)
                         : yz_buf_puts(&text, said);
    if (rc == 0) rc = terms_fold((const char *)text.data, text.len, &all);
    if (rc == 0) rc = yz_buf_append(&all, "\n", 1);
    if (rc == YZ_E_KEY) rc = 0;
  }
  if (rc == 0)
    sqlite3_result_int(ctx, all.len > 0 && terms_occur((const char *)all.data, search));
  else
    sqlite3_result_error_nomem(ctx);
  if (all.data != NULL) yz_wipe(all.data, all.len);
  if (text.data != NULL) yz_wipe(text.data, text.len);
  yz_buf_finish(&all);
  yz_buf_finish(&text);
}

int identity_functions(struct store *s, struct yz_error *err) {
  const int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY;
  int rc = sqlite3_create_function_v2(s->db, "home_of", 1, flags, s, home_of, NULL, NULL, NULL);
  if (rc == SQLITE_OK)
    rc = sqlite3_create_function_v2(s->db, "says", -1, flags, s, says, NULL, NULL, NULL);
  return rc == SQLITE_OK ? 0 : db_fail(s->db, s->path, err);
}

int identity_homes(struct store *s, bool *any, struct yz_error *err) {
  static const char SQL[] =
      "SELECT EXISTS(SELECT 1 FROM case_home WHERE home>=char(1) AND home<char(2))"
      " OR EXISTS(SELECT 1 FROM household WHERE listed=1 AND home>=char(1) AND home<char(2))";
  int64_t found = 0;
  *any = false;
  if (s->reader == NULL || s->reader->n_boxes == 0) return 0;
  int rc = db_number(s, SQL, NULL, 0, 0, &found, err);
  *any = found != 0;
  return rc;
}
