/* Counts, checks, and making anew what only repeats the records. */
#include "effects.h"

int store_count(struct store *s, struct store_counts *out, struct yz_error *err) {
  static const char CASES[] = "SELECT count(*) FROM cases WHERE listed=1";
  static const char RECORDS[] = "SELECT count(*) FROM record";
  static const char WAITING[] = "SELECT count(*) FROM record WHERE status<>0 AND status=1";
  static const char QUARANTINED[] = "SELECT count(*) FROM refused WHERE released=0";
  static const char FOREIGN[] =
      "SELECT count(*) FROM log l CROSS JOIN record r ON r.log=l.n WHERE l.own=0";
  static const char CONFLICTS[] = "SELECT count(*) FROM cases WHERE listed=1 AND conflicts>0";
  static const char UNSETTLED[] =
      "SELECT count(*) FROM log l CROSS JOIN record r ON r.log=l.n WHERE l.own=0 AND r.status<>0";
  int64_t unsettled = 0;
  *out = (struct store_counts){0};
  int rc = cases_settle(s, err);
  if (rc == 0) rc = db_number(s, CASES, NULL, 0, 0, &out->cases, err);
  if (rc == 0) rc = db_number(s, CONFLICTS, NULL, 0, 0, &out->conflicts, err);
  if (rc == 0) rc = db_number(s, RECORDS, NULL, 0, 0, &out->records, err);
  if (rc == 0) rc = db_number(s, WAITING, NULL, 0, 0, &out->waiting, err);
  if (rc == 0) rc = db_number(s, QUARANTINED, NULL, 0, 0, &out->quarantined, err);
  if (rc == 0) rc = db_number(s, FOREIGN, NULL, 0, 0, &out->accepted_foreign, err);
  if (rc == 0) rc = db_number(s, UNSETTLED, NULL, 0, 0, &unsettled, err);
  if (rc == 0) rc = pieces_count(s, &out->pieces, err);
  if (rc == 0) rc = erased_count_asked(s, out, err);
  out->accepted_foreign -= unsettled;
  return rc;
}

struct findings {
  yz_finding_fn fn;
  void *arg;
};

static int take_integrity(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)err;
  const struct findings *f = arg;
  const char *said = db_get_text(row, 0);
  if (said != NULL && sqlite3_stricmp(said, "ok") != 0)
    f->fn(f->arg, "store.damaged", s->path, said);
  return 0;
}

static int check_row(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  const struct findings *f = arg;
  struct yz_hash id;
  struct yz_id ledger;
  char hex[YZ_HASH_HEX + 1];
  db_get_blob(row, 0, ledger.bytes, YZ_ID_LEN);
  db_get_blob(row, 1, id.bytes, YZ_HASH_LEN);
  int rc = case_row_holds(s, &ledger, &id, err);
  if (rc != 0) return rc < 0 ? rc : 0;
  yz_to_hex(id.bytes, YZ_HASH_LEN, hex);
  f->fn(f->arg, "store.case", hex,
        YZ_N_("This case is not shown as its records say. Rebuild the case tables."));
  return 0;
}

/* In one transaction, as what the township settled is read once in each; it writes nothing, so it
 * keeps nobody waiting. */
static int check_rows(struct store *s, struct findings *f, struct yz_error *err) {
  /* Every case that has a row or should have one. */
  static const char CASES[] =
      "SELECT ledger, id FROM cases UNION SELECT DISTINCT l.ledger, r.case_id"
      " FROM record r JOIN log l ON l.n=r.log WHERE r.case_id IS NOT NULL AND r.status=0";
  township_forget(s);
  int rc = db_run(s, "BEGIN", NULL, 0, err);
  if (rc != 0) return rc;
  rc = db_each(s, CASES, NULL, 0, check_row, f, err);
  store_rollback(s);
  return rc;
}

int store_check(struct store *s, yz_finding_fn fn, void *arg, struct yz_error *err) {
  static const char INTEGRITY[] = "PRAGMA integrity_check";
  struct findings f = {fn, arg};
  int rc = effects_settle(s, err);
  if (rc == 0) rc = db_each(s, INTEGRITY, NULL, 0, take_integrity, &f, err);
  if (rc == 0) rc = sums_check(s, fn, arg, err);
  if (rc == 0) rc = effects_check(s, fn, arg, err);
  if (rc == 0) rc = check_rows(s, &f, err);
  if (rc == 0) rc = households_check(s, fn, arg, err);
  if (rc == 0) rc = pieces_check(s, fn, arg, err);
  return rc;
}

int store_rebuild_cases(struct store *s, struct yz_error *err) {
  bool own = sqlite3_get_autocommit(s->db) != 0;
  int rc = own ? store_begin(s, err) : 0;
  if (rc == 0) rc = cases_mark_all(s, err);
  if (rc == 0) rc = households_clear(s, err);
  if (rc == 0) rc = effects_remake(s, err);
  if (rc == 0) rc = effects_settle(s, err);
  if (rc == 0 && own) rc = store_commit(s, err);
  if (rc != 0 && own) store_rollback(s);
  return rc;
}
