/* Taking trust records into a roster: FORMAT.md §12. A record that does not have
 * the members of its type, or stands where it may not, changes nothing: it needs a
 * newer version, or means nothing. */
#include "lists.h"
#include "roster_private.h"
#include <string.h>

struct yz_roster *yz_roster_create(const struct yz_id *ledger, const struct yz_key *hub,
                                   const struct yz_key *home) {
  struct yz_roster *r = calloc(1, sizeof *r);
  if (!r) return NULL;
  r->ledger = *ledger;
  if (roster_init_line(r, hub)) {
    free(r);
    return NULL;
  }
  r->has_home = home != NULL;
  if (home) r->home = *home;
  return r;
}

void yz_roster_destroy(struct yz_roster *r) {
  if (!r) return;
  for (size_t i = 0; i < r->n_begins; i++) yz_begin_finish(&r->begins[i]);
  for (size_t i = 0; i < r->n_untils; i++) free(r->untils[i]);
  free(r->begins);
  free(r->pairs);
  free(r->nodes);
  free(r->olds);
  free(r->releases);
  free(r->revocations);
  free(r->boxes);
  free(r->untils);
  roster_finish_line(r);
  free(r);
}

const struct yz_begin *roster_begin(const struct yz_roster *r, const struct yz_id *log) {
  for (size_t i = 0; i < r->n_begins; i++)
    if (same_id(&r->begins[i].log, log)) return &r->begins[i];
  return NULL;
}

/* Room for one more item, zeroed; NULL without memory. */
static void *one_more(void *items_ptr, size_t *n, size_t size) {
  void **items = items_ptr;
  void *grown = realloc(*items, (*n + 1) * size);
  if (!grown) return NULL;
  *items = grown;
  void *item = (char *)grown + *n * size;
  memset(item, 0, size);
  (*n)++;
  return item;
}

static int add_begin(struct yz_roster *r, const struct yz_record *record, const json_t *json,
                     bool *changed, struct yz_error *err) {
  struct yz_begin begin, *kept;

  if (roster_begin(r, &record->log) || yz_begin_read(record, json, &begin, NULL)) return YZ_OK;
  kept = one_more(&r->begins, &r->n_begins, sizeof *kept);
  if (!kept) {
    yz_begin_finish(&begin);
    return yz_no_memory(err);
  }
  *kept = begin;
  *changed = true;
  return YZ_OK;
}

const char *yz_role_name(unsigned k) {
  static const char *const names[YZ_ROLES] = {"administrator", "head", "clerk", "auditor"};
  return names[k];
}

/* A hub worker without roles is a clerk. false: a role of a newer version. */
static bool read_roles(const json_t *json, unsigned *roles) {
  const json_t *list = json_object_get(json, "roles"), *role;
  size_t i;

  *roles = 0;
  json_array_foreach(list, i, role) {
    unsigned k = 0;
    const char *name = json_string_value(role);
    while (name && k < YZ_ROLES && strcmp(name, yz_role_name(k)) != 0) k++;
    if (!name || k == YZ_ROLES) return false;
    *roles |= 1u << k;
  }
  if (!*roles) *roles = YZ_ROLE_CLERK;
  return !list || json_is_array(list);
}

static int add_pair(struct yz_roster *r, const struct pair *pair, bool *changed,
                    struct yz_error *err) {
  struct pair *kept = one_more(&r->pairs, &r->n_pairs, sizeof *kept);
  if (!kept) return yz_no_memory(err);
  *kept = *pair;
  *changed = true;
  return YZ_OK;
}

static int add_worker(struct yz_roster *r, const struct yz_begin *begin, const json_t *json,
                      bool *changed, struct yz_error *err) {
  bool hub = hub_begin(r, begin);
  struct pair pair = {.log = begin->log, .node = begin->node, .granted = hub};

  if (!yz_json_hex(json, "worker", pair.worker.bytes, YZ_KEY_LEN)) return YZ_OK;
  if (hub && !read_roles(json, &pair.roles)) return YZ_OK;
  return add_pair(r, &pair, changed, err);
}

