#include "sample.h"

#include <stdlib.h>
#include <string.h>

static void must(bool holds) {
  if (!holds) abort();
}

void sample_init(struct sample *s, char letter) {
  must(yz_crypto_init() == 0);
  s->seed = yz_secret_create(YZ_SEED_LEN);
  s->box = yz_secret_create(YZ_SEED_LEN);
  must(s->seed && s->box);
  memset(s->seed->bytes, letter, YZ_SEED_LEN);
  memset(s->box->bytes, letter + 1, YZ_SEED_LEN);
  yz_sign_public(s->seed, &s->key);
  yz_box_public(s->box, &s->box_key);
}

void sample_finish(struct sample *s) {
  yz_secret_destroy(s->seed);
  yz_secret_destroy(s->box);
}

struct yz_id sample_id(char letter) {
  struct yz_id id;
  memset(id.bytes, letter, sizeof id.bytes);
  return id;
}

void sample_log_init(struct sample_log *log, const struct sample *node, char ledger,
                     char incarnation) {
  memset(log, 0, sizeof *log);
  log->node = node;
  log->ledger = sample_id(ledger);
  log->incarnation = sample_id(incarnation);
  yz_log_hash(&node->key, &log->incarnation, &log->ledger, &log->hash);
  log->id = yz_log_id(&log->hash);
  log->head = (struct yz_place){0, log->hash};
}

void sample_log_finish(struct sample_log *log) {
  yz_members_finish(&log->members);
  yz_buf_finish(&log->line);
}

void sample_add(struct sample_log *log, const struct sample *author, const char *type,
                json_t *plain) {
  const struct yz_author by = {author->key, author->seed};
  json_t *rest = json_pack("{s:[I,i], s:s}", "hlc", (json_int_t)1700000000000 + log->head.seq, 0,
                           "type", type);
  must(rest && (!plain || json_object_update(rest, plain) == 0));
  yz_members_finish(&log->members);
  yz_buf_clear(&log->line);
  must(yz_record_make(&log->id, &log->head, &by, rest, &log->line, &log->head.id, NULL) == 0);
  log->head.seq++;
  must(yz_record_read((char *)log->line.data, log->line.len - 1, &log->record, NULL) == 0);
  must(yz_record_parse(log->record.bytes, log->record.len, &log->members, NULL) == 0);
  json_decref(plain);
  json_decref(rest);
}

void sample_begin(struct sample_log *log, const struct yz_key *hub,
                  const struct sample_log *continues) {
  json_t *places = json_array();
  if (continues) json_array_append_new(places, sample_place(continues));
  sample_add(log, log->node, "log.begin",
             json_pack("{s:o, s:o, s:o, s:o, s:o, s:s, s:o}", "node",
                       sample_hex(log->node->key.bytes, YZ_KEY_LEN), "box",
                       sample_hex(log->node->box_key.bytes, YZ_KEY_LEN), "incarnation",
                       sample_hex(log->incarnation.bytes, YZ_ID_LEN), "ledger",
                       sample_hex(log->ledger.bytes, YZ_ID_LEN), "hub",
                       hub ? sample_hex(hub->bytes, YZ_KEY_LEN) : json_string(""), "letter", "A",
                       "continues", places));
}

json_t *sample_hex(const void *bytes, size_t n) {
  char hex[2 * YZ_HASH_LEN + 1];
  yz_to_hex(bytes, n, hex);
  return json_string(hex);
}

json_t *sample_key_list(const struct sample *const *keys, size_t n) {
  json_t *list = json_array();
  for (size_t i = 0; i < n; i++)
    json_array_append_new(list, sample_hex(keys[i]->key.bytes, YZ_KEY_LEN));
  return list;
}

json_t *sample_place(const struct sample_log *log) {
  return json_pack("[o, I, o]", sample_hex(log->id.bytes, YZ_ID_LEN), (json_int_t)log->head.seq,
                   sample_hex(log->head.id.bytes, YZ_HASH_LEN));
}
