/* Log ids: FORMAT.md §3. */
#include <string.h>
#include <yizhan/record.h>

void yz_log_hash(const struct yz_key *node, const struct yz_id *incarnation,
                 const struct yz_id *ledger, struct yz_hash *out) {
  char text[YZ_HASH_HEX + 1 + 2 * (YZ_ID_HEX + 1) + 1], *at = text;

  yz_to_hex(node->bytes, YZ_KEY_LEN, at);
  at += YZ_HASH_HEX;
  *at++ = '\n';
  yz_to_hex(incarnation->bytes, YZ_ID_LEN, at);
  at += YZ_ID_HEX;
  *at++ = '\n';
  yz_to_hex(ledger->bytes, YZ_ID_LEN, at);
  at += YZ_ID_HEX;
  *at++ = '\n';
  const struct yz_part parts[] = {{"yizhan-log-v1\n", 14}, {text, (size_t)(at - text)}};
  yz_sha256(parts, 2, out);
}

struct yz_id yz_log_id(const struct yz_hash *log_hash) {
  struct yz_id id;
  memcpy(id.bytes, log_hash->bytes, YZ_ID_LEN);
  return id;
}
