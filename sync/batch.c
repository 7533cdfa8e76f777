/* Content batches: FORMAT.md §6.
 *
 *   {"batch":1,"log":"<32 hex>","first":N,"last":M,"audience":"<name>"} LF
 *   24 bytes nonce
 *   XChaCha20-Poly1305 over a zlib stream of items, the header as additional data
 *
 *   item: [seq,"<32 hex content key>",{content object}] LF
 *
 * Valid when the header says exactly the bounds asked for, the seal opens, the
 * stream ends where it should and unpacks to at most YZ_MAX_BATCH_PLAIN bytes;
 * each item has its form and rising seqs. A content object is parsed only after
 * its keyed hash was compared with the record's, by the caller. */
#include "scan.h"
#include <string.h>
#include <yizhan/segment.h>
#include <zlib.h>

static int bad_batch(struct yz_error *err) {
  return yz_fail(err, YZ_E_FORMAT, YZ_N_("A batch of contents does not have the form of a batch."),
                 NULL);
}

void yz_content_hash(const struct yz_content *c, struct yz_hash *out) {
  yz_hmac(c->key, sizeof c->key, c->bytes, c->len, out);
}

int yz_batch_item(struct yz_buf *items, int64_t seq, const struct yz_content *c) {
  char key_hex[2 * YZ_CONTENT_KEY_LEN + 1];
  size_t before = items->len;

  yz_to_hex(c->key, sizeof c->key, key_hex);
  if (yz_buf_printf(items, "[%lld,\"%s\",", (long long)seq, key_hex) == 0 &&
      yz_buf_append(items, c->bytes, c->len) == 0 && yz_buf_puts(items, "]\n") == 0)
    return YZ_OK;
  items->len = before;
  return YZ_E_MEMORY;
}

static int put_header(const struct yz_id *log, int64_t first, int64_t last, const char *audience,
                      struct yz_buf *out) {
  char log_hex[YZ_ID_HEX + 1];
  yz_to_hex(log->bytes, YZ_ID_LEN, log_hex);
  return yz_buf_printf(
      out, "{\"batch\":%d,\"log\":\"%s\",\"first\":%lld,\"last\":%lld,\"audience\":\"%s\"}\n",
      YZ_FORMAT_VERSION, log_hex, (long long)first, (long long)last, audience);
}

/* Appends nonce and sealed bytes behind the header that out holds. */
static int put_sealed(const struct yz_buf *packed, const unsigned char *batch_key,
                      const unsigned char *nonce, struct yz_buf *out) {
  size_t header_len = out->len;
  unsigned char *sealed = malloc(packed->len + YZ_AEAD_OVERHEAD);

  if (!sealed) return YZ_E_MEMORY;
  yz_aead_seal(batch_key, nonce, out->data, header_len, packed->data, packed->len, sealed);
  int rc = yz_buf_append(out, nonce, YZ_NONCE_LEN);
  if (!rc) rc = yz_buf_append(out, sealed, packed->len + YZ_AEAD_OVERHEAD);
  free(sealed);
  return rc;
}

int yz_batch_seal(const struct yz_id *log, int64_t first, int64_t last, const char *audience,
                  const struct yz_buf *items, const unsigned char batch_key[YZ_BATCH_KEY_LEN],
                  const unsigned char nonce[YZ_NONCE_LEN], struct yz_buf *out) {
  struct yz_buf packed = {0};
  uLongf n = compressBound((uLong)items->len);

  packed.data = malloc(n);
  if (!packed.data || compress2(packed.data, &n, items->data, (uLong)items->len, 9) != Z_OK) {
    yz_buf_finish(&packed);
    return YZ_E_MEMORY;
  }
  packed.cap = packed.len = n;
  int rc = put_header(log, first, last, audience, out);
  if (!rc) rc = put_sealed(&packed, batch_key, nonce, out);
  yz_buf_finish(&packed);
  return rc;
}

static int unpack(const unsigned char *packed, size_t len, struct yz_buf *items,
                  struct yz_error *err) {
  unsigned char chunk[16384];
  z_stream z = {.next_in = (unsigned char *)(uintptr_t)packed, .avail_in = (uInt)len};
  int zrc, rc = YZ_OK;

  if (inflateInit(&z) != Z_OK) return yz_no_memory(err);
  do {
    z.next_out = chunk;
    z.avail_out = sizeof chunk;
    zrc = inflate(&z, Z_NO_FLUSH);
    if (zrc != Z_OK && zrc != Z_STREAM_END) {
      rc = bad_batch(err);
      break;
    }
    size_t n = sizeof chunk - z.avail_out;
    if (items->len + n > YZ_MAX_BATCH_PLAIN) {
      rc = yz_fail(err, YZ_E_LIMIT, YZ_N_("A batch of contents is larger than it may be."), NULL);
      break;
    }
    rc = yz_buf_append(items, chunk, n);
  } while (rc == YZ_OK && zrc != Z_STREAM_END);
  if (rc == YZ_OK && z.avail_in != 0) rc = bad_batch(err);
  inflateEnd(&z);
  yz_wipe(chunk, sizeof chunk);
  return rc;
}

int yz_batch_open(const void *bytes, size_t len, const struct yz_id *log, int64_t first,
                  int64_t last, const char *audience,
                  const unsigned char batch_key[YZ_BATCH_KEY_LEN], struct yz_buf *items,
                  struct yz_error *err) {
  const unsigned char *at = bytes;
  struct yz_buf header = {0};
  unsigned char *packed = NULL;
  size_t sealed_len;
  int rc;

  if (len > YZ_MAX_BATCH)
    return yz_fail(err, YZ_E_LIMIT, YZ_N_("A batch of contents is larger than it may be."), NULL);
  rc = put_header(log, first, last, audience, &header);
  if (rc) goto done;
  if (len < header.len + YZ_NONCE_LEN + YZ_AEAD_OVERHEAD ||
      memcmp(at, header.data, header.len) != 0) {
    rc = bad_batch(err);
    goto done;
  }
  sealed_len = len - header.len - YZ_NONCE_LEN;
  packed = malloc(sealed_len);
  if (!packed) {
    rc = yz_no_memory(err);
    goto done;
  }
  if (!yz_aead_open(batch_key, at + header.len, header.data, header.len,
                    at + header.len + YZ_NONCE_LEN, sealed_len, packed)) {
    rc = yz_fail(err, YZ_E_KEY, YZ_N_("A batch of contents does not open with its key."), NULL);
    goto done;
  }
  rc = unpack(packed, sealed_len - YZ_AEAD_OVERHEAD, items, err);
done:
  free(packed);
  yz_buf_finish(&header);
  return rc;
}

int yz_batch_next(const struct yz_buf *items, size_t *at, int64_t *seq, struct yz_content *out,
                  struct yz_error *err) {
  if (*at == items->len) return 0;
  const char *line = (const char *)items->data + *at;
  const char *lf = memchr(line, '\n', items->len - *at), *scan = line;

  if (!lf || !scan_text(&scan, lf, "[") || !scan_number(&scan, lf, seq) ||
      !scan_text(&scan, lf, ",\"") || !scan_hex(&scan, lf, out->key, sizeof out->key) ||
      !scan_text(&scan, lf, "\",") || lf - scan < 3 || *scan != '{' || memcmp(lf - 2, "}]", 2) != 0)
    return bad_batch(err);
  out->json = NULL;
  out->bytes = scan;
  out->len = (size_t)(lf - 1 - scan);
  if (out->len > YZ_MAX_CONTENT) return bad_batch(err);
  *at += (size_t)(lf + 1 - line);
  return 1;
}
