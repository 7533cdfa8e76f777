#include "node/cases/sample.h"

#include <stdio.h>
#include <string.h>
#include <yizhan/crypto.h>

void case_sample_rank(int64_t seed, const struct yz_hash *id, struct yz_hash *out) {
  char text[64 + YZ_HASH_HEX], hex[YZ_HASH_HEX + 1];
  yz_to_hex(id->bytes, YZ_HASH_LEN, hex);
  int len = snprintf(text, sizeof text, "yizhan-sample-v1\n%lld\n%s\n", (long long)seed, hex);
  yz_sha256(&(struct yz_part){text, (size_t)len}, 1, out);
}

bool case_asked_by_hub(const struct case_record *records, const struct case_view *v) {
  bool asked = false;
  for (size_t i = 0; i < v->n_records; i++) {
    const struct case_record *r = &records[v->order[i]];
    enum case_move move = case_move_from_type(r->type);
    if (!case_effect_counts(v->effects[v->order[i]])) continue;
    if (move == CASE_RESOLVE) asked = false;
    if (move == CASE_FOLLOWUP && r->by_hub) asked = true;
  }
  return asked;
}
