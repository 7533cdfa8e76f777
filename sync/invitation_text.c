/* An invitation as text that can be typed, or scanned: FORMAT.md §12, "As text".
 *
 *   "YZ1:" base32 of
 *      ledger(16) hub(32) box(32) recovery(32) word(16) until(8)
 *      pins(1), each (32)
 *      township, village, code, letter: length(1) and bytes
 *      served(1); address: length(2) and bytes; served: "/ledger/" and the ledger's id follow
 *      check(4): of SHA-256 over a line that names the purpose and all that */
#include "invitation_private.h"

#include <string.h>
#include <strings.h>

enum { CHECK = 4, UNTIL = 8, MAX_BODY = 4096 };
static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

bool yz_invitation_is_text(const char *bytes, size_t len) {
  size_t n = strlen(YZ_INVITATION_TEXT);
  return len >= n && strncasecmp(bytes, YZ_INVITATION_TEXT, n) == 0;
}

static void check_of(const unsigned char *body, size_t len, struct yz_hash *out) {
  static const char purpose[] = "yizhan-invitation-text-v1\n";
  const struct yz_part parts[] = {{purpose, strlen(purpose)}, {body, len}};
  yz_sha256(parts, 2, out);
}

/* --- writing -------------------------------------------------------------------- */

static int put(struct yz_buf *b, const void *bytes, size_t n) {
  return yz_buf_append(b, bytes, n) != 0 ? YZ_E_MEMORY : 0;
}

static int put_number(struct yz_buf *b, uint64_t value, size_t bytes) {
  unsigned char out[UNTIL];
  for (size_t i = 0; i < bytes; i++) out[i] = (unsigned char)(value >> 8 * (bytes - 1 - i));
  return put(b, out, bytes);
}

static int put_name(struct yz_buf *b, const char *text) {
  int rc = put_number(b, strlen(text), 1);
  return rc != 0 ? rc : put(b, text, strlen(text));
}

/* "https://host/ledger/ID#PIN,PIN": the address's part before that of the ledger. */
static int put_address(struct yz_buf *b, const struct yz_invitation *i, size_t len) {
  char end[8 + YZ_ID_HEX + 1] = "/ledger/";
  yz_to_hex(i->ledger.bytes, YZ_ID_LEN, end + 8);
  size_t n = strlen(end);
  bool served = len > n && memcmp(i->url + len - n, end, n) == 0;
  if (served) len -= n;
  int rc = put_number(b, served, 1);
  if (rc == 0) rc = put_number(b, len, 2);
  return rc != 0 ? rc : put(b, i->url, len);
}

static int put_pins(struct yz_buf *b, const char *pins) {
  enum { ONE = 1 + YZ_HASH_HEX };
  size_t n = strlen(pins) / ONE;
  int rc = put_number(b, n, 1);
  for (size_t i = 0; rc == 0 && i < n; i++) {
    struct yz_hash pin;
    bool good = yz_from_hex(pins + i * ONE + 1, YZ_HASH_HEX, pin.bytes, YZ_HASH_LEN);
    rc = good ? put(b, pin.bytes, YZ_HASH_LEN) : YZ_E_FORMAT;
  }
  return rc;
}

static int write_body(const struct yz_invitation *i, struct yz_buf *b) {
  const char *const names[] = {i->township, i->village, i->code, i->letter};
  size_t url_len = invitation_address(i->url);
  struct yz_hash check;
  int rc = put(b, i->ledger.bytes, YZ_ID_LEN);
  if (rc == 0) rc = put(b, i->hub.bytes, YZ_KEY_LEN);
  if (rc == 0) rc = put(b, i->box.bytes, YZ_KEY_LEN);
  if (rc == 0) rc = put(b, i->recovery.bytes, YZ_HASH_LEN);
  if (rc == 0) rc = put(b, i->word, sizeof i->word);
  if (rc == 0) rc = put_number(b, (uint64_t)i->until_ms, UNTIL);
  if (rc == 0) rc = put_pins(b, i->url + url_len);
  for (size_t k = 0; rc == 0 && k < sizeof names / sizeof *names; k++) rc = put_name(b, names[k]);
  if (rc == 0) rc = put_address(b, i, url_len);
  if (rc != 0) return rc;
  check_of(b->data, b->len, &check);
  return put(b, check.bytes, CHECK);
}

static int write_digits(const struct yz_buf *b, struct yz_buf *out) {
  int rc = yz_buf_puts(out, YZ_INVITATION_TEXT);
  for (size_t bit = 0; rc == 0 && bit < 8 * b->len; bit += 5) {
    unsigned two = (unsigned)b->data[bit / 8] << 8;
    if (bit / 8 + 1 < b->len) two |= b->data[bit / 8 + 1];
    rc = yz_buf_append(out, &digits[two >> (11 - bit % 8) & 31], 1);
  }
  return rc != 0 ? YZ_E_MEMORY : 0;
}

