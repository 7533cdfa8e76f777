#include "story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yizhan/roster.h>

enum { LOGS = 8, RECORDS = 16, ROUNDS = 8, WORDS = 4 };

/* A record that was taken in; its bytes are the story's. */
struct kept {
  struct yz_record record;
  struct yz_hash id;
  const char *rule; /* what was said of it last; NULL: it counts */
  enum yz_status status;
};

struct log {
  struct yz_begin begin;
  struct kept records[RECORDS];
  size_t n;
  const char *join; /* why its join does not count; NULL where it does or there is none */
};

struct story {
  const char *name;
  struct yz_id ledger;
  struct yz_key hub;
  struct yz_hash recovery; /* zero: none */
  unsigned char words[WORDS][16];
  bool used[WORDS];
  size_t n_words, n_logs;
  struct log logs[LOGS];
  struct yz_roster *roster;
  int differences;
};

static void same(struct story *s, const char *what, size_t n, const char *said,
                 const char *expected) {
  said = said ? said : "ok";
  if (strcmp(said, expected) == 0) return;
  fprintf(stderr, "%s: %s %zu: said %s, not %s\n", s->name, what, n, said, expected);
  s->differences++;
}

static struct log *find(struct story *s, const struct yz_id *id) {
  for (size_t i = 0; i < s->n_logs; i++)
    if (memcmp(&s->logs[i].begin.log, id, sizeof *id) == 0) return &s->logs[i];
  return NULL;
}

static const struct yz_hash *id_at(const struct log *log, int64_t seq) {
  return seq == 0 ? &log->begin.hash : &log->records[seq - 1].id;
}

/* --- segments --------------------------------------------------------- */

/* The record's members when it is well signed, well formed and of this type. */
static bool members(const struct yz_segment *g, size_t i, const char *type,
                    struct yz_members *out) {
  if (i >= g->n || !yz_record_signed(&g->records[i], &g->ids[i]) ||
      yz_record_parse(g->records[i].bytes, g->records[i].len, out, NULL))
    return false;
  if (strcmp(out->type, type) == 0) return true;
  yz_members_finish(out);
  return false;
}

/* Do the records after node.join add exactly the listed workers? */
static bool workers_follow(const struct yz_segment *g, const json_t *listed, struct yz_key *out) {
  bool all = true;
  for (size_t i = 0; all && i < json_array_size(listed); i++) {
    const char *hex = json_string_value(json_array_get(listed, i));
    struct yz_members m;
    struct yz_key added;
    all = yz_from_hex(hex, strlen(hex), out[i].bytes, YZ_KEY_LEN) &&
          members(g, 2 + i, "worker.add", &m);
    if (!all) break;
    all = yz_json_hex(m.json, "worker", added.bytes, YZ_KEY_LEN) &&
          memcmp(&added, &out[i], sizeof added) == 0;
    yz_members_finish(&m);
  }
  return all;
}

static const char *check_join(struct story *s, const struct yz_segment *g, const struct log *log) {
  struct yz_key workers[RECORDS];
  struct yz_members m;
  struct yz_hash said, made;
  const char *rule = "join.mac";

  if (s->n_words == 0 || !members(g, 1, "node.join", &m)) return NULL;
  const json_t *listed = json_object_get(m.json, "workers");
  bool follows =
      yz_json_hex(m.json, "mac", said.bytes, YZ_HASH_LEN) && workers_follow(g, listed, workers);
  for (size_t i = 0; follows && i < s->n_words; i++) {
    yz_join_mac(s->words[i], &log->begin.node, &log->begin.log, &s->hub, workers,
                json_array_size(listed), &made);
    if (memcmp(&made, &said, sizeof made) != 0) continue;
    rule = s->used[i] ? "join.used" : NULL;
    s->used[i] = true;
  }
  yz_members_finish(&m);
  return rule;
}

static const char *begin_log(const struct yz_segment *g, struct log *log) {
  struct yz_members m;
  memset(log, 0, sizeof *log);
  if (g->first != 1) return "segment.gap";
  if (!members(g, 0, "log.begin", &m)) return "log.id";
  int rc = yz_begin_read(&g->records[0], m.json, &log->begin, NULL);
  yz_members_finish(&m);
  return rc ? "log.id" : NULL;
}

/* Does the segment agree with what is here, and go on from it? */
static const char *check_place(const struct yz_segment *g, const struct log *log) {
  int64_t head = (int64_t)log->n;
  if (g->first > head + 1) return "segment.gap";
  if (g->first == 1 && memcmp(&g->prev, &log->begin.hash, sizeof g->prev) != 0)
    return "segment.chain";
  if (!yz_segment_signed(g, &log->begin.node)) return "segment.signature";
  if (memcmp(&g->prev, id_at(log, g->first - 1), sizeof g->prev) != 0) return "log.fork";
  for (int64_t seq = g->first; seq <= g->last && seq <= head; seq++)
    if (memcmp(&g->ids[seq - g->first], id_at(log, seq), sizeof g->prev) != 0) return "log.fork";
  return NULL;
}

