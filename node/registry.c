#include "registry.h"

#include <string.h>

#include "hub/hub.h"
#include "identity.h"
#include "said.h"

/* --- finding ------------------------------------------------------------ */

struct found {
  size_t n;
  struct registry_place place;
};

static int take(void *arg, const struct household_row *row) {
  struct found *f = arg;
  f->place = (struct registry_place){.ledger = row->ledger, .id = row->id};
  f->n++;
  return 0;
}

bool registry_is_id(const char *text) {
  size_t len = strlen(text);
  return len >= REGISTRY_MIN_DIGITS && len <= YZ_HASH_HEX &&
         strspn(text, "0123456789abcdef") == len;
}

int registry_find(struct node *n, const struct yz_id *ledger, const char *text,
                  struct registry_place *out, struct yz_error *err) {
  struct found found = {0};
  int rc = store_named_households(n->store, ledger, text, take, &found, err);
  if (rc == 0 && found.n == 0 && registry_is_id(text))
    rc = store_identified_households(n->store, ledger, text, take, &found, err);
  if (rc != 0) return rc;
  if (found.n == 0)
    return yz_fail(err, YZ_E_NOT_FOUND,
                   YZ_N_("There is no such household; `yizhan household list` shows them."), "%s",
                   text);
  if (found.n > 1)
    return yz_fail(err, YZ_E_EXISTS,
                   YZ_N_("More than one household is called so. Name the one you mean by the first "
                         "eight or more digits of its id, which `yizhan household list` shows."),
                   "%s", text);
  *out = found.place;
  return 0;
}

struct others {
  const struct yz_hash *but;
  bool there, gone;
};

static int take_other(void *arg, const struct household_row *row) {
  struct others *o = arg;
  if (o->but != NULL && yz_equal(o->but, &row->id, sizeof row->id)) return 0;
  o->there |= !row->gone;
  o->gone |= row->gone;
  return 0;
}

int registry_check_name(struct node *n, const struct yz_id *ledger, const char *name,
                        const struct yz_hash *but, struct yz_error *err) {
  struct others others = {.but = but};
  int rc = store_named_households(n->store, ledger, name, take_other, &others, err);
  if (rc != 0) return rc;
  if (others.there)
    return yz_fail(err, YZ_E_EXISTS,
                   YZ_N_("A household is called so already. Correct that one, or say in the name "
                         "what tells them apart."),
                   "%s", name);
  if (others.gone)
    return yz_fail(err, YZ_E_EXISTS,
                   YZ_N_("A household that is gone was called so. If it is back: `yizhan household "
                         "edit NAME --back`; else say in the name what tells them apart."),
                   "%s", name);
  return 0;
}

/* --- writing -------------------------------------------------------------- */

static json_t *plain_members(const struct registry_entry *entry, int64_t at_ms) {
  char hex[YZ_HASH_HEX + 1];
  json_t *plain = json_pack("{s:I}", "at", (json_int_t)at_ms);
  bool ok = plain != NULL;
  if (ok && entry->household != NULL) {
    yz_to_hex(entry->household->bytes, YZ_HASH_LEN, hex);
    ok = json_object_set_new(plain, "household", json_string(hex)) == 0;
  }
  if (ok && entry->plain != NULL) ok = json_object_update(plain, (json_t *)entry->plain) == 0;
  if (ok) return plain;
  json_decref(plain);
  return NULL;
}

int registry_write(struct node *n, const struct signer *who, const struct registry_entry *entry,
                   struct yz_hash *record, struct yz_error *err) {
  struct yz_place place;
  int64_t at = entry->at_ms != INT64_MIN ? entry->at_ms : n->world->now_ms(n->world->ctx);
  int rc = said_check(entry->content, err);
  if (rc == 0 && entry->at_ms != INT64_MIN) rc = said_check_when(n, at, err);
  if (rc == 0 && n->hub) rc = hub_check_writer(n, &entry->ledger, &who->author.key, err);
  if (rc != 0) return rc;
  json_t *plain = plain_members(entry, at);
  if (plain == NULL) return yz_no_memory(err);
  struct yz_draft draft = {.type = entry->type, .plain = plain, .content = entry->content};
  json_t *sealed = NULL;
  rc = identity_seal(n, who, &entry->ledger, entry->type, entry->content, NULL, &sealed, err);
  if (sealed != NULL) draft.content = sealed;
  if (rc == 0) rc = yz_append(&n->station, &entry->ledger, &who->author, &draft, &place, NULL, err);
  json_decref(sealed);
  json_decref(plain);
  if (rc == 0) *record = place.id;
  return rc;
}