static int add_grant(struct yz_roster *r, const struct yz_id *log, const json_t *json,
                     bool *changed, struct yz_error *err) {
  struct pair pair = {.log = *log, .granted = true};
  struct yz_key *workers = NULL;
  struct yz_ack_head *olds = NULL;
  size_t n = 0, n_olds = 0;
  const json_t *old = json_object_get(json, "old");
  int rc = YZ_OK;

  if (!yz_json_hex(json, "node", pair.node.bytes, YZ_KEY_LEN) ||
      !list_keys(json_object_get(json, "workers"), &workers, &n) ||
      (old && !list_places(old, &olds, &n_olds)))
    goto done;
  for (size_t i = 0; i < n && !rc; i++) {
    pair.worker = workers[i];
    rc = add_pair(r, &pair, changed, err);
  }
  for (size_t i = 0; i < n_olds && !rc; i++) {
    struct yz_ack_head *kept = one_more(&r->olds, &r->n_olds, sizeof *kept);
    if (kept)
      *kept = olds[i];
    else
      rc = yz_no_memory(err);
  }
  if (!rc) {
    struct granted_node *node = one_more(&r->nodes, &r->n_nodes, sizeof *node);
    if (node)
      node->node = pair.node;
    else
      rc = yz_no_memory(err);
    *changed = true;
  }
done:
  free(workers);
  free(olds);
  return rc;
}

static int add_one_revocation(struct yz_roster *r, const struct revocation *v,
                              struct yz_error *err) {
  struct revocation *kept = one_more(&r->revocations, &r->n_revocations, sizeof *kept);
  if (!kept) return yz_no_memory(err);
  *kept = *v;
  return YZ_OK;
}

/* The list is the roster's now. */
static int own_until(struct yz_roster *r, struct yz_ack_head *until, struct yz_error *err) {
  struct yz_ack_head **kept = one_more(&r->untils, &r->n_untils, sizeof(void *));
  if (!kept) {
    free(until);
    return yz_no_memory(err);
  }
  *kept = until;
  return YZ_OK;
}

static int add_revocation(struct yz_roster *r, const struct yz_id *log, const json_t *json,
                          bool *changed, struct yz_error *err) {
  struct revocation v = {.log = *log};
  struct yz_ack_head *until = NULL;
  struct yz_key *workers = NULL;
  size_t n = 0;
  int rc = YZ_OK;

  if (!yz_json_hex(json, "node", v.node.bytes, YZ_KEY_LEN) ||
      !list_keys(json_object_get(json, "workers"), &workers, &n) ||
      !list_places(json_object_get(json, "until"), &until, &v.n_until))
    goto done;
  rc = own_until(r, until, err);
  v.until = until;
  /* A hub cannot lock itself out of its own ledger: its node's key stays. */
  bool hub = yz_roster_is_hub(r, &v.node);
  v.whole_node = n == 0;
  if (!rc && n == 0 && !hub) rc = add_one_revocation(r, &v, err);
  for (size_t i = 0; i < n && !rc; i++) {
    v.worker = workers[i];
    if (!hub || !same_key(&workers[i], &v.node)) rc = add_one_revocation(r, &v, err);
  }
  *changed = true;
done:
  free(workers);
  return rc;
}

/* worker.end: what counts goes up to here in this log, and in those that it continues up
 * to the heads named. No node can end its own key so. */
static int add_end(struct yz_roster *r, const struct yz_begin *begin, int64_t seq,
                   const json_t *json, bool *changed, struct yz_error *err) {
  struct revocation v = {.node = begin->node,
                         .end = true,
                         .log = begin->log,
                         .seq = seq,
                         .until = begin->continues,
                         .n_until = begin->n_continues};

  if (!yz_json_hex(json, "worker", v.worker.bytes, YZ_KEY_LEN) || same_key(&v.worker, &v.node))
    return YZ_OK;
  *changed = true;
  return add_one_revocation(r, &v, err);
}

static int add_release(struct yz_roster *r, const json_t *json, bool *changed,
                       struct yz_error *err) {
  struct yz_ack_head place, *kept;

  if (!list_place(json_object_get(json, "place"), &place)) return YZ_OK;
  kept = one_more(&r->releases, &r->n_releases, sizeof *kept);
  if (!kept) return yz_no_memory(err);
  *kept = place;
  *changed = true;
  return YZ_OK;
}

