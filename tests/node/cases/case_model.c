#include "tests/node/cases/case_model.h"

#include <string.h>

static int compare_stamps(struct yz_stamp a, struct yz_stamp b) {
  if (a.ms != b.ms) return a.ms < b.ms ? -1 : 1;
  return a.count < b.count ? -1 : a.count > b.count;
}

static bool says(const struct case_set *s, size_t i, const char *result) {
  const char *is = json_string_value(json_object_get(s->records[i].plain, "result"));
  return is != NULL && strcmp(is, result) == 0;
}

static bool is_type(const struct case_set *s, size_t i, const char *type) {
  return strcmp(s->records[i].type, type) == 0;
}

/* Of answers apart, and reopenings, the greatest counts; 0: none. */
static size_t model_rank(const struct case_set *s, size_t i) {
  if (says(s, i, "dissatisfied")) return 4;
  if (is_type(s, i, "case.reopen")) return 3;
  return says(s, i, "partly") ? 2 : says(s, i, "satisfied");
}

static bool unhappy(const struct case_set *s, size_t i) {
  return is_type(s, i, "case.reopen") || says(s, i, "dissatisfied");
}

/* Of moves made apart: who is not satisfied, a merge, the hub, the village. */
static int class_of(const struct case_set *s, size_t i) {
  if (unhappy(s, i)) return 3;
  return is_type(s, i, "case.merge") ? 2 : s->records[i].by_hub;
}

static bool wins(const struct case_model *m, size_t a, size_t b) {
  const struct case_record *r = m->s->records;
  int ca = class_of(m->s, a), cb = class_of(m->s, b);
  if (ca != cb) return ca > cb;
  int c = compare_stamps(m->stamps[a], m->stamps[b]);
  return c != 0 ? c > 0 : memcmp(r[a].id.bytes, r[b].id.bytes, YZ_HASH_LEN) > 0;
}

/* A settlement gives way to who had seen what it settled on, of two to the one that wins. */
static bool model_gives_way(const struct case_model *m, const bool *stands, size_t i) {
  if (!is_type(m->s, i, "case.settle")) return false;
  for (size_t j = 0; j < m->s->n; j++)
    if (j != i && stands[j] && m->seen[j][m->chosen[i]] &&
        (!is_type(m->s, j, "case.settle") || wins(m, j, i)))
      return true;
  return false;
}

static void model_standing(const struct case_model *m, const bool *among, bool *stands) {
  for (size_t i = 0; i < m->s->n; i++) {
    stands[i] = among[i] && m->to[i] != CASE_STATES;
    for (size_t j = 0; j < m->s->n; j++)
      if (among[j] && m->to[j] != CASE_STATES && m->seen[j][i]) stands[i] = false;
  }
}

/* The state that counts among the records of `among`, and all that stand, as bits. */
static enum case_state model_state(const struct case_model *m, const bool *among,
                                   unsigned *states) {
  size_t best = MODEL_MAX;
  bool stands[MODEL_MAX] = {false};
  model_standing(m, among, stands);
  *states = 0;
  for (size_t i = 0; i < m->s->n; i++) {
    if (!stands[i] || model_gives_way(m, stands, i)) continue;
    *states |= 1U << m->to[i];
    if (best == MODEL_MAX || wins(m, i, best)) best = i;
  }
  return best == MODEL_MAX ? CASE_REGISTERED : m->to[best];
}

/* Allowed here? By the rules' sentences, not by the program's table. */
static bool model_allowed(const struct case_set *s, size_t i, enum case_state in, unsigned states) {
  bool contested = (states & (states - 1)) != 0;
  const char *settled = json_string_value(json_object_get(s->records[i].plain, "state"));
  if (is_type(s, i, "case.settle"))
    return contested && (states & 1U << case_state_from_name(settled)) != 0;
  bool done = in == CASE_RESOLVED || in == CASE_FOLLOWED_UP;
  bool over = in == CASE_CLOSED || in == CASE_REFUSED || in == CASE_VOID || in == CASE_MERGED;
  if (is_type(s, i, "case.accept"))
    return in == CASE_REGISTERED || (contested && in == CASE_ACCEPTED);
  if (is_type(s, i, "case.refuse"))
    return in == CASE_REGISTERED || (contested && in == CASE_REFUSED);
  if (is_type(s, i, "case.sign")) return in == CASE_ASSIGNED || (contested && in == CASE_IN_HAND);
  if (is_type(s, i, "case.return"))
    return in == CASE_ASSIGNED || (contested && in == CASE_RETURNED);
  if (is_type(s, i, "case.assign")) return !over;
  if (is_type(s, i, "case.resolve")) return (!done && !over) || (contested && in == CASE_RESOLVED);
  if (is_type(s, i, "case.void")) return (!done && !over) || (contested && in == CASE_VOID);
  if (is_type(s, i, "case.followup"))
    return done || in == CASE_MERGED || (s->records[i].by_hub && in == CASE_CLOSED);
  if (is_type(s, i, "case.close"))
    return done || in == CASE_REFUSED || (contested && in == CASE_CLOSED);
  if (is_type(s, i, "case.reopen"))
    return done || in == CASE_CLOSED || in == CASE_REFUSED || (contested && in == CASE_IN_HAND);
  if (is_type(s, i, "case.merge")) return !over || (contested && in == CASE_MERGED);
  if (is_type(s, i, "case.refer") || is_type(s, i, "case.extend")) return !over;
  if (is_type(s, i, "case.pause") || is_type(s, i, "case.resume")) return !over;
  return !is_type(s, i, "case.from-the-future");
}

