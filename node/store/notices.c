/* Notices of the township: which accepted records are notices. Their words stay with the record,
 * and whether its log is the hub's is looked at when they are read. */
#include "../shape.h"
#include "effects.h"
#include <string.h>

/* Is a notice.post of a shape that this version knows? content NULL: not readable here. */
static bool is_known(const json_t *plain, const json_t *content) {
  static const struct shape_member members[] = {{"notice", shape_is_id, true}, {0}};
  static const struct shape_member words[] = {
      {"title", shape_is_text, true}, {"text", shape_is_text, true}, {0}};
  return shape_plain(plain, NULL, members) && json_object_get(plain, "content") != NULL &&
         (content == NULL || shape_exact(content, words));
}

int notice_take(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "INSERT INTO notice(record, notice, at_ms) VALUES(?1, ?2, ?3)"
                            " ON CONFLICT(record) DO NOTHING";
  json_t *content = case_content(p->record);
  struct yz_id id;
  int64_t at;
  int rc = 0;
  if (is_known(p->record->json, content) &&
      yz_json_hex(p->record->json, "notice", id.bytes, YZ_ID_LEN) &&
      yz_json_int(p->record->json, "at", &at))
    rc = db_run(s, SQL, ARGS(db_int(p->n), db_id(&id), db_int(at)), err);
  json_decref(content);
  return rc;
}

int notice_drop(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "DELETE FROM notice WHERE record=?";
  return db_run(s, SQL, ARGS(db_int(p->n)), err);
}

struct walk {
  notice_row_fn fn;
  void *arg;
};

static int hand_on(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s;
  const struct walk *w = arg;
  const char *line = db_get_text(row, 5), *words = db_get_text(row, 6);
  json_t *content = NULL;
  struct yz_record record;
  struct notice_row r = {.at_ms = sqlite3_column_int64(row, 1),
                         .seq = sqlite3_column_int64(row, 4)};
  if (yz_record_read(line, (size_t)sqlite3_column_bytes(row, 5), &record, NULL) != 0)
    return yz_fail(err, YZ_E_DAMAGED,
                   YZ_N_("A record in the store is not what was written. Keep a copy of the "
                         "node's folder and restore a backup."),
                   NULL);
  db_get_blob(row, 0, r.notice.bytes, YZ_ID_LEN);
  db_get_blob(row, 2, r.ledger.bytes, YZ_ID_LEN);
  db_get_blob(row, 3, r.log.bytes, YZ_ID_LEN);
  r.by = record.by;
  if (words != NULL &&
      yz_json_parse(words, (size_t)sqlite3_column_bytes(row, 6), &content, NULL) != 0)
    content = NULL;
  r.title = yz_json_string(content, "title");
  r.text = yz_json_string(content, "text");
  int rc = w->fn(w->arg, &r);
  json_decref(content);
  return rc;
}

int store_each_notice(struct store *s, notice_row_fn fn, void *arg, struct yz_error *err) {
  /* Records of one notice stand together, the first of them first. */
  static const char SQL[] =
      "SELECT n.notice, n.at_ms, l.ledger, l.id, r.seq, r.line, c.bytes,"
      " (SELECT min(o.at_ms) FROM notice o JOIN record q ON q.n=o.record JOIN log k ON k.n=q.log"
      "  WHERE o.notice=n.notice AND k.hub=1) AS first"
      " FROM notice n JOIN record r ON r.n=n.record JOIN log l ON l.n=r.log"
      " LEFT JOIN content c ON c.record=n.record AND c.audience='" CASE_AUDIENCE "'"
      " WHERE l.hub=1 ORDER BY first DESC, n.notice, n.at_ms, r.id";
  return db_each(s, SQL, NULL, 0, hand_on, &(struct walk){fn, arg}, err);
}
