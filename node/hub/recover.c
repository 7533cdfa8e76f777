/* A hub that goes on for one that is lost, by the recovery key: it takes in what a ledger
 * holds, begins its log there as the successor (FORMAT.md §12), and publishes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../ledgers.h"
#include "hub.h"

/* --- the recovery key ------------------------------------------------- */

int hub_recovery_key(const char *text, struct yz_secret **out, struct yz_error *err) {
  char hex[2 * YZ_SEED_LEN + 1] = "";
  size_t n = 0;
  struct yz_secret *seed = yz_secret_create(YZ_SEED_LEN);
  if (seed == NULL) return yz_no_memory(err);
  for (; *text != '\0' && n <= 2 * YZ_SEED_LEN; text++) {
    if (strchr(" -\t\r", *text) != NULL) continue;
    bool upper = *text >= 'A' && *text <= 'F';
    if (n < 2 * YZ_SEED_LEN) hex[n] = (char)(upper ? *text - 'A' + 'a' : *text);
    n++;
  }
  bool is = n == 2 * YZ_SEED_LEN && yz_from_hex(hex, n, seed->bytes, YZ_SEED_LEN);
  yz_wipe(hex, sizeof hex);
  if (is) {
    *out = seed;
    return 0;
  }
  yz_secret_destroy(seed);
  return yz_fail(
      err, YZ_E_INPUT,
      YZ_N_("This is no recovery key: that has 64 digits, 0 to 9 and a to f. Look at the "
            "paper again."),
      NULL);
}

void hub_recovery_hash(const struct yz_secret *recovery, struct yz_hash *out) {
  struct yz_key key;
  yz_sign_public(recovery, &key);
  yz_sha256(&(struct yz_part){key.bytes, sizeof key.bytes}, 1, out);
}

int hub_check_recovery(const struct node *n, const struct yz_secret *recovery,
                       struct yz_error *err) {
  struct yz_hash hash;
  hub_recovery_hash(recovery, &hash);
  if (yz_equal(&hash, &n->station.recovery, sizeof hash)) return 0;
  return yz_fail(
      err, YZ_E_KEY,
      YZ_N_("This is not the recovery key that this hub goes by. Look for the paper that was "
            "printed when this hub was made."),
      "%s", n->dir);
}

/* --- whose ledger it is ----------------------------------------------- */

enum { HUBS_MAX = 64 };

/* The hubs that the logs of a repository name. */
struct findings {
  struct yz_hash recovery;
  const char *digits; /* of the hub that is looked for; NULL: any */
  struct {
    struct yz_id ledger;
    struct yz_key hub;
    bool heir; /* named successor with our recovery key */
  } of[HUBS_MAX];
  size_t n;
  bool any; /* whichever hub they name */
  struct yz_error *err;
};

static bool is_ours(const struct findings *f, const struct yz_successor *s) {
  struct yz_hash hash;
  yz_sha256(&(struct yz_part){s->recovery.bytes, sizeof s->recovery.bytes}, 1, &hash);
  return yz_equal(&hash, &f->recovery, sizeof hash);
}

static bool begins_with(const struct yz_key *key, const char *digits) {
  char hex[2 * YZ_KEY_LEN + 1];
  yz_to_hex(key->bytes, YZ_KEY_LEN, hex);
  return strncmp(hex, digits, strlen(digits)) == 0;
}

static int find(void *arg, const struct yz_begin *begin, const struct yz_successor *successor) {
  struct findings *f = arg;
  size_t i = 0;
  f->any = f->any || begin->has_hub;
  if (!begin->has_hub || (f->digits != NULL && !begins_with(&begin->hub, f->digits))) return 0;
  while (i < f->n && !(yz_equal(&f->of[i].hub, &begin->hub, YZ_KEY_LEN) &&
                       yz_equal(&f->of[i].ledger, &begin->ledger, YZ_ID_LEN)))
    i++;
  if (i == HUBS_MAX)
    return yz_fail(f->err, YZ_E_LIMIT,
                   YZ_N_("Logs of more than 64 hubs lie in this ledger. Say with --hub which of "
                         "them was yours: `yizhan status --json` at a village names it."),
                   NULL);
  if (i == f->n) {
    f->of[i].ledger = begin->ledger;
    f->of[i].hub = begin->hub;
    f->of[f->n++].heir = false;
  }
  if (successor != NULL && yz_equal(&begin->hub, &begin->node, YZ_KEY_LEN) && is_ours(f, successor))
    f->of[i].heir = true;
  return 0;
}

