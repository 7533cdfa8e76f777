#include "identity.h"

#include <stdlib.h>
#include <string.h>

#include "ledgers.h"
#include "sealed.h"
#include "store/identity.h"

/* --- who reads here ----------------------------------------------------------- */

static int read_seed(struct store *s, const struct yz_secret *seed, struct yz_error *err) {
  struct yz_secret *box = yz_box_of_seed(seed);
  if (box == NULL) return yz_no_memory(err);
  int rc = store_read_with(s, box, err);
  yz_secret_destroy(box);
  return rc;
}

int identity_read_as(struct node *n, const struct signer *who, struct yz_error *err) {
  return n->hub ? 0 : read_seed(n->store, who->seed, err);
}

struct holding {
  struct store *store;
  bool locked; /* some worker's key is */
  struct yz_error *err;
};

static int read_worker(void *arg, const struct worker_row *w) {
  struct holding *h = arg;
  h->locked |= w->locked;
  if (w->locked || w->sealed.len != YZ_SEED_LEN || h->store == NULL) return 0;
  struct yz_secret *seed = yz_secret_create(YZ_SEED_LEN);
  if (seed == NULL) return yz_no_memory(h->err);
  memcpy(seed->bytes, w->sealed.data, YZ_SEED_LEN);
  int rc = read_seed(h->store, seed, h->err);
  yz_secret_destroy(seed);
  return rc;
}

int identity_read_held(struct node *n, struct yz_error *err) {
  struct holding h = {.store = n->store, .err = err};
  if (!n->hub) return store_each_worker(n->store, read_worker, &h, err);
  int rc = store_read_with(n->store, n->box, err);
  for (size_t i = 0; rc == 0 && i < n->station.n_heritage; i++)
    rc = store_read_with(n->store, n->heritage[i], err);
  return rc;
}

/* --- whom keys are for --------------------------------------------------------- */

struct boxes {
  struct yz_key *keys;
  size_t n;
};

static void add_box(struct boxes *b, const struct yz_key *key) {
  static const struct yz_key none;
  if (yz_equal(key, &none, sizeof none)) return;
  for (size_t i = 0; i < b->n; i++)
    if (yz_equal(&b->keys[i], key, sizeof *key)) return;
  b->keys[b->n++] = *key;
}

/* Who was added offline counts at home at once, elsewhere when the township has said so. */
static bool reads(const struct node *n, const struct yz_member *m) {
  if (m->hub || m->revoked) return false;
  return !m->awaiting || yz_equal(&m->node, &n->station.key, sizeof m->node);
}

static int list_boxes(const struct node *n, const struct yz_ledger_row *row,
                      const struct yz_roster *roster, struct boxes *out, struct yz_error *err) {
  struct yz_member *members = NULL;
  struct yz_key box;
  size_t count = 0;
  if (yz_roster_members(roster, &members, &count) != 0) return yz_no_memory(err);
  out->keys = calloc(count + 3, sizeof *out->keys);
  for (size_t i = 0; out->keys != NULL && i < count; i++)
    if (reads(n, &members[i]) && yz_box_of_signer(&members[i].worker, &box)) add_box(out, &box);
  free(members);
  if (out->keys == NULL) return yz_no_memory(err);
  if (n->hub) add_box(out, &n->station.box_key);
  if (row->joined) add_box(out, &row->hub_box);
  if (yz_roster_recovery_box(roster, &box)) add_box(out, &box);
  return 0;
}

static int find_boxes(struct node *n, const struct yz_ledger_row *row, struct boxes *out,
                      struct yz_error *err) {
  struct yz_roster *roster = NULL;
  *out = (struct boxes){0};
  int rc = yz_station_roster(&n->station, &row->id, &roster, err);
  if (rc == 0) rc = list_boxes(n, row, roster, out, err);
  yz_roster_destroy(roster);
  return rc;
}

static bool is_short(const struct yz_key *box, const struct yz_identity_id *id) {
  return memcmp(box->bytes, id->bytes, YZ_IDENTITY_ID) == 0;
}

/* --- the keys of a ledger -------------------------------------------------------- */

struct wrap {
  struct yz_identity_id key, box;
  bool relied;
};
struct ring {
  struct node *n;
  const struct signer *who;
  struct yz_ledger_row row;
  struct boxes to;
  struct wrap *wraps; /* those of one key together, the key made last first */
  size_t n_wraps;
  struct yz_error *err;
};

