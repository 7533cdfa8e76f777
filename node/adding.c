#include "adding.h"

#include <stdlib.h>

#include "hub/hub.h"
#include "identity.h"
#include "ledgers.h"

/* A hub's worker is one in every ledger; before there is any, the first worker
 * alone adds others, and the ledgers begin with them all. */
static int add_at_hub(struct node *n, const struct signer *who, const struct yz_new_worker *worker,
                      struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  int rc = node_ledgers(n, &rows, &count, err);
  if (rc == 0 && count == 0) rc = hub_check_first_worker(n, &who->author.key, err);
  if (rc == 0 && count == 0 && worker->roles != YZ_ROLE_CLERK)
    rc = yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("This hub has no village yet. Invite the first one, then give roles."), "%s",
                 worker->name);
  for (size_t i = 0; rc == 0 && i < count; i++) {
    rc = hub_check_administrator(n, &rows[i].id, &who->author.key, err);
    if (rc == 0) rc = yz_append_worker(&n->station, &rows[i].id, &who->author, worker, err);
  }
  free(rows);
  return rc;
}

int node_add_worker(struct node *n, const struct signer *who, const char *name, unsigned role,
                    const struct yz_secret *passphrase, struct yz_key *key,
                    char code[static RECOVERY_CODE], struct yz_error *err) {
  const char *words = passphrase != NULL ? (const char *)passphrase->bytes : NULL;
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = node_new_worker(n, name, words, key, code, err);
  if (rc == 0) {
    struct yz_new_worker worker = {.key = *key, .name = name, .roles = n->hub ? role : 0};
    rc = n->hub ? add_at_hub(n, who, &worker, err)
                : yz_append_worker(&n->station, &n->ledger.id, &who->author, &worker, err);
    if (rc == 0 && !n->hub) rc = identity_keep(n, who, &n->ledger.id, NULL, err);
  }
  return store_end(n->store, rc, err);
}
