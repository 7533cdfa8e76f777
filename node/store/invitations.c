/* At a hub: the invitations it has made, and which log used each. */
#include "db.h"

#define COLUMNS "ledger, township, village, code, letter, url, hub, box, recovery, word, until_ms"

static void read_row(sqlite3_stmt *row, struct yz_invitation *out) {
  *out = (struct yz_invitation){0};
  db_get_blob(row, 0, out->ledger.bytes, YZ_ID_LEN);
  db_get_chars(row, 1, out->township, sizeof out->township);
  db_get_chars(row, 2, out->village, sizeof out->village);
  db_get_chars(row, 3, out->code, sizeof out->code);
  db_get_chars(row, 4, out->letter, sizeof out->letter);
  db_get_chars(row, 5, out->url, sizeof out->url);
  db_get_blob(row, 6, out->hub.bytes, YZ_KEY_LEN);
  db_get_blob(row, 7, out->box.bytes, YZ_KEY_LEN);
  db_get_blob(row, 8, out->recovery.bytes, YZ_HASH_LEN);
  db_get_blob(row, 9, out->word, sizeof out->word);
  out->until_ms = sqlite3_column_int64(row, 10);
}

int store_put_invitation(struct store *s, const struct yz_invitation *i, struct yz_error *err) {
  static const char SQL[] =
      "INSERT INTO invitation(" COLUMNS ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
  return db_run(s, SQL,
                ARGS(db_id(&i->ledger), db_text(i->township), db_text(i->village), db_text(i->code),
                     db_text(i->letter), db_text(i->url), db_key(&i->hub), db_key(&i->box),
                     db_hash(&i->recovery), db_blob(i->word, sizeof i->word), db_int(i->until_ms)),
                err);
}

int store_prolong_invitation(struct store *s, const struct yz_invitation *i, int64_t until_ms,
                             struct yz_error *err) {
  static const char SQL[] =
      "UPDATE invitation SET until_ms=?3 WHERE ledger=?1 AND word=?2 AND used_by IS NULL";
  return db_run(s, SQL, ARGS(db_id(&i->ledger), db_blob(i->word, sizeof i->word), db_int(until_ms)),
                err);
}

struct walk {
  int (*fn)(void *arg, const struct invitation_row *row);
  void *arg;
};

static int hand_on(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  const struct walk *w = arg;
  struct invitation_row r = {.used = sqlite3_column_type(row, 11) != SQLITE_NULL};
  read_row(row, &r.invitation);
  db_get_blob(row, 11, r.used_by.bytes, YZ_ID_LEN);
  int rc = w->fn(w->arg, &r);
  yz_wipe(&r, sizeof r);
  return rc;
}

int store_each_invitation(struct store *s, int (*fn)(void *arg, const struct invitation_row *row),
                          void *arg, struct yz_error *err) {
  static const char SQL[] = "SELECT " COLUMNS ", used_by FROM invitation ORDER BY n";
  return db_each(s, SQL, NULL, 0, hand_on, &(struct walk){fn, arg}, err);
}

struct taking {
  int (*fn)(void *arg, const struct yz_invitation *invitation, bool used);
  void *arg;
  int64_t taken; /* its row */
};

static int offer(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  struct taking *t = arg;
  struct yz_invitation invitation;
  read_row(row, &invitation);
  bool used = sqlite3_column_type(row, 12) != SQLITE_NULL;
  int rc = t->fn(t->arg, &invitation, used);
  if (rc == 1) t->taken = sqlite3_column_int64(row, 11);
  yz_wipe(&invitation, sizeof invitation);
  return rc;
}

static int take_invitation(void *ctx, const struct yz_id *ledger, const struct yz_id *log,
                           int (*fn)(void *arg, const struct yz_invitation *invitation, bool used),
                           void *arg, struct yz_error *err) {
  static const char OPEN[] =
      "SELECT " COLUMNS ", n, used_by FROM invitation WHERE ledger=? ORDER BY n";
  static const char USE[] = "UPDATE invitation SET used_by=?2 WHERE n=?1 AND used_by IS NULL";
  struct taking t = {.fn = fn, .arg = arg};
  int rc = db_each(ctx, OPEN, ARGS(db_id(ledger)), offer, &t, err);
  if (rc != 1) return rc;
  rc = db_run(ctx, USE, ARGS(db_int(t.taken), db_id(log)), err);
  return rc == 0 ? db_changed(ctx) : rc;
}

void invitations_fill(struct yz_store *table) {
  table->take_invitation = take_invitation;
}
