/* The registry of households 户, at a village its own, at the hub that of every village: from
 * what a person asks for to a signed record. What a household is stands in node/households/. */
#ifndef YIZHAN_NODE_REGISTRY_H
#define YIZHAN_NODE_REGISTRY_H

#include "node.h"
#include "personal.h"

/* Fewer digits of an id could be a name. */
enum { REGISTRY_MIN_DIGITS = 8 };

struct registry_place {
  struct yz_id ledger;
  struct yz_hash id;
};
/* Can this be an id, or the first digits of one? */
bool registry_is_id(const char *text);
/* The household that a person names, by its name or the first digits of its id; ledger NULL: of
 * any village. YZ_E_NOT_FOUND; YZ_E_EXISTS: several are meant. */
int registry_find(struct node *n, const struct yz_id *ledger, const char *text,
                  struct registry_place *out, struct yz_error *err) YZ_MUST_CHECK;
/* May a household of this village be called so? but: the one that is; NULL: a new one. YZ_E_EXISTS:
 * another is. Within the transaction that then writes it. */
int registry_check_name(struct node *n, const struct yz_id *ledger, const char *name,
                        const struct yz_hash *but, struct yz_error *err) YZ_MUST_CHECK;

/* What a person says, as records have it. A name: one line without blanks around, malloc'd. Names
 * with commas between them as an array, of nobody as null; new reference. YZ_E_INPUT, YZ_E_LIMIT.
 */
int registry_name(const char *text, char **out, struct yz_error *err) YZ_MUST_CHECK;
int registry_people(const char *text, json_t **out, struct yz_error *err) YZ_MUST_CHECK;

/* One record of a household, in the caller's transaction. plain: its own members beside `at` and
 * `household`; content, plain: borrowed; NULL: none. at_ms: INT64_MIN for now. */
struct registry_entry {
  const char *type;
  struct yz_id ledger;
  const struct yz_hash *household; /* NULL: the record adds one */
  const json_t *plain, *content;
  int64_t at_ms;
};
int registry_write(struct node *n, const struct signer *who, const struct registry_entry *entry,
                   struct yz_hash *record, struct yz_error *err) YZ_MUST_CHECK;

/* A household as a hub's lists show it: its name and theirs by the first character alone. out,
 * whose people the caller drops, lives no longer than row. YZ_E_MEMORY. */
struct household_masked {
  struct household_row row;
  json_t *people;
  char name[PERSONAL_MASKED];
};
int household_mask(const struct household_row *row, struct household_masked *out) YZ_MUST_CHECK;
/* A household as lists have it, the object of "household list"; NULL when memory ran out. hub:
 * masked. Whole, with the visits to it and its cases: that of "household show"; new reference.
 * Whoever has it shown at a hub is noted before (reading.h). */
json_t *household_summary(const struct household_row *row, bool hub, int zone);
int household_object(struct node *n, const struct registry_place *place, json_t **out,
                     struct yz_error *err) YZ_MUST_CHECK;

#endif