static int add_wrap(struct ring *r, const struct yz_identity_id *key,
                    const struct yz_identity_id *box, bool relied) {
  if ((r->n_wraps & (r->n_wraps - 1)) == 0) {
    struct wrap *grown = reallocarray(r->wraps, r->n_wraps > 0 ? 2 * r->n_wraps : 1, sizeof *grown);
    if (grown == NULL) return yz_no_memory(r->err);
    r->wraps = grown;
  }
  r->wraps[r->n_wraps++] = (struct wrap){*key, *box, relied};
  return 0;
}

/* Who wraps a key holds it, though a liar wraps it to all others alone. */
static int keep_wrap(void *arg, const struct yz_identity_id *key, const struct yz_identity_id *box,
                     const struct yz_key *by, bool relied) {
  struct ring *r = arg;
  struct yz_key own = {{0}};
  int rc = add_wrap(r, key, box, relied);
  if (rc != 0 || by == NULL) return rc;
  (void)yz_box_of_signer(by, &own); /* a key of no box is nobody's who reads */
  const struct yz_identity_id writer = yz_identity_box(&own);
  return add_wrap(r, key, &writer, false);
}

static void ring_finish(struct ring *r) {
  free(r->wraps);
  free(r->to.keys);
}

static int ring_init(struct ring *r, struct node *n, const struct signer *who,
                     const struct yz_id *ledger, struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  *r = (struct ring){.n = n, .who = who, .err = err};
  int rc = t->get_ledger(t->ctx, ledger, &r->row, err);
  if (rc == 0) rc = find_boxes(n, &r->row, &r->to, err);
  return rc == 0 ? store_each_wrap(n->store, ledger, keep_wrap, r, err) : rc;
}

/* The end of the wraps of the key that stands at i. */
static size_t next_key(const struct ring *r, size_t i) {
  size_t end = i;
  while (end < r->n_wraps && yz_equal(&r->wraps[end].key, &r->wraps[i].key, YZ_IDENTITY_ID)) end++;
  return end;
}

/* Among the wraps from one on, before another. By who would wrap a false key nobody is kept from
 * the right one. */
static bool has(const struct ring *r, size_t from, size_t end, const struct yz_identity_id *key,
                const struct yz_key *box) {
  for (size_t i = from; i < end; i++)
    if (r->wraps[i].relied && yz_equal(&r->wraps[i].key, key, sizeof *key) &&
        is_short(box, &r->wraps[i].box))
      return true;
  return false;
}

/* Does somebody hold the key who is to read no more? */
static bool is_stale(const struct ring *r, size_t from, size_t end) {
  for (size_t i = from; i < end; i++) {
    bool found = false;
    for (size_t k = 0; !found && k < r->to.n; k++)
      found = is_short(&r->to.keys[k], &r->wraps[i].box);
    if (!found) return true;
  }
  return false;
}

static int write_record(const struct ring *r, json_t *plain) {
  const struct yz_author node = {r->n->station.key, r->n->station.seed};
  const struct yz_draft draft = {.type = r->n->hub ? "hub.identity" : "identity.key",
                                 .plain = plain};
  const struct yz_world *w = r->n->world;
  if (json_object_set_new(plain, "at", json_integer((json_int_t)w->now_ms(w->ctx))) != 0)
    return yz_no_memory(r->err);
  return yz_append(&r->n->station, &r->row.id, r->n->hub ? &node : &r->who->author, &draft, NULL,
                   NULL, r->err);
}

static int wrap(const struct ring *r, const struct yz_secret *key, const struct yz_key *to,
                size_t count) {
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < count; i += YZ_IDENTITY_BOXES) {
    size_t some = count - i < YZ_IDENTITY_BOXES ? count - i : YZ_IDENTITY_BOXES;
    json_t *plain = yz_identity_wrap(key->bytes, to + i, some);
    rc = plain == NULL ? yz_no_memory(r->err) : write_record(r, plain);
    json_decref(plain);
  }
  return rc;
}

/* To those who lack one, by the wraps from one on, before another. A key that does not open here,
 * by what stands in `from`, is for others to wrap: else the hub would give one of another village
 * to whoever names it. */
