/* Erasing what people said, at any node: at a village that works alone, which has no township to
 * ask yet; asking it, at one that has joined; and what is left on the disk. */
#ifndef YIZHAN_NODE_ERASE_H
#define YIZHAN_NODE_ERASE_H

#include "node.h"

/* What is to be erased, as a person names it: a case's number or id, or else a household's name or
 * id. What node_find_case and registry_find say. */
int erase_find(struct node *n, const char *text, struct yz_hash *of,
               struct yz_error *err) YZ_MUST_CHECK;

/* Erases the words of a case or household that was opened here: says so in the log, and they
 * leave the store; nothing was cut for a road yet. *already: so it was, and
 * nothing was written. YZ_E_REFUSED: the village has joined. */
int node_erase_alone(struct node *n, const struct signer *who, const struct yz_hash *of,
                     const char *reason, bool *already, struct yz_error *err) YZ_MUST_CHECK;

/* Where the village has joined: asks the township to erase them, in the log; it goes there with the
 * next contact. *already: so it was asked, or they are erased, and nothing was written. */
int node_erase_ask(struct node *n, const struct signer *who, const struct yz_hash *of,
                   const char *reason, bool *already, struct yz_error *err) YZ_MUST_CHECK;

/* Says so in one ledger, in an open transaction. type: hub.erase, village.erase, or hub.keep, which
 * says no to the request `asked` (else NULL). reason NULL: it is said elsewhere. Of a case for the
 * township alone, why goes to nobody who may not read the rest. */
struct erase_word {
  const struct yz_author *author;
  const char *type;
  const struct yz_hash *of;
  const char *reason;
  const struct yz_hash *asked;
};
int node_tell_erased(struct node *n, const struct yz_id *ledger, const struct erase_word *word,
                     struct yz_error *err) YZ_MUST_CHECK;

/* Takes off the disk what a broken-off attaching left, and what was erased since: parcels that came
 * too early and wait in DIR/parcels may hold it, and what store_scrub does. */
int node_scrub(struct node *n, struct yz_error *err) YZ_MUST_CHECK;

#endif
