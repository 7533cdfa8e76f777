#include "db.h"

#define COLUMNS "id, hub, hub_box, joined, own, url, name, code"

static void read_row(sqlite3_stmt *row, struct yz_ledger_row *out) {
  *out = (struct yz_ledger_row){.joined = sqlite3_column_int(row, 3) != 0};
  db_get_blob(row, 0, out->id.bytes, YZ_ID_LEN);
  db_get_blob(row, 1, out->hub.bytes, YZ_KEY_LEN);
  db_get_blob(row, 2, out->hub_box.bytes, YZ_KEY_LEN);
  db_get_blob(row, 4, out->own.bytes, YZ_ID_LEN);
  db_get_chars(row, 5, out->url, sizeof out->url);
  db_get_chars(row, 6, out->name, sizeof out->name);
  db_get_chars(row, 7, out->code, sizeof out->code);
}

static int get_ledger(void *ctx, const struct yz_id *id, struct yz_ledger_row *out,
                      struct yz_error *err) {
  static const char SQL[] = "SELECT " COLUMNS " FROM ledger WHERE id=?";
  sqlite3_stmt *row;
  int rc = db_first(ctx, SQL, ARGS(db_id(id)), &row, err);
  if (rc == 0) read_row(row, out);
  db_give(ctx, row);
  return rc;
}

static int put_ledger(void *ctx, const struct yz_ledger_row *r, struct yz_error *err) {
  static const char SQL[] =
      "INSERT INTO ledger(" COLUMNS ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
      " ON CONFLICT(id) DO UPDATE SET hub=?2, hub_box=?3, joined=?4, own=?5, url=?6, name=?7,"
      " code=?8";
  char hex[YZ_ID_HEX + 1];
  yz_to_hex(r->id.bytes, YZ_ID_LEN, hex);
  return sum_put(ctx, "ledger", hex, SQL,
                 ARGS(db_id(&r->id), db_key(&r->hub), db_key(&r->hub_box), db_int(r->joined),
                      db_id(&r->own), db_text(r->url), db_text(r->name), db_text(r->code)),
                 err);
}

struct walk {
  int (*fn)(void *arg, const struct yz_ledger_row *row);
  void *arg;
};

static int hand_on(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  const struct walk *w = arg;
  struct yz_ledger_row ledger, found;
  read_row(row, &ledger);
  /* What is listed and is not found by its id stands in a damaged table. */
  int rc = get_ledger(s, &ledger.id, &found, err);
  if (rc == YZ_E_NOT_FOUND)
    return yz_fail(err, YZ_E_DAMAGED,
                   YZ_N_("The store is damaged. Keep a copy of its folder and restore a backup."),
                   "%s", s->path);
  return rc == 0 ? w->fn(w->arg, &ledger) : rc;
}

int store_each_ledger(struct store *s, int (*fn)(void *arg, const struct yz_ledger_row *row),
                      void *arg, struct yz_error *err) {
  static const char SQL[] = "SELECT " COLUMNS " FROM ledger ORDER BY n";
  return db_each(s, SQL, NULL, 0, hand_on, &(struct walk){fn, arg}, err);
}

void ledgers_fill(struct yz_store *table) {
  table->get_ledger = get_ledger;
  table->put_ledger = put_ledger;
}
