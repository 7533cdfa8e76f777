/* The hub says by which keys its server is known from now on (FORMAT.md §12, hub.pins). */
#include "intake.h"
#include <string.h>

/* Puts them in the place of those that are there; false: they are none. */
static bool replace_pins(const json_t *pins, struct yz_ledger_row *row) {
  struct yz_ledger_row changed = *row;
  unsigned char pin[YZ_HASH_LEN];
  size_t i, n = json_array_size(pins), at = strcspn(row->url, "#");
  json_t *one;

  if (n == 0 || n > YZ_MAX_PINS || at + n * (1 + YZ_HASH_HEX) >= sizeof changed.url) return false;
  json_array_foreach(pins, i, one) {
    const char *hex = json_string_value(one);
    if (!hex || !yz_from_hex(hex, json_string_length(one), pin, sizeof pin)) return false;
    changed.url[at] = i == 0 ? '#' : ',';
    memcpy(changed.url + at + 1, hex, YZ_HASH_HEX + 1);
    at += 1 + YZ_HASH_HEX;
  }
  *row = changed;
  return true;
}

int intake_pins(struct intake *in, const struct yz_log_row *log, const json_t *members) {
  const struct yz_store *store = in->st->store;
  struct yz_ledger_row row;

  if (!yz_equal(&log->node, yz_roster_hub(in->roster), sizeof log->node)) return YZ_OK;
  int rc = store->get_ledger(store->ctx, &in->ledger->id, &row, in->err);
  if (rc || !station_hubs_road(&row) || !replace_pins(json_object_get(members, "pins"), &row))
    return rc;
  return store->put_ledger(store->ctx, &row, in->err);
}
