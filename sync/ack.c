/* Acknowledgements: FORMAT.md §8.
 *
 *   [{"ack":1,"log":"<32 hex>","n":N, … },"<88 base64>"] LF
 *
 * Valid when within YZ_MAX_ACK, the signature is the node's over the hash of the
 * object's bytes, and then by §1: `head` and each of `heads` a [seq, id], each of
 * `except` a [seq, "waiting" or "refused", rule], seqs rising, ≤ 1,000 in all. `program` and
 * `disk`, where they are of their form, are what the node says of itself. */
#include "scan.h"
#include <stdio.h>
#include <string.h>
#include <yizhan/segment.h>

enum {
  SIGNED_LEN = 19 + YZ_HASH_HEX + 1,
  TAIL = 1 + 1 + YZ_SIG_B64 + 1 + 1,
  MAX_HEADS = YZ_LIMIT(10000, 4),
  MAX_EXCEPT = YZ_LIMIT(1000, 6)
};

void yz_ack_finish(struct yz_ack *a) {
  if (!a) return;
  free(a->heads);
  free(a->except);
  memset(a, 0, sizeof *a);
}

static void signed_text(const char *object, size_t len, char text[static SIGNED_LEN + 1]) {
  struct yz_hash hash;
  char hex[YZ_HASH_HEX + 1];
  const struct yz_part part = {object, len};

  yz_sha256(&part, 1, &hash);
  yz_to_hex(hash.bytes, YZ_HASH_LEN, hex);
  snprintf(text, SIGNED_LEN + 1, "yizhan-sign-ack-v1\n%s\n", hex);
}

/* --- writing ---------------------------------------------------------- */

static int put_place(struct yz_buf *out, const struct yz_place *p) {
  char hex[YZ_HASH_HEX + 1];
  yz_to_hex(p->id.bytes, YZ_HASH_LEN, hex);
  return yz_buf_printf(out, "[%lld,\"%s\"]", (long long)p->seq, hex);
}

static int put_heads(struct yz_buf *out, const struct yz_ack *a) {
  char hex[YZ_ID_HEX + 1];
  int rc = yz_buf_puts(out, ",\"heads\":{");

  for (size_t i = 0; !rc && i < a->n_heads; i++) {
    yz_to_hex(a->heads[i].log.bytes, YZ_ID_LEN, hex);
    rc = yz_buf_printf(out, "%s\"%s\":", i ? "," : "", hex);
    if (!rc) rc = put_place(out, &a->heads[i].at);
  }
  return rc ? rc : yz_buf_puts(out, "}");
}

/* Exceptions stand together by log. */
static int put_except(struct yz_buf *out, const struct yz_ack *a) {
  char hex[YZ_ID_HEX + 1];
  int rc = yz_buf_puts(out, ",\"except\":{");

  for (size_t i = 0; !rc && i < a->n_except; i++) {
    const struct yz_exception *e = &a->except[i];
    bool same = i && memcmp(&e->log, &a->except[i - 1].log, sizeof e->log) == 0;
    yz_to_hex(e->log.bytes, YZ_ID_LEN, hex);
    if (same)
      rc = yz_buf_puts(out, ",");
    else
      rc = yz_buf_printf(out, "%s\"%s\":[", i ? "]," : "", hex);
    if (!rc)
      rc = yz_buf_printf(out, "[%lld,\"%s\",\"%s\"]", (long long)e->seq,
                         e->refused ? "refused" : "waiting", e->rule);
  }
  return rc ? rc : yz_buf_puts(out, a->n_except ? "]}" : "}");
}

static int put_object(struct yz_buf *out, const struct yz_ack *a) {
  char hex[YZ_ID_HEX + 1];
  yz_to_hex(a->log.bytes, YZ_ID_LEN, hex);
  int rc = yz_buf_printf(out, "{\"ack\":%d,\"log\":\"%s\",\"n\":%lld,\"time\":%lld,\"head\":",
                         YZ_FORMAT_VERSION, hex, (long long)a->n, (long long)a->time_ms);
  if (!rc) rc = put_place(out, &a->head);
  if (!rc) rc = put_heads(out, a);
  if (!rc) rc = put_except(out, a);
  if (!rc && a->condition.program[0])
    rc = yz_buf_printf(out, ",\"program\":\"%s\"", a->condition.program);
  if (!rc && a->condition.disk[0]) rc = yz_buf_printf(out, ",\"disk\":\"%s\"", a->condition.disk);
  return rc ? rc : yz_buf_puts(out, "}");
}

int yz_ack_write(const struct yz_ack *a, const struct yz_secret *node_seed, struct yz_buf *line,
                 struct yz_error *err) {
  struct yz_buf object = {0};
  struct yz_sig sig;
  char text[SIGNED_LEN + 1], sig_text[YZ_SIG_B64 + 1];

  int rc = put_object(&object, a);
  if (rc) goto done;
  signed_text((const char *)object.data, object.len, text);
  rc = yz_sign(node_seed, text, SIGNED_LEN, &sig);
  if (rc) goto done;
  yz_to_base64(sig.bytes, YZ_SIG_LEN, sig_text);
  rc = yz_buf_puts(line, "[");
  if (!rc) rc = yz_buf_append(line, object.data, object.len);
  if (!rc) rc = yz_buf_printf(line, ",\"%s\"]\n", sig_text);
done:
  yz_buf_finish(&object);
  if (rc) yz_fail(err, rc, YZ_N_("The acknowledgement could not be written."), NULL);
  return rc;
}

