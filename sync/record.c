/* Record lines: FORMAT.md §4.
 *
 *   offset 0   [{"v":1,"log":"          15 bytes
 *          15  log id                   32 hex
 *          47  ","seq":                 8
 *          55  seq                      1 to 16 digits, no leading zero
 *              ,"by":"                  7
 *              author                   64 hex
 *              ",                       then the rest, and }
 *   end -92    ,"signature"]            signature 88 base64
 *
 * The record object lies between the first [ and the comma before the signature. */
#include "scan.h"
#include <stdio.h>
#include <string.h>
#include <yizhan/record.h>

enum { TAIL = 1 + 1 + YZ_SIG_B64 + 1 + 1 }; /* ,"…"] */

static int bad_line(struct yz_error *err) {
  return yz_fail(err, YZ_E_FORMAT, YZ_N_("A record line does not have the form of a record."),
                 NULL);
}

int yz_record_read(const char *line, size_t len, struct yz_record *out, struct yz_error *err) {
  const char *at = line, *end = line + len;
  int64_t version;

  memset(out, 0, sizeof *out);
  if (len > YZ_MAX_RECORD + TAIL + 1)
    return yz_fail(err, YZ_E_LIMIT, YZ_N_("A record is longer than a record may be."), NULL);
  if (!scan_text(&at, end, "[{\"v\":") || !scan_number(&at, end, &version)) return bad_line(err);
  if (version != YZ_FORMAT_VERSION)
    return yz_fail(err, YZ_E_VERSION, YZ_N_("A record was written by a newer version."), NULL);
  if (!scan_text(&at, end, ",\"log\":\"") || !scan_hex(&at, end, out->log.bytes, YZ_ID_LEN) ||
      !scan_text(&at, end, "\",\"seq\":") || !scan_number(&at, end, &out->seq) ||
      !scan_text(&at, end, ",\"by\":\"") || !scan_hex(&at, end, out->by.bytes, YZ_KEY_LEN) ||
      !scan_text(&at, end, "\",") || end - at < TAIL + 1)
    return bad_line(err);

  const char *tail = end - TAIL;
  if (memcmp(tail, ",\"", 2) != 0 || memcmp(end - 2, "\"]", 2) != 0 || tail[-1] != '}' ||
      yz_from_base64(tail + 2, YZ_SIG_B64, out->sig.bytes, YZ_SIG_LEN) != YZ_SIG_LEN)
    return bad_line(err);
  out->bytes = line + 1;
  out->len = (size_t)(tail - out->bytes);
  return YZ_OK;
}

void yz_record_id(const struct yz_hash *before, const char *bytes, size_t len,
                  struct yz_hash *out) {
  char hex[YZ_HASH_HEX + 1];
  yz_to_hex(before->bytes, YZ_HASH_LEN, hex);
  const struct yz_part parts[] = {
      {"yizhan-record-v1\n", 17}, {hex, YZ_HASH_HEX}, {"\n", 1}, {bytes, len}};
  yz_sha256(parts, 4, out);
}

enum { SIGNED_LEN = 22 + YZ_HASH_HEX + 1 };

static void signed_text(const struct yz_hash *id, char text[static SIGNED_LEN + 1]) {
  char hex[YZ_HASH_HEX + 1];
  yz_to_hex(id->bytes, YZ_HASH_LEN, hex);
  snprintf(text, SIGNED_LEN + 1, "yizhan-sign-record-v1\n%s\n", hex);
}

bool yz_record_signed(const struct yz_record *r, const struct yz_hash *id) {
  char text[SIGNED_LEN + 1];
  signed_text(id, text);
  return yz_verify(&r->by, text, SIGNED_LEN, &r->sig);
}

static bool type_ok(const char *type) {
  size_t n = type ? strlen(type) : 0;
  return n > 0 && n <= YZ_MAX_TYPE && strspn(type, "abcdefghijklmnopqrstuvwxyz.-") == n;
}

static bool read_stamp(const json_t *json, struct yz_stamp *out) {
  const json_t *hlc = json_object_get(json, "hlc");
  const json_t *ms = json_array_get(hlc, 0), *count = json_array_get(hlc, 1);

  if (json_array_size(hlc) != 2 || !json_is_integer(ms) || !json_is_integer(count)) return false;
  *out = (struct yz_stamp){json_integer_value(ms), json_integer_value(count)};
  return out->ms >= 0 && out->count >= 0 && out->count < (1 << 20);
}

