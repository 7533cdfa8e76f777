/* What a parcel says of itself inside, in one line of JSON: FORMAT.md §17. */
#include "parcel_private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yizhan/record.h>

static json_t *hex_of(const void *bytes, size_t n) {
  char hex[YZ_HASH_HEX + 1];
  yz_to_hex(bytes, n, hex);
  return json_string(hex);
}

static json_t *tips_of(const struct yz_parcel *p) {
  char hex[YZ_ID_HEX + 1], name[8 + YZ_ID_HEX];
  json_t *has = json_object();
  for (size_t i = 0; has != NULL && i < p->n_has; i++) {
    yz_to_hex(p->has[i].log.bytes, YZ_ID_LEN, hex);
    (void)snprintf(name, sizeof name, "%s/%s", station_kinds[p->has[i].kind], hex);
    if (json_object_set_new(has, name, hex_of(p->has[i].tip.bytes, YZ_OID_LEN)) == 0) continue;
    json_decref(has);
    has = NULL;
  }
  return has;
}

int parcel_head_write(const struct yz_parcel *p, struct yz_buf *out, struct yz_error *err) {
  json_t *json =
      json_pack("{s:i, s:o, s:o, s:o, s:o, s:I, s:I, s:o}", "parcel", YZ_PARCEL_VERSION, "ledger",
                hex_of(p->ledger.bytes, YZ_ID_LEN), "from", hex_of(p->from.bytes, YZ_KEY_LEN),
                "log", hex_of(p->log.bytes, YZ_ID_LEN), "to", hex_of(p->to.bytes, YZ_KEY_LEN), "n",
                (json_int_t)p->n, "time", (json_int_t)p->time_ms, "has", tips_of(p));
  char *text = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;
  int rc = text == NULL || yz_buf_puts(out, text) != 0 || yz_buf_puts(out, "\n") != 0
               ? yz_no_memory(err)
               : 0;
  free(text);
  json_decref(json);
  return rc;
}

static int malformed(struct yz_error *err) {
  return yz_fail(err, YZ_E_FORMAT,
                 YZ_N_("What the parcel says of itself has not the form that it should have. Ask "
                       "for a new one."),
                 NULL);
}

static bool read_tip(const char *name, const json_t *oid, struct yz_parcel_tip *out) {
  const char *hex = json_string_value(oid);
  size_t n = 0;
  for (out->kind = YZ_KIND_KEYS; out->kind < YZ_KINDS; out->kind++) {
    n = strlen(station_kinds[out->kind]);
    if (strncmp(name, station_kinds[out->kind], n) == 0 && name[n] == '/') break;
  }
  if (out->kind == YZ_KINDS) return false;
  const char *id = name + n + 1;
  return hex != NULL && yz_from_hex(id, strlen(id), out->log.bytes, YZ_ID_LEN) &&
         yz_from_hex(hex, json_string_length(oid), out->tip.bytes, YZ_OID_LEN);
}

static int read_tips(json_t *has, struct yz_parcel *p, struct yz_error *err) {
  const char *name;
  json_t *oid;
  if (!json_is_object(has) || json_object_size(has) > PARCEL_TIPS_MAX) return malformed(err);
  p->has = calloc(json_object_size(has) + 1, sizeof *p->has);
  if (p->has == NULL) return yz_no_memory(err);
  json_object_foreach(has, name, oid) {
    if (!read_tip(name, oid, &p->has[p->n_has])) return malformed(err);
    p->n_has++;
  }
  return 0;
}

static int read_members(json_t *json, struct yz_parcel *p, struct yz_error *err) {
  int64_t version;
  if (!yz_json_int(json, "parcel", &version)) return malformed(err);
  if (version != YZ_PARCEL_VERSION)
    return yz_fail(err, YZ_E_VERSION,
                   YZ_N_("This parcel was written by a newer version. Install that version."),
                   NULL);
  if (!yz_json_hex(json, "ledger", p->ledger.bytes, YZ_ID_LEN) ||
      !yz_json_hex(json, "from", p->from.bytes, YZ_KEY_LEN) ||
      !yz_json_hex(json, "log", p->log.bytes, YZ_ID_LEN) ||
      !yz_json_hex(json, "to", p->to.bytes, YZ_KEY_LEN) || !yz_json_int(json, "n", &p->n) ||
      !yz_json_int(json, "time", &p->time_ms) || p->n < 1)
    return malformed(err);
  return read_tips(json_object_get(json, "has"), p, err);
}

int parcel_head_read(const char *text, size_t len, struct yz_parcel *p, struct yz_error *err) {
  json_t *json = NULL;
  if (len > PARCEL_HEAD_MAX || yz_json_parse(text, len, &json, NULL) != 0) return malformed(err);
  int rc = json_is_object(json) ? read_members(json, p, err) : malformed(err);
  if (rc == 0 && yz_buf_append(&p->head, text, len) != 0) rc = yz_no_memory(err);
  json_decref(json);
  return rc;
}

const struct yz_parcel_tip *parcel_find_tip(const struct yz_parcel *p, const struct yz_id *log,
                                            enum yz_kind kind) {
  for (size_t i = 0; i < p->n_has; i++)
    if (p->has[i].kind == kind && yz_equal(&p->has[i].log, log, sizeof *log)) return &p->has[i];
  return NULL;
}

void yz_parcel_finish(struct yz_parcel *p) {
  if (p == NULL) return;
  free(p->has);
  free(p->path);
  yz_buf_finish(&p->head);
  yz_secret_destroy(p->key);
  *p = (struct yz_parcel){0};
}
