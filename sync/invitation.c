/* Invitations and the join proof: FORMAT.md §12, "Joining".
 *
 * One JSON object by §1 and LF, at most YZ_MAX_INVITATION bytes; every member of
 * the table there, of its kind and within the sizes of struct yz_invitation. */
#include "invitation_private.h"

#include <stdio.h>
#include <string.h>

/* --- pins: "https://host/path#PIN,PIN", or ssh://, in memory, an array of its own in the file
 * ------- */

static bool is_server(const char *url) {
  return strncmp(url, "https://", 8) == 0 || strncmp(url, "ssh://", 6) == 0;
}

size_t invitation_address(const char *url) {
  return is_server(url) ? strcspn(url, "#") : strlen(url);
}

/* NULL: no memory. *len: of the address without them. */
static json_t *pins_of(const char *url, size_t *len) {
  json_t *pins = json_array();
  *len = invitation_address(url);
  for (const char *at = url + *len; *at != '\0';) {
    size_t n = strcspn(++at, ",");
    if (json_array_append_new(pins, json_stringn(at, n)) != 0) {
      json_decref(pins);
      return NULL;
    }
    at += n;
  }
  return pins;
}

/* Appends them to the address. */
static bool add_pins(const json_t *pins, char *url, size_t room) {
  unsigned char pin[YZ_HASH_LEN];
  size_t i, n = json_array_size(pins);
  json_t *one;
  if (!json_is_array(pins) || n > YZ_MAX_PINS || (n > 0 && !is_server(url)) ||
      (is_server(url) && strchr(url, '#') != NULL) || strlen(url) + n * (YZ_HASH_HEX + 1) >= room)
    return false;
  json_array_foreach(pins, i, one) {
    const char *hex = json_string_value(one);
    if (hex == NULL || !yz_from_hex(hex, json_string_length(one), pin, sizeof pin)) return false;
    url += strlen(url);
    *url = i == 0 ? '#' : ',';
    memcpy(url + 1, hex, YZ_HASH_HEX + 1);
  }
  return true;
}

int yz_invitation_write(const struct yz_invitation *i, struct yz_buf *out) {
  size_t url_len;
  char ledger[YZ_ID_HEX + 1], hub[YZ_HASH_HEX + 1], box[YZ_HASH_HEX + 1], recovery[YZ_HASH_HEX + 1],
      word[33];
  yz_to_hex(i->ledger.bytes, YZ_ID_LEN, ledger);
  yz_to_hex(i->hub.bytes, YZ_KEY_LEN, hub);
  yz_to_hex(i->box.bytes, YZ_KEY_LEN, box);
  yz_to_hex(i->recovery.bytes, YZ_HASH_LEN, recovery);
  yz_to_hex(i->word, sizeof i->word, word);

  json_t *pins = pins_of(i->url, &url_len);
  json_t *json =
      json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s%, s:s, s:s, s:s, s:o, s:s}", "invitation",
                YZ_FORMAT_VERSION, "township", i->township, "village", i->village, "code", i->code,
                "letter", i->letter, "ledger", ledger, "url", i->url, url_len, "hub", hub, "box",
                box, "recovery", recovery, "pins", pins, "word", word);
  if (json && i->until_ms > 0 &&
      json_object_set_new(json, "until", json_integer(i->until_ms)) != 0) {
    json_decref(json);
    json = NULL;
  }
  char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
  int rc = text ? yz_buf_printf(out, "%s\n", text) : YZ_E_MEMORY;
  if (text) yz_wipe(text, strlen(text));
  free(text);
  json_decref(json);
  return rc;
}

bool yz_invitation_over(const struct yz_invitation *i, int64_t now_ms) {
  return i->until_ms > 0 && now_ms > i->until_ms;
}

/* May be absent. */
static bool read_until(const json_t *json, int64_t *out) {
  return json_object_get(json, "until") == NULL || (yz_json_int(json, "until", out) && *out > 0);
}

static bool copy_text(const json_t *json, const char *name, char *out, size_t room) {
  const json_t *value = json_object_get(json, name);
  size_t n = json_string_length(value);
  if (!json_is_string(value) || n == 0 || n >= room || strlen(json_string_value(value)) != n)
    return false;
  memcpy(out, json_string_value(value), n + 1);
  return true;
}