static bool read_heads(const json_t *json, struct yz_members *out) {
  const json_t *heads = json_object_get(json, "heads"), *head;
  size_t i;

  if (!heads) return true;
  if (!json_is_array(heads) || json_array_size(heads) > YZ_MAX_HEADS) return false;
  json_array_foreach(heads, i, head) {
    if (!json_is_string(head) || !yz_from_hex(json_string_value(head), json_string_length(head),
                                              out->heads[i].bytes, YZ_HASH_LEN))
      return false;
    for (size_t k = 0; k < i; k++)
      if (memcmp(&out->heads[k], &out->heads[i], sizeof *out->heads) == 0) return false;
  }
  out->n_heads = json_array_size(heads);
  return true;
}

static bool read_content(const json_t *json, struct yz_members *out) {
  json_t *content = json_object_get(json, "content"), *hash;
  const char *name;

  if (!content) return true;
  if (!json_is_object(content) || json_object_size(content) > YZ_MAX_AUDIENCES) return false;
  json_object_foreach(content, name, hash) {
    size_t n = strlen(name);
    if (n == 0 || n > YZ_MAX_AUDIENCE || strspn(name, "abcdefghijklmnopqrstuvwxyz") != n ||
        !yz_json_hex(content, name, out->content[out->n_content].hash.bytes, YZ_HASH_LEN))
      return false;
    memcpy(out->content[out->n_content++].audience, name, n + 1);
  }
  return true;
}

int yz_record_parse(const char *bytes, size_t len, struct yz_members *out, struct yz_error *err) {
  memset(out, 0, sizeof *out);
  int rc = yz_json_parse(bytes, len, &out->json, err);
  if (rc) return rc;
  out->type = yz_json_string(out->json, "type");
  const json_t *case_id = json_object_get(out->json, "case");
  out->has_case = case_id != NULL;
  if (!json_is_object(out->json) || !type_ok(out->type) || !read_stamp(out->json, &out->stamp) ||
      (case_id && !yz_json_hex(out->json, "case", out->case_id.bytes, YZ_HASH_LEN)) ||
      !read_heads(out->json, out) || !read_content(out->json, out)) {
    yz_members_finish(out);
    return yz_fail(err, YZ_E_FORMAT, YZ_N_("A record lacks a member that every record has."), NULL);
  }
  return YZ_OK;
}

void yz_members_finish(struct yz_members *m) {
  if (!m) return;
  json_decref(m->json);
  memset(m, 0, sizeof *m);
}

/* The record object: the members read by offset, then those of rest. */
static int put_object(const struct yz_id *log, int64_t seq, const struct yz_key *by,
                      const json_t *rest, struct yz_buf *out, struct yz_error *err) {
  char log_hex[YZ_ID_HEX + 1], by_hex[YZ_HASH_HEX + 1];
  yz_to_hex(log->bytes, YZ_ID_LEN, log_hex);
  yz_to_hex(by->bytes, YZ_KEY_LEN, by_hex);

  char *members = json_dumps(rest, JSON_COMPACT);
  int rc = !members || members[1] == '}' ||
           yz_buf_printf(out, "{\"v\":%d,\"log\":\"%s\",\"seq\":%lld,\"by\":\"%s\",",
                         YZ_FORMAT_VERSION, log_hex, (long long)seq, by_hex) ||
           yz_buf_puts(out, members + 1);
  free(members);
  if (rc) return yz_no_memory(err);
  if (out->len > YZ_MAX_RECORD)
    return yz_fail(err, YZ_E_LIMIT, YZ_N_("This is more than one record may hold. Shorten it."),
                   NULL);
  return YZ_OK;
}

int yz_record_make(const struct yz_id *log, const struct yz_place *before,
                   const struct yz_author *author, const json_t *rest, struct yz_buf *line,
                   struct yz_hash *id, struct yz_error *err) {
  struct yz_buf object = {0};
  struct yz_sig sig;
  char text[SIGNED_LEN + 1], sig_text[YZ_SIG_B64 + 1];

  int rc = put_object(log, before->seq + 1, &author->key, rest, &object, err);
  if (rc) goto done;
  yz_record_id(&before->id, (const char *)object.data, object.len, id);
  signed_text(id, text);
  rc = yz_sign(author->seed, text, SIGNED_LEN, &sig);
  if (rc) {
    yz_fail(err, YZ_E_KEY, YZ_N_("The record could not be signed."), NULL);
    goto done;
  }
  yz_to_base64(sig.bytes, YZ_SIG_LEN, sig_text);
  if (yz_buf_puts(line, "[") || yz_buf_append(line, object.data, object.len) ||
      yz_buf_printf(line, ",\"%s\"]\n", sig_text))
    rc = yz_no_memory(err);
done:
  yz_buf_finish(&object);
  return rc;
}
