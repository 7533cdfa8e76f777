/* Keys files and epochs: FORMAT.md §7.
 *
 *   {"keys":1,"log":"<32 hex>","first":N,"batches":{"<audience>":{"to":{"<16 hex>":"<base64>"}}}}
 * LF
 *   {"epoch":1,"log":"<32 hex>","n":N} LF
 *
 * Valid as JSON by §1; log and first as asked for. A sealed key is 80 bytes. */
#include "scan.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yizhan/segment.h>

enum {
  SHORT_HEX = 16,
  SEALED = YZ_BATCH_KEY_LEN + YZ_SEAL_OVERHEAD,
  SEALED_B64 = 4 * ((SEALED + 2) / 3)
};

static void short_name(const struct yz_key *key, char out[static SHORT_HEX + 1]) {
  yz_to_hex(key->bytes, SHORT_HEX / 2, out);
}

static int bad_file(struct yz_error *err) {
  return yz_fail(err, YZ_E_FORMAT, YZ_N_("A keys file does not have the form of a keys file."),
                 NULL);
}

/* The object of a one-line file of this kind for this log, whose third member is `third`. */
static int read_object(const char *bytes, size_t len, const char *kind, const struct yz_id *log,
                       const char *third, json_t **out, struct yz_error *err) {
  const char *at = bytes, *end = bytes + len;
  struct yz_id named;
  int64_t version;

  *out = NULL;
  if (len > YZ_MAX_KEYS_FILE)
    return yz_fail(err, YZ_E_LIMIT, YZ_N_("A keys file is larger than it may be."), NULL);
  if (!scan_text(&at, end, "{\"") || !scan_text(&at, end, kind) || !scan_text(&at, end, "\":") ||
      !scan_number(&at, end, &version))
    return bad_file(err);
  if (version != YZ_FORMAT_VERSION)
    return yz_fail(err, YZ_E_VERSION, YZ_N_("A keys file was written by a newer version."), NULL);
  if (!scan_text(&at, end, ",\"log\":\"") || !scan_hex(&at, end, named.bytes, YZ_ID_LEN) ||
      memcmp(&named, log, sizeof named) != 0 || !scan_text(&at, end, "\",\"") ||
      !scan_text(&at, end, third) || !scan_text(&at, end, "\":") || end[-1] != '\n')
    return bad_file(err);
  return yz_json_parse(bytes, len, out, err);
}

/* {"to":{…}} of one audience. */
static int wrap(const unsigned char batch_key[YZ_BATCH_KEY_LEN], const struct yz_key *receivers,
                size_t n, struct yz_buf *out, struct yz_error *err) {
  char to[SHORT_HEX + 1], text[SEALED_B64 + 1];
  unsigned char sealed[SEALED];

  if (yz_buf_puts(out, "{\"to\":{")) return yz_no_memory(err);
  for (size_t i = 0; i < n; i++) {
    if (yz_box_seal(&receivers[i], batch_key, YZ_BATCH_KEY_LEN, sealed))
      return yz_fail(err, YZ_E_KEY, YZ_N_("A key could not be sealed to a receiver."), NULL);
    short_name(&receivers[i], to);
    yz_to_base64(sealed, SEALED, text);
    if (yz_buf_printf(out, "%s\"%s\":\"%s\"", i ? "," : "", to, text)) return yz_no_memory(err);
  }
  return yz_buf_puts(out, "}}") ? yz_no_memory(err) : YZ_OK;
}

/* `"audience":part`, and `,`, of all that the file before has for others than this one. */
static int put_others(const json_t *batches, const char *audience, struct yz_buf *out) {
  const char *name;
  json_t *value;
  int rc = YZ_OK;

  json_object_foreach((json_t *)(uintptr_t)batches, name, value) {
    char *text = strcmp(name, audience) != 0 ? json_dumps(value, JSON_COMPACT) : NULL;
    if (text && yz_buf_printf(out, "\"%s\":%s,", name, text)) rc = YZ_E_MEMORY;
    if (!text && strcmp(name, audience) != 0) rc = YZ_E_MEMORY;
    free(text);
  }
  return rc;
}