static int read_members(const json_t *json, struct yz_invitation *out, struct yz_error *err) {
  int64_t version;
  int rc = YZ_OK;

  if (!yz_json_int(json, "invitation", &version))
    rc = yz_fail(err, YZ_E_FORMAT,
                 YZ_N_("This is not an invitation. Ask the township for a new one."), NULL);
  else if (version != YZ_FORMAT_VERSION)
    rc = yz_fail(
        err, YZ_E_VERSION,
        YZ_N_("This invitation was written by a newer version. Update this program first."), NULL);
  else if (!copy_text(json, "township", out->township, sizeof out->township) ||
           !copy_text(json, "village", out->village, sizeof out->village) ||
           !copy_text(json, "code", out->code, sizeof out->code) ||
           !copy_text(json, "letter", out->letter, sizeof out->letter) ||
           !copy_text(json, "url", out->url, sizeof out->url) ||
           strspn(out->letter, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != strlen(out->letter) ||
           !add_pins(json_object_get(json, "pins"), out->url, sizeof out->url) ||
           !yz_json_hex(json, "ledger", out->ledger.bytes, YZ_ID_LEN) ||
           !yz_json_hex(json, "hub", out->hub.bytes, YZ_KEY_LEN) ||
           !yz_json_hex(json, "box", out->box.bytes, YZ_KEY_LEN) ||
           !yz_json_hex(json, "recovery", out->recovery.bytes, YZ_HASH_LEN) ||
           !yz_json_hex(json, "word", out->word, sizeof out->word) ||
           !read_until(json, &out->until_ms))
    rc = yz_fail(err, YZ_E_FORMAT,
                 YZ_N_("This invitation is not whole. Ask the township for a new one."), NULL);
  return rc;
}

int yz_invitation_read(const char *bytes, size_t len, struct yz_invitation *out,
                       struct yz_error *err) {
  json_t *json = NULL;
  int rc = YZ_OK;

  memset(out, 0, sizeof *out);
  if (len > YZ_MAX_INVITATION)
    return yz_fail(err, YZ_E_LIMIT, YZ_N_("This file is too large to be an invitation."), NULL);
  if (!yz_invitation_is_text(bytes, len)) {
    rc = yz_json_parse(bytes, len, &json, err);
  } else {
    json = invitation_from_text(bytes, len);
    if (!json)
      rc = yz_fail(err, YZ_E_FORMAT,
                   YZ_N_("This is not an invitation as it was given: something in it is missing or "
                         "mistyped. Compare it once more."),
                   NULL);
  }
  if (!rc) rc = read_members(json, out, err);
  json_decref(json);
  return rc;
}

static void workers_hash(const struct yz_key *workers, size_t n, char hex[static YZ_HASH_HEX + 1]) {
  struct yz_buf text = {0};
  struct yz_hash hash;
  char key[YZ_HASH_HEX + 1];
  int rc = yz_buf_puts(&text, "yizhan-workers-v1\n");

  for (size_t i = 0; !rc && i < n; i++) {
    yz_to_hex(workers[i].bytes, YZ_KEY_LEN, key);
    rc = yz_buf_printf(&text, "%s\n", key);
  }
  /* Without memory the hash is of less, and the join does not hold: it fails closed. */
  const struct yz_part part = {text.data, text.len};
  yz_sha256(&part, 1, &hash);
  yz_to_hex(hash.bytes, YZ_HASH_LEN, hex);
  yz_buf_finish(&text);
}

void yz_join_mac(const unsigned char word[16], const struct yz_key *node, const struct yz_id *log,
                 const struct yz_key *hub, const struct yz_key *workers, size_t n,
                 struct yz_hash *out) {
  char node_hex[YZ_HASH_HEX + 1], log_hex[YZ_ID_HEX + 1], hub_hex[YZ_HASH_HEX + 1],
      workers_hex[YZ_HASH_HEX + 1], text[320];
  yz_to_hex(node->bytes, YZ_KEY_LEN, node_hex);
  yz_to_hex(log->bytes, YZ_ID_LEN, log_hex);
  yz_to_hex(hub->bytes, YZ_KEY_LEN, hub_hex);
  workers_hash(workers, n, workers_hex);
  int len = snprintf(text, sizeof text, "yizhan-join-v1\n%s\n%s\n%s\n%s\n", node_hex, log_hex,
                     hub_hex, workers_hex);
  yz_hmac(word, 16, text, (size_t)len, out);
}
