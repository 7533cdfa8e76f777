#include "relock.h"

#include <string.h>

#include "workers.h"

struct choice {
  const char *name; /* NULL: the only one */
  size_t n;
  char found[YZ_MAX_NAME + 1];
  struct yz_key key;
  struct yz_buf recovery;
};

static int choose(void *arg, const struct worker_row *w) {
  struct choice *c = arg;
  if (c->name != NULL && strcmp(c->name, w->name) != 0) return 0;
  if (c->n++ > 0) return 0;
  c->key = w->key;
  memcpy(c->found, w->name, sizeof c->found);
  return yz_buf_append(&c->recovery, w->recovery.data, w->recovery.len);
}

static int find(struct node *n, struct choice *c, struct yz_error *err) {
  int rc = store_each_worker(n->store, choose, c, err);
  if (rc != 0) return rc;
  if (c->n != 1)
    return yz_fail(err, YZ_E_INPUT, YZ_N_("Say the name of a worker whose key is kept here."), "%s",
                   c->name != NULL ? c->name : "");
  if (c->recovery.len == 0)
    return yz_fail(err, YZ_E_INPUT,
                   YZ_N_("This worker's key has no passphrase, so no recovery code."), "%s",
                   c->found);
  return 0;
}

int node_recover(struct node *n, const char *name, const char *code, struct signer *out,
                 struct yz_error *err) {
  struct choice c = {.name = name};
  char folded[RECOVERY_CODE] = "";
  struct yz_error why = {0};
  *out = (struct signer){0};
  int rc = find(n, &c, err);
  if (rc == 0 && !recovery_code_fold(code, folded))
    rc = yz_fail(err, YZ_E_INPUT, YZ_N_("This is no recovery code; look for a missing character."),
                 NULL);
  if (rc != 0) goto done;
  rc =
      yz_passphrase_open(folded, strlen(folded), c.recovery.data, c.recovery.len, &out->seed, &why);
  if (rc == YZ_E_KEY)
    (void)yz_fail(err, rc, YZ_N_("This recovery code does not open the worker's key."), "%s",
                  c.found);
  else if (rc != 0)
    (void)yz_fail(err, rc, why.message, "%s", why.subject);
  if (rc != 0) goto done;
  memcpy(out->name, c.found, sizeof out->name);
  out->author = (struct yz_author){.key = c.key, .seed = out->seed};
done:
  yz_wipe(folded, sizeof folded);
  yz_buf_finish(&c.recovery);
  return rc;
}

int node_relock(struct node *n, const struct signer *who, const char *passphrase,
                char recovery_code[static RECOVERY_CODE], struct yz_error *err) {
  struct worker_row row = {0};
  memcpy(row.name, who->name, sizeof row.name);
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = worker_row_fill(n->world, &row, who->seed, passphrase, recovery_code, err);
  if (rc == 0) rc = store_put_worker(n->store, &row, err);
  rc = store_end(n->store, rc, err);
  worker_row_finish(&row);
  /* The key may have stood there as it is. */
  return rc == 0 ? store_empty_log(n->store, err) : rc;
}
