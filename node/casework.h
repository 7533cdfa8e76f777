/* Casework as people do it: the same from the command line and from the page. */
#ifndef YIZHAN_NODE_CASEWORK_H
#define YIZHAN_NODE_CASEWORK_H

#include "node.h"

/* --- moves ------------------------------------------------------------ */

/* What a person asks to be done on a case (CASE_OPEN: on none yet). content and plain are
 * owned, those of what follows too: casework_drop. ok false: memory ran out while they were
 * made. */
struct casework_move {
  enum case_move move;
  json_t *content, *plain;      /* NULL: none */
  int64_t at_ms;                /* INT64_MIN: now */
  bool township, township_only; /* struct move's */
  bool ok;
  struct casework_move *then; /* moves on the same case in the same transaction */
  size_t n_then;
};
void casework_drop(const struct casework_move *m);

/* What became of it. */
struct casework_made {
  char number[NUMBER_MAX];
  struct yz_hash record;
  bool request; /* it is the township's or its head's to decide: recorded as asked for */
};
/* Makes the moves in a transaction of its own; id NULL for CASE_OPEN. What node_move says. */
int casework_make(struct node *n, const struct signer *who, const struct yz_hash *id,
                  const struct casework_move *m, struct casework_made *out,
                  struct yz_error *err) YZ_MUST_CHECK;

/* A field's value as a record of its case has it: a title is one trimmed line; "" is null. New
 * reference; NULL when memory ran out. */
json_t *casework_field(enum case_field_index field, const char *value);
/* Who wants not to be named is not written down at all: takes name, telephone number and
 * household from what a case is opened with. *left_out: some were there. false: no memory. */
bool casework_make_anonymous(json_t *content, bool *left_out);

/* Lets a case that is opened be followed by what was done on the spot and, where result is not
 * NULL, by what the resident said of it, and of whether it is solved (NULL: nothing), and by its
 * closing. Who is not satisfied has an open case. */
enum { CASEWORK_SOLVING = 3 };
void casework_solve(struct casework_move *opening, const char *done, const char *result,
                    const char *solved, struct casework_move then[static CASEWORK_SOLVING]);

/* Says which of the values of a field that were written apart is right; "": that there is none. */
struct casework_move casework_settle(const char *field, const char *value);

/* Names of the moves that this worker may make on a case now, an array; of moves that need a
 * reason, with one. Opening is not among them, nor what depends on other cases. */
int casework_moves(struct node *n, const struct signer *who, const struct yz_hash *id, json_t **out,
                   struct yz_error *err) YZ_MUST_CHECK;

/* --- what is looked for ------------------------------------------------ */

/* Only cases that are overdue, or due within so many days from today (0: today, less than 0: not
 * asked), or either. Days, and what is shown, are in the township's zone (struct node). */
void casework_ask_due(bool overdue, int64_t within, int64_t now_ms, int zone, struct case_query *q);
/* The flag of this name; 0 for NULL. The name is one of a flag. */
unsigned casework_flag(const char *name);

/* --- what is shown ---------------------------------------------------- */

/* A loaded case as a row of a list; its strings are the case's. */
void casework_row(const struct case_whole *whole, const struct yz_hash *id, struct case_row *out);
/* The object that "case list" has for a case; NULL when memory ran out. */
json_t *casework_summary(const struct case_row *row, int64_t now_ms, int zone);
/* The same as a list has it: at a hub with no whole name. */
json_t *casework_listed(const struct case_row *row, const struct node *n, int64_t now_ms);
/* "2026-10-01": the last day of which no moment is late; "" where nothing is due. */
void casework_due_day(const struct case_row *row, int zone, char out[static CALENDAR_DATE]);
bool casework_overdue(const struct case_row *row, int64_t now_ms);
/* The object that "case show" prints and "export --format jsonl" has a line of. */
int casework_object(struct node *n, const struct yz_hash *id, json_t **out,
                    struct yz_error *err) YZ_MUST_CHECK;
/* Of the words of a case or a household, each {"at", "by", "reason"} or null: "erased", where they
 * were; "erase_asked", where the township was asked to and has not answered; "erase_refused", its
 * last no, where it has answered all. New reference; NULL with err. */
json_t *casework_erasing(struct node *n, const struct yz_hash *of, struct yz_error *err);
/* The code of the village whose case it is; a new reference. */
int casework_village(struct node *n, const struct yz_hash *id, json_t **out,
                     struct yz_error *err) YZ_MUST_CHECK;
/* What an author is called in a ledger, or the key in hex where it has no name there; appended. */
int casework_author(struct node *n, const struct yz_id *ledger, const struct yz_key *key,
                    struct yz_buf *out, struct yz_error *err) YZ_MUST_CHECK;

#endif
