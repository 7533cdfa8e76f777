/* Asking a roster: who may sign what. FORMAT.md §13, rules author.*. */
#include "roster_private.h"
#include <stdlib.h>
#include <string.h>
#include <yizhan/carried.h>

static bool begins_with(const char *text, const char *start) {
  return strncmp(text, start, strlen(start)) == 0;
}

/* Types by which a hub rules its ledger. */
static bool ruling_type(const char *type) {
  return begins_with(type, "roster.") || begins_with(type, "quarantine.") ||
         begins_with(type, "clock.") || begins_with(type, "hub.") || yz_carry_type(type);
}

static bool node_granted(const struct yz_roster *r, const struct yz_key *node) {
  for (size_t i = 0; i < r->n_nodes; i++)
    if (same_key(&r->nodes[i].node, node)) return true;
  return false;
}

static bool is_home(const struct yz_roster *r, const struct yz_key *node) {
  return r->has_home && same_key(&r->home, node);
}

bool yz_roster_node_known(const struct yz_roster *r, const struct yz_key *node) {
  return yz_roster_is_hub(r, node) || is_home(r, node) || node_granted(r, node);
}

bool yz_roster_old_log(const struct yz_roster *r, const struct yz_id *log, struct yz_place *upto) {
  for (size_t i = 0; i < r->n_olds; i++)
    if (same_id(&r->olds[i].log, log)) {
      *upto = r->olds[i].at;
      return true;
    }
  return false;
}

static bool continues(const struct yz_begin *b, const struct yz_id *log) {
  for (size_t i = 0; i < b->n_continues; i++)
    if (same_id(&b->continues[i].log, log)) return true;
  return false;
}

/* Does this begin a log of the node that is the hub now, with no successor? */
static bool present_begin(const struct yz_roster *r, const struct yz_begin *b) {
  return hub_begin(r, b) && !roster_former(r, &b->node);
}

bool yz_roster_superseded(const struct yz_roster *r, const struct yz_id *log) {
  const struct yz_begin *mine = roster_begin(r, log);

  if (mine && hub_begin(r, mine) && roster_former(r, &mine->node)) return true;
  for (size_t i = 0; i < r->n_begins; i++)
    if (present_begin(r, &r->begins[i]) && !same_id(&r->begins[i].log, log) &&
        continues(&r->begins[i], log))
      return true;
  return false;
}

static bool united(const struct yz_roster *r, const struct yz_id *a, const struct yz_id *b) {
  for (size_t i = 0; i < r->n_begins; i++)
    if (present_begin(r, &r->begins[i]) && continues(&r->begins[i], a) &&
        continues(&r->begins[i], b))
      return true;
  return false;
}

/* Two logs of the hub of which neither continues the other, and none both. (Of a former
 * hub's logs its successor says how far each counts.) */
static bool apart(const struct yz_roster *r, const struct yz_begin *a, const struct yz_begin *b) {
  return present_begin(r, a) && present_begin(r, b) && !continues(a, &b->log) &&
         !continues(b, &a->log) && !united(r, &a->log, &b->log);
}

bool yz_roster_rival(const struct yz_roster *r, const struct yz_id *log) {
  const struct yz_begin *mine = roster_begin(r, log);

  for (size_t i = 0; mine && &r->begins[i] != mine; i++)
    if (apart(r, mine, &r->begins[i])) return true;
  return false;
}

bool yz_roster_divided(const struct yz_roster *r, const struct yz_id *log) {
  const struct yz_begin *mine = roster_begin(r, log);

  for (size_t i = 0; mine && i < r->n_begins; i++)
    if (&r->begins[i] != mine && apart(r, mine, &r->begins[i])) return true;
  return false;
}

bool yz_roster_hub_log(const struct yz_roster *r, struct yz_id *out) {
  for (size_t i = 0; i < r->n_begins; i++)
    if (present_begin(r, &r->begins[i]) && !yz_roster_superseded(r, &r->begins[i].log)) {
      *out = r->begins[i].log;
      return true;
    }
  return false;
}

/* Does a place still count under a bound: not past it, and itself when at it? */
static bool within(const struct yz_place *bound, int64_t seq, const struct yz_hash *id) {
  return seq < bound->seq || (seq == bound->seq && yz_equal(id, &bound->id, sizeof *id));
}

bool roster_covered(const struct yz_ack_head *until, size_t n, const struct yz_id *log, int64_t seq,
                    const struct yz_hash *id) {
  for (size_t i = 0; i < n; i++)
    if (same_id(&until[i].log, log) && within(&until[i].at, seq, id)) return true;
  return false;
}

static bool of_this_ledger(const struct yz_roster *r, const struct yz_id *log) {
  const struct yz_begin *begin = roster_begin(r, log);
  return begin && same_id(&begin->ledger, &r->ledger);
}

/* Is a revocation without a word on this record? A worker.end says nothing of logs of the
 * time before its own node joined, which end where the grant says; nor of a worker.end in
 * another log: of two workers who end each other in two copies of a node neither stays. */
