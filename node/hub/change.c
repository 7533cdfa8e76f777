/* Villages renamed, closed and merged (撤村并居): said in their ledger, so that all its nodes know.
 */
#include <string.h>

#include "../carry.h"
#include "hub.h"

static bool is_none(const struct yz_id *id) {
  static const struct yz_id none;
  return yz_equal(id, &none, sizeof none);
}

static int check_successor(struct node *n, const struct yz_ledger_row *row,
                           const struct yz_ledger_row *into, struct yz_error *err) {
  struct yz_id next;
  bool closed;
  int rc = store_get_village(n->store, &into->id, &closed, &next, err);
  if (rc == 0 && yz_equal(&row->id, &into->id, YZ_ID_LEN))
    rc = yz_fail(err, YZ_E_REFUSED, YZ_N_("A village is merged into another one. Name that one."),
                 "%s", row->code);
  if (rc == 0 && closed)
    rc = yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("That village is closed. Name the one that goes on with its cases."),
                 "%s %s", into->code, into->name);
  return rc;
}

/* A closed village can still be renamed, and one without a successor be given one. */
static int check_change(struct node *n, const struct yz_ledger_row *row,
                        const struct hub_village *change, bool closed, const struct yz_id *into,
                        struct yz_error *err) {
  int rc = 0;
  if (closed && change->closed && (change->into == NULL || !is_none(into)))
    rc = yz_fail(err, YZ_E_REFUSED, YZ_N_("That village is closed already."), "%s %s", row->code,
                 row->name);
  if (rc == 0 && change->into != NULL) rc = check_successor(n, row, change->into, err);
  if (rc == 0 && change->code != NULL && strcmp(change->code, row->code) != 0)
    rc = hub_check_code(n, change->code, NULL, err);
  return rc;
}

static int tell(struct node *n, const struct signer *who, const struct yz_ledger_row *row,
                const char *name, const char *code, bool closed, const struct yz_id *into,
                struct yz_error *err) {
  char hex[YZ_ID_HEX + 1];
  json_t *plain = json_pack("{s:I}", "at", (json_int_t)n->world->now_ms(n->world->ctx));
  json_t *content = json_pack("{s:s,s:s}", "name", name, "code", code);
  bool ok = plain != NULL && content != NULL;
  if (ok && closed) ok = json_object_set_new(plain, "closed", json_true()) == 0;
  yz_to_hex(into->bytes, YZ_ID_LEN, hex);
  if (ok && !is_none(into)) ok = json_object_set_new(plain, "into", json_string(hex)) == 0;
  struct yz_draft draft = {.type = "hub.village", .plain = plain, .content = content};
  int rc = ok ? yz_append(&n->station, &row->id, &who->author, &draft, NULL, NULL, err)
              : yz_no_memory(err);
  json_decref(content);
  json_decref(plain);
  return rc;
}

/* Is the village all that already? */
static bool is_so(const struct yz_ledger_row *row, const struct hub_village *change, bool closed,
                  const struct yz_id *into) {
  return (change->name == NULL || strcmp(change->name, row->name) == 0) &&
         (change->code == NULL || strcmp(change->code, row->code) == 0) &&
         (!change->closed || closed) &&
         (change->into == NULL || yz_equal(&change->into->id, into, sizeof *into));
}

static int change_and_carry(struct node *n, const struct signer *who, struct yz_ledger_row *row,
                            const struct hub_village *change, struct hub_village_done *out,
                            struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct carry_done done = {0};
  struct yz_id into;
  bool closed;
  int rc = t->get_ledger(t->ctx, &row->id, row, err);
  if (rc == 0) rc = hub_check_administrator(n, &row->id, &who->author.key, err);
  if (rc == 0) rc = store_get_village(n->store, &row->id, &closed, &into, err);
  out->already = rc == 0 && is_so(row, change, closed, &into);
  if (rc != 0 || out->already) return rc;
  rc = check_change(n, row, change, closed, &into, err);
  if (rc == 0) rc = node_keep_path(n, row, err);
  if (rc == 0)
    rc = tell(n, who, row, change->name != NULL ? change->name : row->name,
              change->code != NULL ? change->code : row->code, closed || change->closed,
              change->into != NULL ? &change->into->id : &into, err);
  if (rc == 0 && change->into != NULL) rc = carry_all(n, &done, err);
  out->carried = done.carried;
  carry_done_finish(&done);
  return rc;
}

int hub_change_village(struct node *n, const struct signer *who, struct yz_ledger_row *row,
                       const struct hub_village *change, struct hub_village_done *done,
                       struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  *done = (struct hub_village_done){.already = false};
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = store_end(n->store, change_and_carry(n, who, row, change, done, err), err);
  return rc == 0 ? t->get_ledger(t->ctx, &row->id, row, err) : rc;
}
