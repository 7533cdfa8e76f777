/* What was refused at a hub, or came beside what was pushed, stays in its git, and whoever may push
 * could fill the disk. It is looked for whenever that has doubled, so that the work follows what
 * comes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "station_private.h"

enum { WASTE_MAX = YZ_LIMIT(64 * 1024 * 1024, 4096) };

int station_mark_waste(const struct yz_station *st, struct yz_ledger *git,
                       const struct yz_id *ledger, struct yz_error *err) {
  const struct yz_store *store = st->store;
  char hex[YZ_ID_HEX + 1], name[sizeof "looked." + YZ_ID_HEX], text[24];
  struct yz_buf last = {0};
  int64_t size, waste, known = 0;

  yz_to_hex(ledger->bytes, YZ_ID_LEN, hex);
  snprintf(name, sizeof name, "looked.%s", hex);
  int rc = yz_ledger_size(git, &size, err);
  if (!rc && size <= WASTE_MAX) return YZ_OK;
  if (!rc) rc = store->get_meta(store->ctx, name, &last, err);
  if (!rc && last.len > 0) known = strtoll((char *)last.data, NULL, 10);
  yz_buf_finish(&last);
  if (rc == YZ_E_NOT_FOUND) rc = YZ_OK;
  if (rc || size <= 2 * known + WASTE_MAX) return rc;
  rc = yz_ledger_waste(git, &waste, err);
  if (!rc) rc = store->begin(store->ctx, err);
  if (rc) return rc;
  snprintf(text, sizeof text, "%lld", (long long)(size > waste ? size - waste : 0));
  rc = store->put_meta(store->ctx, name, text, strlen(text) + 1, err);
  if (!rc && waste > WASTE_MAX) rc = station_mark_prune(st, ledger, true, err);
  return station_end(st, rc, err);
}
