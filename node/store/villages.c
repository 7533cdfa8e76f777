/* What the hub says of villages: hub.village. Rows repeat the records; the ledger's own row
 * follows, so that a village is called what it was called last. */
#include "../cases/moves.h"
#include "../cases/number.h"
#include "../shape.h"
#include "effects.h"
#include <string.h>

static bool is_code(const json_t *value) {
  char code[YZ_MAX_CODE + 1];
  const char *text = json_string_value(value);
  return text != NULL && strlen(text) <= YZ_MAX_CODE && number_code(text, code) &&
         strcmp(code, text) == 0;
}

static bool known(const json_t *plain, const json_t *content) {
  static const struct shape_member own[] = {
      {"closed", case_is_true, false}, {"into", shape_is_id, false}, {0}};
  static const struct shape_member words[] = {
      {"name", shape_is_name, true}, {"code", is_code, true}, {0}};
  return shape_plain(plain, NULL, own) && (content == NULL || shape_exact(content, words));
}

/* What was said of a ledger's village. */
#define SAID                                                                                       \
  " FROM village v CROSS JOIN record r ON r.n=v.record CROSS JOIN hubs h ON h.n=r.log WHERE "      \
  "v.ledger=?1"

/* Names that cannot be read here stay as they were. */
int village_follow(struct store *s, const struct yz_id *ledger, struct yz_error *err) {
  static const char SQL[] = HUB_ORDER(
      "?1") " UPDATE ledger SET (name, code)=(SELECT v.name, v.code" SAID
            " AND v.name IS NOT NULL" HUB_ORDER_LAST ")"
            " WHERE id=?1 AND EXISTS (SELECT 1 FROM village WHERE ledger=?1 AND name IS NOT NULL)";
  return db_run(s, SQL, ARGS(db_id(ledger)), err);
}

int village_take(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "INSERT INTO village(record, ledger, closed, into_ledger, name, code)"
                            " VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT(record) DO NOTHING";
  const struct yz_stored *r = p->record;
  json_t *content = case_content(r);
  struct yz_id into;
  bool has_into = yz_json_hex(r->json, "into", into.bytes, YZ_ID_LEN);
  int rc = 0;
  if (p->hub && known(r->json, content)) {
    rc = db_run(s, SQL,
                ARGS(db_int(p->n), db_id(&p->ledger),
                     db_int(json_is_true(json_object_get(r->json, "closed"))),
                     has_into ? db_id(&into) : db_null(), db_text(yz_json_string(content, "name")),
                     db_text(yz_json_string(content, "code"))),
                err);
    if (rc == 0) rc = village_follow(s, &p->ledger, err);
    if (rc == 0 && has_into) rc = carry_mark_all(s, err);
  }
  json_decref(content);
  return rc;
}

int village_drop(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "DELETE FROM village WHERE record=?";
  int rc = db_run(s, SQL, ARGS(db_int(p->n)), err);
  return rc == 0 && db_changed(s) ? village_follow(s, &p->ledger, err) : rc;
}

int store_get_village(struct store *s, const struct yz_id *ledger, bool *closed, struct yz_id *into,
                      struct yz_error *err) {
  static const char SQL[] = HUB_ORDER("?1") " SELECT v.closed, v.into_ledger" SAID HUB_ORDER_LAST;
  sqlite3_stmt *row;
  *closed = false;
  *into = (struct yz_id){{0}};
  int rc = db_first(s, SQL, ARGS(db_id(ledger)), &row, err);
  if (rc != 0) return rc == YZ_E_NOT_FOUND ? 0 : rc;
  *closed = sqlite3_column_int(row, 0) != 0;
  if (sqlite3_column_type(row, 1) != SQLITE_NULL) db_get_blob(row, 1, into->bytes, YZ_ID_LEN);
  db_give(s, row);
  return 0;
}
