#include "assignee.h"

#include <stdlib.h>
#include <string.h>

#include "whom.h"

static void find_among(struct whom *w, const struct yz_member *members, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (!members[i].revoked && whom_can_be(w, &members[i].worker)) whom_note(w, &members[i].worker);
}

/* As it stands, or else however it is written. */
static int find_worker(struct whom *w, struct yz_error *err) {
  struct yz_roster *roster = NULL;
  struct yz_member *members = NULL;
  size_t count = 0;
  int rc = yz_station_roster(&w->n->station, w->ledger, &roster, err);
  if (rc == 0 && yz_roster_members(roster, &members, &count) != 0) rc = yz_no_memory(err);
  if (rc == 0) find_among(w, members, count);
  w->folded = w->found == 0;
  if (rc == 0 && w->folded) find_among(w, members, count);
  free(members);
  yz_roster_destroy(roster);
  return rc == 0 && w->found > 1 ? whom_several(w, err) : rc;
}

static int find_office(struct node *n, const struct yz_id *ledger, const char *name, bool *found,
                       struct yz_error *err) {
  struct township township;
  const json_t *office;
  size_t i;
  int rc = store_load_township(n->store, ledger, &township, err);
  *found = false;
  if (rc != 0) return rc;
  json_array_foreach(township.names[SETTLED_OFFICES], i, office) {
    if (json_is_string(office) && strcmp(json_string_value(office), name) == 0) *found = true;
  }
  township_finish(&township);
  return 0;
}

int assignee_members(struct node *n, const struct yz_id *ledger, const char *name, json_t **out,
                     struct yz_buf *called, struct yz_error *err) {
  struct whom w = {.n = n, .ledger = ledger, .text = name};
  char hex[2 * YZ_KEY_LEN + 1];
  bool is_office = false;
  *out = json_object();
  int rc = *out == NULL ? yz_no_memory(err) : 0;
  if (rc == 0) rc = find_worker(&w, err);
  if (rc == 0 && w.found == 0) rc = find_office(n, ledger, name, &is_office, err);
  if (rc == 0 && w.found == 1) {
    yz_to_hex(w.key.bytes, YZ_KEY_LEN, hex);
    rc = json_object_set_new(*out, "worker", json_string(hex)) != 0
             ? yz_no_memory(err)
             : store_key_called(n->store, ledger, &w.key, called, err);
    if (rc == YZ_E_NOT_FOUND) rc = 0;
  }
  if (rc == 0 && is_office)
    rc = json_object_set_new(*out, "office", json_true()) != 0 ? yz_no_memory(err) : 0;
  if (rc == 0) return 0;
  json_decref(*out);
  *out = NULL;
  return rc;
}