static const char *take_checked(struct story *s, const struct yz_segment *g) {
  struct log *log = find(s, &g->log);
  bool new = log == NULL;
  const char *rule = NULL;

  if (new) log = &s->logs[s->n_logs], rule = begin_log(g, log);
  if (!rule) rule = check_place(g, log);
  if (rule) {
    if (new) yz_begin_finish(&log->begin);
    return rule;
  }
  if (new) {
    s->n_logs++;
    log->join = check_join(s, g, log);
  }
  for (size_t i = log->n + 1 - (size_t)g->first; i < g->n; i++)
    log->records[log->n++] = (struct kept){.record = g->records[i], .id = g->ids[i]};
  return NULL;
}

static const char *take(struct story *s, const char *text) {
  struct yz_segment *g = malloc(sizeof *g);
  const char *rule;
  if (yz_segment_read(text, strlen(text), g, &rule, NULL) == 0) rule = take_checked(s, g);
  free(g);
  return rule;
}

/* --- judging ---------------------------------------------------------- */

static bool is_hub(const struct story *s, const struct log *log) {
  return memcmp(&log->begin.node, &s->hub, sizeof s->hub) == 0;
}

/* Of a log that names another hub than ours: why it is not let in. NULL where it is, and
 * where it names none other. */
static const char *of_other_hub(const struct story *s, const struct yz_roster *roster,
                                const struct log *log) {
  struct yz_members m;
  if (memcmp(&log->begin.ledger, &s->ledger, sizeof s->ledger) != 0 ||
      yz_roster_is_hub(roster, &log->begin.hub))
    return NULL;
  const struct kept *k = &log->records[1];
  if (log->n < 2 || !yz_record_signed(&k->record, &k->id) ||
      yz_record_parse(k->record.bytes, k->record.len, &m, NULL))
    return "log.id";
  const char *rule = strcmp(m.type, "hub.successor") == 0
                         ? yz_roster_succession(roster, &log->begin, &k->record, m.json)
                         : "log.id";
  yz_members_finish(&m);
  return rule;
}

static void judge_record(const struct story *s, const struct yz_roster *roster,
                         const struct log *log, struct kept *k, struct yz_members *m) {
  k->status = YZ_REFUSED;
  k->rule = "record.signature";
  if (!yz_record_signed(&k->record, &k->id)) return;
  k->rule = "record.syntax";
  if (yz_record_parse(k->record.bytes, k->record.len, m, NULL)) return;
  k->rule = of_other_hub(s, roster, log);
  if (k->rule) return;
  k->status = yz_roster_judge(roster, &k->record, &k->id, m->type, &k->rule);
  if (k->rule && strcmp(k->rule, "log.grant") == 0 && log->join) k->rule = log->join;
}

/* Judges a log by one roster, putting what counts into the next (the first time
 * round they are the same). true: something was said otherwise than before. */
static bool judge_log(struct story *s, struct log *log, const struct yz_roster *roster,
                      struct yz_roster *next) {
  bool changed = false, rights;
  for (size_t i = 0; i < log->n; i++) {
    struct kept *k = &log->records[i];
    struct yz_members m = {0};
    const char *before = k->rule;
    judge_record(s, roster, log, k, &m);
    changed = changed || before != k->rule;
    if (!k->rule && yz_roster_add(next, &k->record, &m, &rights, NULL)) abort();
    yz_members_finish(&m);
  }
  return changed;
}

/* Every log's beginning, whether its records count or not. */
static struct yz_roster *new_roster(const struct story *s) {
  struct yz_roster *r = yz_roster_create(&s->ledger, &s->hub, NULL);
  bool rights;
  yz_roster_pin_recovery(r, &s->recovery);
  for (size_t i = 0; i < s->n_logs; i++) {
    const struct kept *k = &s->logs[i].records[0];
    struct yz_members m;
    if (!r || yz_record_parse(k->record.bytes, k->record.len, &m, NULL) ||
        yz_roster_add(r, &k->record, &m, &rights, NULL))
      abort();
    yz_members_finish(&m);
  }
  return r;
}

