/* Trust records taken into a roster and judged by it (yz_begin_read, yz_roster_add,
 * yz_roster_judge, yz_successor_read; FORMAT.md §12, §13). The input is lines, each one record,
 * written and signed here:
 *
 *   LOG AUTHOR MEMBERS     hv{"type":"worker.add","worker":"$w"}
 *
 * Log and author are a letter each: the log h is of the node h, the hub's, and so on; capital
 * letters are later incarnations of the same nodes. In the members "$x" stands for the key of
 * x, "#x" for the place up to which the log x has come. A log that does not begin with
 * log.begin is begun with one. */
#include "tests/fuzz/fuzz.h"

#include <ctype.h>
#include <yizhan/roster.h>

#include "sync/lists.h"
#include "sync/roster_private.h"

enum { MAX_LOGS = 8, MAX_RECORDS = 64 };

struct kept {
  struct yz_buf line;
  struct yz_record record;
  struct yz_hash id;
  struct yz_members members;
};

static struct {
  struct sample_log logs[MAX_LOGS];
  char letters[MAX_LOGS];
  struct kept records[MAX_RECORDS];
  size_t n_logs, n;
} told;

static struct sample_log *log_of(char letter) {
  for (size_t i = 0; i < told.n_logs; i++)
    if (told.letters[i] == letter) return &told.logs[i];
  if (told.n_logs == MAX_LOGS) return NULL;
  told.letters[told.n_logs] = letter;
  struct sample_log *log = &told.logs[told.n_logs++];
  sample_log_init(log, fuzz_sample((char)tolower(letter)), 'l', letter);
  return log;
}

/* --- writing ------------------------------------------------------------ */

/* The JSON that "$x" or "#x" stands for. */
static char *meaning(char kind, char letter) {
  struct sample_log *log = kind == '#' ? log_of(letter) : NULL;
  json_t *json = log           ? sample_place(log)
                 : kind == '$' ? sample_hex(fuzz_sample(letter)->key.bytes, YZ_KEY_LEN)
                               : json_null();
  char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
  json_decref(json);
  FUZZ_HOLDS(text);
  return text;
}

static json_t *members_of(const char *at, const char *end) {
  struct yz_buf text = {0};
  json_t *json;

  FUZZ_HOLDS(yz_buf_puts(&text, "") == 0);
  for (; at < end; at++) {
    bool stands = end - at >= 4 && *at == '"' && (at[1] == '$' || at[1] == '#') &&
                  isalpha((unsigned char)at[2]) && at[3] == '"';
    char *meant = stands ? meaning(at[1], at[2]) : NULL;
    FUZZ_HOLDS(yz_buf_append(&text, meant ? meant : at, meant ? strlen(meant) : 1) == 0);
    free(meant);
    if (stands) at += 3;
  }
  if (yz_json_parse((char *)text.data, text.len, &json, NULL)) json = NULL;
  yz_buf_finish(&text);
  if (json_is_object(json)) return json;
  json_decref(json);
  return NULL;
}

/* What log.begin says, where nothing else was said. */
static void give_beginning(const struct sample_log *log, json_t *rest) {
  fuzz_give(rest, "type", json_string("log.begin"));
  fuzz_give(rest, "node", sample_hex(log->node->key.bytes, YZ_KEY_LEN));
  fuzz_give(rest, "box", sample_hex(log->node->box_key.bytes, YZ_KEY_LEN));
  fuzz_give(rest, "incarnation", sample_hex(log->incarnation.bytes, YZ_ID_LEN));
  fuzz_give(rest, "ledger", sample_hex(log->ledger.bytes, YZ_ID_LEN));
  fuzz_give(rest, "hub", sample_hex(fuzz_sample('h')->key.bytes, YZ_KEY_LEN));
  fuzz_give(rest, "letter", json_string("A"));
  fuzz_give(rest, "continues", json_array());
}

/* The signature of hub.successor, where it has none. */
static void give_succession(const struct sample_log *log, json_t *rest) {
  struct yz_begin begin = {
      .log = log->id, .node = log->node->key, .box = log->node->box_key, .ledger = log->ledger};
  struct yz_successor s = {0};
  char sig[YZ_SIG_B64 + 1];

  if (yz_json_hex(rest, "of", s.of.bytes, YZ_KEY_LEN) &&
      list_places(json_object_get(rest, "until"), &s.until, &s.n_until) &&
      yz_successor_sign(&s, &begin, fuzz_sample('r')->seed, NULL) == YZ_OK) {
    yz_to_base64(s.sig.bytes, YZ_SIG_LEN, sig);
    fuzz_give(rest, "recovery", sample_hex(s.recovery.bytes, YZ_KEY_LEN));
    fuzz_give(rest, "sig", json_string(sig));
  }
  yz_successor_finish(&s);
}

static bool is_type(const json_t *rest, const char *type) {
  const char *said = yz_json_string(rest, "type");
  return said && strcmp(said, type) == 0;
}