/* The rank of the answer that counts, as record i's writer saw it. */
static size_t model_answer(const struct case_model *m, size_t i) {
  size_t best = 0;
  for (size_t j = 0; j < i; j++) {
    if (!m->seen[i][j] || !m->valid[j]) continue;
    size_t rank = model_rank(m->s, j);
    for (size_t k = j + 1; k < i; k++)
      if (m->seen[i][k] && m->valid[k] && m->seen[k][j] && model_rank(m->s, k) > 0) rank = 0;
    if (rank > best) best = rank;
  }
  return best;
}

static bool model_with_township(const struct case_model *m, size_t i) {
  size_t unhappy_ones = 0;
  for (size_t j = 0; j < i; j++) {
    if (!m->seen[i][j] || !m->valid[j]) continue;
    unhappy_ones += says(m->s, j, "dissatisfied");
    if (is_type(m->s, j, "case.supervise") || is_type(m->s, j, "case.refer")) return true;
  }
  return unhappy_ones >= 2;
}

/* Five days once, since it was last taken up again: more is the head's. */
static bool model_extends_far(const struct case_model *m, size_t i) {
  if (json_integer_value(json_object_get(m->s->records[i].plain, "days")) > 5) return true;
  for (size_t j = 0; j < i; j++) {
    if (!m->seen[i][j] || !m->valid[j] || !is_type(m->s, j, "case.extend")) continue;
    bool over = false;
    for (size_t k = j + 1; k < i; k++)
      over = over || (m->seen[i][k] && m->valid[k] && unhappy(m->s, k) && m->seen[k][j]);
    if (!over) return true;
  }
  return false;
}

/* The township's alone, and its writer could know: by the rules' sentences. */
static bool model_request(const struct case_model *m, size_t i) {
  const struct case_set *s = m->s;
  const struct case_record *r = &s->records[i];
  const char *to =
      is_type(s, i, "case.settle") ? json_string_value(json_object_get(r->plain, "state")) : NULL;
  bool closes = is_type(s, i, "case.close") || (to != NULL && strcmp(to, "closed") == 0);
  bool extends = is_type(s, i, "case.extend");
  bool heads = (closes && model_answer(m, i) == 4) || (extends && model_extends_far(m, i));
  if (heads && !(r->by_hub && r->by_head)) return true;
  if (r->by_hub || !model_with_township(m, i)) return false;
  return is_type(s, i, "case.refuse") || is_type(s, i, "case.void") ||
         is_type(s, i, "case.merge") ||
         (to != NULL &&
          (strcmp(to, "refused") == 0 || strcmp(to, "void") == 0 || strcmp(to, "merged") == 0)) ||
         extends || (closes && model_answer(m, i) != 1);
}

static enum case_state model_to(const struct case_set *s, size_t i) {
  if (is_type(s, i, "case.open")) return CASE_REGISTERED;
  if (is_type(s, i, "case.settle"))
    return case_state_from_name(json_string_value(json_object_get(s->records[i].plain, "state")));
  if (is_type(s, i, "case.accept")) return CASE_ACCEPTED;
  if (is_type(s, i, "case.refuse")) return CASE_REFUSED;
  if (is_type(s, i, "case.assign")) return CASE_ASSIGNED;
  if (is_type(s, i, "case.sign")) return CASE_IN_HAND;
  if (is_type(s, i, "case.return")) return CASE_RETURNED;
  if (is_type(s, i, "case.void")) return CASE_VOID;
  if (is_type(s, i, "case.merge")) return CASE_MERGED;
  if (is_type(s, i, "case.resolve")) return CASE_RESOLVED;
  if (unhappy(s, i)) return CASE_IN_HAND;
  if (is_type(s, i, "case.followup")) return CASE_FOLLOWED_UP;
  return is_type(s, i, "case.close") ? CASE_CLOSED : CASE_STATES;
}

