/* Words taken away: the hub says so of a case, and at the end nothing of them is left at any honest
 * PC: not in its files, and under no key that opens it, in any object, reached or not. Likewise
 * what is for the township alone is nowhere at a village.
 *
 * The liar may keep its keys, and what it wrapped: its village's repositories are left out. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disk.h"
#include "node/hub/hub.h"
#include "node/ledgers.h"
#include "repos.h"
#include "sim.h"

/* As `yizhan erase` does it. */
void erase_case(void) {
  struct pc *hub = &sim.pcs[HUB];
  struct yz_error err = {0};
  size_t ledgers = 0, before = truth_count();
  if (truth_cases() == 0) return;
  const struct yz_hash of = truth_case(sim_below(truth_cases()))->id;
  act_begin(hub, true);
  int rc = hub_erase(&hub->node, &hub->workers[0].signer, &of, "asked for", &ledgers, &err);
  bool told = rc == 0 && ledgers > 0;
  if (rc == 0) rc = hub_publish(&hub->node, &err);
  if (rc == 0) rc = store_scrub(hub->node.store, &err);
  sim_say("hub erases a case in %zu ledgers: %s", ledgers, rc == 0 ? "ok" : yz_code_name(err.code));
  if (told) fault_count(FAULT_ERASE);
  (void)act_end(hub);
  for (size_t i = before; told && i < truth_count(); i++)
    if (truth_at(i)->pc == HUB) truth_at(i)->told = true;
}

/* --- what is erased ---------------------------------------------------------------- */

struct erasures {
  struct erasure *list;
  size_t n;
};

static int keep_erasure(void *arg, const struct erasure *e) {
  struct erasures *to = arg;
  to->list = realloc(to->list, (to->n + 1) * sizeof *to->list);
  to->list[to->n++] = *e;
  return 0;
}

static bool is_erased(const struct erasures *e, const struct yz_hash *of) {
  for (size_t i = 0; i < e->n; i++)
    if (memcmp(&e->list[i].of, of, sizeof *of) == 0) return true;
  return false;
}

static bool erased_in(const struct erasures *e, const struct yz_hash *of,
                      const struct yz_id *ledger) {
  for (size_t i = 0; i < e->n; i++)
    if (memcmp(&e->list[i].of, of, sizeof *of) == 0 &&
        memcmp(&e->list[i].ledger, ledger, sizeof *ledger) == 0)
      return true;
  return false;
}

/* --- in files ------------------------------------------------------------------------ */

struct reading {
  const struct pc *pc;
  const struct erasures *erased; /* NULL: what is for the township alone */
};

static void read_file(void *arg, const char *path, const void *bytes, size_t n) {
  const struct reading *r = arg;
  const char *at = bytes, *end = at + n;
  size_t mark = strlen(TRUTH_WORD), word;
  while ((at = memmem(at, (size_t)(end - at), TRUTH_WORD, mark)) != NULL) {
    at += mark;
    if (end - at < 6) return;
    char digits[7] = {0};
    memcpy(digits, at, 6);
    if (strspn(digits, "0123456789") != 6 || sscanf(digits, "%6zu", &word) != 1) continue;
    const struct yz_hash *of = truth_word_case(word);
    if (of != NULL && r->erased == NULL && truth_sealed(of))
      sim_wrong("%s holds words that are for the township alone: %s%06zu in %s", pc_name(r->pc),
                TRUTH_WORD, word, path);
    if (of != NULL && r->erased != NULL && is_erased(r->erased, of))
      sim_wrong("%s still holds words that were erased: %s%06zu in %s", pc_name(r->pc), TRUTH_WORD,
                word, path);
  }
}

/* --- under keys ---------------------------------------------------------------------- */

/* A segment with records whose words are erased. */
struct target {
  struct yz_id log;
  int64_t first, last;
};

struct hunt {
  const struct erasures
      *erased; /* NULL: what is for the township alone, by any box but the hub's */
  const char *audience;
  struct pc *pc; /* in whose repository and store */
  const struct yz_ledger_row *row;
  struct repo *repo;
  struct target target;
  const char *found; /* where the key was */
  unsigned char key[YZ_BATCH_KEY_LEN];
};

struct standing {
  const struct hunt *h;
  bool erased;
};

static int look_at_record(void *arg, const struct yz_stored *r) {
  struct standing *s = arg;
  size_t i = truth_find(&r->id);
  s->erased = s->erased || (i != TRUTH_NONE && truth_at(i)->has_case &&
                            erased_in(s->h->erased, &truth_at(i)->case_id, &s->h->row->id));
  return 0;
}

