/* hub.successor, as bytes: who was named with the recovery key to be the hub, and up to
 * where the logs of the hub before still count. FORMAT.md §12.
 *
 *   signed: "yizhan-sign-successor-v1" LF ledger LF of LF node LF box LF log LF until hash LF
 *   until hash: SHA-256("yizhan-until-v1" LF, then log SP seq SP id LF for each place) */
#include "lists.h"
#include <string.h>
#include <yizhan/roster.h>

static int until_hash(const struct yz_successor *s, struct yz_hash *out) {
  char log[YZ_ID_HEX + 1], id[YZ_HASH_HEX + 1];
  struct yz_buf text = {0};
  int rc = yz_buf_puts(&text, "yizhan-until-v1\n");

  for (size_t i = 0; !rc && i < s->n_until; i++) {
    yz_to_hex(s->until[i].log.bytes, YZ_ID_LEN, log);
    yz_to_hex(s->until[i].at.id.bytes, YZ_HASH_LEN, id);
    rc = yz_buf_printf(&text, "%s %lld %s\n", log, (long long)s->until[i].at.seq, id);
  }
  const struct yz_part part = {text.data, text.len};
  if (!rc) yz_sha256(&part, 1, out);
  yz_buf_finish(&text);
  return rc;
}

/* What the recovery key signs, for the log that begins so. */
static int signed_text(const struct yz_successor *s, const struct yz_begin *b, struct yz_buf *out) {
  char ledger[YZ_ID_HEX + 1], log[YZ_ID_HEX + 1], of[YZ_HASH_HEX + 1], node[YZ_HASH_HEX + 1],
      box[YZ_HASH_HEX + 1], until[YZ_HASH_HEX + 1];
  struct yz_hash hash;

  int rc = until_hash(s, &hash);
  if (rc) return rc;
  yz_to_hex(b->ledger.bytes, YZ_ID_LEN, ledger);
  yz_to_hex(b->log.bytes, YZ_ID_LEN, log);
  yz_to_hex(s->of.bytes, YZ_KEY_LEN, of);
  yz_to_hex(b->node.bytes, YZ_KEY_LEN, node);
  yz_to_hex(b->box.bytes, YZ_KEY_LEN, box);
  yz_to_hex(hash.bytes, YZ_HASH_LEN, until);
  return yz_buf_printf(out, "yizhan-sign-successor-v1\n%s\n%s\n%s\n%s\n%s\n%s\n", ledger, of, node,
                       box, log, until);
}

int yz_successor_sign(struct yz_successor *s, const struct yz_begin *begin,
                      const struct yz_secret *recovery, struct yz_error *err) {
  struct yz_buf text = {0};

  yz_sign_public(recovery, &s->recovery);
  int rc = signed_text(s, begin, &text);
  if (!rc) rc = yz_sign(recovery, text.data, text.len, &s->sig);
  yz_buf_finish(&text);
  return rc ? yz_fail(err, rc, YZ_N_("The hub's successor could not be signed."), NULL) : YZ_OK;
}

json_t *yz_successor_members(const struct yz_successor *s) {
  char sig[YZ_SIG_B64 + 1];
  yz_to_base64(s->sig.bytes, YZ_SIG_LEN, sig);
  return json_pack("{s:o, s:o, s:o, s:s}", "of", list_hex(s->of.bytes, YZ_KEY_LEN), "recovery",
                   list_hex(s->recovery.bytes, YZ_KEY_LEN), "until",
                   list_from_places(s->until, s->n_until), "sig", sig);
}

static bool read_members(const json_t *json, struct yz_successor *out) {
  const char *sig = yz_json_string(json, "sig");
  return sig && yz_from_base64(sig, strlen(sig), out->sig.bytes, YZ_SIG_LEN) == YZ_SIG_LEN &&
         yz_json_hex(json, "of", out->of.bytes, YZ_KEY_LEN) &&
         yz_json_hex(json, "recovery", out->recovery.bytes, YZ_KEY_LEN) &&
         list_places(json_object_get(json, "until"), &out->until, &out->n_until);
}

int yz_successor_read(const json_t *json, const struct yz_begin *begin, struct yz_successor *out,
                      struct yz_error *err) {
  struct yz_buf text = {0};
  bool holds = false;

  memset(out, 0, sizeof *out);
  int rc = read_members(json, out) ? signed_text(out, begin, &text) : YZ_E_FORMAT;
  if (!rc) holds = yz_verify(&out->recovery, text.data, text.len, &out->sig);
  if (!rc && !holds) rc = YZ_E_SIGNATURE;
  yz_buf_finish(&text);
  if (!rc) return YZ_OK;
  yz_successor_finish(out);
  return yz_fail(err, rc, YZ_N_("A record names a successor of the hub without being entitled."),
                 NULL);
}

void yz_successor_finish(struct yz_successor *s) {
  if (!s) return;
  free(s->until);
  memset(s, 0, sizeof *s);
}

struct yz_secret *yz_recovery_box(const struct yz_secret *recovery, const struct yz_key *hub) {
  static const char purpose[] = "yizhan-recovery-box-v1\n";
  char hex[2 * YZ_KEY_LEN + 1];
  struct yz_hash hash;
  struct yz_secret *box = yz_secret_create(YZ_SEED_LEN);

  if (!box) return NULL;
  yz_to_hex(hub->bytes, YZ_KEY_LEN, hex);
  const struct yz_part parts[] = {{purpose, sizeof purpose - 1},
                                  {hex, 2 * YZ_KEY_LEN},
                                  {"\n", 1},
                                  {recovery->bytes, recovery->len}};
  yz_sha256(parts, sizeof parts / sizeof *parts, &hash);
  memcpy(box->bytes, hash.bytes, YZ_SEED_LEN);
  yz_wipe(&hash, sizeof hash);
  return box;
}