/* As long as what counts changes who may sign: the hub's logs first. */
static void judge(struct story *s) {
  bool changed = true;
  for (int round = 0; changed && round < ROUNDS; round++) {
    struct yz_roster *next = new_roster(s);
    changed = round == 0;
    for (int hubs = 1; hubs >= 0; hubs--)
      for (size_t i = 0; i < s->n_logs; i++)
        if (is_hub(s, &s->logs[i]) == hubs)
          changed |= judge_log(s, &s->logs[i], round ? s->roster : next, next);
    yz_roster_destroy(s->roster);
    s->roster = next;
  }
  if (changed) same(s, "judgement that does not settle", 0, "none", "one");
}

static bool waits(const char *rule) {
  static const char *const rules[] = {"log.grant", "join.mac", "join.used", "author.unknown"};
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
    if (strcmp(rule, rules[i]) == 0) return true;
  return false;
}

static void compare(struct story *s, const json_t *expected) {
  const char *name;
  json_t *rules;

  if (json_object_size(expected) != s->n_logs)
    same(s, "number of logs", s->n_logs, "other", "told");
  json_object_foreach((json_t *)(uintptr_t)expected, name, rules) {
    struct yz_id id;
    struct log *log = yz_from_hex(name, strlen(name), id.bytes, YZ_ID_LEN) ? find(s, &id) : NULL;
    if (!log || log->n != json_array_size(rules)) {
      same(s, name, log ? log->n : 0, "other records", "told");
      continue;
    }
    for (size_t i = 0; i < log->n; i++) {
      const struct kept *k = &log->records[i];
      same(s, name, i + 1, k->rule, json_string_value(json_array_get(rules, i)));
      if ((k->status == YZ_ACCEPTED) != !k->rule ||
          (k->rule && (k->status == YZ_WAITING) != waits(k->rule)))
        same(s, name, i + 1, "another status", k->rule ? k->rule : "ok");
    }
  }
}

/* --- acknowledgements ------------------------------------------------- */

static bool contradicts(struct story *s, const struct yz_id *of, const struct yz_place *at) {
  const struct log *log = find(s, of);
  return log && at->seq <= (int64_t)log->n &&
         memcmp(&at->id, id_at(log, at->seq), sizeof at->id) != 0;
}

static const char *take_ack(struct story *s, const char *text) {
  struct yz_ack ack;
  struct yz_id id, current;
  bool fork;

  if (strlen(text) < 48 || !yz_from_hex(text + 17, YZ_ID_HEX, id.bytes, YZ_ID_LEN))
    return "ack.syntax";
  const struct log *log = find(s, &id);
  if (!log || log->records[0].rule) return "ack.log";
  int rc = yz_ack_read(text, strlen(text), &log->begin.node, &ack, NULL);
  if (rc) return rc == YZ_E_SIGNATURE ? "ack.signature" : "ack.syntax";
  fork = contradicts(s, &ack.log, &ack.head);
  for (size_t i = 0; i < ack.n_heads; i++)
    fork = fork || contradicts(s, &ack.heads[i].log, &ack.heads[i].at);
  yz_ack_finish(&ack);
  if (yz_roster_is_hub(s->roster, &log->begin.node) &&
      (!yz_roster_hub_log(s->roster, &current) || memcmp(&id, &current, sizeof id) != 0))
    return "ack.log";
  return fork ? "ack.fork" : NULL;
}

static void read_head(struct story *s, const json_t *story) {
  const json_t *words = json_object_get(story, "words");
  if (!yz_json_hex(story, "ledger", s->ledger.bytes, YZ_ID_LEN) ||
      !yz_json_hex(story, "hub", s->hub.bytes, YZ_KEY_LEN))
    abort();
  if (json_object_get(story, "recovery") &&
      !yz_json_hex(story, "recovery", s->recovery.bytes, YZ_HASH_LEN))
    abort();
  for (; s->n_words < json_array_size(words); s->n_words++) {
    const char *hex = json_string_value(json_array_get(words, s->n_words));
    if (!yz_from_hex(hex, strlen(hex), s->words[s->n_words], 16)) abort();
  }
}

int story_play(const char *name, const json_t *story) {
  struct story *s = calloc(1, sizeof *s);
  size_t i;
  json_t *each;

  if (!s) abort();
  s->name = name;
  read_head(s, story);
  json_array_foreach(json_object_get(story, "segments"), i, each)
      same(s, "segment", i, take(s, yz_json_string(each, "text")), yz_json_string(each, "expect"));
  judge(s);
  compare(s, json_object_get(story, "logs"));
  json_array_foreach(json_object_get(story, "acks"), i, each)
      same(s, "acknowledgement", i, take_ack(s, yz_json_string(each, "text")),
           yz_json_string(each, "expect"));
  int differences = s->differences;
  for (i = 0; i < s->n_logs; i++) yz_begin_finish(&s->logs[i].begin);
  yz_roster_destroy(s->roster);
  free(s);
  return differences;
}