static bool says_nothing(const struct yz_roster *r, const struct revocation *v,
                         const struct yz_id *log, const char *type) {
  if (!v->end) return false;
  if (strcmp(type, "worker.end") == 0 && !same_id(&v->log, log)) return true;
  return of_this_ledger(r, &v->log) && !of_this_ledger(r, log);
}

static bool still_counts(const struct revocation *v, const struct yz_record *record,
                         const struct yz_hash *id) {
  if (v->end && same_id(&v->log, &record->log) && record->seq <= v->seq) return true;
  return roster_covered(v->until, v->n_until, &record->log, record->seq, id);
}

static bool revoked(const struct yz_roster *r, const struct yz_key *node,
                    const struct yz_record *record, const struct yz_hash *id, const char *type) {
  for (size_t i = 0; i < r->n_revocations; i++) {
    const struct revocation *v = &r->revocations[i];
    if (same_key(&v->node, node) && (v->whole_node || same_key(&v->worker, &record->by)) &&
        !still_counts(v, record, id) && !says_nothing(r, v, &record->log, type))
      return true;
  }
  return false;
}

static bool released(const struct yz_roster *r, const struct yz_record *record,
                     const struct yz_hash *id) {
  for (size_t i = 0; i < r->n_releases; i++)
    if (same_id(&r->releases[i].log, &record->log) && r->releases[i].at.seq == record->seq &&
        yz_equal(&r->releases[i].at.id, id, sizeof *id))
      return true;
  return false;
}

static unsigned roles_at(const struct yz_roster *r, const struct yz_key *hub,
                         const struct yz_key *worker) {
  unsigned roles = 0;
  for (size_t i = 0; i < r->n_pairs; i++)
    if (same_key(&r->pairs[i].node, hub) && same_key(&r->pairs[i].worker, worker))
      roles |= r->pairs[i].roles;
  return roles;
}

unsigned yz_roster_roles(const struct yz_roster *r, const struct yz_key *worker) {
  return roles_at(r, yz_roster_hub(r), worker);
}

/* Was this worker named for this node, in a way that counts for this log? */
static bool entitled(const struct yz_roster *r, const struct yz_key *node, const struct yz_id *log,
                     bool old, const struct yz_key *worker) {
  for (size_t i = 0; i < r->n_pairs; i++) {
    const struct pair *p = &r->pairs[i];
    if (!same_key(&p->node, node) || !same_key(&p->worker, worker)) continue;
    if (p->granted || is_home(r, node) || (old && same_id(&p->log, log))) return true;
  }
  return false;
}

static enum yz_status say(enum yz_status status, const char **rule, const char *name) {
  *rule = name;
  return status;
}

/* Types that say who signs at a node. */
static bool peoples(const char *type) {
  return strcmp(type, "worker.add") == 0 || strcmp(type, "worker.end") == 0;
}

/* The node's own key signs little: what begins and peoples a log; a hub's also rules. */
static bool node_may(const char *type, int64_t seq, bool hub) {
  if (strcmp(type, "log.begin") == 0) return seq == 1;
  if (strcmp(type, "node.join") == 0) return seq == 2 && !hub;
  if (strcmp(type, "hub.successor") == 0) return false; /* but where it makes the hub */
  return peoples(type) || (hub && ruling_type(type));
}

static bool worker_may(const char *type, bool hub, unsigned roles) {
  if (begins_with(type, "log.") || begins_with(type, "node.") || strcmp(type, "hub.successor") == 0)
    return false;
  if (ruling_type(type) || (hub && peoples(type))) return hub && (roles & YZ_ROLE_ADMINISTRATOR);
  return true;
}

/* What the whole log may do here: YZ_ACCEPTED when its records are to be judged one by one. */
static enum yz_status judge_log(const struct yz_roster *r, const struct yz_begin *begin,
                                const struct yz_record *record, const struct yz_hash *id,
                                const char **rule) {
  const struct yz_key *node = begin ? &begin->node : &record->by;
  struct yz_place upto;

  if (!yz_roster_node_known(r, node)) return say(YZ_WAITING, rule, "log.grant");
  if (yz_roster_rival(r, &record->log)) return say(YZ_WAITING, rule, "log.fork");
  if (!begin || same_id(&begin->ledger, &r->ledger)) return YZ_ACCEPTED;
  if (yz_roster_is_hub(r, node)) return say(YZ_REFUSED, rule, "log.id");
  if (is_home(r, node)) return YZ_ACCEPTED;
  if (!yz_roster_old_log(r, &record->log, &upto)) return say(YZ_WAITING, rule, "log.grant");
  if (!within(&upto, record->seq, id)) return say(YZ_REFUSED, rule, "author.revoked");
  return YZ_ACCEPTED;
}