/* The file around one audience's part. */
static int put_file(const struct yz_id *log, int64_t first, const struct yz_buf *before,
                    const char *audience, const char *part, struct yz_buf *out,
                    struct yz_error *err) {
  char log_hex[YZ_ID_HEX + 1];
  json_t *json = NULL;

  yz_to_hex(log->bytes, YZ_ID_LEN, log_hex);
  if (before && before->len &&
      read_object((char *)before->data, before->len, "keys", log, "first", &json, NULL))
    json = NULL;
  bool ok = !yz_buf_printf(out, "{\"keys\":%d,\"log\":\"%s\",\"first\":%lld,\"batches\":{",
                           YZ_FORMAT_VERSION, log_hex, (long long)first) &&
            !put_others(json_object_get(json, "batches"), audience, out) &&
            !yz_buf_printf(out, "\"%s\":%s}}\n", audience, part);
  json_decref(json);
  return ok ? YZ_OK : yz_no_memory(err);
}

int yz_keys_write(const struct yz_id *log, int64_t first, const struct yz_buf *before,
                  const char *audience, const unsigned char batch_key[YZ_BATCH_KEY_LEN],
                  const struct yz_key *receivers, size_t n, struct yz_buf *out,
                  struct yz_error *err) {
  struct yz_buf part = {0};

  int rc = wrap(batch_key, receivers, n, &part, err);
  if (!rc) rc = put_file(log, first, before, audience, (char *)part.data, out, err);
  yz_buf_finish(&part);
  return rc;
}

json_t *yz_keys_part(const char *bytes, size_t len, const struct yz_id *log, int64_t first,
                     const char *audience) {
  int64_t named;
  json_t *json;

  if (read_object(bytes, len, "keys", log, "first", &json, NULL)) return NULL;
  json_t *part = json_object_get(json_object_get(json, "batches"), audience);
  part = yz_json_int(json, "first", &named) && named == first ? json_incref(part) : NULL;
  json_decref(json);
  return part;
}

int yz_keys_keep(const struct yz_id *log, int64_t first, const char *audience, const json_t *part,
                 struct yz_buf *out, struct yz_error *err) {
  char *text = json_dumps(part, JSON_COMPACT);
  int rc = text ? put_file(log, first, NULL, audience, text, out, err) : yz_no_memory(err);
  free(text);
  return rc;
}

int yz_keys_read(const char *bytes, size_t len, const struct yz_id *log, int64_t first,
                 const char *audience, const struct yz_secret *box,
                 unsigned char batch_key[YZ_BATCH_KEY_LEN], struct yz_error *err) {
  struct yz_key own;
  char to[SHORT_HEX + 1];
  unsigned char sealed[SEALED];
  int64_t named;
  json_t *json;

  int rc = read_object(bytes, len, "keys", log, "first", &json, err);
  if (rc) return rc;
  yz_box_public(box, &own);
  short_name(&own, to);
  const json_t *batch = json_object_get(json_object_get(json, "batches"), audience);
  const char *text = yz_json_string(json_object_get(batch, "to"), to);
  if (!yz_json_int(json, "first", &named) || named != first)
    rc = bad_file(err);
  else if (!text || yz_from_base64(text, strlen(text), sealed, SEALED) != SEALED ||
           !yz_box_open(box, sealed, SEALED, batch_key))
    rc = yz_fail(err, YZ_E_KEY,
                 YZ_N_("The key of a batch of contents was not sealed to this node."), NULL);
  json_decref(json);
  return rc;
}

void yz_keys_mark(const char *bytes, size_t len, const struct yz_id *log, int64_t first,
                  const char *audience, const struct yz_key *receivers, size_t n, bool *named) {
  char to[SHORT_HEX + 1];
  int64_t bound;
  json_t *json;

  if (read_object(bytes, len, "keys", log, "first", &json, NULL)) return;
  const json_t *batch = json_object_get(json_object_get(json, "batches"), audience);
  for (size_t i = 0; yz_json_int(json, "first", &bound) && bound == first && i < n; i++) {
    short_name(&receivers[i], to);
    named[i] = named[i] || yz_json_string(json_object_get(batch, "to"), to);
  }
  json_decref(json);
}

int yz_epoch_write(const struct yz_id *log, int64_t n, struct yz_buf *out) {
  char log_hex[YZ_ID_HEX + 1];
  yz_to_hex(log->bytes, YZ_ID_LEN, log_hex);
  return yz_buf_printf(out, "{\"epoch\":%d,\"log\":\"%s\",\"n\":%lld}\n", YZ_FORMAT_VERSION,
                       log_hex, (long long)n);
}

int yz_epoch_read(const char *bytes, size_t len, const struct yz_id *log, int64_t *n,
                  struct yz_error *err) {
  json_t *json;
  int rc = read_object(bytes, len, "epoch", log, "n", &json, err);
  if (rc) return rc;
  if (!yz_json_int(json, "n", n) || *n < 0) rc = bad_file(err);
  json_decref(json);
  return rc;
}
