/* Rows of a foreign table made into cases.
 *
 * A row is one case.open, and one case.resolve where it holds a reply or says when
 * it was closed. Its identity is kept in the content's `source`: "id:" and what its
 * id column says, else "row:", a hash of what it says, ":" and how many equal rows
 * came before it in this file. What has an identity that is here already is
 * skipped, so the same file twice adds nothing, and equal rows all go in.
 *
 *   intake_init → intake_row … → intake_end → intake_finish
 *
 * Rows are saved some hundreds at a time. `added` and `skipped` count what is
 * saved. */
#ifndef YIZHAN_NODE_IMPORT_INTAKE_H
#define YIZHAN_NODE_IMPORT_INTAKE_H

#include "../node.h"
#include "columns.h"
#include "tally.h"

/* Cells by column, malloc'd; NULL or empty: nothing was said. Valid UTF-8. */
struct import_row {
  size_t line; /* where it begins, from 1 */
  char *cells[IMPORT_COLUMNS];
};
void import_row_finish(struct import_row *row); /* frees the cells */
/* Fills a cell with text, which is malloc'd and stolen. Of several for one column
 * the first that says something stays. YZ_E_MEMORY: text is NULL. */
int import_row_set(struct import_row *row, enum import_column column, char *text) YZ_MUST_CHECK;

struct intake {
  struct node *node;
  const struct signer *who;
  bool live;             /* cases of today: their deadlines run */
  size_t added, skipped; /* saved */
  /* its own */
  struct tally seen;
  size_t fresh_added, fresh_skipped; /* not saved yet */
  bool open;
  char detail[64]; /* beside *bad: which cell, how long, and how long it may be; "": nothing */
};
void intake_init(struct intake *in, struct node *node, const struct signer *who, bool live);
void intake_finish(struct intake *in);

/* Takes a row, whose cells it tidies in place. *bad is set, and 0 returned, to a
 * translatable sentence where the row cannot be taken, in->detail to what it concerns. Any other
 * failure undoes what was not saved yet. */
int intake_row(struct intake *in, struct import_row *row, const char **bad,
               struct yz_error *err) YZ_MUST_CHECK;
/* Saves the last rows. */
int intake_end(struct intake *in, struct yz_error *err) YZ_MUST_CHECK;

#endif
