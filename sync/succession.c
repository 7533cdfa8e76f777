/* Who the hub is: the one that was pinned, those before it whom it succeeded, and those
 * after it who were named with the pinned recovery key. FORMAT.md §12, "Succession". */
#include "roster_private.h"
#include <string.h>

void yz_roster_pin_recovery(struct yz_roster *r, const struct yz_hash *recovery) {
  static const struct yz_hash none;
  r->recovery = *recovery;
  r->has_recovery = !yz_equal(recovery, &none, sizeof none);
}

/* The place of a key in the line of hubs; n_hubs: not in it. */
static size_t place_of(const struct yz_roster *r, const struct yz_key *node) {
  size_t i = 0;
  while (i < r->n_hubs && !same_key(&r->hubs[i], node)) i++;
  return i;
}

bool yz_roster_is_hub(const struct yz_roster *r, const struct yz_key *node) {
  return place_of(r, node) < r->n_hubs;
}

const struct yz_key *yz_roster_hubs(const struct yz_roster *r, size_t *n) {
  *n = r->n_hubs;
  return r->hubs;
}

bool yz_roster_recovery_box(const struct yz_roster *r, struct yz_key *out) {
  for (size_t i = r->n_boxes; i > 0; i--)
    if (same_key(&r->boxes[i - 1].hub, yz_roster_hub(r))) {
      *out = r->boxes[i - 1].box;
      return true;
    }
  return false;
}

const struct yz_key *yz_roster_hub(const struct yz_roster *r) {
  return &r->hubs[r->n_hubs - 1];
}

bool roster_former(const struct yz_roster *r, const struct yz_key *node) {
  return place_of(r, node) + 1 < r->n_hubs;
}

/* Of two that succeed the same hub the one received first. */
static const struct succession *successor_of(const struct yz_roster *r, const struct yz_key *of) {
  for (size_t i = 0; i < r->n_successions; i++)
    if (same_key(&r->successions[i].said.of, of)) return &r->successions[i];
  return NULL;
}

static const struct succession *succession_by(const struct yz_roster *r,
                                              const struct yz_key *node) {
  for (size_t i = 0; i < r->n_successions; i++)
    if (same_key(&r->successions[i].node, node)) return &r->successions[i];
  return NULL;
}

/* From the pinned hub back to whom it succeeded, then on to who succeeded it. The line has
 * room for one more than there are successions. */
static void read_line(struct yz_roster *r) {
  const struct succession *s;

  r->hubs[0] = r->pinned;
  r->n_hubs = 1;
  while ((s = succession_by(r, &r->hubs[0])) && !yz_roster_is_hub(r, &s->said.of)) {
    memmove(&r->hubs[1], &r->hubs[0], r->n_hubs++ * sizeof *r->hubs);
    r->hubs[0] = s->said.of;
  }
  while ((s = successor_of(r, yz_roster_hub(r))) && !yz_roster_is_hub(r, &s->node))
    r->hubs[r->n_hubs++] = s->node;
}

int roster_init_line(struct yz_roster *r, const struct yz_key *pinned) {
  r->pinned = *pinned;
  r->hubs = calloc(1, sizeof *r->hubs);
  if (!r->hubs) return YZ_E_MEMORY;
  read_line(r);
  return YZ_OK;
}

void roster_finish_line(struct yz_roster *r) {
  for (size_t i = 0; i < r->n_successions; i++) yz_successor_finish(&r->successions[i].said);
  free(r->successions);
  free(r->hubs);
}

/* Reads what names the log's node a hub: the second record of a log that itself names its
 * node as hub, signed with the recovery key that is pinned. */
static bool read_succession(const struct yz_roster *r, const struct yz_begin *begin,
                            const struct yz_record *record, const json_t *json,
                            struct yz_successor *out) {
  struct yz_hash hash;

  if (!r->has_recovery || record->seq != 2 || !same_key(&record->by, &begin->node) ||
      !same_id(&begin->ledger, &r->ledger) || !begin->has_hub ||
      !same_key(&begin->hub, &begin->node) || !roster_members_known("hub.successor", json) ||
      yz_successor_read(json, begin, out, NULL))
    return false;
  const struct yz_part part = {out->recovery.bytes, sizeof out->recovery.bytes};
  yz_sha256(&part, 1, &hash);
  if (yz_equal(&hash, &r->recovery, sizeof hash)) return true;
  yz_successor_finish(out);
  return false;
}

/* Does it go on from either end of the line, or stand in it? */
static const char *line_rule(const struct yz_roster *r, const struct yz_key *node,
                             const struct yz_key *of) {
  size_t mine = place_of(r, node), before = place_of(r, of);

  if (mine < r->n_hubs && before < r->n_hubs && mine == before + 1) return NULL;
  if (mine == r->n_hubs && before == r->n_hubs - 1) return NULL;
  if (mine == 0 && before == r->n_hubs) return NULL;
  return before < r->n_hubs ? "log.fork" : "log.id";
}

const char *yz_roster_succession(const struct yz_roster *r, const struct yz_begin *begin,
                                 const struct yz_record *record, const json_t *json) {
  struct yz_successor said;

  if (!read_succession(r, begin, record, json, &said)) return "log.id";
  const char *rule = line_rule(r, &begin->node, &said.of);
  yz_successor_finish(&said);
  return rule;
}

bool roster_names_hub(const struct yz_roster *r, const struct yz_begin *begin,
                      const struct yz_record *record) {
  struct yz_members m;

  if (record->seq != 2 || yz_record_parse(record->bytes, record->len, &m, NULL)) return false;
  bool names = yz_roster_succession(r, begin, record, m.json) == NULL;
  yz_members_finish(&m);
  return names;
}

static bool have(const struct yz_roster *r, const struct yz_id *log) {
  for (size_t i = 0; i < r->n_successions; i++)
    if (same_id(&r->successions[i].log, log)) return true;
  return false;
}

int roster_add_succession(struct yz_roster *r, const struct yz_begin *begin,
                          const struct yz_record *record, const json_t *json, bool *changed,
                          struct yz_error *err) {
  struct succession new = {.log = begin->log, .node = begin->node};

  if (have(r, &begin->log) || !read_succession(r, begin, record, json, &new.said)) return YZ_OK;
  struct yz_key *hubs = realloc(r->hubs, (r->n_successions + 2) * sizeof *hubs);
  if (hubs) r->hubs = hubs;
  struct succession *all = realloc(r->successions, (r->n_successions + 1) * sizeof *all);
  if (all) r->successions = all;
  if (!hubs || !all) {
    yz_successor_finish(&new.said);
    return yz_no_memory(err);
  }
  all[r->n_successions++] = new;
  read_line(r);
  *changed = true;
  return YZ_OK;
}

bool roster_past_succession(const struct yz_roster *r, const struct yz_key *node,
                            const struct yz_record *record, const struct yz_hash *id) {
  if (!roster_former(r, node)) return false;
  const struct succession *s = succession_by(r, &r->hubs[place_of(r, node) + 1]);
  return !s || !roster_covered(s->said.until, s->said.n_until, &record->log, record->seq, id);
}