/* The hub to begin from: the one that was said, or the only one that succeeds no other. */
static int choose(const struct findings *f, struct yz_ledger_row *row, const char *place,
                  struct yz_error *err) {
  char names[HUBS_MAX * 20] = "", hex[2 * YZ_KEY_LEN + 1];
  size_t found = 0;
  for (size_t i = 0; i < f->n; i++) {
    if (f->digits == NULL && f->of[i].heir) continue;
    row->id = f->of[i].ledger;
    row->hub = f->of[i].hub;
    found++;
    yz_to_hex(f->of[i].hub.bytes, YZ_KEY_LEN, hex);
    (void)snprintf(names + strlen(names), sizeof names - strlen(names), " %.16s", hex);
  }
  if (found == 1) return 0;
  if (found == 0)
    return yz_fail(err, YZ_E_NOT_FOUND,
                   !f->any
                       ? YZ_N_("Nothing of a hub lies here, so there is nothing to go on with: "
                               "either no village has joined here yet, and its village is invited "
                               "anew, or this is not the place.")
                       : YZ_N_("No log of a village that joined such a hub lies here. Look at the "
                               "place, and at --hub."),
                   "%s", place);
  return yz_fail(err, YZ_E_INPUT,
                 YZ_N_("Logs of several hubs lie in this ledger. Say with --hub which of them was "
                       "yours: `yizhan status --json` at a village names it."),
                 "%s:%s", place, names);
}

/* All ledgers of a township are of one hub. */
static int check_same_hub(struct node *n, const struct yz_key *hub, bool said,
                          struct yz_error *err) {
  char hex[2 * YZ_KEY_LEN + 1];
  struct yz_buf known = {0};
  yz_to_hex(hub->bytes, YZ_KEY_LEN, hex);
  int rc = store_get_setting(n->store, "succeeds", &known, err);
  if (rc == YZ_E_NOT_FOUND)
    rc = store_put_setting(n->store, "succeeds", hex, err);
  else if (rc == 0 && !said && strcmp((const char *)known.data, hex) != 0)
    rc = yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("This ledger is of another hub than those before. If it is yours all the "
                       "same, say so with --hub."),
                 "%.16s", hex);
  yz_buf_finish(&known);
  return rc;
}

/* --- the repository ---------------------------------------------------- */

static int fetch(const struct node *n, struct yz_ledger *git, const char *place,
                 struct yz_error *err) {
  struct yz_road road = {.url = place, .seed = n->station.seed};
  return yz_ledger_fetch(git, &road, err);
}

/* Looks at what lies at a place, in a repository beside: nothing is believed yet. */
static int look(const struct node *n, const char *path, struct heritage *h,
                struct yz_ledger_row *row, struct yz_error *err) {
  struct findings f = {.digits = h->hub, .err = err};
  struct yz_ledger *git = NULL;
  hub_recovery_hash(h->recovery, &f.recovery);
  int rc = yz_ledger_open(&git, path, true, err);
  if (rc == 0) rc = fetch(n, git, h->place, err);
  if (rc == 0) rc = yz_survey(git, "refs/remote/", find, &f, err);
  yz_ledger_destroy(git);
  h->empty = rc == 0 && !f.any;
  return rc != 0 ? rc : choose(&f, row, h->shown, err);
}

/* The repository that was looked at becomes the ledger's, unless that is there already. */
static int settle_repository(struct node *n, const char *path, const struct yz_ledger_row *row,
                             struct yz_error *err) {
  char *own = node_ledger_path(n, row);
  if (own == NULL) return yz_no_memory(err);
  int rc = 0;
  if (access(own, F_OK) != 0 && rename(path, own) != 0)
    rc = yz_fail(err, YZ_E_IO,
                 YZ_N_("The ledger's repository could not be put in its place. Look at the "
                       "folder's rights and "
                       "at the room on the disk, then do it again."),
                 "%s", own);
  free(own);
  return rc;
}

