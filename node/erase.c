#include "erase.h"

struct telling {
  struct node *n;
  const struct yz_author *author;
  const struct yz_hash *of;
  const char *reason;
  bool told;
  struct yz_error *err;
};

static int tell(void *arg, const struct yz_id *ledger) {
  struct telling *t = arg;
  char of[YZ_HASH_HEX + 1];
  yz_to_hex(t->of->bytes, YZ_HASH_LEN, of);
  json_t *plain =
      json_pack("{s:I,s:s}", "at", (json_int_t)t->n->world->now_ms(t->n->world->ctx), "of", of);
  json_t *content = json_pack("{s:s}", "reason", t->reason);
  const struct yz_draft draft = {.type = "village.erase", .plain = plain, .content = content};
  int rc = plain != NULL && content != NULL
               ? yz_append(&t->n->station, ledger, t->author, &draft, NULL, NULL, t->err)
               : yz_no_memory(t->err);
  json_decref(content);
  json_decref(plain);
  t->told = t->told || rc == 0;
  return rc;
}

int node_erase_alone(struct node *n, const struct signer *who, const struct yz_hash *of,
                     const char *reason, bool *already, struct yz_error *err) {
  struct telling t = {n, &who->author, of, reason, false, err};
  if (n->hub || n->ledger.joined)
    return yz_fail(err, YZ_E_REFUSED,
                   YZ_N_("Erasing is the township's: its administrator does it at the hub, with "
                         "this command. Ask there."),
                   NULL);
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = store_end(n->store, store_each_with_words(n->store, of, tell, &t, err), err);
  *already = !t.told;
  return rc;
}
