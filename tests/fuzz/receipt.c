/* Acknowledgements, the hub's receipts among them (yz_ack_read, FORMAT.md §8). The input is
 * read as a line; and as the object of one that its node signed, so that what lies behind the
 * signature is reached. */
#include "tests/fuzz/fuzz.h"

static const struct sample *node(void) {
  return fuzz_sample('n');
}

/* Rules are written without escapes: ours need none. */
static bool plain_rules(const struct yz_ack *a) {
  for (size_t i = 0; i < a->n_except; i++)
    if (strpbrk(a->except[i].rule, "\"\\\n\t")) return false;
  return true;
}

/* Written by us it is read as it was, and written once more the same bytes. */
static void hold_again(const struct yz_ack *a) {
  struct yz_buf line = {0}, again = {0};
  struct yz_ack read;

  FUZZ_HOLDS(yz_ack_write(a, node()->seed, &line, NULL) == YZ_OK);
  if (line.len <= YZ_MAX_ACK) {
    FUZZ_HOLDS(yz_ack_read((char *)line.data, line.len, &node()->key, &read, NULL) == YZ_OK);
    FUZZ_HOLDS(read.n_heads == a->n_heads && read.n_except == a->n_except);
    FUZZ_HOLDS(yz_ack_write(&read, node()->seed, &again, NULL) == YZ_OK);
    FUZZ_HOLDS(line.len == again.len && memcmp(line.data, again.data, line.len) == 0);
    yz_ack_finish(&read);
  }
  yz_buf_finish(&line);
  yz_buf_finish(&again);
}

static void hold_bounds(const struct yz_ack *a) {
  FUZZ_HOLDS(a->n >= 1 && a->n <= YZ_MAX_INT && a->head.seq >= 0);
  for (size_t i = 0; i < a->n_heads; i++) FUZZ_HOLDS(a->heads[i].at.seq >= 0);
  for (size_t i = 0; i < a->n_except; i++) {
    FUZZ_HOLDS(a->except[i].seq > 0 && strlen(a->except[i].rule) < sizeof a->except[i].rule);
    bool same = i && memcmp(&a->except[i].log, &a->except[i - 1].log, sizeof a->log) == 0;
    FUZZ_HOLDS(!same || a->except[i].seq > a->except[i - 1].seq);
  }
}

static void read_exactly(const void *data, size_t size) {
  char *line = fuzz_copy(data, size);
  struct yz_ack ack;

  if (!yz_ack_read(line, size, &node()->key, &ack, NULL)) {
    FUZZ_HOLDS(size <= YZ_MAX_ACK && fuzz_is_json(line, size));
    hold_bounds(&ack);
    if (plain_rules(&ack)) hold_again(&ack);
    yz_ack_finish(&ack);
  }
  free(line);
}

/* The line of an object that the node signed. */
static void read_signed(const uint8_t *data, size_t size) {
  const struct yz_part part = {data, size};
  char hex[YZ_HASH_HEX + 1], text[YZ_SIG_B64 + 1];
  struct yz_buf said = {0}, line = {0};
  struct yz_hash hash;
  struct yz_sig sig;

  yz_sha256(&part, 1, &hash);
  yz_to_hex(hash.bytes, YZ_HASH_LEN, hex);
  FUZZ_HOLDS(yz_buf_printf(&said, "yizhan-sign-ack-v1\n%s\n", hex) == 0);
  FUZZ_HOLDS(yz_sign(node()->seed, said.data, said.len, &sig) == 0);
  yz_to_base64(sig.bytes, YZ_SIG_LEN, text);
  FUZZ_HOLDS(yz_buf_puts(&line, "[") == 0 && yz_buf_append(&line, data, size) == 0);
  FUZZ_HOLDS(yz_buf_printf(&line, ",\"%s\"]\n", text) == 0);
  read_exactly(line.data, line.len);
  yz_buf_finish(&line);
  yz_buf_finish(&said);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  read_exactly(data, size);
  read_signed(data, size);
  return 0;
}