/* A new bare repository TO/<ledger id>.git, where the ledger lies from now on. */
static int make_place(const char *to, struct yz_ledger_row *row, struct yz_error *err) {
  char hex[YZ_ID_HEX + 1], *path = NULL;
  struct yz_ledger *git = NULL;
  yz_to_hex(row->id.bytes, YZ_ID_LEN, hex);
  if (asprintf(&path, "%s/%s.git", to, hex) < 0) return yz_no_memory(err);
  int rc = yz_ledger_open(&git, path, true, err);
  yz_ledger_destroy(git);
  if (rc == 0 && strlen(path) > HUB_MAX_URL)
    rc =
        yz_fail(err, YZ_E_INPUT,
                YZ_N_("This address is too long. Keep the ledger where a shorter one leads to it."),
                "%s", path);
  if (rc == 0) memcpy(row->url, path, strlen(path) + 1);
  free(path);
  return rc;
}

/* --- the succession ---------------------------------------------------- */

/* A row for a ledger of which only the id is known: names come with the villages. */
static int put_row(struct node *n, const struct heritage *h, struct yz_ledger_row *row,
                   struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  int rc = h->to != NULL ? make_place(h->to, row, err) : 0;
  if (rc != 0) return rc;
  if (h->to == NULL) memcpy(row->url, h->place, strlen(h->place) + 1);
  yz_to_hex(row->id.bytes, YZ_ID_LEN, row->name);
  row->joined = true;
  rc = store_begin(n->store, err);
  if (rc == 0) rc = store_end(n->store, t->put_ledger(t->ctx, row, err), err);
  return rc;
}

/* As a bystander of the former hub's. */
static int take_in(struct node *n, const struct yz_ledger_row *row, struct yz_ledger *git,
                   const char *place, struct yz_error *err) {
  struct yz_station bystander = n->station;
  struct yz_taken taken = {0};
  bystander.hub = false;
  int rc = fetch(n, git, place, err);
  if (rc == 0) rc = yz_ingest(&bystander, git, row, "refs/remote/", &taken, err);
  yz_taken_finish(&taken);
  return rc;
}

/* How far the former hub's logs came, as received here. */
static int places_of(struct node *n, const struct yz_id *ledger, const struct yz_key *hub,
                     struct yz_ack_head **out, size_t *count, struct yz_error *err) {
  struct yz_log_row *logs = NULL;
  size_t n_logs = 0;
  *count = 0;
  int rc = node_logs(n, ledger, &logs, &n_logs, err);
  *out = rc == 0 ? calloc(n_logs + 1, sizeof **out) : NULL;
  if (rc == 0 && *out == NULL) rc = yz_no_memory(err);
  for (size_t i = 0; rc == 0 && i < n_logs; i++)
    if (logs[i].head.seq > 0 && !logs[i].old && yz_equal(&logs[i].node, hub, YZ_KEY_LEN))
      (*out)[(*count)++] = (struct yz_ack_head){.log = logs[i].id, .at = logs[i].head};
  free(logs);
  return rc;
}

static int begin(struct node *n, struct yz_ledger_row *row, const struct yz_naming *naming,
                 struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct yz_beginning b = {.name = n->name, .code = n->code, .letter = n->letter, .naming = naming};
  row->hub = n->station.key;
  row->hub_box = n->station.box_key;
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = t->put_ledger(t->ctx, row, err);
  if (rc == 0) rc = node_begin_log(n, row, &b, err);
  if (rc == 0) rc = hub_tell_recovery(n, &row->id, err);
  if (rc == 0) rc = hub_tell_again(n, &row->id, err);
  rc = store_end(n->store, rc, err);
  if (rc == 0) rc = t->get_ledger(t->ctx, &row->id, row, err);
  return rc != 0 ? rc : yz_rejudge(&n->station, &row->id, err);
}

