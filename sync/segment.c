/* Segment files: FORMAT.md §5.
 *
 *   {"segment":1,"log":"<32 hex>","first":N,"prev":"<64 hex>"} LF
 *   1 to 100 record lines, §4, each of this log, seqs rising by one from first
 *   {"end":M,"id":"<64 hex>","sig":"<88 base64>"} LF          nothing after it
 *
 * Valid when every line has its form, M and id are what the chain gives, and the
 * closing signature is the node's (yz_segment_signed). At most YZ_MAX_SEGMENT bytes. */
#include "scan.h"
#include <stdio.h>
#include <string.h>
#include <yizhan/segment.h>

static int refuse(const char **rule, const char *name, enum yz_code code, struct yz_error *err) {
  *rule = name;
  return yz_fail(err, code, YZ_N_("A segment does not have the form of a segment."), "%s", name);
}

/* The line at *at, without its LF; moves past it. false: no line is left. */
static bool next_line(const char **at, const char *end, const char **line, size_t *len) {
  const char *lf = *at < end ? memchr(*at, '\n', (size_t)(end - *at)) : NULL;
  if (!lf) return false;
  *line = *at;
  *len = (size_t)(lf - *at);
  *at = lf + 1;
  return true;
}

static int read_header(const char *line, size_t len, struct yz_segment *out, const char **rule,
                       struct yz_error *err) {
  const char *at = line, *end = line + len;
  int64_t version;

  if (!scan_text(&at, end, "{\"segment\":") || !scan_number(&at, end, &version))
    return refuse(rule, "segment.syntax", YZ_E_FORMAT, err);
  if (version != YZ_FORMAT_VERSION) return refuse(rule, "segment.version", YZ_E_VERSION, err);
  if (!scan_text(&at, end, ",\"log\":\"") || !scan_hex(&at, end, out->log.bytes, YZ_ID_LEN) ||
      !scan_text(&at, end, "\",\"first\":") || !scan_number(&at, end, &out->first) ||
      !scan_text(&at, end, ",\"prev\":\"") || !scan_hex(&at, end, out->prev.bytes, YZ_HASH_LEN) ||
      !scan_text(&at, end, "\"}") || at != end)
    return refuse(rule, "segment.syntax", YZ_E_FORMAT, err);
  return YZ_OK;
}

static bool read_closing(const char *line, size_t len, struct yz_segment *out) {
  const char *at = line, *end = line + len;
  return scan_text(&at, end, "{\"end\":") && scan_number(&at, end, &out->last) &&
         scan_text(&at, end, ",\"id\":\"") && scan_hex(&at, end, out->end.bytes, YZ_HASH_LEN) &&
         scan_text(&at, end, "\",\"sig\":\"") &&
         scan_base64(&at, end, out->sig.bytes, YZ_SIG_LEN) && scan_text(&at, end, "\"}") &&
         at == end;
}

/* One record line into the segment, its id chained to the one before. */
static int read_record(const char *line, size_t len, struct yz_segment *out, const char **rule,
                       struct yz_error *err) {
  struct yz_record *r = &out->records[out->n];

  if (out->n == YZ_MAX_SEGMENT_RECORDS) return refuse(rule, "segment.syntax", YZ_E_LIMIT, err);
  int rc = yz_record_read(line, len, r, err);
  if (rc) {
    *rule = rc == YZ_E_VERSION ? "segment.version" : "segment.syntax";
    return rc;
  }
  if (memcmp(&r->log, &out->log, sizeof r->log) != 0 || r->seq != out->first + (int64_t)out->n)
    return refuse(rule, "segment.syntax", YZ_E_FORMAT, err);
  yz_record_id(out->n ? &out->ids[out->n - 1] : &out->prev, r->bytes, r->len, &out->ids[out->n]);
  out->n++;
  return YZ_OK;
}