/* Is it the record that stands there whose words are erased? (Another may have stood there, and
 * gone with the power.) */
static bool has_erased(const struct hunt *h, int64_t seq) {
  const struct pc *const at[] = {h->pc, &sim.pcs[HUB]};
  struct standing s = {.h = h};
  for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
    const struct yz_store *t = store_table(at[i]->node.store);
    if (t->each_record(t->ctx, &h->target.log, seq, seq, look_at_record, &s, NULL) != 0)
      sim_wrong("%s: a log cannot be read", pc_name(at[i]));
  }
  return s.erased;
}

static const char *hex12(const struct yz_id *id) {
  static char hex[YZ_ID_HEX + 1];
  yz_to_hex(id->bytes, YZ_ID_LEN, hex);
  hex[12] = '\0';
  return hex;
}

static void try_batch(void *arg, const void *bytes, size_t n) {
  const struct hunt *h = arg;
  struct yz_buf items = {0};
  struct yz_content item;
  size_t at = 0;
  int64_t seq;
  if (yz_batch_open(bytes, n, &h->target.log, h->target.first, h->target.last, h->audience, h->key,
                    &items, NULL) != 0) {
    yz_buf_finish(&items);
    return;
  }
  if (h->erased == NULL && yz_batch_next(&items, &at, &seq, &item, NULL) > 0)
    sim_wrong("a village can read what is for the township alone: record %lld of %s of %s, by a key"
              " in %s",
              (long long)h->target.first, hex12(&h->target.log), h->row->code, h->found);
  while (yz_batch_next(&items, &at, &seq, &item, NULL) > 0)
    if (has_erased(h, seq))
      sim_wrong("%s can still read what was erased: record %lld of %s of %s, by a key in %s",
                pc_name(h->pc), (long long)seq, hex12(&h->target.log), h->row->code, h->found);
  yz_buf_finish(&items);
}

/* A keys file, by whoever of this ledger may open it. */
static void try_keys(void *arg, const void *bytes, size_t n) {
  struct hunt *h = arg;
  char log[YZ_ID_HEX + 1];
  yz_to_hex(h->target.log.bytes, YZ_ID_LEN, log);
  if (memmem(bytes, n, log, YZ_ID_HEX) == NULL) return;
  for (size_t i = 0; i < sim.n_pcs; i++) {
    const struct pc *pc = &sim.pcs[i];
    if ((i != HUB && memcmp(&pc->node.ledger.id, &h->row->id, YZ_ID_LEN) != 0) ||
        (i == HUB && h->erased == NULL) ||
        yz_keys_read(bytes, n, &h->target.log, h->target.first, h->audience, pc->node.box, h->key,
                     NULL) != 0)
      continue;
    repo_each_blob(h->repo, try_batch, h);
  }
}

static void try_store(struct hunt *h) {
  static const char KEYS[] = "SELECT k.key FROM batch_key k JOIN log l ON l.n=k.log"
                             " WHERE l.id=?1 AND k.first=?2";
  static const char FILES[] = "SELECT f.bytes FROM file f WHERE f.path LIKE '%.json'";
  char path[MAX_PATH];
  sqlite3 *db = NULL;
  sqlite3_stmt *row = NULL;
  (void)snprintf(path, sizeof path, "%s/yizhan.db", h->pc->dir);
  bool good = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
              sqlite3_prepare_v2(db, KEYS, -1, &row, NULL) == SQLITE_OK &&
              sqlite3_bind_blob(row, 1, h->target.log.bytes, YZ_ID_LEN, NULL) == SQLITE_OK &&
              sqlite3_bind_int64(row, 2, h->target.first) == SQLITE_OK;
  while (good && sqlite3_step(row) == SQLITE_ROW) {
    h->found = "batch_key";
    memcpy(h->key, sqlite3_column_blob(row, 0), sizeof h->key);
    repo_each_blob(h->repo, try_batch, h);
  }
  sqlite3_finalize(row);
  row = NULL;
  good = good && sqlite3_prepare_v2(db, FILES, -1, &row, NULL) == SQLITE_OK;
  h->found = "file";
  while (good && sqlite3_step(row) == SQLITE_ROW)
    try_keys(h, sqlite3_column_blob(row, 0), (size_t)sqlite3_column_bytes(row, 0));
  if (!good) sim_wrong("%s: its store cannot be read: %s", pc_name(h->pc), sqlite3_errmsg(db));
  sqlite3_finalize(row);
  (void)sqlite3_close(db);
}

static int keep_bounds(void *arg, const struct yz_segment_row *row) {
  struct target *t = arg;
  t->first = row->first;
  t->last = row->last;
  return 1;
}

