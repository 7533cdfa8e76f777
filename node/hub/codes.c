/* Codes of villages: each is one village's for ever, since numbers stay valid (FORMAT.md §14). */
#include <stdlib.h>
#include <string.h>

#include "../ledgers.h"
#include "hub.h"

/* Who has, or had, a code with which the numbers of another could be mixed up. */
struct holders {
  const char *code;
  const struct yz_id *except; /* NULL: nobody */
  bool exact;                 /* only the very same code */
  bool found;
  struct yz_id ledger; /* of the first that was found */
};

static int look_at(void *arg, const struct yz_id *ledger, const char *prefix) {
  struct holders *h = arg;
  if (h->except != NULL && yz_equal(ledger, h->except, YZ_ID_LEN)) return 0;
  bool is = h->exact ? strcmp(prefix, h->code) == 0 : number_codes_clash(h->code, prefix);
  if (is && !h->found) h->ledger = *ledger;
  h->found = h->found || is;
  return 0;
}

/* Those of today first, so that it is they who are named. */
static int find(struct node *n, struct holders *h, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  int rc = node_ledgers(n, &rows, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++)
    if (rows[i].code[0] != '\0') rc = look_at(h, &rows[i].id, rows[i].code);
  free(rows);
  if (rc == 0 && !h->found) rc = store_each_prefix(n->store, look_at, h, err);
  return rc;
}

static int load(struct node *n, const struct holders *h, struct yz_ledger_row *out,
                struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  return t->get_ledger(t->ctx, &h->ledger, out, err);
}

int hub_find_former(struct node *n, const char *code, struct yz_ledger_row *out, bool *found,
                    struct yz_error *err) {
  struct holders h = {.code = code, .exact = true};
  int rc = find(n, &h, err);
  *found = rc == 0 && h.found;
  return *found ? load(n, &h, out, err) : rc;
}

int hub_code_taken(const char *code, const struct yz_ledger_row *by, struct yz_error *err) {
  return yz_fail(err, YZ_E_EXISTS,
                 YZ_N_("This code is the one of the village that follows, or was. A code is never "
                       "used again, as numbers stay valid: give another one."),
                 "%s: %s (%s)", code, by->name, by->code);
}

static int mixed_up(const char *code, const char *name, const char *other, struct yz_error *err) {
  return yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("Case numbers of this code could be those of the one that follows; give "
                       "the village another code."),
                 "%s: %s (%s)", code, name, other);
}

int hub_check_code(struct node *n, const char *code, const struct yz_id *ledger,
                   struct yz_error *err) {
  struct holders same = {.code = code, .except = ledger, .exact = true};
  struct holders alike = {.code = code, .except = ledger};
  struct yz_ledger_row row;
  if (number_codes_clash(code, n->code)) return mixed_up(code, n->name, n->code, err);
  int rc = find(n, &same, err);
  if (rc == 0 && same.found) rc = load(n, &same, &row, err);
  if (rc == 0 && same.found) return hub_code_taken(code, &row, err);
  if (rc == 0) rc = find(n, &alike, err);
  if (rc == 0 && alike.found) rc = load(n, &alike, &row, err);
  if (rc == 0 && alike.found) return mixed_up(code, row.name, row.code, err);
  return rc;
}
