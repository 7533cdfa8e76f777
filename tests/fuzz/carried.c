/* Records that carry a line of another ledger (yz_carried_read, FORMAT.md §12, "Carrying").
 * The input is three lines: the members of the line that is carried, which is signed here,
 * or, where they are no JSON object, the line itself; the members of the record that carries
 * it, of which those that say where the line stands are given where they are not there; and
 * the words that it carries. */
#include "tests/fuzz/fuzz.h"

#include <yizhan/carried.h>
#include <yizhan/segment.h>

#include "node/cases/cases.h"

static const struct yz_hash before = {{9}};
static const unsigned char key[YZ_CONTENT_KEY_LEN] = {7};

struct part {
  const char *at;
  size_t len;
};

static struct part next_part(const char **at, const char *end) {
  const char *from = *at, *lf = from < end ? memchr(from, '\n', (size_t)(end - from)) : NULL;
  *at = lf ? lf + 1 : end;
  return (struct part){from, (size_t)((lf ? lf : end) - from)};
}

/* The line without its LF and its id. */
static void write_line(struct part p, struct part words, struct yz_buf *line, struct yz_hash *id) {
  const struct yz_author author = {fuzz_sample('w')->key, fuzz_sample('w')->seed};
  const struct yz_place place = {3, before};
  const struct yz_id log = sample_id('l');
  const struct yz_content content = {.key = {7}, .bytes = words.at, .len = words.len};
  struct yz_hash hash;
  json_t *rest = fuzz_object(p.at, p.len);

  if (rest) {
    yz_content_hash(&content, &hash);
    fuzz_give(rest, "hlc", json_pack("[i,i]", 1, 0));
    fuzz_give(rest, "content", json_pack("{s:o}", "village", sample_hex(hash.bytes, YZ_HASH_LEN)));
    if (yz_record_make(&log, &place, &author, rest, line, id, NULL)) yz_buf_clear(line);
    if (line->len > 0) line->data[--line->len] = '\0';
    json_decref(rest);
  }
  if (line->len == 0) FUZZ_HOLDS(yz_buf_append(line, p.at, p.len) == 0);
}

static json_t *carrier(struct part p, const struct yz_buf *line, const struct yz_hash *id) {
  json_t *json = fuzz_object(p.at, p.len), *text = json_stringn((char *)line->data, line->len);
  const struct yz_id log = sample_id('l');

  if (!json) json = json_object();
  fuzz_give(json, "type", json_string("case.carry"));
  fuzz_give(json, "case", sample_hex(id->bytes, YZ_HASH_LEN));
  fuzz_give(json, "of", sample_hex(log.bytes, YZ_ID_LEN));
  fuzz_give(json, "place", json_integer(4));
  fuzz_give(json, "prev", sample_hex(before.bytes, YZ_HASH_LEN));
  if (text) fuzz_give(json, "line", text);
  return json;
}

static void hold_carried(const json_t *json, const struct yz_carried *c) {
  FUZZ_HOLDS(c->line_len == json_string_length(json_object_get(json, "line")));
  FUZZ_HOLDS(yz_record_signed(&c->record, &c->id));
  FUZZ_HOLDS(!yz_carry_type(c->members.type));
  FUZZ_HOLDS(c->hub || !c->head);
  if (c->content) fuzz_json_again(c->content);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *bytes = fuzz_copy(data, size);
  const char *at = bytes, *end = bytes + size;
  struct part inner = next_part(&at, end), outer = next_part(&at, end),
              words = {at, (size_t)(end - at)};
  struct yz_buf line = {0};
  struct yz_hash id = {{0}};
  struct yz_carried carried;

  write_line(inner, words, &line, &id);
  json_t *json = carrier(outer, &line, &id), *text = json_stringn(words.at, words.len);
  json_t *content = json_pack("{s:o}", "key", sample_hex(key, sizeof key));
  if (text) FUZZ_HOLDS(json_object_set_new(content, "content", text) == 0);
  (void)case_carry_known(json, content);
  for (int with = 0; with < 2; with++) {
    if (yz_carried_read(json, with ? content : NULL, &carried, NULL)) continue;
    hold_carried(json, &carried);
    yz_carried_finish(&carried);
  }
  json_decref(json);
  json_decref(content);
  yz_buf_finish(&line);
  free(bytes);
  return 0;
}
