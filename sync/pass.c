/* Passes: FORMAT.md §16, "Who may come in".
 *
 *   node key "." token                                      who is in the roster
 *   node key "." token "." box key "." proof                who holds an invitation
 *
 * each part 64 hex digits. token: BLAKE2b-256, keyed with what the node's box key and the hub's
 * share, over "yizhan-pass-v1" LF ledger LF node key LF epoch LF. proof: HMAC-SHA-256, keyed with
 * the invitation's word, over "yizhan-pass-join-v1" LF node key LF box key LF hub key LF. */
#include "station_private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yizhan/pass.h>

/* So many epochs away a pass is known for one that held or will. */
enum { EPOCHS_NEAR = 64 };

struct pass {
  struct yz_key node, box;
  struct yz_hash token, proof;
  bool joins;
};

static int make_token(const struct yz_secret *secret, const struct yz_key *other,
                      const struct yz_id *ledger, const struct yz_key *node, int64_t epoch,
                      struct yz_hash *out) {
  char text[192], id[YZ_ID_HEX + 1], key[YZ_HASH_HEX + 1];
  yz_to_hex(ledger->bytes, YZ_ID_LEN, id);
  yz_to_hex(node->bytes, YZ_KEY_LEN, key);
  int n = snprintf(text, sizeof text, "yizhan-pass-v1\n%s\n%s\n%lld\n", id, key, (long long)epoch);
  return yz_box_token(secret, other, text, (size_t)n, out);
}

static void make_proof(const unsigned char word[16], const struct yz_key *node,
                       const struct yz_key *box, const struct yz_key *hub, struct yz_hash *out) {
  char text[256], hex[3][YZ_HASH_HEX + 1];
  yz_to_hex(node->bytes, YZ_KEY_LEN, hex[0]);
  yz_to_hex(box->bytes, YZ_KEY_LEN, hex[1]);
  yz_to_hex(hub->bytes, YZ_KEY_LEN, hex[2]);
  int n = snprintf(text, sizeof text, "yizhan-pass-join-v1\n%s\n%s\n%s\n", hex[0], hex[1], hex[2]);
  yz_hmac(word, 16, text, (size_t)n, out);
}

/* --- at a village --------------------------------------------------------- */

enum { NAME_ROOM = 5 + YZ_ID_HEX + 1 };
static void kept_name(const struct yz_id *ledger, char out[static NAME_ROOM]) {
  char id[YZ_ID_HEX + 1];
  yz_to_hex(ledger->bytes, YZ_ID_LEN, id);
  (void)snprintf(out, NAME_ROOM, "pass.%s", id);
}

int yz_pass_keep(const struct yz_station *st, const struct yz_invitation *invitation,
                 struct yz_error *err) {
  char name[NAME_ROOM];
  struct yz_hash proof;
  kept_name(&invitation->ledger, name);
  make_proof(invitation->word, &st->key, &st->box_key, &invitation->hub, &proof);
  return st->store->put_meta(st->store->ctx, name, proof.bytes, sizeof proof.bytes, err);
}

int yz_pass_granted(const struct yz_station *st, const struct yz_id *ledger, bool *granted,
                    struct yz_error *err) {
  struct yz_roster *roster = NULL;
  struct yz_member *members = NULL;
  size_t n = 0;
  *granted = false;
  int rc = yz_station_roster(st, ledger, &roster, err);
  if (rc == 0 && yz_roster_members(roster, &members, &n) != 0) rc = yz_no_memory(err);
  for (size_t i = 0; rc == 0 && i < n; i++)
    *granted |= !members[i].awaiting && yz_equal(&members[i].node, &st->key, YZ_KEY_LEN);
  free(members);
  yz_roster_destroy(roster);
  return rc;
}