/* Keeps the record; what is no record is passed over. */
static void add(struct sample_log *log, char author, json_t *rest) {
  const struct sample *by = fuzz_sample(author);
  const struct yz_author signer = {by->key, by->seed};
  struct kept *k = &told.records[told.n];
  struct yz_hash id;

  if (told.n == MAX_RECORDS) return;
  if (is_type(rest, "hub.successor")) give_succession(log, rest);
  fuzz_give(rest, "hlc", json_pack("[I,i]", (json_int_t)log->head.seq + 1, 0));
  memset(k, 0, sizeof *k);
  if (!yz_record_make(&log->id, &log->head, &signer, rest, &k->line, &id, NULL) &&
      !yz_record_read((char *)k->line.data, k->line.len - 1, &k->record, NULL) &&
      !yz_record_parse(k->record.bytes, k->record.len, &k->members, NULL)) {
    FUZZ_HOLDS(yz_record_signed(&k->record, &id));
    k->id = id;
    log->head = (struct yz_place){log->head.seq + 1, id};
    told.n++;
  } else {
    yz_buf_finish(&k->line);
  }
}

static void add_line(const char *at, const char *end) {
  if (end - at < 2 || !isalpha((unsigned char)at[0]) || !isalpha((unsigned char)at[1])) return;
  json_t *rest = members_of(at + 2, end);
  struct sample_log *log = rest ? log_of(at[0]) : NULL;

  if (log && log->head.seq == 0) {
    json_t *beginning = is_type(rest, "log.begin") ? json_incref(rest) : json_object();
    give_beginning(log, beginning);
    add(log, (char)tolower(at[0]), beginning);
    json_decref(beginning);
  }
  if (log && !is_type(rest, "log.begin")) add(log, at[1], rest);
  json_decref(rest);
}

/* --- the roster --------------------------------------------------------- */

static struct yz_roster *new_roster(void) {
  const struct yz_id ledger = sample_id('l');
  const struct yz_part recovery = {fuzz_sample('r')->key.bytes, YZ_KEY_LEN};
  struct yz_hash pinned;
  struct yz_roster *r = yz_roster_create(&ledger, &fuzz_sample('h')->key, &fuzz_sample('v')->key);

  FUZZ_HOLDS(r);
  yz_sha256(&recovery, 1, &pinned);
  yz_roster_pin_recovery(r, &pinned);
  return r;
}

static void hold_beginning(const struct kept *k) {
  struct yz_begin begin;
  if (yz_begin_read(&k->record, k->members.json, &begin, NULL)) return;
  struct yz_id id = yz_log_id(&begin.hash);
  FUZZ_HOLDS(k->record.seq == 1 && memcmp(&id, &k->record.log, sizeof id) == 0);
  FUZZ_HOLDS(memcmp(&begin.node, &k->record.by, sizeof begin.node) == 0);
  yz_begin_finish(&begin);
}

static void judge(struct yz_roster *r, const struct kept *k) {
  const char *rule, *again;
  bool changed = false;

  hold_beginning(k);
  enum yz_status status = yz_roster_judge(r, &k->record, &k->id, k->members.type, &rule);
  FUZZ_HOLDS((status == YZ_ACCEPTED) == (rule == NULL));
  FUZZ_HOLDS(yz_roster_judge(r, &k->record, &k->id, k->members.type, &again) == status);
  FUZZ_HOLDS(rule == again);
  if (status == YZ_ACCEPTED || k->record.seq == 1)
    FUZZ_HOLDS(yz_roster_add(r, &k->record, &k->members, &changed, NULL) == YZ_OK);
}

/* Nobody but who was said to is let in: the hub stays what was pinned, or who has a
 * successor's word. */
static void ask(const struct yz_roster *r) {
  struct yz_member *members = NULL;
  struct yz_key *keys = NULL;
  struct yz_place place;
  struct yz_id log;
  size_t n = 0;

  FUZZ_HOLDS(yz_roster_is_hub(r, yz_roster_hub(r)) && !roster_former(r, yz_roster_hub(r)));
  FUZZ_HOLDS(yz_roster_is_hub(r, &fuzz_sample('h')->key));
  FUZZ_HOLDS(yz_roster_members(r, &members, &n) == YZ_OK);
  for (size_t i = 0; i < n; i++) (void)yz_roster_roles(r, &members[i].worker);
  FUZZ_HOLDS(yz_roster_receivers(r, &keys, &n) == YZ_OK);
  (void)yz_roster_hub_log(r, &log);
  for (size_t i = 0; i < told.n_logs; i++) {
    log = told.logs[i].id;
    (void)yz_roster_node_known(r, &told.logs[i].node->key);
    (void)yz_roster_old_log(r, &log, &place);
    FUZZ_HOLDS(!yz_roster_rival(r, &log) || yz_roster_divided(r, &log));
    (void)yz_roster_superseded(r, &log);
  }
  free(members);
  free(keys);
}

static void forget(void) {
  for (size_t i = 0; i < told.n; i++) {
    yz_members_finish(&told.records[i].members);
    yz_buf_finish(&told.records[i].line);
  }
  for (size_t i = 0; i < told.n_logs; i++) sample_log_finish(&told.logs[i]);
  told.n = told.n_logs = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *at = (const char *)data, *end = at + size;

  (void)fuzz_sample('h');
  while (at < end) {
    const char *lf = memchr(at, '\n', (size_t)(end - at));
    add_line(at, lf ? lf : end);
    at = lf ? lf + 1 : end;
  }
  struct yz_roster *r = new_roster();
  for (size_t i = 0; i < told.n; i++) judge(r, &told.records[i]);
  ask(r);
  yz_roster_destroy(r);
  forget();
  return 0;
}
