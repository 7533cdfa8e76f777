/* The first record of a log: FORMAT.md §12, log.begin.
 *
 * Valid when the members of the table are there and of their kind, `node` is the
 * author, and node, incarnation and ledger hash to the record's log id (§3). */
#include "lists.h"
#include <string.h>
#include <yizhan/roster.h>

static bool read_hub(const json_t *json, struct yz_begin *out) {
  const char *text = yz_json_string(json, "hub");
  out->has_hub = text && *text;
  return text && (!*text || yz_json_hex(json, "hub", out->hub.bytes, YZ_KEY_LEN));
}

static bool read_letter(const json_t *json, char out[static 4]) {
  const char *text = yz_json_string(json, "letter");
  size_t n = text ? strlen(text) : 0;
  if (n == 0 || n > 3 || strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != n) return false;
  memcpy(out, text, n + 1);
  return true;
}

int yz_begin_read(const struct yz_record *record, const json_t *json, struct yz_begin *out,
                  struct yz_error *err) {
  struct yz_id id;

  memset(out, 0, sizeof *out);
  out->log = record->log;
  if (!yz_json_hex(json, "node", out->node.bytes, YZ_KEY_LEN) ||
      !yz_equal(&out->node, &record->by, sizeof out->node) ||
      !yz_json_hex(json, "box", out->box.bytes, YZ_KEY_LEN) ||
      !yz_json_hex(json, "incarnation", out->incarnation.bytes, YZ_ID_LEN) ||
      !yz_json_hex(json, "ledger", out->ledger.bytes, YZ_ID_LEN) || !read_hub(json, out) ||
      !read_letter(json, out->letter) ||
      !list_places(json_object_get(json, "continues"), &out->continues, &out->n_continues))
    goto bad;
  yz_log_hash(&out->node, &out->incarnation, &out->ledger, &out->hash);
  id = yz_log_id(&out->hash);
  if (record->seq == 1 && yz_equal(&id, &record->log, sizeof id)) return YZ_OK;
bad:
  yz_begin_finish(out);
  return yz_fail(err, YZ_E_FORMAT, YZ_N_("The first record of a log does not fit the log."), NULL);
}

void yz_begin_finish(struct yz_begin *b) {
  if (!b) return;
  free(b->continues);
  memset(b, 0, sizeof *b);
}
