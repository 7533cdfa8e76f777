/* Did a move count? Each record is judged by what its writer knew: the records reached
 * through its heads and its own log. FORMAT.md §14, 2. */
#include "node/cases/fold.h"

/* What a record's writer saw. */
struct outlook {
  enum case_state state;
  unsigned states; /* all that stand; bits */
  bool contested;  /* others stand beside it */
};

/* For each position q, a size_t, among those that p's writer saw standing. */
#define EACH_STANDING(f, p, mark, q)                                                               \
  for (size_t word_ = 0; word_ < case_reach_words(p); word_++)                                     \
    for (uint64_t bits_ = case_reach_standing(&(f)->reach, p, word_, mark);                        \
         bits_ != 0 && ((q) = word_ * 64 + (size_t)__builtin_ctzll(bits_), true);                  \
         bits_ &= bits_ - 1)

bool fold_gives_way(const struct fold *f, size_t p, size_t chosen, size_t other) {
  if (f->moves[other] == CASE_SETTLE && f->weights[other] < f->weights[p]) return false;
  return other != p && case_reach_has(&f->reach, other, chosen);
}

/* Does the move at q, which p's writer saw standing, give way to another that stands? */
static bool yields(const struct fold *f, size_t p, size_t q) {
  size_t other;
  if (f->moves[q] != CASE_SETTLE) return false;
  EACH_STANDING(f, p, MARK_STATE, other)
  if (fold_gives_way(f, q, f->settles[q], other)) return true;
  return false;
}

static struct outlook outlook_of(const struct fold *f, size_t p) {
  struct outlook o = {CASE_REGISTERED, 0, false};
  uint64_t best = 0;
  size_t q;
  EACH_STANDING(f, p, MARK_STATE, q) {
    if (yields(f, p, q)) continue;
    o.states |= 1U << f->outcomes[q].to;
    if (f->weights[q] < best) continue;
    best = f->weights[q];
    o.state = f->outcomes[q].to;
  }
  o.contested = (o.states & (o.states - 1)) != 0;
  return o;
}

/* The weightiest move to this state that p's writer saw standing. */
static size_t standing_at(const struct fold *f, size_t p, enum case_state state) {
  size_t best = p, q;
  EACH_STANDING(f, p, MARK_STATE, q)
  if (f->outcomes[q].to == state && (best == p || f->weights[q] > f->weights[best])) best = q;
  return best;
}

/* A dissatisfied person, or a reopening, outweighs a merge, that the hub's move, that the
 * village's; then the stamp as counted, then the id. */
static uint64_t weight_of(const struct fold *f, size_t p, enum case_move move,
                          struct case_outcome outcome) {
  uint64_t class = fold_record(f, p)->by_hub ? 1 : 0;
  if (move == CASE_MERGE) class = 2;
  if ((outcome.flags & CASE_REOPENED) != 0) class = 3;
  return class << 32 | f->graph.rank[p];
}

/* Nobody has a hand in a case about themselves. */
static bool by_other_hands(const struct fold *f, size_t p, enum case_move move) {
  const struct case_record *r = fold_record(f, p);
  return case_about_refused(move, f->view, &r->by, r->plain) == NULL;
}

static bool may_be_made(const struct fold *f, size_t p, enum case_move move) {
  if (move == CASE_OPEN) return p == f->graph.opening;
  if (!by_other_hands(f, p, move)) return false;
  struct outlook o = outlook_of(f, p);
  enum case_state to = case_outcome(move, fold_record(f, p)->plain).to;
  if (move == CASE_SETTLE && to != CASE_STATES) return o.contested && (o.states >> to & 1) != 0;
  return case_move_allowed(move, o.state, fold_record(f, p)->by_hub, o.contested);
}

/* The answer that counts, as its writer saw it. */
static enum case_result answer_before(const struct fold *f, size_t p) {
  enum case_result best = RESULT_NONE;
  size_t q;
  EACH_STANDING(f, p, MARK_ANSWER, q)
  if (f->outcomes[q].result > best) best = f->outcomes[q].result;
  return best;
}

/* Had its writer seen that the township took the case up? Someone dissatisfied for
 * the second time brings it there too. */
static bool with_township(const struct fold *f, size_t p) {
  const uint64_t *seen = case_reach_seen(&f->reach, p);
  int unhappy = 0;
  for (size_t word = 0; word < case_reach_words(p); word++) {
    if ((seen[word] & f->township[word]) != 0) return true;
    unhappy += __builtin_popcountll(seen[word] & f->unhappy[word]);
  }
  return unhappy >= 2;
}

/* The class that its writer saw. */
static enum case_class seen_class(const struct fold *f, size_t p) {
  enum case_class class = CLASS_ORDINARY;
  for (size_t q = 0; q < p; q++) {
    if (!case_reach_has(&f->reach, p, q) || !fold_counts(f, q)) continue;
    const char *name = json_string_value(json_object_get(fold_record(f, q)->plain, "class"));
    if (name != NULL) class = case_class_from_name(name);
  }
  return class;
}

/* How often its writer saw it extended since it was last taken up again. */
static size_t seen_extensions(struct fold *f, size_t p) {
  uint64_t *before = f->reach.scratch; /* what a reopening knew */
  size_t n = 0;
  for (size_t word = 0; word < case_reach_words(p); word++) before[word] = 0;
  for (size_t q = 0; q < p; q++) {
    if ((f->outcomes[q].flags & CASE_REOPENED) == 0 || !case_reach_has(&f->reach, p, q)) continue;
    const uint64_t *seen = case_reach_seen(&f->reach, q);
    for (size_t word = 0; word < case_reach_words(q); word++) before[word] |= seen[word];
  }
  for (size_t q = 0; q < p; q++)
    n += f->moves[q] == CASE_EXTEND && fold_counts(f, q) && case_reach_has(&f->reach, p, q) &&
         (before[q / 64] >> q % 64 & 1) == 0;
  return n;
}

