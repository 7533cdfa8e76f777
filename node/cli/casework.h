/* What the case commands share. */
#ifndef YIZHAN_NODE_CLI_CASEWORK_H
#define YIZHAN_NODE_CLI_CASEWORK_H

#include "cli.h"

/* Makes a move on the case that the first argument names (CASE_OPEN: on none) and
 * prints {"case","record"}, or one line for people. content and plain are stolen,
 * also on failure, those of what follows too; ok false: memory ran out while they were made. */
struct casework_move {
  enum case_move move;
  json_t *content, *plain; /* NULL: none */
  int64_t at_ms;           /* INT64_MIN: now */
  bool township;           /* struct move's */
  bool ok;
  const struct casework_move *then; /* moves on the same case in the same transaction */
  size_t n_then;
};
int casework_move(const struct cli *cli, const struct casework_move *m,
                  struct yz_error *err) YZ_MUST_CHECK;

/* A loaded case as a row of a list; its strings are the case's. */
void casework_row(const struct case_whole *whole, const struct yz_hash *id, struct case_row *out);
/* The object that "case list" has for a case; NULL when memory ran out. */
json_t *casework_summary(const struct case_row *row, int64_t now_ms);
/* "2026-10-01": the last day on which what is due is not late; "" where nothing is. */
void casework_due_day(const struct case_row *row, char out[static CALENDAR_DATE]);
bool casework_overdue(const struct case_row *row, int64_t now_ms);
/* The object that "case show" prints and "export --format jsonl" has a line of. */
int casework_object(struct node *n, const struct yz_hash *id, json_t **out,
                    struct yz_error *err) YZ_MUST_CHECK;
/* The code of the village whose case it is; a new reference. */
int casework_village(struct node *n, const struct yz_hash *id, json_t **out,
                     struct yz_error *err) YZ_MUST_CHECK;
/* What an author is called in a ledger, or the key in hex where it has no name there; appended. */
int casework_author(struct node *n, const struct yz_id *ledger, const struct yz_key *key,
                    struct yz_buf *out, struct yz_error *err) YZ_MUST_CHECK;

/* Names for people, in their language; an unknown one as it is. */
const char *casework_state(enum case_state state);
const char *casework_class(enum case_class class);
const char *casework_move_label(const char *type);

#endif