static void model_settle(struct case_model *m, size_t i) {
  bool stands[MODEL_MAX] = {false};
  size_t best = MODEL_MAX;
  model_standing(m, m->seen[i], stands);
  for (size_t j = 0; j < i; j++)
    if (stands[j] && m->to[j] == m->to[i] && (best == MODEL_MAX || wins(m, j, best))) best = j;
  m->chosen[i] = best;
}

/* Its writer knew what it names, and all that its own log holds. */
static bool knew(const struct case_set *s, size_t i, size_t j) {
  const struct case_record *r = s->records;
  for (size_t k = 0; k < r[i].n_heads; k++)
    if (memcmp(&r[i].heads[k], &r[j].id, sizeof r->id) == 0) return true;
  return memcmp(&r[i].log, &r[j].log, sizeof r->log) == 0 && r[j].seq < r[i].seq;
}

static void model_record(struct case_model *m, size_t i) {
  const struct case_record *r = &m->s->records[i];
  struct yz_stamp newest = {INT64_MIN, 0}, bound;
  for (size_t j = 0; j < i; j++) {
    if (!knew(m->s, i, j)) continue;
    m->seen[i][j] = true;
    for (size_t a = 0; a < j; a++) m->seen[i][a] = m->seen[i][a] || m->seen[j][a];
    if (compare_stamps(m->stamps[j], newest) > 0) newest = m->stamps[j];
  }
  m->stamps[i] = r->stamp;
  bound = newest;
  bound.ms += i > 0 ? YZ_FIVE_YEARS_MS : 0;
  if (i > 0 && compare_stamps(r->stamp, bound) > 0) m->stamps[i] = bound;
  if (i > 0 && compare_stamps(r->stamp, newest) < 0) m->stamps[i] = newest;
  unsigned states;
  enum case_state in = model_state(m, m->seen[i], &states);
  m->valid[i] = model_allowed(m->s, i, in, states) && !model_request(m, i);
  m->to[i] =
      m->valid[i] && !is_type(m->s, i, "case.from-the-future") ? model_to(m->s, i) : CASE_STATES;
  if (is_type(m->s, i, "case.settle") && m->valid[i]) model_settle(m, i);
}

static bool rests_or_goes_on(const struct case_model *m, size_t i) {
  return m->valid[i] && (is_type(m->s, i, "case.pause") || is_type(m->s, i, "case.resume"));
}

bool case_model_paused(const struct case_model *m) {
  size_t best = MODEL_MAX;
  for (size_t i = 0; i < m->s->n; i++) {
    bool stands = rests_or_goes_on(m, i);
    for (size_t j = 0; j < m->s->n; j++)
      if (m->seen[j][i] && rests_or_goes_on(m, j)) stands = false;
    if (stands && (best == MODEL_MAX || wins(m, i, best))) best = i;
  }
  return best != MODEL_MAX && is_type(m->s, best, "case.pause");
}

/* How far an extension puts it off, with the furthest that its writer saw. */
static int64_t model_reaches(const struct case_model *m, size_t i) {
  int64_t furthest = 0;
  for (size_t j = 0; j < i; j++) {
    if (!m->seen[i][j] || !m->valid[j] || !is_type(m->s, j, "case.extend")) continue;
    if (model_reaches(m, j) > furthest) furthest = model_reaches(m, j);
  }
  return furthest + json_integer_value(json_object_get(m->s->records[i].plain, "days"));
}

int64_t case_model_days(const struct case_model *m) {
  int64_t furthest = 0;
  for (size_t i = 0; i < m->s->n; i++) {
    if (!m->valid[i]) continue;
    if (unhappy(m->s, i)) return -1;
    if (is_type(m->s, i, "case.extend") && model_reaches(m, i) > furthest)
      furthest = model_reaches(m, i);
  }
  return furthest;
}

void case_model(struct case_model *m, const struct case_set *s) {
  *m = (struct case_model){.s = s};
  for (size_t i = 0; i < MODEL_MAX; i++) m->to[i] = CASE_STATES;
  for (size_t i = 0; i < s->n; i++) model_record(m, i);
}

enum case_state case_model_state(const struct case_model *m, unsigned *states) {
  bool all[MODEL_MAX];
  for (size_t i = 0; i < MODEL_MAX; i++) all[i] = i < m->s->n;
  return model_state(m, all, states);
}