static bool extends_within(struct fold *f, size_t p) {
  const struct case_record *r = fold_record(f, p);
  int64_t days = json_integer_value(json_object_get(r->plain, "days"));
  const struct case_policy *policy =
      case_policy_at(f->policies, f->graph.stamps[f->graph.order[p]]);
  return case_extension_within(policy, seen_class(f, p), days, seen_extensions(f, p));
}

/* Is it for the township's head alone? */
static bool is_heads(struct fold *f, size_t p, enum case_move move) {
  if (move == CASE_EXTEND) return !extends_within(f, p);
  return move == CASE_CLOSE && answer_before(f, p) == RESULT_DISSATISFIED;
}

/* Between what was said apart whoever settles on a state must be who may bring it about. */
static enum case_move settled_move(enum case_state state) {
  if (state == CASE_REFUSED) return CASE_REFUSE;
  if (state == CASE_CLOSED) return CASE_CLOSE;
  if (state == CASE_MERGED) return CASE_MERGE;
  return state == CASE_VOID ? CASE_MAKE_VOID : CASE_SETTLE;
}

static bool is_request(struct fold *f, size_t p, enum case_move move) {
  const struct case_record *r = fold_record(f, p);
  if (move == CASE_SETTLE) move = settled_move(case_outcome(move, r->plain).to);
  if (!case_move_townships(move, false)) return false;
  if (case_move_heads(move) && is_heads(f, p, move) && !(r->by_hub && r->by_head)) return true;
  if (r->by_hub || !with_township(f, p)) return false;
  return case_move_townships(move, answer_before(f, p) == RESULT_SATISFIED);
}

/* Notes what the move at p means for those who see it. */
static void mark(struct fold *f, size_t p) {
  struct case_outcome o = f->outcomes[p];
  uint64_t bit = UINT64_C(1) << p % 64;
  if (f->moves[p] == CASE_SETTLE && o.to != CASE_STATES) f->settles[p] = standing_at(f, p, o.to);
  if (o.to != CASE_STATES) case_reach_supersede(&f->reach, p, MARK_STATE);
  if (o.result > RESULT_UNREACHABLE) case_reach_supersede(&f->reach, p, MARK_ANSWER);
  if ((o.flags & (CASE_ESCALATED | CASE_SUPERVISED | CASE_REFERRED)) != 0)
    f->township[p / 64] |= bit;
  if (o.result == RESULT_DISSATISFIED) f->unhappy[p / 64] |= bit;
}

/* Whom it is about binds what comes after, so it is read with the opening. */
static void read_about(struct fold *f, size_t p) {
  if (!case_member_key(fold_record(f, p)->plain, "about", &f->view->about)) return;
  f->view->has_about = true;
  f->view->flags |= CASE_ABOUT_WORKER;
}

static enum case_effect judge(struct fold *f, size_t p) {
  const struct case_record *r = fold_record(f, p);
  f->outcomes[p] = (struct case_outcome){CASE_STATES, 0, RESULT_NONE};
  if (!case_record_known(r->type, r->plain, r->content)) return EFFECT_NEWER;
  enum case_move move = f->moves[p];
  if (!may_be_made(f, p, move)) return EFFECT_NONE;
  if (is_request(f, p, move)) return EFFECT_REQUEST;
  f->outcomes[p] = case_outcome(move, r->plain);
  f->weights[p] = weight_of(f, p, move, f->outcomes[p]);
  f->view->flags |= f->outcomes[p].flags;
  if (move == CASE_OPEN) read_about(f, p);
  mark(f, p);
  return EFFECT_APPLIED;
}

/* All that the hub knew when it went on with the case, other than by talk: bits. */
static const uint64_t *answered_bits(struct fold *f) {
  uint64_t *answered = f->reach.scratch;
  for (size_t word = 0; word < case_reach_words(f->graph.n); word++) answered[word] = 0;
  for (size_t p = 0; p < f->graph.n; p++) {
    enum case_move move = f->moves[p];
    bool talk =
        move == CASE_NOTE || move == CASE_CONTACT || move == CASE_VISIT || move == CASE_ATTACH;
    if (talk || !fold_record(f, p)->by_hub || !fold_counts(f, p)) continue;
    const uint64_t *seen = case_reach_seen(&f->reach, p);
    for (size_t word = 0; word < case_reach_words(p); word++) answered[word] |= seen[word];
  }
  return answered;
}

/* Is something asked of the township at p? */
static bool asks(const struct fold *f, size_t p) {
  if (*fold_effect(f, p) == EFFECT_REQUEST) return true;
  bool refers = f->moves[p] == CASE_REFER || f->moves[p] == CASE_ESCALATE;
  return refers && fold_counts(f, p) && !fold_record(f, p)->by_hub;
}

void fold_judge(struct fold *f) {
  size_t unhappy = 0;
  for (size_t p = 0; p < f->graph.n; p++) {
    case_reach_join(&f->reach, p);
    f->moves[p] = case_move_from_type(fold_record(f, p)->type);
    enum case_effect effect = judge(f, p);
    *fold_effect(f, p) = effect;
    if (effect == EFFECT_NEWER) f->view->needs_newer = true;
    unhappy += f->outcomes[p].result == RESULT_DISSATISFIED;
  }
  if (unhappy >= 2) f->view->flags |= CASE_ESCALATED;
  const uint64_t *answered = answered_bits(f);
  for (size_t p = 0; p < f->graph.n && !f->view->requested; p++)
    f->view->requested = asks(f, p) && (answered[p / 64] >> p % 64 & 1) == 0;
}
