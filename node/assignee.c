#include "assignee.h"

#include <stdlib.h>
#include <string.h>

static bool is_called(struct node *n, const struct yz_key *key, const char *name) {
  struct yz_buf known = {0};
  bool is = store_key_name(n->store, key, &known, NULL) == 0 && known.len == strlen(name) &&
            memcmp(known.data, name, known.len) == 0;
  yz_buf_finish(&known);
  return is;
}

/* Of several workers of one name none is meant for sure. */
static int find_worker(struct node *n, const struct yz_id *ledger, const char *name,
                       struct yz_key *out, bool *found, struct yz_error *err) {
  struct yz_roster *roster = NULL;
  struct yz_member *members = NULL;
  size_t count = 0, matches = 0;
  int rc = yz_station_roster(&n->station, ledger, &roster, err);
  if (rc == 0 && yz_roster_members(roster, &members, &count) != 0) rc = yz_no_memory(err);
  for (size_t i = 0; rc == 0 && i < count; i++) {
    if (members[i].revoked || !is_called(n, &members[i].worker, name)) continue;
    if (matches > 0 && yz_equal(out, &members[i].worker, YZ_KEY_LEN)) continue;
    *out = members[i].worker;
    matches++;
  }
  free(members);
  yz_roster_destroy(roster);
  *found = matches == 1;
  return rc;
}

static int find_office(struct node *n, const struct yz_id *ledger, const char *name, bool *found,
                       struct yz_error *err) {
  struct township township;
  const json_t *office;
  size_t i;
  int rc = store_load_township(n->store, ledger, &township, err);
  *found = false;
  if (rc != 0) return rc;
  json_array_foreach(township.offices, i, office) {
    if (json_is_string(office) && strcmp(json_string_value(office), name) == 0) *found = true;
  }
  township_finish(&township);
  return 0;
}

int assignee_members(struct node *n, const struct yz_id *ledger, const char *name, json_t **out,
                     struct yz_error *err) {
  struct yz_key worker;
  char hex[2 * YZ_KEY_LEN + 1];
  bool is_worker = false, is_office = false;
  *out = json_object();
  int rc = *out == NULL ? yz_no_memory(err) : 0;
  if (rc == 0) rc = find_worker(n, ledger, name, &worker, &is_worker, err);
  if (rc == 0 && !is_worker) rc = find_office(n, ledger, name, &is_office, err);
  if (rc == 0 && is_worker) {
    yz_to_hex(worker.bytes, YZ_KEY_LEN, hex);
    rc = json_object_set_new(*out, "worker", json_string(hex)) != 0 ? yz_no_memory(err) : 0;
  }
  if (rc == 0 && is_office)
    rc = json_object_set_new(*out, "office", json_true()) != 0 ? yz_no_memory(err) : 0;
  if (rc == 0) return 0;
  json_decref(*out);
  *out = NULL;
  return rc;
}
