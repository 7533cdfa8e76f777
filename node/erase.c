#include "erase.h"

#include <string.h>

#include "registry.h"

/* --- saying so ----------------------------------------------------------------- */

static int is_townships(struct node *n, const struct yz_hash *of, bool *is, struct yz_error *err) {
  struct case_whole whole = {0};
  int rc = store_load_case(n->store, of, &whole, err);
  *is = rc == 0 && (whole.view.flags & CASE_TOWNSHIP_ONLY) != 0;
  case_whole_finish(&whole);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

static json_t *plain_of(const struct node *n, const struct erase_word *word) {
  char of[YZ_HASH_HEX + 1], asked[YZ_HASH_HEX + 1];
  yz_to_hex(word->of->bytes, YZ_HASH_LEN, of);
  if (word->asked != NULL) yz_to_hex(word->asked->bytes, YZ_HASH_LEN, asked);
  return json_pack("{s:I,s:s,s:s*}", "at", (json_int_t)n->world->now_ms(n->world->ctx), "of", of,
                   "asked", word->asked != NULL ? asked : NULL);
}

int node_tell_erased(struct node *n, const struct yz_id *ledger, const struct erase_word *word,
                     struct yz_error *err) {
  json_t *plain = plain_of(n, word);
  json_t *content = word->reason != NULL ? json_pack("{s:s}", "reason", word->reason) : NULL;
  struct yz_draft draft = {.type = word->type, .plain = plain, .content = content};
  int rc = is_townships(n, word->of, &draft.township, err);
  if (rc == 0)
    rc = plain != NULL && (content != NULL || word->reason == NULL)
             ? yz_append(&n->station, ledger, word->author, &draft, NULL, NULL, err)
             : yz_no_memory(err);
  json_decref(content);
  json_decref(plain);
  return rc;
}

/* --- at a village ---------------------------------------------------------------- */

struct telling {
  struct node *n;
  struct erase_word word;
  bool told;
  struct yz_error *err;
};

static int tell(void *arg, const struct yz_id *ledger) {
  struct telling *t = arg;
  int rc = node_tell_erased(t->n, ledger, &t->word, t->err);
  t->told = t->told || rc == 0;
  return rc;
}

int node_erase_alone(struct node *n, const struct signer *who, const struct yz_hash *of,
                     const char *reason, bool *already, struct yz_error *err) {
  struct telling t = {n, {&who->author, "village.erase", of, reason, NULL}, false, err};
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = store_end(n->store, store_each_with_words(n->store, of, tell, &t, err), err);
  *already = !t.told;
  return rc;
}

static int see(void *arg, const struct erasure *erasure) {
  (void)erasure;
  bool *asked = arg;
  *asked = true;
  return 0;
}

int node_erase_ask(struct node *n, const struct signer *who, const struct yz_hash *of,
                   const char *reason, bool *already, struct yz_error *err) {
  struct telling t = {n, {&who->author, "village.erase", of, reason, NULL}, false, err};
  bool asked = false;
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = store_each_asked(n->store, of, see, &asked, err);
  if (rc == 0 && !asked) rc = store_each_with_words(n->store, of, tell, &t, err);
  rc = store_end(n->store, rc, err);
  *already = !t.told;
  return rc;
}

int erase_find(struct node *n, const char *text, struct yz_hash *of, struct yz_error *err) {
  struct yz_error as_case = {0}, as_household = {0}, *why = &as_case;
  struct registry_place place;
  int rc = node_find_case(n, text, of, &as_case);
  if (rc == 0) return 0;
  bool id = yz_from_hex(text, strlen(text), of->bytes, YZ_HASH_LEN);
  /* The first digits of a household's id can look like a case number that lacks something. */
  if (rc == YZ_E_INPUT || rc == YZ_E_NOT_FOUND) {
    bool number = rc == YZ_E_NOT_FOUND && !id;
    rc = registry_find(n, NULL, text, &place, &as_household);
    if (rc == 0) *of = place.id;
    if (!number || rc != YZ_E_NOT_FOUND) why = &as_household;
  }
  return rc == 0 ? 0 : yz_fail(err, why->code, why->message, "%s", why->subject);
}
