#include "worker_states.h"

#include <stdlib.h>

#include "hub/told.h"
#include "i18n.h"
#include "ledgers.h"

struct members {
  struct yz_member *list;
  size_t n;
};

/* The roster that says how this node's workers stand: a hub's are the same in all. */
static int load_members(struct node *n, struct members *out, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  struct yz_roster *roster = NULL;
  size_t count = 0;
  int rc = node_ledgers(n, &rows, &count, err);
  if (rc == 0 && (count > 0 || !n->hub))
    rc = yz_station_roster(&n->station, n->hub ? &rows[0].id : &n->ledger.id, &roster, err);
  if (rc == 0 && roster != NULL && yz_roster_members(roster, &out->list, &out->n) != 0)
    rc = yz_no_memory(err);
  yz_roster_destroy(roster);
  free(rows);
  return rc;
}

const char *worker_state_new(const struct node *n) {
  if (n->hub) return "granted";
  return n->ledger.joined ? "awaiting" : N_("home");
}

static const char *state_of(const struct node *n, const struct members *members,
                            const struct yz_key *worker) {
  for (size_t i = 0; i < members->n; i++) {
    const struct yz_member *m = &members->list[i];
    if (!yz_equal(&m->worker, worker, YZ_KEY_LEN) ||
        !yz_equal(&m->node, &n->station.key, YZ_KEY_LEN))
      continue;
    if (m->revoked || n->hub || n->ledger.joined) return told_state(m);
  }
  return worker_state_new(n);
}

static json_t *tell(const struct kept_worker *kept, const char *state) {
  char key[2 * YZ_KEY_LEN + 1];
  yz_to_hex(kept->key.bytes, YZ_KEY_LEN, key);
  return json_pack("{s:s,s:s,s:s,s:b}", "worker", kept->name, "key", key, "state", state, "locked",
                   (int)kept->locked);
}

int worker_states(struct node *n, json_t **out, struct yz_error *err) {
  struct members members = {0};
  struct kept_worker *kept = NULL;
  size_t count = 0;
  json_t *array = json_array();
  int rc = array == NULL ? yz_no_memory(err) : load_members(n, &members, err);
  if (rc == 0) rc = node_kept_workers(n, &kept, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++)
    if (json_array_append_new(array, tell(&kept[i], state_of(n, &members, &kept[i].key))) != 0)
      rc = yz_no_memory(err);
  free(kept);
  free(members.list);
  *out = array;
  if (rc == 0) return 0;
  json_decref(array);
  *out = NULL;
  return rc;
}

static int add_number(void *arg, const char *number) {
  return json_array_append_new(arg, json_string(number)) == 0 ? 0 : YZ_E_MEMORY;
}

int worker_left_open(struct node *n, const struct yz_key *key, const char *name, json_t **out,
                     struct yz_error *err) {
  json_t *numbers = json_array();
  int rc = numbers == NULL ? YZ_E_MEMORY
                           : store_each_open_of(n->store, key, name, add_number, numbers, err);
  *out = rc == 0 ? numbers : NULL;
  if (rc != 0) json_decref(numbers);
  return rc == YZ_E_MEMORY ? yz_no_memory(err) : rc;
}
