/* A worker whom a person names: by the name, alone or as lists show it where several bear it (with
 * the first digits of the key behind), or by 8 or more of these digits. */
#ifndef YIZHAN_NODE_WHOM_H
#define YIZHAN_NODE_WHOM_H

#include "node.h"

struct whom {
  struct node *n;
  const struct yz_id *ledger; /* that they are workers in */
  const char *text;
  bool folded;       /* in whatever width, case and blanks the name is written */
  size_t found;      /* workers noted, each once */
  struct yz_key key; /* of the first */
  char offered[200]; /* as lists show them, as far as they have room */
};

/* Are these the first digits of the key, and enough of them? */
bool whom_is_key(const char *text, const struct yz_key *key);
/* Can this one be meant? */
bool whom_can_be(const struct whom *w, const struct yz_key *worker);
/* This one is meant. */
void whom_note(struct whom *w, const struct yz_key *worker);
/* Does a text, however it is written, name this worker in any ledger that is here? */
int whom_names(struct node *n, const char *text, const struct yz_key *worker, bool *names,
               struct yz_error *err) YZ_MUST_CHECK;
/* Says that several are meant, and offers them: YZ_E_INPUT. */
int whom_several(const struct whom *w, struct yz_error *err);

#endif
