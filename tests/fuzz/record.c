/* Record lines (yz_record_read, yz_record_parse; FORMAT.md §4), without their LF. */
#include "tests/fuzz/fuzz.h"

/* The bytes are the form of §4 with what was read of them. */
static void hold_form(const char *line, size_t len, const struct yz_record *r) {
  char log[YZ_ID_HEX + 1], by[YZ_HASH_HEX + 1], sig[YZ_SIG_B64 + 1];
  struct yz_buf again = {0};

  yz_to_hex(r->log.bytes, YZ_ID_LEN, log);
  yz_to_hex(r->by.bytes, YZ_KEY_LEN, by);
  yz_to_base64(r->sig.bytes, YZ_SIG_LEN, sig);
  FUZZ_HOLDS(yz_buf_printf(&again, "[{\"v\":1,\"log\":\"%s\",\"seq\":%lld,\"by\":\"%s\",", log,
                           (long long)r->seq, by) == 0);
  FUZZ_HOLDS(r->bytes == line + 1 && r->len < len && again.len <= r->len);
  size_t rest = 1 + r->len - again.len;
  FUZZ_HOLDS(yz_buf_append(&again, line + again.len, rest) == 0);
  FUZZ_HOLDS(yz_buf_printf(&again, ",\"%s\"]", sig) == 0);
  FUZZ_HOLDS(again.len == len && memcmp(again.data, line, len) == 0);
  FUZZ_HOLDS(r->len <= YZ_MAX_RECORD && r->seq >= 1 && r->seq <= YZ_MAX_INT);
  yz_buf_finish(&again);
}

static void hold_members(const struct yz_members *m) {
  FUZZ_HOLDS(strlen(m->type) >= 1 && strlen(m->type) <= YZ_MAX_TYPE);
  FUZZ_HOLDS(m->stamp.ms >= 0 && m->stamp.count >= 0 && m->stamp.count < 1 << 20);
  FUZZ_HOLDS(m->n_heads <= YZ_MAX_HEADS && m->n_content <= YZ_MAX_AUDIENCES);
  for (size_t i = 0; i < m->n_heads; i++)
    for (size_t k = 0; k < i; k++)
      FUZZ_HOLDS(memcmp(&m->heads[i], &m->heads[k], sizeof m->heads[i]) != 0);
  for (size_t i = 0; i < m->n_content; i++)
    FUZZ_HOLDS(strlen(m->content[i].audience) >= 1 &&
               strlen(m->content[i].audience) <= YZ_MAX_AUDIENCE);
}

/* Its members, signed anew by us, are read as they were. */
static void hold_again(const struct yz_record *r, const struct yz_members *m) {
  static const char *const offset[] = {"v", "log", "seq", "by"};
  const struct sample *us = fuzz_sample('a');
  const struct yz_author author = {us->key, us->seed};
  const struct yz_place before = {r->seq - 1, {{1}}};
  struct yz_buf line = {0};
  struct yz_record read;
  struct yz_members members;
  struct yz_hash id;
  json_t *rest = json_copy(m->json);

  for (size_t i = 0; i < 4; i++) FUZZ_HOLDS(json_object_del(rest, offset[i]) == 0);
  int rc = yz_record_make(&r->log, &before, &author, rest, &line, &id, NULL);
  json_decref(rest);
  FUZZ_HOLDS(rc == YZ_OK || rc == YZ_E_LIMIT);
  if (!rc) {
    FUZZ_HOLDS(yz_record_read((char *)line.data, line.len - 1, &read, NULL) == YZ_OK);
    FUZZ_HOLDS(yz_record_signed(&read, &id) && read.seq == r->seq);
    FUZZ_HOLDS(yz_record_parse(read.bytes, read.len, &members, NULL) == YZ_OK);
    FUZZ_HOLDS(strcmp(members.type, m->type) == 0 && members.n_heads == m->n_heads);
    FUZZ_HOLDS(memcmp(members.heads, m->heads, sizeof m->heads) == 0);
    FUZZ_HOLDS(memcmp(members.content, m->content, sizeof m->content) == 0);
    yz_members_finish(&members);
  }
  yz_buf_finish(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *line = fuzz_copy(data, size);
  struct yz_record record;
  struct yz_members members;
  struct yz_hash id = {{0}};

  if (!yz_record_read(line, size, &record, NULL)) {
    hold_form(line, size, &record);
    yz_record_id(&id, record.bytes, record.len, &id);
    (void)yz_record_signed(&record, &id);
    if (!yz_record_parse(record.bytes, record.len, &members, NULL)) {
      FUZZ_HOLDS(fuzz_is_json(record.bytes, record.len));
      hold_members(&members);
      fuzz_json_again(members.json);
      hold_again(&record, &members);
      yz_members_finish(&members);
    }
  }
  free(line);
  return 0;
}