int yz_invitation_write_text(const struct yz_invitation *i, struct yz_buf *out) {
  struct yz_buf body = {0};
  int rc = write_body(i, &body);
  if (rc == 0) rc = write_digits(&body, out);
  if (body.data != NULL) yz_wipe(body.data, body.len);
  yz_buf_finish(&body);
  return rc;
}

/* --- reading --------------------------------------------------------------------- */

/* What a person types: in either case, with blanks, ends of lines and hyphens between. */
static bool read_digits(const char *text, size_t len, unsigned char *out, size_t *n) {
  unsigned held = 0, bits = 0;
  *n = 0;
  for (size_t i = 0; i < len; i++) {
    char c = text[i];
    if (c == ' ' || c == '-' || c == '\n' || c == '\r' || c == '\t') continue;
    if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    if (at == NULL) return false;
    held = held << 5 | (unsigned)(at - digits);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    if (*n == MAX_BODY) return false;
    out[(*n)++] = (unsigned char)(held >> bits);
    held &= (1u << bits) - 1;
  }
  return held == 0 && bits < 5;
}

struct reading {
  const unsigned char *at, *end;
  bool failed;
};

static const unsigned char *take(struct reading *r, size_t n) {
  const unsigned char *here = r->at;
  if (r->failed || n > (size_t)(r->end - r->at)) {
    r->failed = true;
    return NULL;
  }
  r->at += n;
  return here;
}

static uint64_t take_number(struct reading *r, size_t bytes) {
  const unsigned char *at = take(r, bytes);
  uint64_t value = 0;
  for (size_t i = 0; at != NULL && i < bytes; i++) value = value << 8 | at[i];
  return value;
}

static json_t *take_hex(struct reading *r, size_t n) {
  char hex[YZ_HASH_HEX + 1];
  const unsigned char *at = take(r, n);
  if (at == NULL) return NULL;
  yz_to_hex(at, n, hex);
  json_t *value = json_string(hex);
  yz_wipe(hex, sizeof hex);
  return value;
}

static json_t *take_text(struct reading *r, size_t length) {
  size_t n = (size_t)take_number(r, length);
  const unsigned char *at = take(r, n);
  return at == NULL ? NULL : json_stringn((const char *)at, n);
}

static void set(struct reading *r, json_t *json, const char *name, json_t *value) {
  if (json_object_set_new(json, name, value) != 0) r->failed = true;
}

static void take_pins(struct reading *r, json_t *json) {
  json_t *pins = json_array();
  size_t n = (size_t)take_number(r, 1);
  for (size_t i = 0; !r->failed && i < n; i++)
    if (json_array_append_new(pins, take_hex(r, YZ_HASH_LEN)) != 0) r->failed = true;
  set(r, json, "pins", pins);
}

static void take_address(struct reading *r, json_t *json) {
  bool served = take_number(r, 1) == 1;
  json_t *text = take_text(r, 2);
  if (served && text != NULL) {
    json_t *whole = json_sprintf("%s/ledger/%s", json_string_value(text),
                                 json_string_value(json_object_get(json, "ledger")));
    json_decref(text);
    text = whole;
  }
  set(r, json, "url", text);
}

/* The members of the file. */
static void take_members(struct reading *r, json_t *json) {
  static const char *const names[] = {"township", "village", "code", "letter"};
  set(r, json, "invitation", json_integer(YZ_FORMAT_VERSION));
  set(r, json, "ledger", take_hex(r, YZ_ID_LEN));
  set(r, json, "hub", take_hex(r, YZ_KEY_LEN));
  set(r, json, "box", take_hex(r, YZ_KEY_LEN));
  set(r, json, "recovery", take_hex(r, YZ_HASH_LEN));
  set(r, json, "word", take_hex(r, 16));
  json_int_t until = (json_int_t)take_number(r, UNTIL);
  if (until != 0) set(r, json, "until", json_integer(until));
  take_pins(r, json);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) set(r, json, names[i], take_text(r, 1));
  take_address(r, json);
  r->failed = r->failed || r->at != r->end;
}

json_t *invitation_from_text(const char *text, size_t len) {
  unsigned char body[MAX_BODY];
  struct yz_hash check;
  size_t n, skip = strlen(YZ_INVITATION_TEXT);
  json_t *json = json_object();
  struct reading r = {body, body, json == NULL};
  if (!read_digits(text + skip, len - skip, body, &n) || n < CHECK) r.failed = true;
  if (!r.failed) {
    check_of(body, n - CHECK, &check);
    r.end = body + n - CHECK;
    r.failed = memcmp(check.bytes, r.end, CHECK) != 0;
  }
  if (!r.failed) take_members(&r, json);
  yz_wipe(body, sizeof body);
  if (!r.failed) return json;
  json_decref(json);
  return NULL;
}
