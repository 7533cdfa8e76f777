/* What the case commands share. */
#ifndef YIZHAN_NODE_CLI_CASEWORK_H
#define YIZHAN_NODE_CLI_CASEWORK_H

#include "../casework.h"
#include "cli.h"

/* Makes a move on the case that the first argument names (CASE_OPEN: on none) and
 * prints {"case","record"}, or one line for people. When it was, with all that
 * follows, is what the command's own option for a time says. Drops the move, also on failure. */
int casework_move(const struct cli *cli, const struct casework_move *m,
                  struct yz_error *err) YZ_MUST_CHECK;

/* Says what casework_erasing gave; it may stand among others in the object. */
void casework_say_erasing(const json_t *object);
/* At a hub: who has read it in full. NULL: nothing is said. */
void casework_say_readings(const json_t *list);

/* Names for people, in their language; an unknown one as it is. */
const char *casework_state(enum case_state state);
const char *casework_class(enum case_class class);
const char *casework_move_label(const char *type);
const char *casework_field_label(enum case_field_index field);
/* A field's value; NULL: that there is none. */
const char *casework_said(enum case_field_index field, const char *value);
/* "satisfied" and its like, and whether it was solved. */
const char *casework_result(const char *result);
const char *casework_solved(const char *solved);

#endif