static int wrap_missing(const struct ring *r, size_t first, size_t end, const struct yz_id *from,
                        const struct yz_identity_id *id, bool *wrote) {
  const struct yz_secret *key;
  struct yz_key *lacking = calloc(r->to.n + 1, sizeof *lacking);
  size_t n = 0;
  if (lacking == NULL) return yz_no_memory(r->err);
  for (size_t i = 0; i < r->to.n; i++)
    if (!has(r, first, end, id, &r->to.keys[i])) lacking[n++] = r->to.keys[i];
  int rc = n > 0 ? store_ledger_key(r->n->store, from, id, &key, r->err) : YZ_E_NOT_FOUND;
  if (rc == 0) rc = wrap(r, key, lacking, n);
  if (rc == 0) *wrote = true;
  free(lacking);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

static int wrap_all(const struct ring *r, bool *wrote) {
  int rc = 0;
  for (size_t i = 0, end; rc == 0 && i < r->n_wraps; i = end) {
    end = next_key(r, i);
    rc = wrap_missing(r, i, end, &r->row.id, &r->wraps[i].key, wrote);
  }
  return rc;
}

int identity_keep(struct node *n, const struct signer *who, const struct yz_id *ledger, bool *wrote,
                  struct yz_error *err) {
  struct ring r = {0};
  bool any = false, did = false;
  int rc = store_has_wraps(n->store, ledger, &any, err);
  if (rc != 0 || !any) return rc;
  rc = ring_init(&r, n, who, ledger, err);
  if (rc == 0) rc = wrap_all(&r, &did);
  ring_finish(&r);
  if (wrote != NULL) *wrote = did;
  return rc;
}

/* Is there somebody who lacks a key that can be opened here? */
static int is_behind(const struct ring *r, bool *behind) {
  const struct yz_secret *key;
  int rc = 0;
  *behind = false;
  for (size_t i = 0, end; rc == 0 && !*behind && i < r->n_wraps; i = end) {
    bool all = true;
    end = next_key(r, i);
    for (size_t k = 0; k < r->to.n; k++)
      all = all && has(r, i, end, &r->wraps[i].key, &r->to.keys[k]);
    if (all) continue;
    rc = store_ledger_key(r->n->store, &r->row.id, &r->wraps[i].key, &key, r->err);
    *behind = rc == 0;
    if (rc == YZ_E_NOT_FOUND) rc = 0;
  }
  return rc;
}

int identity_keep_now(struct node *n, const struct signer *who, struct yz_error *err) {
  struct ring r = {0};
  bool any = false, behind = false;
  int rc = store_has_wraps(n->store, &n->ledger.id, &any, err);
  if (rc != 0 || !any) return rc;
  rc = ring_init(&r, n, who, &n->ledger.id, err);
  if (rc == 0) rc = is_behind(&r, &behind);
  ring_finish(&r);
  if (rc != 0 || !behind) return rc;
  rc = store_begin(n->store, err);
  return rc == 0 ? store_end(n->store, identity_keep(n, who, &n->ledger.id, NULL, err), err) : rc;
}

/* --- what was carried -------------------------------------------------------------- */

int identity_carry(struct node *n, const char *content, const struct yz_id *from,
                   const struct yz_id *ledger, struct yz_error *err) {
  struct ring r = {0};
  struct yz_identity_id id;
  json_t *json = NULL, *value;
  const char *name;
  bool wrote = false;
  if (content == NULL || yz_json_parse(content, strlen(content), &json, NULL) != 0) return 0;
  json_t *sealed = json_object_get(json, "sealed");
  int rc = sealed != NULL ? ring_init(&r, n, NULL, ledger, err) : 0;
  json_object_foreach(sealed, name, value) {
    if (rc != 0 || !json_is_string(value) ||
        !yz_identity_read(json_string_value(value), json_string_length(value), &id))
      continue;
    wrote = false;
    rc = wrap_missing(&r, 0, r.n_wraps, from, &id, &wrote);
    for (size_t i = 0; rc == 0 && wrote && i < r.to.n; i++) {
      struct yz_identity_id box = yz_identity_box(&r.to.keys[i]);
      rc = add_wrap(&r, &id, &box, true);
    }
  }
  ring_finish(&r);
  json_decref(json);
  return rc;
}

/* --- sealing ------------------------------------------------------------------------ */

/* Where nobody has a passphrase, here or at who wrote in it before, nothing is gained by it. What
 * comes to the township may go to any village. */
static int is_sealing(struct node *n, const struct yz_id *ledger, bool *out, struct yz_error *err) {
  struct holding h = {.err = err};
  int rc = store_has_wraps(n->store, n->hub ? NULL : ledger, out, err);
  if (rc == 0 && !*out && !n->hub) rc = store_each_worker(n->store, read_worker, &h, err);
  *out |= h.locked;
  return rc;
}

static int make_key(const struct ring *r, const struct yz_secret **out) {
  const struct yz_world *w = r->n->world;
  struct yz_identity_id id;
  struct yz_secret *key = yz_secret_create(YZ_BATCH_KEY_LEN);
  if (key == NULL) return yz_no_memory(r->err);
  w->random(w->ctx, key->bytes, key->len);
  yz_identity_id(key->bytes, &id);
  int rc = wrap(r, key, r->to.keys, r->to.n);
  if (rc == 0) rc = store_keep_key(r->n->store, key->bytes, r->err);
  if (rc == 0) rc = store_identity_key(r->n->store, &id, out, r->err);
  yz_secret_destroy(key);
  return rc;
}

/* The one made last that is only where it should be. */
static int pick_key(const struct ring *r, const struct yz_secret **out) {
  for (size_t i = 0, end; i < r->n_wraps; i = end) {
    end = next_key(r, i);
    if (is_stale(r, i, end)) continue;
    int rc = store_ledger_key(r->n->store, &r->row.id, &r->wraps[i].key, out, r->err);
    if (rc != YZ_E_NOT_FOUND) return rc;
  }
  return make_key(r, out);
}

struct sealing {
  struct node *n;
  struct ring ring;
  const struct yz_id *ledger;
  const struct case_whole *settled; /* NULL: no settlement */
  const struct yz_secret *key;      /* NULL: none yet */
};

/* What stands there sealed already, of this value. */
static const char *said_before(const struct case_whole *w, const char *name, const char *text) {
  for (size_t f = FIELD_RESIDENT; w != NULL && f <= FIELD_HOUSEHOLD; f++) {
    const struct case_field *field = &w->view.fields[f];
    if (strcmp(field->name, name) != 0) continue;
    for (size_t i = 0; i < field->n_values; i++)
      if (field->values[i].sealed != NULL && field->values[i].value != NULL &&
          strcmp(field->values[i].value, text) == 0)
        return field->values[i].sealed;
  }
  return NULL;
}

/* Who is to read is asked once, while the node is open, as is whether the writer may sign. */
static int find_key(struct sealing *s) {
  struct identity_last *last = &s->n->identity;
  struct yz_identity_id id;
  bool wrote = false, wrapped = false;
  int rc = 0;
  if (last->key != NULL && yz_equal(&last->ledger, s->ledger, sizeof last->ledger)) {
    yz_identity_id(last->key->bytes, &id);
    rc = store_is_wrapped(s->n->store, &id, &wrapped, s->ring.err);
  }
  if (wrapped) s->key = last->key;
  if (rc != 0 || wrapped) return rc;
  rc = ring_init(&s->ring, s->n, s->ring.who, s->ledger, s->ring.err);
  if (rc == 0) rc = wrap_all(&s->ring, &wrote);
  if (rc == 0) rc = pick_key(&s->ring, &s->key);
  if (rc == 0) *last = (struct identity_last){*s->ledger, s->key};
  return rc;
}

static int seal_text(void *arg, const char *name, const char *text, struct yz_buf *out) {
  struct sealing *s = arg;
  const struct yz_world *w = s->n->world;
  unsigned char nonce[YZ_NONCE_LEN];
  const char *before = said_before(s->settled, name, text);
  if (before != NULL) return yz_buf_puts(out, before) == 0 ? 0 : YZ_E_MEMORY;
  int rc = s->key == NULL ? find_key(s) : 0;
  if (rc != 0) return rc;
  w->random(w->ctx, nonce, sizeof nonce);
  return yz_identity_seal(s->key->bytes, nonce, text, strlen(text), out);
}

int identity_seal(struct node *n, const struct signer *who, const struct yz_id *ledger,
                  const char *type, const json_t *content, const struct case_whole *whole,
                  json_t **out, struct yz_error *err) {
  struct sealing s = {.n = n, .ledger = ledger, .ring = {.who = who, .err = err}};
  bool sealing = false;
  *out = NULL;
  if (content == NULL) return 0;
  int rc = is_sealing(n, ledger, &sealing, err);
  if (rc != 0 || !sealing) return rc;
  if (strcmp(type, "case.settle") == 0) s.settled = whole;
  rc = sealed_fold(type, content, seal_text, &s, out);
  ring_finish(&s.ring);
  if (rc == YZ_E_LIMIT)
    return yz_fail(err, rc, YZ_N_("This is more than one record may hold. Shorten it."), NULL);
  return rc == YZ_E_MEMORY ? yz_no_memory(err) : rc;
}
