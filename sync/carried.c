/* Lines carried from one ledger to another: FORMAT.md §12. */
#include <string.h>
#include <yizhan/carried.h>
#include <yizhan/segment.h>

static const char ENDING[] = ".carry";

bool yz_carry_type(const char *type) {
  size_t n = strlen(type), end = sizeof ENDING - 1;
  return n > end && strcmp(type + n - end, ENDING) == 0;
}

static int nothing(struct yz_error *err) {
  return yz_fail(err, YZ_E_FORMAT, YZ_N_("A carried record is not what its author signed."), NULL);
}

/* The line's bytes, its place and its signature. */
static bool read_line(const json_t *json, struct yz_carried *out) {
  const json_t *line = json_object_get(json, "line");
  struct yz_id of;
  struct yz_hash before;
  int64_t place;

  out->line = json_string_value(line);
  out->line_len = json_string_length(line);
  if (!out->line || !yz_json_hex(json, "of", of.bytes, YZ_ID_LEN) ||
      !yz_json_hex(json, "prev", before.bytes, YZ_HASH_LEN) ||
      !yz_json_int(json, "place", &place) ||
      yz_record_read(out->line, out->line_len, &out->record, NULL))
    return false;
  yz_record_id(&before, out->record.bytes, out->record.len, &out->id);
  return yz_equal(&out->record.log, &of, sizeof of) && out->record.seq == place &&
         yz_record_signed(&out->record, &out->id);
}

/* Both are of one area: "case.carry" carries "case.note", but no other "case.carry". */
static bool fits(const json_t *json, const struct yz_carried *c) {
  const char *outer = yz_json_string(json, "type"), *inner = c->members.type;
  struct yz_hash of;
  size_t area = outer && yz_carry_type(outer) ? strlen(outer) - sizeof ENDING + 2 : 0;

  if (area == 0 || strnlen(inner, area) < area || memcmp(outer, inner, area) != 0 ||
      yz_carry_type(inner) || !yz_json_hex(json, "case", of.bytes, YZ_HASH_LEN))
    return false;
  return yz_equal(c->members.has_case ? &c->members.case_id : &c->id, &of, sizeof of);
}

/* Of what a case or household says, which names one audience. */
static const struct yz_hash *signed_hash(const struct yz_members *m) {
  for (size_t i = 0; i < m->n_content; i++)
    if (strcmp(m->content[i].audience, YZ_FOR_VILLAGE) == 0 ||
        strcmp(m->content[i].audience, YZ_FOR_TOWNSHIP) == 0)
      return &m->content[i].hash;
  return NULL;
}

/* Words that are there must be those that were signed; that some are missing is no fault. */
static int read_content(const json_t *content, struct yz_carried *out, struct yz_error *err) {
  const json_t *text = json_object_get(content, "content");
  const struct yz_hash *hash = signed_hash(&out->members);
  struct yz_content c = {.bytes = json_string_value(text), .len = json_string_length(text)};
  struct yz_hash is;

  if (!text) return YZ_OK;
  if (!c.bytes || !hash || !yz_json_hex(content, "key", c.key, YZ_CONTENT_KEY_LEN))
    return nothing(err);
  yz_content_hash(&c, &is);
  if (!yz_equal(&is, hash, sizeof is)) return nothing(err);
  int rc = yz_json_parse(c.bytes, c.len, &out->content, NULL);
  return rc == YZ_E_MEMORY ? yz_no_memory(err) : rc ? nothing(err) : YZ_OK;
}

int yz_carried_read(const json_t *json, const json_t *content, struct yz_carried *out,
                    struct yz_error *err) {
  memset(out, 0, sizeof *out);
  if (!read_line(json, out)) return nothing(err);
  int rc = yz_record_parse(out->record.bytes, out->record.len, &out->members, NULL);
  if (rc == YZ_E_MEMORY) return yz_no_memory(err);
  if (rc) {
    memset(&out->members, 0, sizeof out->members);
    return nothing(err);
  }
  rc = fits(json, out) ? read_content(content, out, err) : nothing(err);
  out->hub = json_is_true(json_object_get(json, "hub"));
  out->head = out->hub && json_is_true(json_object_get(json, "head"));
  if (!yz_json_int(json, "ceiling", &out->ceiling_ms)) out->ceiling_ms = 0;
  if (rc) yz_carried_finish(out);
  return rc;
}

void yz_carried_finish(struct yz_carried *c) {
  if (!c) return;
  yz_members_finish(&c->members);
  json_decref(c->content);
  memset(c, 0, sizeof *c);
}
