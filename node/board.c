#include "board.h"

#include "casework.h"
#include "moment.h"

int board_load(struct board *b, struct node *n, struct yz_error *err) {
  *b = (struct board){.n = n};
  int rc = notices_load(n, &b->notices, &b->n_notices, err);
  return rc == 0 && n->hub ? notice_villages_load(n, &b->villages, &b->n_villages, err) : rc;
}

void board_finish(struct board *b) {
  notice_villages_finish(b->villages, b->n_villages);
  notices_finish(b->notices, b->n_notices);
}

size_t board_received(const struct board *b, const struct notice *notice, size_t *of) {
  size_t received = 0;
  int64_t at;
  *of = 0;
  for (size_t i = 0; i < b->n_villages; i++) {
    *of += notice_posted_to(notice, &b->villages[i]);
    received += notice_received(notice, &b->villages[i], &at);
  }
  return received;
}

static json_t *village_json(const struct notice *notice, const struct notice_village *v, int zone) {
  int64_t at = 0;
  bool received = notice_received(notice, v, &at);
  return json_pack("{s:s,s:s,s:b,s:o}", "code", v->row.code, "name", v->row.name, "received",
                   (int)received, "at", received ? moment_json(at, zone, INT64_MIN) : json_null());
}

static int add_villages(const struct board *b, const struct notice *notice, json_t *object) {
  json_t *villages = json_array();
  size_t of, received = board_received(b, notice, &of);
  int rc = villages == NULL ? -1 : 0;
  for (size_t i = 0; rc == 0 && i < b->n_villages; i++)
    if (notice_posted_to(notice, &b->villages[i]))
      rc = json_array_append_new(villages, village_json(notice, &b->villages[i], b->n->zone));
  if (json_object_set_new(object, "villages", villages) != 0) rc = -1;
  if (rc == 0) rc = json_object_set_new(object, "received", json_integer((json_int_t)received));
  return rc == 0 ? json_object_set_new(object, "of", json_integer((json_int_t)of)) : rc;
}

int board_author(const struct board *b, const struct notice *notice, struct yz_buf *out,
                 struct yz_error *err) {
  return casework_author(b->n, &notice->copies[0].ledger, &notice->by, out, err);
}

int board_notice(const struct board *b, const struct notice *notice, bool whole, json_t **out,
                 struct yz_error *err) {
  char id[YZ_ID_HEX + 1];
  struct yz_buf by = {0};
  yz_to_hex(notice->id.bytes, YZ_ID_LEN, id);
  int rc = board_author(b, notice, &by, err);
  if (rc != 0) return rc;
  json_t *object =
      json_pack("{s:s,s:s?,s:o,s:s}", "id", id, "title", notice->title, "at",
                moment_json(notice->at_ms, b->n->zone, INT64_MIN), "by", (char *)by.data);
  bool ok = object != NULL;
  if (ok && (whole || !b->n->hub))
    ok = json_object_set_new(object, "text",
                             notice->text != NULL ? json_string(notice->text) : json_null()) == 0;
  if (ok && b->n->hub) ok = add_villages(b, notice, object) == 0;
  yz_buf_finish(&by);
  *out = object;
  if (ok) return 0;
  json_decref(object);
  return yz_no_memory(err);
}