/* --- reading ---------------------------------------------------------- */

static bool read_place(const json_t *json, struct yz_place *out) {
  const json_t *seq = json_array_get(json, 0), *id = json_array_get(json, 1);
  if (json_array_size(json) != 2 || !json_is_integer(seq) || !json_is_string(id)) return false;
  out->seq = json_integer_value(seq);
  return out->seq >= 0 &&
         yz_from_hex(json_string_value(id), json_string_length(id), out->id.bytes, YZ_HASH_LEN);
}

static bool read_heads(json_t *json, struct yz_ack *out) {
  const char *name;
  json_t *value;

  if (!json_is_object(json) || json_object_size(json) > MAX_HEADS) return false;
  out->heads = calloc(json_object_size(json) + 1, sizeof *out->heads);
  if (!out->heads) return false;
  json_object_foreach(json, name, value) {
    struct yz_ack_head *head = &out->heads[out->n_heads++];
    if (!yz_from_hex(name, strlen(name), head->log.bytes, YZ_ID_LEN) ||
        !read_place(value, &head->at))
      return false;
  }
  return true;
}

static bool read_exception(const json_t *json, int64_t after, struct yz_exception *out) {
  const json_t *seq = json_array_get(json, 0);
  const char *kind = json_string_value(json_array_get(json, 1));
  const char *rule = json_string_value(json_array_get(json, 2));

  if (json_array_size(json) != 3 || !json_is_integer(seq) || !kind || !rule ||
      strlen(rule) >= sizeof out->rule)
    return false;
  out->seq = json_integer_value(seq);
  out->refused = strcmp(kind, "refused") == 0;
  memcpy(out->rule, rule, strlen(rule) + 1);
  return out->seq > after && (out->refused || strcmp(kind, "waiting") == 0);
}

static bool read_except(json_t *json, struct yz_ack *out) {
  const char *name;
  json_t *list, *item;
  size_t i;

  if (!json_is_object(json)) return false;
  out->except = calloc(MAX_EXCEPT, sizeof *out->except);
  if (!out->except) return false;
  json_object_foreach(json, name, list) {
    int64_t after = 0;
    if (!json_is_array(list)) return false;
    json_array_foreach(list, i, item) {
      struct yz_exception *e = &out->except[out->n_except];
      if (out->n_except == MAX_EXCEPT ||
          !yz_from_hex(name, strlen(name), e->log.bytes, YZ_ID_LEN) ||
          !read_exception(item, after, e))
        return false;
      after = e->seq;
      out->n_except++;
    }
  }
  return true;
}

/* A text without anything that JSON would escape, of at most so many bytes. */
static void read_word(const json_t *json, const char *name, char *out, size_t max) {
  const char *text = yz_json_string(json, name);
  size_t n = text ? strlen(text) : 0;
  if (n == 0 || n > max) return;
  for (size_t i = 0; i < n; i++)
    if (text[i] < ' ' || text[i] > '~' || text[i] == '"' || text[i] == '\\') return;
  memcpy(out, text, n + 1);
}

int yz_ack_read(const char *line, size_t len, const struct yz_key *node, struct yz_ack *out,
                struct yz_error *err) {
  const char *at = line, *end = line + len, *tail;
  char text[SIGNED_LEN + 1];
  struct yz_sig sig;
  int64_t version;
  json_t *json = NULL;

  memset(out, 0, sizeof *out);
  if (len > YZ_MAX_ACK)
    return yz_fail(err, YZ_E_LIMIT, YZ_N_("An acknowledgement is larger than it may be."), NULL);
  if (!scan_text(&at, end, "[{\"ack\":") || !scan_number(&at, end, &version)) goto bad;
  if (version != YZ_FORMAT_VERSION)
    return yz_fail(err, YZ_E_VERSION, YZ_N_("An acknowledgement was written by a newer version."),
                   NULL);
  if (!scan_text(&at, end, ",\"log\":\"") || !scan_hex(&at, end, out->log.bytes, YZ_ID_LEN) ||
      !scan_text(&at, end, "\",\"n\":") || !scan_number(&at, end, &out->n) || end - at < TAIL + 2)
    goto bad;
  tail = end - TAIL - 1;
  if (memcmp(tail, ",\"", 2) != 0 || memcmp(end - 3, "\"]\n", 3) != 0 ||
      yz_from_base64(tail + 2, YZ_SIG_B64, sig.bytes, YZ_SIG_LEN) != YZ_SIG_LEN)
    goto bad;
  signed_text(line + 1, (size_t)(tail - line - 1), text);
  if (!yz_verify(node, text, SIGNED_LEN, &sig))
    return yz_fail(err, YZ_E_SIGNATURE, YZ_N_("An acknowledgement is not signed by its node."),
                   NULL);
  if (yz_json_parse(line + 1, (size_t)(tail - line - 1), &json, err)) goto bad;
  if (!yz_json_int(json, "time", &out->time_ms) ||
      !read_place(json_object_get(json, "head"), &out->head) ||
      !read_heads(json_object_get(json, "heads"), out) ||
      !read_except(json_object_get(json, "except"), out))
    goto bad;
  read_word(json, "program", out->condition.program, YZ_MAX_PROGRAM);
  read_word(json, "disk", out->condition.disk, YZ_MAX_DISK);
  json_decref(json);
  return YZ_OK;
bad:
  json_decref(json);
  yz_ack_finish(out);
  return yz_fail(err, YZ_E_FORMAT,
                 YZ_N_("An acknowledgement does not have the form of an acknowledgement."), NULL);
}