static bool is_hunted(const struct hunt *h, const struct said *s) {
  const struct yz_store *t = store_table(sim.pcs[HUB].node.store);
  struct yz_log_row log;
  if (!s->has_case || s->seq == 0) return false;
  if (h->erased != NULL) return erased_in(h->erased, &s->case_id, &h->row->id);
  return truth_sealed(&s->case_id) && t->get_log(t->ctx, &s->log, &log, NULL) == 0 &&
         memcmp(&log.ledger, &h->row->id, YZ_ID_LEN) == 0;
}

static void hunt_in(struct hunt *h, const char *audience) {
  const struct yz_store *t = store_table(sim.pcs[HUB].node.store);
  struct target done = {.last = 0};
  h->audience = audience;
  for (size_t i = 0; i < truth_count(); i++) {
    const struct said *s = truth_at(i);
    if (!is_hunted(h, s)) continue;
    if (memcmp(&s->log, &done.log, sizeof s->log) == 0 && s->seq >= done.first &&
        s->seq <= done.last)
      continue;
    h->target = (struct target){.log = s->log};
    if (t->each_segment(t->ctx, &s->log, s->seq, keep_bounds, &h->target, NULL) <= 0 ||
        h->target.first > s->seq)
      continue;
    done = h->target;
    h->found = "git";
    repo_each_blob(h->repo, try_keys, h);
    try_store(h);
  }
}

/* --- at the end ------------------------------------------------------------------------ */

static int not_yet(void *arg, const struct erasing_node *node) {
  (void)arg;
  for (size_t i = 0; i < sim.n_pcs; i++)
    if (sim.pcs[i].lies && memcmp(&sim.pcs[i].node.station.key, &node->node, YZ_KEY_LEN) == 0)
      return 0;
  sim_wrong("a node of %s has not taken away what was erased", node->village.code);
}

static void check_ledger(struct pc *pc, const struct yz_ledger_row *row,
                         const struct erasures *erased) {
  const struct yz_store *hub = store_table(sim.pcs[HUB].node.store),
                        *own = store_table(pc->node.store);
  struct hunt h = {.erased = erased, .pc = pc, .row = row};
  char *path = node_ledger_path(&pc->node, row);
  int64_t said = 0, known = 0;
  h.repo = path != NULL ? repo_find(path) : NULL;
  free(path);
  if (hub->count_erased(hub->ctx, &row->id, &said, NULL) != 0 ||
      own->count_erased(own->ctx, &row->id, &known, NULL) != 0 || said != known)
    sim_wrong("%s knows of %lld erasures of %lld", pc_name(pc), (long long)known, (long long)said);
  if (h.repo == NULL || said == 0 || memcmp(&row->id, &sim.pcs[1].node.ledger.id, YZ_ID_LEN) == 0)
    return;
  hunt_in(&h, "village");
  if (pc->index == HUB) hunt_in(&h, "township");
}

void check_sealed(void) {
  for (size_t i = 1; i < sim.n_pcs && faults.sealed > 0; i++) {
    struct pc *pc = &sim.pcs[i];
    struct reading r = {.pc = pc};
    struct hunt h = {.pc = pc, .row = &pc->node.ledger};
    char folder[MAX_PATH], *path = node_ledger_path(&pc->node, h.row);
    (void)snprintf(folder, sizeof folder, "%s/", pc->dir);
    disk_each_bytes(folder, read_file, &r);
    h.repo = path != NULL ? repo_find(path) : NULL;
    free(path);
    if (h.repo != NULL) hunt_in(&h, "township");
  }
}

void check_erased(void) {
  struct erasures erased = {0};
  struct yz_error err = {0};
  if (store_each_erasure(sim.pcs[HUB].node.store, NULL, keep_erasure, &erased, &err) != 0 ||
      hub_each_erasing(&sim.pcs[HUB].node, not_yet, NULL, &err) != 0)
    sim_wrong("the hub's erasures cannot be read");
  for (size_t i = 0; i < sim.n_pcs && erased.n > 0; i++) {
    struct pc *pc = &sim.pcs[i];
    struct reading r = {pc, &erased};
    struct yz_ledger_row *rows = NULL;
    char folder[MAX_PATH];
    size_t n = 0;
    if (pc->lies) continue;
    (void)snprintf(folder, sizeof folder, "%s/", pc->dir);
    disk_each_bytes(folder, read_file, &r);
    if (node_ledgers(&pc->node, &rows, &n, &err) != 0) sim_wrong("ledgers cannot be read");
    for (size_t k = 0; k < n; k++) check_ledger(pc, &rows[k], &erased);
    free(rows);
  }
  free(erased.list);
}
