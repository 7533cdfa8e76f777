#include <stdio.h>
#include <string.h>

#include "i18n.h"
#include "identity.h"
#include "incarnation.h"
#include "node.h"
#include "passphrase.h"
#include "workers.h"

/* --- who signs -------------------------------------------------------- */

struct choice {
  const char *name; /* NULL: the only one */
  size_t n;         /* workers of that name */
  struct worker_row row;
  char all[200]; /* every worker's name, as far as they have room */
};

static void add_name(struct choice *c, const char *name) {
  size_t used = strlen(c->all), len = strlen(name);
  if (used + len + 3 > sizeof c->all) return;
  if (used > 0) {
    memcpy(c->all + used, ", ", 2);
    used += 2;
  }
  memcpy(c->all + used, name, len + 1);
}

static int choose(void *arg, const struct worker_row *w) {
  struct choice *c = arg;
  add_name(c, w->name);
  if (c->name != NULL && strcmp(c->name, w->name) != 0) return 0;
  if (c->n++ > 0) return 0;
  c->row.key = w->key;
  c->row.locked = w->locked;
  memcpy(c->row.name, w->name, sizeof c->row.name);
  return yz_buf_append(&c->row.sealed, w->sealed.data, w->sealed.len);
}

static int find_worker(struct node *n, struct choice *c, struct yz_error *err) {
  int rc = store_each_worker(n->store, choose, c, err);
  if (rc == YZ_E_MEMORY) return yz_no_memory(err);
  if (rc != 0 || c->n == 1) return rc;
  if (c->n == 0)
    return yz_fail(err, YZ_E_INPUT,
                   YZ_N_("No worker of that name signs at this node. Those who do are named here."),
                   "%s", c->all);
  return yz_fail(err, YZ_E_INPUT, YZ_N_("Several workers sign here. Say with --as who acts."), "%s",
                 c->all);
}

int node_who(struct node *n, const char *name, struct yz_key *out, bool *said,
             struct yz_error *err) {
  struct choice c = {.name = name};
  struct yz_error why = {0};
  int rc = find_worker(n, &c, &why);
  *said = rc == 0;
  *out = c.row.key;
  worker_row_finish(&c.row);
  if (rc == 0 || (rc == YZ_E_INPUT && name == NULL)) return 0;
  return yz_fail(err, rc, why.message, "%s", why.subject);
}

static int get_passphrase(struct node *n, const char *name, const char *file,
                          struct yz_secret **out, struct yz_error *err) {
  char prompt[YZ_MAX_NAME + 64];
  if (file != NULL) return passphrase_read(n->world, file, out, err);
  (void)snprintf(prompt, sizeof prompt, _("Passphrase of %s: "), name);
  return passphrase_ask(prompt, out, err);
}

static int open_sealed(const struct worker_row *row, const struct yz_secret *passphrase,
                       struct yz_secret **seed, struct yz_error *err) {
  return yz_passphrase_open((const char *)passphrase->bytes, passphrase->len - 1, row->sealed.data,
                            row->sealed.len, seed, err);
}

/* Where a passphrase comes from: it is given, or read from a file, or (both NULL) asked for. */
struct source {
  const struct yz_secret *given;
  const char *file;
};

static int unlock(struct node *n, const struct worker_row *row, const struct source *from,
                  struct yz_secret **seed, struct yz_error *err) {
  struct yz_secret *passphrase = NULL;
  if (from->given != NULL) return open_sealed(row, from->given, seed, err);
  int rc = get_passphrase(n, row->name, from->file, &passphrase, err);
  if (rc == 0) rc = open_sealed(row, passphrase, seed, err);
  yz_secret_destroy(passphrase);
  return rc;
}

static int take_seed(struct node *n, const struct worker_row *row, const struct source *from,
                     struct yz_secret **seed, struct yz_error *err) {
  int rc = 0;
  if (row->locked) {
    rc = unlock(n, row, from, seed, err);
  } else if ((*seed = yz_secret_create(row->sealed.len)) != NULL) {
    memcpy((*seed)->bytes, row->sealed.data, row->sealed.len);
  } else {
    rc = yz_no_memory(err);
  }
  if (rc != 0 || (*seed != NULL && (*seed)->len == YZ_SEED_LEN)) return rc;
  return yz_fail(err, YZ_E_DAMAGED,
                 YZ_N_("A worker's key is not what was written. Restore a backup."), "%s",
                 row->name);
}

/* What a worker signs whose right has ended, or who was added by one whose right had ended,
 * counts nowhere: better to say so first. */
