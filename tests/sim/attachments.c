/* Attachments: small ones of one piece, now and then one of two. At the end each is, byte for byte,
 * at the hub and at every PC of the village in whose ledger it was written; but what went with its
 * writer's disk before anyone else had all of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yizhan/piece.h>

#include "node/attach.h"
#include "sim.h"

struct attached {
  struct yz_hash record, case_id;
  size_t number, size;
};
static struct {
  struct attached *list;
  size_t n;
} all;

enum { MARK = 4 };

/* What lies at a place of the file of this number: a photo, as its first bytes say. */
static unsigned char byte_of(size_t number, size_t at) {
  static const unsigned char mark[MARK] = {0xff, 0xd8, 0xff, 0xe0};
  return at < MARK ? mark[at] : (unsigned char)((number * 31 + at * 7 + at / 251) & 0xff);
}

struct reading {
  size_t number, at;
};

static int read_bytes(void *ctx, void *bytes, size_t n, size_t *got, struct yz_error *err) {
  struct reading *r = ctx;
  (void)err;
  for (size_t i = 0; i < n; i++) ((unsigned char *)bytes)[i] = byte_of(r->number, r->at++);
  *got = n;
  return 0;
}

int attachments_add(struct pc *pc, const struct signer *who, const struct yz_hash *case_id,
                    struct yz_hash *record, struct yz_error *err) {
  struct casework_made made;
  char name[32];
  bool tells;
  size_t number = truth_word(case_id);
  size_t size = MARK + (sim_in(8) ? (size_t)YZ_PIECE : 0) + sim_below(3000);
  struct reading reading = {.number = number};
  struct attach_source source = {
      .name = name, .size = (int64_t)size, .read = read_bytes, .ctx = &reading};
  (void)snprintf(name, sizeof name, TRUTH_WORD "%06zu.jpg", number);
  int rc = attach_to(&pc->node, who, case_id, &source, &made, &tells, err);
  if (rc != 0) return rc;
  *record = made.record;
  all.list = realloc(all.list, (all.n + 1) * sizeof *all.list);
  all.list[all.n++] = (struct attached){made.record, *case_id, number, size};
  return 0;
}

/* --- at the end ------------------------------------------------------------------------- */

static void compare(struct pc *pc, const struct case_whole *whole, size_t record,
                    const struct attached *a) {
  struct attachment_reader *r = NULL;
  struct yz_error err = {0};
  const unsigned char *bytes;
  size_t at = 0, len;
  int rc = attachment_open(&pc->node, whole, record, &r, &err);
  while (rc == 0 && (rc = attachment_next(r, &bytes, &len, &err)) == 0 && len > 0)
    for (size_t i = 0; i < len; i++, at++)
      if (bytes[i] != byte_of(a->number, at))
        sim_wrong("%s has another attachment than was given: %zu", pc_name(pc), a->number);
  if (rc != 0 || at != a->size)
    sim_wrong("%s cannot read attachment %zu: %s (%s)", pc_name(pc), a->number,
              err.message != NULL ? err.message : "it has another size", err.subject);
  attachment_close(r);
  faults.attached++;
}

enum have { NOTHING, PARTS, WHOLE };

/* How much of it a PC has that can read it. */
static enum have look(struct pc *pc, const struct attached *a) {
  struct case_whole whole = {0};
  struct attachment seen;
  struct yz_error err = {0};
  enum have have = NOTHING;
  if (store_load_case(pc->node.store, &a->case_id, &whole, &err) != 0) return NOTHING;
  for (size_t i = 0; i < whole.n; i++) {
    if (!yz_equal(&whole.records[i].id, &a->record, sizeof a->record) ||
        !attachment_read(&pc->node, &whole, i, &seen) || seen.name[0] == '\0')
      continue;
    have = seen.here == seen.pieces ? WHOLE : PARTS;
    if (have == WHOLE) compare(pc, &whole, i, a);
  }
  case_whole_finish(&whole);
  return have;
}

/* Was it lost with a disk before anyone else had it? */
static bool may_lack(const struct said *s) {
  return s->forgivable || s->lies || s->ended_by != TRUTH_NONE;
}

static void check_one(const struct attached *a) {
  const struct said *s = truth_at(truth_find(&a->record));
  const struct yz_store *t = store_table(sim.pcs[HUB].node.store);
  struct yz_log_row log;
  struct pc *with = NULL, *without = NULL;
  if (may_lack(s) || t->get_log(t->ctx, &s->log, &log, NULL) != 0) return;
  for (size_t i = 0; i < sim.n_pcs; i++) {
    struct pc *pc = &sim.pcs[i];
    if (pc->lies || (i != HUB && !yz_equal(&pc->node.ledger.id, &log.ledger, YZ_ID_LEN))) continue;
    enum have have = look(pc, a);
    if (have == WHOLE) with = pc;
    if (have == PARTS) without = pc;
  }
  if (without != NULL && (with != NULL || !sim.pcs[s->pc].restored))
    sim_wrong("%s lacks pieces of attachment %zu of %s", pc_name(without), a->number,
              pc_name(&sim.pcs[s->pc]));
}

void attachments_check(void) {
  for (size_t i = 0; i < all.n; i++) check_one(&all.list[i]);
}