/* What the hubs before sealed to their successors is read from now on, what comes later too. */
static int inherit(struct node *n, const struct yz_roster *roster, const struct heritage *h,
                   struct yz_error *err) {
  struct yz_key before[HUBS_MAX];
  size_t count, own = 0;
  const struct yz_key *hubs = yz_roster_hubs(roster, &count);
  for (size_t i = 0; i < count && own < HUBS_MAX; i++)
    if (!yz_equal(&hubs[i], &n->station.key, YZ_KEY_LEN)) before[own++] = hubs[i];
  if (own <= n->station.n_heritage) return 0;
  return node_keep_heritage(n, h->recovery, before, own, err);
}

static int succeed(struct node *n, struct yz_ledger_row *row, struct heritage *h,
                   struct yz_error *err) {
  struct yz_roster *roster = NULL;
  struct yz_naming naming = {.recovery = h->recovery};
  int rc = yz_station_roster(&n->station, &row->id, &roster, err);
  if (rc == 0) naming.of = h->succeeded = *yz_roster_hub(roster);
  if (rc == 0) rc = inherit(n, roster, h, err);
  if (rc == 0) rc = places_of(n, &row->id, &naming.of, &naming.until, &naming.n_until, err);
  if (rc == 0) rc = begin(n, row, &naming, err);
  free(naming.until);
  yz_roster_destroy(roster);
  return rc;
}

/* An attempt that was cut short goes on where it was. */
static int find_known(struct node *n, struct yz_ledger_row *row, bool *known,
                      struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct yz_ledger_row kept;
  int rc = t->get_ledger(t->ctx, &row->id, &kept, err);
  *known = rc == 0;
  if (rc == 0) *row = kept;
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

struct own {
  const struct yz_key *node;
  struct yz_key *succeeded;
};

static int read_own(void *arg, const struct yz_stored *r) {
  const struct own *own = arg;
  if (strcmp(r->type, "hub.successor") == 0 && yz_equal(&r->by, own->node, YZ_KEY_LEN))
    (void)yz_json_hex(r->json, "of", own->succeeded->bytes, YZ_KEY_LEN);
  return 0;
}

/* It was begun as ours before, if not seen through. */
static int go_on(struct node *n, struct yz_ledger_row *row, struct heritage *h,
                 struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  int rc =
      t->each_trust(t->ctx, &row->id, read_own, &(struct own){&n->station.key, &h->succeeded}, err);
  return rc == 0 ? yz_rejudge(&n->station, &row->id, err) : rc;
}

static int take_over(struct node *n, struct yz_ledger_row *row, struct heritage *h, bool known,
                     struct yz_error *err) {
  struct yz_ledger *git = NULL;
  int rc = known ? 0 : put_row(n, h, row, err);
  if (rc == 0) rc = node_open_ledger(n, row, true, &git, err);
  if (rc == 0 && !h->already) rc = take_in(n, row, git, h->place, err);
  if (rc == 0) rc = h->already ? go_on(n, row, h, err) : succeed(n, row, h, err);
  if (rc == 0) rc = yz_exchange(&n->station, git, row, &h->got, err);
  yz_ledger_destroy(git);
  return rc;
}

int hub_recover(struct node *n, struct heritage *h, struct yz_ledger_row *row,
                struct yz_error *err) {
  char *folder = node_path(n, "ledgers"), *path = node_path(n, "ledgers/recovering.git");
  bool known = false;
  *row = (struct yz_ledger_row){.joined = true};
  int rc = folder == NULL || path == NULL ? yz_no_memory(err)
                                          : n->world->make_dir(n->world->ctx, folder, err);
  if (rc == 0) rc = look(n, path, h, row, err);
  if (rc == 0) rc = check_same_hub(n, &row->hub, h->hub != NULL, err);
  if (rc == 0) rc = find_known(n, row, &known, err);
  h->already = known && yz_equal(&row->hub, &n->station.key, YZ_KEY_LEN);
  if (rc == 0) rc = settle_repository(n, path, row, err);
  if (rc == 0) rc = take_over(n, row, h, known, err);
  free(path);
  free(folder);
  return rc;
}
