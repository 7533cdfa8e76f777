#include "reading.h"

#include "casework.h"
#include "personal.h"

int reading_note(struct node *n, const struct yz_hash *of, const struct yz_key *by,
                 struct yz_error *err) {
  int64_t day = calendar_day(n->world->now_ms(n->world->ctx), n->zone);
  if (!n->hub) return 0;
  return of != NULL ? store_put_reading(n->store, of, by, day, err)
                    : store_put_reading_all(n->store, by, day, err);
}

int reading_note_named(struct node *n, const struct yz_hash *of, const char *name,
                       struct yz_error *err) {
  struct yz_key by;
  bool said = false;
  int rc = n->hub ? node_who(n, name, &by, &said, err) : 0;
  return rc != 0 ? rc : reading_note(n, of, said ? &by : NULL, err);
}

struct listing {
  struct node *n;
  json_t *list;
  struct yz_error *err;
};

static int add(void *arg, const struct case_reading *r) {
  struct listing *l = arg;
  char id[YZ_HASH_HEX + 1], day[CALENDAR_DATE], masked[PERSONAL_MASKED];
  struct yz_buf by = {0};
  int rc = r->said ? casework_author(l->n, &r->ledger, &r->by, &by, l->err) : 0;
  if (rc != 0) return rc;
  yz_to_hex(r->of.bytes, YZ_HASH_LEN, id);
  (void)calendar_write(r->day, day);
  json_t *one = json_pack("{s:s?,s:s?,s:s,s:s?,s:s}", "case", r->number, "household",
                          personal_masked(r->household, masked), "id", id, "by",
                          r->said ? (const char *)by.data : NULL, "day", day);
  yz_buf_finish(&by);
  return json_array_append_new(l->list, one) == 0 ? 0 : yz_no_memory(l->err);
}

json_t *reading_list(struct node *n, const struct yz_hash *of, struct yz_error *err) {
  struct listing l = {n, json_array(), err};
  int rc = l.list == NULL ? yz_no_memory(err) : store_each_reading(n->store, of, add, &l, err);
  if (rc == 0) return l.list;
  json_decref(l.list);
  return NULL;
}
