#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/hub.h"
#include "identity.h"
#include "incarnation.h"
#include "node.h"
#include "reserve.h"

/* A setting as a string of at most size - 1 bytes; "" when it is not set. */
static int setting(struct store *s, const char *name, char *out, size_t size,
                   struct yz_error *err) {
  struct yz_buf b = {0};
  int rc = store_get_setting(s, name, &b, err);
  out[0] = '\0';
  if (rc == 0 && b.len >= size)
    rc = yz_fail(err, YZ_E_DAMAGED,
                 YZ_N_("A setting of the node is longer than it can be. Restore a backup."), "%s",
                 name);
  else if (rc == 0 && b.len > 0)
    memcpy(out, b.data, b.len + 1);
  yz_buf_finish(&b);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

static int damaged(struct yz_error *err, const char *subject) {
  return yz_fail(err, YZ_E_DAMAGED,
                 YZ_N_("The node's settings are not what was written. If somebody copied a file "
                       "yizhan.db-wal into its folder, move that away; else restore a backup."),
                 "%s", subject);
}

static int load_secret(struct store *s, const char *name, struct yz_secret **out,
                       struct yz_error *err) {
  int rc = store_get_secret(s, name, out, err);
  if (rc == YZ_E_NOT_FOUND) return damaged(err, name);
  if (rc == 0 && (*out)->len != YZ_SEED_LEN) return damaged(err, name);
  return rc;
}

/* The ledger that a village works in; none yet while it is being made. */
static int load_ledger(struct node *n, struct yz_error *err) {
  char hex[YZ_ID_HEX + 1];
  struct yz_id id;
  int rc = setting(n->store, "ledger", hex, sizeof hex, err);
  if (rc != 0 || hex[0] == '\0') return rc;
  if (!yz_from_hex(hex, strlen(hex), id.bytes, YZ_ID_LEN)) return damaged(err, "ledger");
  rc = n->station.store->get_ledger(n->station.store->ctx, &id, &n->ledger, err);
  return rc == YZ_E_NOT_FOUND ? damaged(err, hex) : rc;
}

/* A village is called what the township calls it. */
static int load_home(struct node *n, struct yz_error *err) {
  int rc = load_ledger(n, err);
  if (rc != 0 || !n->ledger.joined || n->ledger.code[0] == '\0') return rc;
  memcpy(n->name, n->ledger.name, sizeof n->name);
  memcpy(n->code, n->ledger.code, sizeof n->code);
  return 0;
}

static int load_settings(struct node *n, struct yz_error *err) {
  char role[16];
  int rc = setting(n->store, "role", role, sizeof role, err);
  if (rc == 0) rc = setting(n->store, "name", n->name, sizeof n->name, err);
  if (rc == 0) rc = setting(n->store, "code", n->code, sizeof n->code, err);
  if (rc == 0) rc = setting(n->store, "letter", n->letter, sizeof n->letter, err);
  if (rc != 0) return rc;
  if (role[0] == '\0')
    return yz_fail(err, YZ_E_NOT_FOUND,
                   YZ_N_("The making of this node was cut short. Make it again."), "%s", n->dir);
  n->hub = strcmp(role, "hub") == 0;
  return 0;
}

/* The hash of the key that may name the hub's successor, as the invitation pinned it. */
static int load_recovery(struct node *n, struct yz_error *err) {
  char hex[YZ_HASH_HEX + 1];
  int rc = setting(n->store, "recovery", hex, sizeof hex, err);
  if (rc != 0 || hex[0] == '\0') return rc;
  if (!yz_from_hex(hex, strlen(hex), n->station.recovery.bytes, YZ_HASH_LEN))
    return damaged(err, "recovery");
  return 0;
}

/* --- what a hub inherited --------------------------------------------- */

static void drop_heritage(struct node *n) {
  for (size_t i = 0; i < n->station.n_heritage; i++) yz_secret_destroy(n->heritage[i]);
  free(n->heritage);
  n->heritage = NULL;
  n->station.heritage = NULL;
  n->station.n_heritage = 0;
}

/* One secret after another, as they are kept. */
static int take_heritage(struct node *n, const struct yz_secret *all, struct yz_error *err) {
  size_t count = all->len / YZ_SEED_LEN;
  drop_heritage(n);
  n->heritage = calloc(count + 1, sizeof(struct yz_secret *));
  if (n->heritage == NULL) return yz_no_memory(err);
  n->station.heritage = (const struct yz_secret *const *)n->heritage;
  for (size_t i = 0; i < count; i++) {
    n->heritage[i] = yz_secret_create(YZ_SEED_LEN);
    if (n->heritage[i] == NULL) return yz_no_memory(err);
    memcpy(n->heritage[i]->bytes, all->bytes + i * YZ_SEED_LEN, YZ_SEED_LEN);
    n->station.n_heritage++;
  }
  return 0;
}

static int load_heritage(struct node *n, struct yz_error *err) {
  struct yz_secret *all = NULL;
  int rc = store_get_secret(n->store, "heritage", &all, err);
  if (rc == 0) rc = take_heritage(n, all, err);
  yz_secret_destroy(all);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

int node_keep_heritage(struct node *n, const struct yz_secret *recovery, const struct yz_key *hubs,
                       size_t count, struct yz_error *err) {
  struct yz_secret *all = yz_secret_create(count * YZ_SEED_LEN);
  int rc = all == NULL ? yz_no_memory(err) : 0;
  for (size_t i = 0; rc == 0 && i < count; i++) {
    struct yz_secret *box = yz_recovery_box(recovery, &hubs[i]);
    if (box == NULL)
      rc = yz_no_memory(err);
    else
      memcpy(all->bytes + i * YZ_SEED_LEN, box->bytes, YZ_SEED_LEN);
    yz_secret_destroy(box);
  }
  if (rc == 0) rc = store_put_secret(n->store, "heritage", all, err);
  if (rc == 0) rc = take_heritage(n, all, err);
  yz_secret_destroy(all);
  return rc;
}

/* A store that is damaged is opened all the same: `verify` has to say so. */
static int load_zone(struct node *n, struct yz_error *err) {
  struct yz_error why = {0};
  int rc = n->hub ? hub_zone(n, &n->zone, &why)
                  : store_load_zone(n->store, &n->ledger.id, &n->zone, &why);
  if (rc == 0) return 0;
  if (rc != YZ_E_DAMAGED && rc != YZ_E_INTERNAL)
    return yz_fail(err, rc, why.message, "%s", why.subject);
  n->zone = ZONE_DEFAULT;
  return 0;
}

/* What a village says of itself to its hub. */
static void tell_condition(void *ctx, const struct yz_condition *last, struct yz_condition *now) {
  const struct node *n = ctx;
  (void)snprintf(now->program, sizeof now->program, "%s", YIZHAN_VERSION);
  (void)snprintf(now->disk, sizeof now->disk, "%s",
                 reserve_class(n->world->disk_free(n->world->ctx, n->dir), last->disk));
}

static int load(struct node *n, struct yz_error *err) {
  int rc = load_settings(n, err);
  if (rc == 0) rc = load_secret(n->store, "node.seed", &n->seed, err);
  if (rc == 0) rc = load_secret(n->store, "node.box", &n->box, err);
  if (rc != 0) return rc;
  n->station = (struct yz_station){.world = n->world,
                                   .store = store_table(n->store),
                                   .seed = n->seed,
                                   .box = n->box,
                                   .hub = n->hub,
                                   .township = n->hub};
  if (!n->hub) n->station.telling = (struct yz_telling){tell_condition, n};
  yz_sign_public(n->seed, &n->station.key);
  yz_box_public(n->box, &n->station.box_key);
  rc = load_recovery(n, err);
  if (rc == 0 && n->hub) rc = load_heritage(n, err);
  if (rc == 0 && !n->hub) rc = load_home(n, err);
  if (rc == 0) rc = load_zone(n, err);
  return rc == 0 ? identity_read_held(n, err) : rc;
}

static int start(struct node *n, const char *dir, const struct yz_world *world,
                 struct yz_error *err) {
  *n = (struct node){.world = world, .dir = strdup(dir)};
  return n->dir != NULL ? 0 : yz_no_memory(err);
}

int node_open(struct node *n, const char *dir, const struct yz_world *world, struct yz_error *err) {
  int rc = start(n, dir, world, err);
  if (rc == 0) rc = store_open(&n->store, dir, false, world, err);
  if (rc == YZ_E_NOT_FOUND)
    (void)yz_fail(err, rc,
                  YZ_N_("There is no node in this folder. Make one with `yizhan init` or `yizhan "
                        "join`, or say with --dir where it is."),
                  "%s", dir);
  if (rc == 0) rc = load(n, err);
  if (rc == YZ_E_DAMAGED && n->store != NULL) store_leave_journal(n->store);
  if (rc != 0) node_finish(n);
  return rc;
}

int node_reload(struct node *n, struct yz_error *err) {
  int rc = load_settings(n, err);
  if (rc == 0) rc = load_recovery(n, err);
  if (rc == 0 && !n->hub) rc = load_home(n, err);
  return rc == 0 ? load_zone(n, err) : rc;
}

void node_finish(struct node *n) {
  if (n == NULL) return;
  drop_heritage(n);
  yz_secret_destroy(n->seed);
  yz_secret_destroy(n->box);
  store_close(n->store);
  free(n->dir);
  *n = (struct node){0};
}

static int found_worker(void *arg, const struct worker_row *w) {
  (void)arg, (void)w;
  return 1;
}

static int found_ledger(void *arg, const struct yz_ledger_row *row) {
  (void)arg, (void)row;
  return 1;
}

int node_is_begun(struct node *n, bool *out, struct yz_error *err) {
  int rc = store_each_worker(n->store, found_worker, NULL, err);
  if (rc == 0) rc = store_each_ledger(n->store, found_ledger, NULL, err);
  *out = rc > 0;
  return rc > 0 ? 0 : rc;
}

static int check_unused(struct node *n, struct yz_error *err) {
  bool begun;
  int rc = node_is_begun(n, &begun, err);
  if (rc != 0 || !begun) return rc;
  return yz_fail(err, YZ_E_EXISTS,
                 YZ_N_("A node is in this folder already. Choose another folder with --dir."), "%s",
                 n->dir);
}

static int put_new_secret(struct node *n, const char *name, struct yz_error *err) {
  struct yz_secret *secret = yz_secret_create(YZ_SEED_LEN);
  if (secret == NULL) return yz_no_memory(err);
  n->world->random(n->world->ctx, secret->bytes, secret->len);
  int rc = store_put_secret(n->store, name, secret, err);
  yz_secret_destroy(secret);
  return rc;
}

static int put_all(struct node *n, bool hub, const char *name, const char *code, const char *letter,
                   struct yz_error *err) {
  int rc = check_unused(n, err);
  if (rc == 0) rc = put_new_secret(n, "node.seed", err);
  if (rc == 0) rc = put_new_secret(n, "node.box", err);
  if (rc == 0) rc = store_put_setting(n->store, "role", hub ? "hub" : "village", err);
  if (rc == 0) rc = store_put_setting(n->store, "name", name, err);
  if (rc == 0) rc = store_put_setting(n->store, "code", code, err);
  return rc != 0 ? rc : store_put_setting(n->store, "letter", letter, err);
}

int node_create(struct node *n, const char *dir, const struct yz_world *world, bool hub,
                const char *name, const char *code, const char *letter, struct yz_error *err) {
  int rc = start(n, dir, world, err);
  struct yz_error there = {0};
  if (rc == 0) rc = world->make_dir(world->ctx, dir, err);
  if (rc == 0) rc = store_open(&n->store, dir, true, world, &there);
  if (rc == YZ_E_EXISTS)
    rc = store_open(&n->store, dir, false, world, err);
  else if (rc != 0 && there.message != NULL)
    (void)yz_fail(err, there.code, there.message, "%s", there.subject);
  if (rc == 0) rc = store_begin(n->store, err);
  if (rc != 0) goto done;
  rc = store_end(n->store, put_all(n, hub, name, code, letter, err), err);
  if (rc == 0) rc = load(n, err);
  if (rc == 0) rc = node_at_home(n, err);
done:
  if (rc != 0) node_finish(n);
  return rc;
}

int node_get_time(struct node *n, const char *name, int64_t *ms, struct yz_error *err) {
  char text[24];
  int rc = setting(n->store, name, text, sizeof text, err);
  *ms = rc == 0 ? strtoll(text, NULL, 10) : 0;
  return rc;
}

int node_note_time(struct node *n, const char *name, struct yz_error *err) {
  char text[24];
  (void)snprintf(text, sizeof text, "%lld", (long long)n->world->now_ms(n->world->ctx));
  return store_put_setting(n->store, name, text, err);
}

char *node_path(const struct node *n, const char *name) {
  char *path = NULL;
  return asprintf(&path, "%s/%s", n->dir, name) < 0 ? NULL : path;
}

/* "repository.<ledger id>": under what code a hub keeps a ledger whose code was another once. */
static void repository_name(const struct yz_id *ledger, char out[static 48]) {
  char hex[YZ_ID_HEX + 1];
  yz_to_hex(ledger->bytes, YZ_ID_LEN, hex);
  (void)snprintf(out, 48, "repository.%s", hex);
}

int node_keep_path(struct node *n, const struct yz_ledger_row *row, struct yz_error *err) {
  char name[48];
  struct yz_buf kept = {0};
  repository_name(&row->id, name);
  int rc = store_get_setting(n->store, name, &kept, err);
  if (rc == YZ_E_NOT_FOUND) rc = store_put_setting(n->store, name, row->code, err);
  yz_buf_finish(&kept);
  return rc;
}

char *node_ledger_path(const struct node *n, const struct yz_ledger_row *row) {
  char *path = NULL, hex[YZ_ID_HEX + 1], name[48], code[YZ_MAX_CODE + 1] = "";
  yz_to_hex(row->id.bytes, YZ_ID_LEN, hex);
  repository_name(&row->id, name);
  if (n->hub && row->code[0] != '\0' && setting(n->store, name, code, sizeof code, NULL) == 0 &&
      code[0] == '\0')
    memcpy(code, row->code, sizeof code);
  const char *called = code[0] != '\0' ? code : hex;
  return asprintf(&path, "%s/ledgers/%s.git", n->dir, called) < 0 ? NULL : path;
}