static int add_proof(const struct yz_station *st, const struct yz_id *ledger, struct pass *pass,
                     struct yz_error *err) {
  char name[NAME_ROOM];
  struct yz_buf kept = {0};
  bool granted;
  int rc = yz_pass_granted(st, ledger, &granted, err);
  if (rc != 0 || granted) return rc;
  kept_name(ledger, name);
  rc = st->store->get_meta(st->store->ctx, name, &kept, err);
  pass->joins = rc == 0 && kept.len == sizeof pass->proof.bytes;
  if (pass->joins) memcpy(pass->proof.bytes, kept.data, kept.len);
  pass->box = st->box_key;
  yz_buf_finish(&kept);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

static void write_part(char **at, const void *bytes) {
  yz_to_hex(bytes, YZ_HASH_LEN, *at);
  *at += YZ_HASH_HEX;
}

/* What the hub's records say, as far as they have come here. */
static int known_epoch(const struct yz_station *st, const struct yz_id *ledger, int64_t *out,
                       struct yz_error *err) {
  struct yz_roster *roster = NULL;
  int rc = yz_station_roster(st, ledger, &roster, err);
  if (rc == 0) *out = yz_roster_epoch(roster);
  yz_roster_destroy(roster);
  return rc;
}

int yz_pass_make(const struct yz_station *st, const struct yz_ledger_row *ledger, int64_t epoch,
                 char out[static YZ_PASS_TEXT], struct yz_error *err) {
  struct pass pass = {.node = st->key};
  char *at = out;
  int rc = epoch >= 0 ? 0 : known_epoch(st, &ledger->id, &epoch, err);
  if (rc != 0) return rc;
  if (make_token(st->box, &ledger->hub_box, &ledger->id, &st->key, epoch, &pass.token) != 0)
    return yz_fail(err, YZ_E_KEY, YZ_N_("The hub's key is none. Ask for a new invitation."), NULL);
  rc = add_proof(st, &ledger->id, &pass, err);
  if (rc != 0) return rc;
  write_part(&at, pass.node.bytes);
  *at++ = '.';
  write_part(&at, pass.token.bytes);
  if (!pass.joins) return 0;
  *at++ = '.';
  write_part(&at, pass.box.bytes);
  *at++ = '.';
  write_part(&at, pass.proof.bytes);
  return 0;
}

/* --- at a hub -------------------------------------------------------------- */

static bool read_pass(const char *text, size_t len, struct pass *out) {
  enum { PART = YZ_HASH_HEX + 1 };
  if (len != 2 * PART - 1 && len != 4 * PART - 1) return false;
  out->joins = len > 2 * PART;
  void *const parts[] = {out->node.bytes, out->token.bytes, out->box.bytes, out->proof.bytes};
  for (size_t i = 0; i < (out->joins ? 4u : 2u); i++)
    if ((i > 0 && text[i * PART - 1] != '.') ||
        !yz_from_hex(text + i * PART, YZ_HASH_HEX, parts[i], YZ_HASH_LEN))
      return false;
  return true;
}

/* The box key that a node named last. */
struct boxes {
  struct yz_key node, box;
  bool found;
};

static int look_for_box(void *arg, const struct yz_log_row *row) {
  struct boxes *b = arg;
  if (!yz_equal(&row->node, &b->node, YZ_KEY_LEN)) return 0;
  b->box = row->box;
  b->found = true;
  return 0;
}

struct words {
  const struct yz_station *st;
  const struct pass *pass;
  bool hold;
};

static int try_word(void *arg, const struct yz_invitation *invitation, bool used) {
  struct words *w = arg;
  struct yz_hash proof;
  const struct yz_world *world = w->st->world;
  make_proof(invitation->word, &w->pass->node, &w->pass->box, &w->st->key, &proof);
  w->hold |= yz_equal(&proof, &w->pass->proof, sizeof proof) && !used &&
             !yz_invitation_over(invitation, world->now_ms(world->ctx));
  return 0;
}

/* Whose box key the token is to be made with, and which epoch. */
static int find_box(const struct yz_station *st, const struct yz_id *ledger,
                    const struct pass *pass, struct yz_key *box, int64_t *epoch,
                    struct yz_error *err) {
  static const struct yz_id none;
  const struct yz_store *store = st->store;
  struct yz_roster *roster = NULL;
  struct boxes boxes = {.node = pass->node};
  struct words words = {st, pass, false};
  int rc = yz_station_roster(st, ledger, &roster, err);
  if (rc != 0) return rc;
  bool known = yz_roster_node_known(roster, &pass->node);
  *epoch = yz_roster_epoch(roster);
  bool out = yz_roster_node_revoked(roster, &pass->node) || yz_roster_is_hub(roster, &pass->node);
  yz_roster_destroy(roster);
  if (out) return YZ_E_REFUSED;
  if (known) {
    rc = store->each_log(store->ctx, ledger, look_for_box, &boxes, err);
    *box = boxes.box;
    return rc != 0 || boxes.found ? rc : YZ_E_REFUSED;
  }
  if (!pass->joins) return YZ_E_REFUSED;
  rc = store->take_invitation(store->ctx, ledger, &none, try_word, &words, err);
  *box = pass->box;
  return rc != 0 || words.hold ? rc : YZ_E_REFUSED;
}

/* What a pass is looked at with. */
struct looking {
  struct pass pass;
  struct yz_key box;
  int64_t epoch;
};

static int look_at(const struct yz_station *st, const struct yz_id *ledger, const char *text,
                   size_t len, struct looking *l, struct yz_error *err) {
  struct yz_ledger_row row;
  if (!read_pass(text, len, &l->pass)) return YZ_E_REFUSED;
  int rc = st->store->get_ledger(st->store->ctx, ledger, &row, err);
  if (rc != 0) return rc == YZ_E_NOT_FOUND ? YZ_E_REFUSED : rc;
  return find_box(st, ledger, &l->pass, &l->box, &l->epoch, err);
}

static bool holds_in(const struct yz_station *st, const struct yz_id *ledger,
                     const struct looking *l, int64_t epoch) {
  struct yz_hash token;
  return make_token(st->box, &l->box, ledger, &l->pass.node, epoch, &token) == 0 &&
         yz_equal(&token, &l->pass.token, sizeof token);
}

int yz_pass_check(const struct yz_station *st, const struct yz_id *ledger, const char *text,
                  size_t len, struct yz_key *node, struct yz_error *err) {
  struct looking l = {0};
  int rc = look_at(st, ledger, text, len, &l, err);
  if (rc != 0) return rc;
  *node = l.pass.node;
  return holds_in(st, ledger, &l, l.epoch) ? 0 : YZ_E_REFUSED;
}

int yz_pass_epoch(const struct yz_station *st, const struct yz_id *ledger, const char *text,
                  size_t len, int64_t *epoch, struct yz_error *err) {
  struct looking l = {0};
  int rc = look_at(st, ledger, text, len, &l, err);
  if (rc != 0) return rc;
  *epoch = l.epoch;
  int64_t least = l.epoch > EPOCHS_NEAR ? l.epoch - EPOCHS_NEAR : 0;
  for (int64_t e = least; e <= l.epoch + EPOCHS_NEAR; e++)
    if (holds_in(st, ledger, &l, e)) return 0;
  return YZ_E_REFUSED;
}

int yz_pass_renew(const struct yz_station *st, const struct yz_id *ledger, struct yz_error *err) {
  const struct yz_author hub = {st->key, st->seed};
  struct yz_place place;
  int64_t epoch = 0;
  int rc = known_epoch(st, ledger, &epoch, err);
  if (rc != 0) return rc;
  json_t *plain = json_pack("{s:I}", "epoch", (json_int_t)epoch + 1);
  const struct yz_draft draft = {.type = "hub.pass", .plain = plain};
  rc = plain == NULL ? yz_no_memory(err) : yz_append(st, ledger, &hub, &draft, &place, NULL, err);
  json_decref(plain);
  return rc;
}

int yz_pass_may_push(const struct yz_station *st, const struct yz_id *ledger,
                     const struct yz_key *node, const struct yz_id *log, enum yz_may_push *may,
                     struct yz_error *err) {
  const struct yz_store *store = st->store;
  struct yz_ledger_row row;
  struct yz_log_row known;
  *may = YZ_MAY_NOT;
  int rc = store->get_ledger(store->ctx, ledger, &row, err);
  if (rc != 0) return rc;
  rc = store->get_log(store->ctx, log, &known, err);
  if (rc == YZ_E_NOT_FOUND) {
    *may = YZ_MAY_BEGIN;
    return 0;
  }
  if (rc != 0) return rc;
  if (yz_equal(&known.ledger, ledger, YZ_ID_LEN) &&
      (yz_equal(&known.node, node, YZ_KEY_LEN) ||
       (known.hub && !yz_equal(&known.id, &row.own, YZ_ID_LEN))))
    *may = YZ_MAY_GO_ON;
  return 0;
}