int yz_segment_read(const char *bytes, size_t len, struct yz_segment *out, const char **rule,
                    struct yz_error *err) {
  const char *at = bytes, *end = bytes + len, *line;
  size_t line_len;
  int rc;

  *rule = NULL;
  out->n = 0;
  if (len > YZ_MAX_SEGMENT) return refuse(rule, "segment.syntax", YZ_E_LIMIT, err);
  if (!next_line(&at, end, &line, &line_len))
    return refuse(rule, "segment.syntax", YZ_E_FORMAT, err);
  rc = read_header(line, line_len, out, rule, err);
  if (rc) return rc;
  for (;;) {
    if (!next_line(&at, end, &line, &line_len))
      return refuse(rule, "segment.syntax", YZ_E_FORMAT, err);
    if (line_len == 0 || line[0] != '[') break;
    rc = read_record(line, line_len, out, rule, err);
    if (rc) return rc;
  }
  if (out->n == 0 || at != end || !read_closing(line, line_len, out))
    return refuse(rule, "segment.syntax", YZ_E_FORMAT, err);
  if (out->last != out->first + (int64_t)out->n - 1 ||
      memcmp(&out->end, &out->ids[out->n - 1], sizeof out->end) != 0)
    return refuse(rule, "segment.chain", YZ_E_FORMAT, err);
  return YZ_OK;
}

enum { CLOSING_TEXT = 320 };

/* What the node signs; returns its length. */
static size_t closing_text(const struct yz_id *log, int64_t first, const struct yz_hash *prev,
                           int64_t last, const struct yz_hash *end,
                           char text[static CLOSING_TEXT]) {
  char log_hex[YZ_ID_HEX + 1], prev_hex[YZ_HASH_HEX + 1], end_hex[YZ_HASH_HEX + 1];
  yz_to_hex(log->bytes, YZ_ID_LEN, log_hex);
  yz_to_hex(prev->bytes, YZ_HASH_LEN, prev_hex);
  yz_to_hex(end->bytes, YZ_HASH_LEN, end_hex);
  return (size_t)snprintf(text, CLOSING_TEXT, "yizhan-sign-segment-v1\n%s\n%lld\n%s\n%lld\n%s\n",
                          log_hex, (long long)first, prev_hex, (long long)last, end_hex);
}

bool yz_segment_signed(const struct yz_segment *s, const struct yz_key *node) {
  char text[CLOSING_TEXT];
  size_t n = closing_text(&s->log, s->first, &s->prev, s->last, &s->end, text);
  return yz_verify(node, text, n, &s->sig);
}

int yz_segment_header(const struct yz_id *log, int64_t first, const struct yz_hash *prev,
                      struct yz_buf *out) {
  char log_hex[YZ_ID_HEX + 1], prev_hex[YZ_HASH_HEX + 1];
  yz_to_hex(log->bytes, YZ_ID_LEN, log_hex);
  yz_to_hex(prev->bytes, YZ_HASH_LEN, prev_hex);
  return yz_buf_printf(out, "{\"segment\":%d,\"log\":\"%s\",\"first\":%lld,\"prev\":\"%s\"}\n",
                       YZ_FORMAT_VERSION, log_hex, (long long)first, prev_hex);
}

int yz_segment_closing(const struct yz_id *log, int64_t first, const struct yz_hash *prev,
                       const struct yz_place *end, const struct yz_secret *node_seed,
                       struct yz_buf *out) {
  char text[CLOSING_TEXT], id_hex[YZ_HASH_HEX + 1], sig_text[YZ_SIG_B64 + 1];
  struct yz_sig sig;
  size_t n = closing_text(log, first, prev, end->seq, &end->id, text);

  int rc = yz_sign(node_seed, text, n, &sig);
  if (rc) return rc;
  yz_to_hex(end->id.bytes, YZ_HASH_LEN, id_hex);
  yz_to_base64(sig.bytes, YZ_SIG_LEN, sig_text);
  return yz_buf_printf(out, "{\"end\":%lld,\"id\":\"%s\",\"sig\":\"%s\"}\n", (long long)end->seq,
                       id_hex, sig_text);
}
