/* Keys files and epochs: FORMAT.md §7.
 *
 *   {"keys":1,"log":"<32 hex>","first":N,"batches":{"<audience>":{"to":{"<16 hex>":"<base64>"}}}} LF
 *   {"epoch":1,"log":"<32 hex>","n":N} LF
 *
 * Valid as JSON by §1; log and first as asked for. A sealed key is 80 bytes. */
#include "scan.h"
#include <stdio.h>
#include <string.h>
#include <yizhan/segment.h>

enum { SHORT_HEX = 16, SEALED = YZ_BATCH_KEY_LEN + YZ_SEAL_OVERHEAD, SEALED_B64 = 4 * ((SEALED + 2) / 3) };

static int no_memory(struct yz_error *err)
{
  return yz_fail(err, YZ_E_MEMORY, YZ_N_("There is no memory left for keys."), NULL);
}

static void short_name(const struct yz_key *key, char out[static SHORT_HEX + 1])
{
  yz_to_hex(key->bytes, SHORT_HEX / 2, out);
}

int yz_keys_write(const struct yz_id *log, int64_t first, const char *audience,
                  const unsigned char batch_key[YZ_BATCH_KEY_LEN], const struct yz_key *receivers,
                  size_t n, struct yz_buf *out, struct yz_error *err)
{
  char log_hex[YZ_ID_HEX + 1], to[SHORT_HEX + 1], text[SEALED_B64 + 1];
  unsigned char sealed[SEALED];

  yz_to_hex(log->bytes, YZ_ID_LEN, log_hex);
  if (yz_buf_printf(out, "{\"keys\":%d,\"log\":\"%s\",\"first\":%lld,\"batches\":{\"%s\":{\"to\":{",
                    YZ_FORMAT_VERSION, log_hex, (long long)first, audience))
    return no_memory(err);
  for (size_t i = 0; i < n; i++) {
    if (yz_box_seal(&receivers[i], batch_key, YZ_BATCH_KEY_LEN, sealed))
      return yz_fail(err, YZ_E_KEY, YZ_N_("A key could not be sealed to a receiver."), NULL);
    short_name(&receivers[i], to);
    yz_to_base64(sealed, SEALED, text);
    if (yz_buf_printf(out, "%s\"%s\":\"%s\"", i ? "," : "", to, text)) return no_memory(err);
  }
  return yz_buf_puts(out, "}}}}\n") ? no_memory(err) : YZ_OK;
}

/* The object of a one-line file of this kind for this log, checked. */
static int read_object(const char *bytes, size_t len, const char *kind, const struct yz_id *log,
                       json_t **out, struct yz_error *err)
{
  struct yz_id named;
  int64_t version;

  *out = NULL;
  if (len > YZ_MAX_KEYS_FILE)
    return yz_fail(err, YZ_E_LIMIT, YZ_N_("A keys file is larger than it may be."), NULL);
  int rc = yz_json_parse(bytes, len, out, err);
  if (rc) return rc;
  if (yz_json_int(*out, kind, &version) && version > YZ_FORMAT_VERSION)
    rc = yz_fail(err, YZ_E_VERSION, YZ_N_("A keys file was written by a newer version."), NULL);
  else if (!yz_json_int(*out, kind, &version) || version != YZ_FORMAT_VERSION ||
           !yz_json_hex(*out, "log", named.bytes, YZ_ID_LEN) ||
           memcmp(&named, log, sizeof named) != 0)
    rc = yz_fail(err, YZ_E_FORMAT, YZ_N_("A keys file does not have the form of a keys file."), NULL);
  if (rc) {
    json_decref(*out);
    *out = NULL;
  }
  return rc;
}

int yz_keys_read(const char *bytes, size_t len, const struct yz_id *log, int64_t first,
                 const char *audience, const struct yz_secret *box,
                 unsigned char batch_key[YZ_BATCH_KEY_LEN], struct yz_error *err)
{
  struct yz_key own;
  char to[SHORT_HEX + 1];
  unsigned char sealed[SEALED];
  int64_t named;
  json_t *json;

  int rc = read_object(bytes, len, "keys", log, &json, err);
  if (rc) return rc;
  yz_box_public(box, &own);
  short_name(&own, to);
  const json_t *batch = json_object_get(json_object_get(json, "batches"), audience);
  const char *text = yz_json_string(json_object_get(batch, "to"), to);
  if (!yz_json_int(json, "first", &named) || named != first)
    rc = yz_fail(err, YZ_E_FORMAT, YZ_N_("A keys file does not have the form of a keys file."), NULL);
  else if (!text || yz_from_base64(text, strlen(text), sealed, SEALED) != SEALED ||
           !yz_box_open(box, sealed, SEALED, batch_key))
    rc = yz_fail(err, YZ_E_KEY, YZ_N_("The key of a batch of contents was not sealed to this node."),
                 NULL);
  json_decref(json);
  return rc;
}

int yz_epoch_write(const struct yz_id *log, int64_t n, struct yz_buf *out)
{
  char log_hex[YZ_ID_HEX + 1];
  yz_to_hex(log->bytes, YZ_ID_LEN, log_hex);
  return yz_buf_printf(out, "{\"epoch\":%d,\"log\":\"%s\",\"n\":%lld}\n", YZ_FORMAT_VERSION, log_hex,
                       (long long)n);
}

int yz_epoch_read(const char *bytes, size_t len, const struct yz_id *log, int64_t *n,
                  struct yz_error *err)
{
  json_t *json;
  int rc = read_object(bytes, len, "epoch", log, &json, err);
  if (rc) return rc;
  if (!yz_json_int(json, "n", n) || *n < 0)
    rc = yz_fail(err, YZ_E_FORMAT, YZ_N_("A keys file does not have the form of a keys file."), NULL);
  json_decref(json);
  return rc;
}