/* The box that this hub's successor opens. */
static int add_recovery(struct yz_roster *r, const struct yz_begin *begin, const json_t *json,
                        bool *changed, struct yz_error *err) {
  struct recovery_box box = {.hub = begin->node};

  if (!yz_json_hex(json, "box", box.box.bytes, YZ_KEY_LEN)) return YZ_OK;
  struct recovery_box *kept = one_more(&r->boxes, &r->n_boxes, sizeof *kept);
  if (!kept) return yz_no_memory(err);
  *kept = box;
  *changed = true;
  return YZ_OK;
}

static bool among(const char *name, const char *const *names) {
  for (; *names; names++)
    if (strcmp(name, *names) == 0) return true;
  return false;
}

/* The greatest that was said: none goes back. */
static void add_epoch(struct yz_roster *r, const json_t *json) {
  const json_t *epoch = json_object_get(json, "epoch");
  if (json_is_integer(epoch) && json_integer_value(epoch) > r->epoch)
    r->epoch = json_integer_value(epoch);
}

bool roster_members_known(const char *type, const json_t *json) {
  static const char *const common[] = {"v",    "log",  "seq",   "by",      "hlc",
                                       "type", "case", "heads", "content", NULL};
  static const struct {
    const char *type, *names[8];
  } forms[] = {
      {"log.begin", {"node", "box", "incarnation", "ledger", "hub", "letter", "continues"}},
      {"worker.add", {"worker", "roles"}},
      {"worker.end", {"worker"}},
      {"roster.grant", {"node", "joined", "old", "workers"}},
      {"roster.revoke", {"node", "workers", "until"}},
      {"quarantine.release", {"place"}},
      {"hub.successor", {"of", "recovery", "until", "sig"}},
      {"hub.recovery", {"box"}},
      {"hub.pass", {"epoch"}},
  };
  const char *name;
  json_t *value;

  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    if (strcmp(forms[i].type, type) != 0) continue;
    json_object_foreach((json_t *)(uintptr_t)json, name,
                        value) if (!among(name, common) &&
                                   !among(name, forms[i].names)) return false;
    return true;
  }
  return false;
}

int yz_roster_add(struct yz_roster *r, const struct yz_record *record,
                  const struct yz_members *members, bool *changed, struct yz_error *err) {
  const char *type = members->type;
  const json_t *json = members->json;

  if (!roster_members_known(type, json)) return YZ_OK;
  if (strcmp(type, "log.begin") == 0) return add_begin(r, record, json, changed, err);
  const struct yz_begin *begin = roster_begin(r, &record->log);
  if (!begin) return YZ_OK;
  if (strcmp(type, "hub.successor") == 0)
    return roster_add_succession(r, begin, record, json, changed, err);
  if (strcmp(type, "worker.add") == 0) return add_worker(r, begin, json, changed, err);
  if (strcmp(type, "worker.end") == 0) return add_end(r, begin, record->seq, json, changed, err);
  if (!hub_begin(r, begin)) return YZ_OK;
  if (strcmp(type, "roster.grant") == 0) return add_grant(r, &record->log, json, changed, err);
  if (strcmp(type, "roster.revoke") == 0)
    return add_revocation(r, &record->log, json, changed, err);
  if (strcmp(type, "quarantine.release") == 0) return add_release(r, json, changed, err);
  if (strcmp(type, "hub.recovery") == 0) return add_recovery(r, begin, json, changed, err);
  if (strcmp(type, "hub.pass") == 0) add_epoch(r, json);
  return YZ_OK;
}

int64_t yz_roster_epoch(const struct yz_roster *r) {
  return r->epoch;
}

bool yz_trust_type(const char *type) {
  static const char *const types[] = {"log.begin",          "node.join",     "worker.add",
                                      "worker.end",         "roster.grant",  "roster.revoke",
                                      "quarantine.release", "clock.ceiling", "hub.successor",
                                      "hub.recovery",       "hub.pass"};
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (strcmp(type, types[i]) == 0) return true;
  return false;
}