static int may_still_sign(struct node *n, const struct yz_key *worker, const char *name,
                          struct yz_error *err) {
  struct yz_roster *roster = NULL;
  struct yz_member *members = NULL;
  size_t count = 0;
  bool may = false;
  if (n->hub) return 0;
  int rc = yz_station_roster(&n->station, &n->ledger.id, &roster, err);
  if (rc == 0 && yz_roster_members(roster, &members, &count) != 0) rc = yz_no_memory(err);
  for (size_t i = 0; rc == 0 && i < count; i++)
    may |= !members[i].revoked && yz_equal(&members[i].node, &n->station.key, YZ_KEY_LEN) &&
           yz_equal(&members[i].worker, worker, YZ_KEY_LEN);
  free(members);
  yz_roster_destroy(roster);
  if (rc != 0 || may) return rc;
  return yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("This worker's right to sign has ended. Who comes back is added as a new "
                       "worker."),
                 "%s", name);
}

static int open_signer(struct signer *s, struct node *n, const char *name,
                       const struct source *from, struct yz_error *err) {
  struct choice c = {.name = name};
  *s = (struct signer){0};
  int rc = node_at_home(n, err);
  if (rc == 0) rc = find_worker(n, &c, err);
  if (rc == 0) rc = may_still_sign(n, &c.row.key, c.row.name, err);
  if (rc == 0) rc = take_seed(n, &c.row, from, &s->seed, err);
  if (rc == 0) {
    memcpy(s->name, c.row.name, sizeof s->name);
    s->author = (struct yz_author){.key = c.row.key, .seed = s->seed};
    rc = identity_read_as(n, s, err);
  }
  if (rc == 0 && !n->hub) rc = identity_keep_now(n, s, err);
  if (rc != 0) signer_finish(s);
  worker_row_finish(&c.row);
  return rc;
}

int signer_open(struct signer *s, struct node *n, const char *name, const char *passphrase_file,
                struct yz_error *err) {
  const struct source from = {.file = passphrase_file};
  return open_signer(s, n, name, &from, err);
}

int signer_unlock(struct signer *s, struct node *n, const char *name,
                  const struct yz_secret *passphrase, struct yz_error *err) {
  const struct source from = {.given = passphrase};
  return open_signer(s, n, name, &from, err);
}

int signer_check(const struct signer *s, struct node *n, struct yz_error *err) {
  int rc = node_at_home(n, err);
  return rc != 0 ? rc : may_still_sign(n, &s->author.key, s->name, err);
}

void signer_finish(struct signer *s) {
  if (s == NULL) return;
  yz_secret_destroy(s->seed);
  *s = (struct signer){0};
}

/* --- new workers ------------------------------------------------------ */

static int is_name(void *arg, const struct worker_row *w) {
  return strcmp(arg, w->name) == 0;
}

static int seal(const struct yz_world *world, const char *passphrase, const struct yz_secret *seed,
                struct yz_buf *out, struct yz_error *err) {
  unsigned char random[YZ_LOCKED_RANDOM], sealed[YZ_SEED_LEN + YZ_LOCKED_OVERHEAD];
  world->random(world->ctx, random, sizeof random);
  int rc = yz_passphrase_seal(passphrase, strlen(passphrase), random, seed, sealed, err);
  if (rc == 0 && yz_buf_append(out, sealed, sizeof sealed) != 0) rc = yz_no_memory(err);
  return rc;
}

int worker_row_fill(const struct yz_world *world, struct worker_row *row,
                    const struct yz_secret *seed, const char *passphrase,
                    char code[static RECOVERY_CODE], struct yz_error *err) {
  code[0] = '\0';
  yz_sign_public(seed, &row->key);
  row->locked = passphrase != NULL;
  if (passphrase == NULL)
    return yz_buf_append(&row->sealed, seed->bytes, seed->len) != 0 ? yz_no_memory(err) : 0;
  recovery_code_make(world, code);
  int rc = seal(world, passphrase, seed, &row->sealed, err);
  return rc != 0 ? rc : seal(world, code, seed, &row->recovery, err);
}

int node_new_worker(struct node *n, const char *name, const char *passphrase, struct yz_key *key,
                    char recovery_code[static RECOVERY_CODE], struct yz_error *err) {
  struct worker_row row = {0};
  char wanted[YZ_MAX_NAME + 1];
  struct yz_secret *seed = yz_secret_create(YZ_SEED_LEN);
  if (seed == NULL) return yz_no_memory(err);
  (void)snprintf(wanted, sizeof wanted, "%s", name);
  int rc = store_each_worker(n->store, is_name, wanted, err);
  if (rc > 0)
    rc = yz_fail(err, YZ_E_EXISTS,
                 YZ_N_("A worker of this name signs here already. Choose another name."), "%s",
                 name);
  if (rc != 0) goto done;
  n->world->random(n->world->ctx, seed->bytes, seed->len);
  memcpy(row.name, wanted, sizeof row.name);
  rc = worker_row_fill(n->world, &row, seed, passphrase, recovery_code, err);
  if (rc == 0) rc = store_put_worker(n->store, &row, err);
  if (rc == 0) *key = row.key;
done:
  worker_row_finish(&row);
  yz_secret_destroy(seed);
  return rc;
}