enum yz_status yz_roster_judge(const struct yz_roster *r, const struct yz_record *record,
                               const struct yz_hash *id, const char *type, const char **rule) {
  const struct yz_begin *begin = roster_begin(r, &record->log);
  const struct yz_key *node = begin ? &begin->node : &record->by;
  bool hub = yz_roster_is_hub(r, node), by_node = same_key(&record->by, node);
  unsigned roles = hub ? roles_at(r, node, &record->by) : 0;
  bool successor =
      begin && strcmp(type, "hub.successor") == 0 && roster_names_hub(r, begin, record);

  *rule = NULL;
  if (released(r, record, id)) return YZ_ACCEPTED;
  /* A log whose beginning does not count has no author yet but its node. */
  if (!begin && strcmp(type, "log.begin") != 0) return say(YZ_WAITING, rule, "log.grant");
  if (successor && !hub) return YZ_ACCEPTED;
  enum yz_status status = judge_log(r, begin, record, id, rule);
  if (status) return status;
  bool old = begin && !same_id(&begin->ledger, &r->ledger);
  bool known = by_node || (hub ? roles != 0 : entitled(r, node, &record->log, old, &record->by));
  if (!known) return say(YZ_WAITING, rule, "author.unknown");
  if (revoked(r, node, record, id, type) || roster_past_succession(r, node, record, id))
    return say(YZ_REFUSED, rule, "author.revoked");
  if (successor) return YZ_ACCEPTED;
  if (by_node ? !node_may(type, record->seq, hub) : !worker_may(type, hub, roles))
    return say(YZ_REFUSED, rule, "author.rights");
  return YZ_ACCEPTED;
}

bool yz_roster_node_revoked(const struct yz_roster *r, const struct yz_key *node) {
  for (size_t i = 0; i < r->n_revocations; i++)
    if (r->revocations[i].whole_node && same_key(&r->revocations[i].node, node)) return true;
  return false;
}

bool yz_roster_left(const struct yz_roster *r, const struct yz_id *log, int64_t seq) {
  const struct yz_begin *begin = roster_begin(r, log);
  if (!begin) return false;
  if (yz_roster_node_revoked(r, &begin->node)) return true;
  for (size_t i = 0; i < r->n_begins; i++)
    for (size_t k = 0; k < r->begins[i].n_continues; k++) {
      const struct yz_ack_head *from = &r->begins[i].continues[k];
      if (same_key(&r->begins[i].node, &begin->node) && same_id(&from->log, log) &&
          from->at.seq < seq)
        return true;
    }
  return false;
}

/* A node reads with the key that it named last, so that one that begins log after log,
 * each with another key, does not fill everyone's keys files. */
static bool begun_since(const struct yz_roster *r, size_t i) {
  for (size_t k = i + 1; k < r->n_begins; k++)
    if (same_key(&r->begins[k].node, &r->begins[i].node)) return true;
  return false;
}

int yz_roster_receivers(const struct yz_roster *r, struct yz_key **out, size_t *n) {
  *n = 0;
  *out = calloc(r->n_begins + 1, sizeof **out);
  if (!*out) return YZ_E_MEMORY;
  for (size_t i = 0; i < r->n_begins; i++) {
    const struct yz_begin *b = &r->begins[i];
    bool known = false;
    if (!yz_roster_node_known(r, &b->node) || yz_roster_node_revoked(r, &b->node) ||
        roster_former(r, &b->node) || begun_since(r, i))
      continue;
    for (size_t k = 0; k < *n; k++) known = known || same_key(&(*out)[k], &b->box);
    if (!known) (*out)[(*n)++] = b->box;
  }
  return YZ_OK;
}

/* The member entry for this pair: the one already listed, or a new one. */
static struct yz_member *member_for(struct yz_member *members, size_t *n, const struct pair *p) {
  for (size_t i = 0; i < *n; i++)
    if (same_key(&members[i].node, &p->node) && same_key(&members[i].worker, &p->worker))
      return &members[i];
  members[*n] = (struct yz_member){.node = p->node, .worker = p->worker, .awaiting = true};
  return &members[(*n)++];
}

int yz_roster_members(const struct yz_roster *r, struct yz_member **out, size_t *n) {
  *n = 0;
  *out = calloc(r->n_pairs + 1, sizeof **out);
  if (!*out) return YZ_E_MEMORY;
  for (size_t i = 0; i < r->n_pairs; i++) {
    const struct pair *p = &r->pairs[i];
    struct yz_member *m = member_for(*out, n, p);
    m->hub = yz_roster_is_hub(r, &p->node);
    m->revoked = m->revoked || roster_former(r, &p->node);
    m->roles |= p->roles;
    if (p->granted) m->awaiting = false;
    for (size_t k = 0; k < r->n_revocations; k++) {
      const struct revocation *v = &r->revocations[k];
      if (same_key(&v->node, &p->node) && (v->whole_node || same_key(&v->worker, &p->worker)))
        m->revoked = true;
    }
  }
  return YZ_OK;
}
