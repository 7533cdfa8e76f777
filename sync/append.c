/* Writing records into this node's own log: FORMAT.md §4, §12. */
#include "lists.h"
#include "station_private.h"
#include <stdio.h>
#include <string.h>
#include <yizhan/pass.h>

/* The clock as last stamped or seen, kept as "ms count". */
static int read_clock(const struct yz_station *st, struct yz_stamp *out, struct yz_error *err) {
  struct yz_buf text = {0};
  int rc = st->store->get_meta(st->store->ctx, "clock", &text, err);

  *out = (struct yz_stamp){0, 0};
  if (rc == YZ_OK) {
    char *end = (char *)text.data;
    out->ms = strtoll(end, &end, 10);
    out->count = strtoll(end, NULL, 10);
  }
  yz_buf_finish(&text);
  return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
}

static int write_clock(const struct yz_station *st, struct yz_stamp stamp, struct yz_error *err) {
  char text[64];
  int n = snprintf(text, sizeof text, "%lld %lld", (long long)stamp.ms, (long long)stamp.count);
  return st->store->put_meta(st->store->ctx, "clock", text, (size_t)n, err);
}

int station_clock_seen(const struct yz_station *st, struct yz_stamp newest, struct yz_error *err) {
  struct yz_stamp last, next;
  int rc = read_clock(st, &last, err);
  if (rc) return rc;
  next = yz_clock_seen(last, newest, st->world->now_ms(st->world->ctx));
  return yz_stamp_compare(next, last) == 0 ? YZ_OK : write_clock(st, next, err);
}

/* The content's bytes under a fresh key, for the draft's audience. */
static int make_content(const struct yz_station *st, const struct yz_draft *draft,
                        struct yz_content *out, char **text, struct yz_error *err) {
  *text = json_dumps(draft->content, JSON_COMPACT);
  if (!*text) return yz_no_memory(err);
  snprintf(out->audience, sizeof out->audience, "%s",
           audience_name(draft->township ? FOR_TOWNSHIP : FOR_VILLAGE));
  st->world->random(st->world->ctx, out->key, sizeof out->key);
  out->json = NULL;
  out->bytes = *text;
  out->len = strlen(*text);
  if (out->len > YZ_MAX_CONTENT)
    return yz_fail(err, YZ_E_LIMIT, YZ_N_("This is more than one record may hold. Shorten it."),
                   NULL);
  return YZ_OK;
}

static bool put_new(json_t *object, const char *name, json_t *value) {
  return value && json_object_set_new(object, name, value) == 0;
}

static json_t *heads_json(const struct yz_draft *draft) {
  json_t *list = json_array();
  for (size_t i = 0; list && i < draft->n_heads; i++)
    if (json_array_append_new(list, list_hex(draft->heads[i].bytes, YZ_HASH_LEN))) {
      json_decref(list);
      return NULL;
    }
  return list;
}

/* The members after `by`. NULL without memory. */
static json_t *rest_json(const struct yz_draft *draft, struct yz_stamp stamp,
                         const struct yz_content *content) {
  struct yz_hash hash;
  json_t *rest = json_object();
  bool ok =
      put_new(rest, "hlc", json_pack("[I, I]", (json_int_t)stamp.ms, (json_int_t)stamp.count)) &&
      put_new(rest, "type", json_string(draft->type));

  if (ok && draft->case_id)
    ok = put_new(rest, "case", list_hex(draft->case_id->bytes, YZ_HASH_LEN)) &&
         put_new(rest, "heads", heads_json(draft));
  if (ok && draft->plain) ok = json_object_update(rest, (json_t *)(uintptr_t)draft->plain) == 0;
  if (ok && content) {
    yz_content_hash(content, &hash);
    ok = put_new(rest, "content",
                 json_pack("{s:o}", content->audience, list_hex(hash.bytes, YZ_HASH_LEN)));
  }
  if (ok) return rest;
  json_decref(rest);
  return NULL;
}

/* Signs a record at the log's head and stores it as accepted; moves the head. *words: those that
 * are not for this node to keep, NULL where there are none or they are erased. */
static int sign_and_store(const struct yz_station *st, struct yz_log_row *log,
                          const struct yz_author *author, const struct yz_draft *draft,
                          struct yz_stamp stamp, const struct yz_content *content,
                          const struct yz_content **words, struct yz_error *err) {
  struct yz_buf line = {0};
  struct yz_record record;
  struct yz_members members = {0};
  struct yz_hash id;
  json_t *rest = rest_json(draft, stamp, content);
  int rc = rest ? yz_record_make(&log->id, &log->head, author, rest, &line, &id, err)
                : yz_no_memory(err);

  /* What we sign must read as what we mean: the same reader as for foreign records. */
  if (!rc) rc = yz_record_read((char *)line.data, line.len - 1, &record, err);
  if (!rc) rc = yz_record_parse(record.bytes, record.len, &members, err);
  if (!rc) {
    struct yz_stored stored;
    station_stored(&stored, &record, &id, line.data, line.len - 1, &members);
    stored.contents = content;
    stored.n_contents = content ? 1 : 0;
    rc = station_leave_erased(st, &log->ledger, &stored, err);
    bool foreign = content && !station_reads(st, content->audience);
    *words = foreign && stored.n_contents ? content : NULL;
    if (foreign) stored.n_contents = 0;
    if (!rc) rc = st->store->put_record(st->store->ctx, &stored, err);
  }
  if (!rc) {
    log->head = (struct yz_place){record.seq, id};
    rc = st->store->put_log(st->store->ctx, log, err);
  }
  if (!rc && (yz_trust_type(draft->type) || station_erases(draft->type)))
    rc = station_mark_unjudged(st, &log->ledger, station_ends_rights(draft->type), err);
  yz_members_finish(&members);
  json_decref(rest);
  yz_buf_finish(&line);
  return rc;
}

/* Words that nobody here is to read need somebody who is. */
static int check_readers(const struct yz_ledger_row *ledger, const struct yz_draft *draft,
                         struct yz_error *err) {
  if (!draft->township || ledger->joined) return YZ_OK;
  return yz_fail(
      err, YZ_E_REFUSED,
      YZ_N_("There is no township yet to which this could be sealed. Join one first, with "
            "`yizhan join`."),
      NULL);
}

static int append(const struct yz_station *st, const struct yz_id *ledger,
                  const struct yz_author *author, const struct yz_draft *draft,
                  struct yz_place *out, struct yz_stamp *stamp_out, struct yz_error *err) {
  struct yz_ledger_row row;
  struct yz_log_row log;
  struct yz_stamp last, stamp;
  struct yz_content content;
  const struct yz_content *words = NULL;
  char *text = NULL;

  int rc = st->store->get_ledger(st->store->ctx, ledger, &row, err);
  if (!rc) rc = st->store->get_log(st->store->ctx, &row.own, &log, err);
  if (rc)
    return yz_fail(err, rc,
                   YZ_N_("This node has no log to write in. It may be damaged: run verify."), NULL);
  rc = check_readers(&row, draft, err);
  if (!rc) rc = read_clock(st, &last, err);
  if (rc) return rc;
  stamp = yz_clock_next(last, st->world->now_ms(st->world->ctx));
  if (draft->content) rc = make_content(st, draft, &content, &text, err);
  if (!rc)
    rc = sign_and_store(st, &log, author, draft, stamp, draft->content ? &content : NULL, &words,
                        err);
  if (!rc && draft->content && !station_reads(st, content.audience))
    rc = station_cut_now(st, &row, &log, words, err);
  if (!rc) rc = write_clock(st, stamp, err);
  if (!rc && out) *out = log.head;
  if (!rc && stamp_out) *stamp_out = stamp;
  if (text) yz_wipe(text, strlen(text));
  free(text);
  return rc;
}

/* What a hub writes that has a successor would count nowhere. */
static int check_hub(const struct yz_station *st, const struct yz_id *ledger,
                     struct yz_error *err) {
  struct yz_ledger_row row;

  if (!st->hub || st->store->get_ledger(st->store->ctx, ledger, &row, NULL) ||
      yz_equal(&row.hub, &st->key, sizeof row.hub))
    return YZ_OK;
  return yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("Another hub was named this one's successor with the recovery key; what is "
                       "written here counts no more. Work there."),
                 "%s", row.code);
}

int yz_append(const struct yz_station *st, const struct yz_id *ledger,
              const struct yz_author *author, const struct yz_draft *draft, struct yz_place *out,
              struct yz_stamp *stamp_out, struct yz_error *err) {
  int rc = check_hub(st, ledger, err);
  return rc ? rc : append(st, ledger, author, draft, out, stamp_out, err);
}

/* --- beginning a log -------------------------------------------------- */

static int append_own(const struct yz_station *st, const struct yz_id *ledger, const char *type,
                      json_t *plain, json_t *content, struct yz_error *err) {
  const struct yz_author node = {st->key, st->seed};
  const struct yz_draft draft = {.type = type, .plain = plain, .content = content};
  return append(st, ledger, &node, &draft, NULL, NULL, err);
}

static int append_begin(const struct yz_station *st, const struct yz_ledger_row *row,
                        const struct yz_log_row *log, const struct yz_beginning *b,
                        struct yz_error *err) {
  char hub[YZ_HASH_HEX + 1] = "";
  if (row->joined) yz_to_hex(row->hub.bytes, YZ_KEY_LEN, hub);
  json_t *plain = json_pack(
      "{s:o, s:o, s:o, s:o, s:s, s:s, s:o}", "node", list_hex(st->key.bytes, YZ_KEY_LEN), "box",
      list_hex(st->box_key.bytes, YZ_KEY_LEN), "incarnation",
      list_hex(log->incarnation.bytes, YZ_ID_LEN), "ledger", list_hex(row->id.bytes, YZ_ID_LEN),
      "hub", hub, "letter", b->letter, "continues", list_from_places(b->continues, b->n_continues));
  json_t *content = json_pack("{s:s, s:s}", "name", b->name, "code", b->code);
  int rc = plain && content ? append_own(st, &row->id, "log.begin", plain, content, err)
                            : yz_no_memory(err);
  json_decref(plain);
  json_decref(content);
  return rc;
}

static int append_join(const struct yz_station *st, const struct yz_ledger_row *row,
                       const struct yz_id *log, const struct yz_beginning *b,
                       struct yz_error *err) {
  struct yz_hash mac;
  struct yz_key *keys = calloc(b->n_workers + 1, sizeof *keys);
  json_t *workers = json_array(), *plain = NULL;

  for (size_t i = 0; keys && i < b->n_workers; i++) {
    keys[i] = b->workers[i].key;
    json_array_append_new(workers, list_hex(keys[i].bytes, YZ_KEY_LEN));
  }
  if (keys && json_array_size(workers) == b->n_workers) {
    yz_join_mac(b->invitation->word, &st->key, log, &row->hub, keys, b->n_workers, &mac);
    plain = json_pack("{s:o, s:O, s:o}", "mac", list_hex(mac.bytes, YZ_HASH_LEN), "workers",
                      workers, "old", list_from_places(b->old, b->n_old));
  }
  int rc = plain ? append_own(st, &row->id, "node.join", plain, NULL, err) : yz_no_memory(err);
  json_decref(workers);
  json_decref(plain);
  free(keys);
  return rc;
}

static int append_successor(const struct yz_station *st, const struct yz_ledger_row *row,
                            const struct yz_log_row *log, const struct yz_naming *naming,
                            struct yz_error *err) {
  const struct yz_begin begin = {
      .log = log->id, .ledger = row->id, .node = st->key, .box = st->box_key};
  struct yz_successor said = {.of = naming->of, .until = naming->until, .n_until = naming->n_until};

  int rc = yz_successor_sign(&said, &begin, naming->recovery, err);
  if (rc) return rc;
  json_t *plain = yz_successor_members(&said);
  rc = plain ? append_own(st, &row->id, "hub.successor", plain, NULL, err) : yz_no_memory(err);
  json_decref(plain);
  return rc;
}

static json_t *roles_json(unsigned roles) {
  json_t *list = json_array();
  for (unsigned k = 0; list && k < YZ_ROLES; k++)
    if (roles & (1u << k)) json_array_append_new(list, json_string(yz_role_name(k)));
  return list;
}

static int append_worker(const struct yz_station *st, const struct yz_id *ledger,
                         const struct yz_author *author, const struct yz_new_worker *worker,
                         struct yz_error *err) {
  json_t *plain = json_pack("{s:o}", "worker", list_hex(worker->key.bytes, YZ_KEY_LEN));
  json_t *content = json_pack("{s:s}", "name", worker->name);
  const struct yz_draft draft = {.type = "worker.add", .plain = plain, .content = content};
  int rc = YZ_OK;

  if (!plain || !content || (worker->roles && !put_new(plain, "roles", roles_json(worker->roles))))
    rc = yz_no_memory(err);
  if (!rc) rc = append(st, ledger, author, &draft, NULL, NULL, err);
  json_decref(plain);
  json_decref(content);
  return rc;
}

int yz_append_worker(const struct yz_station *st, const struct yz_id *ledger,
                     const struct yz_author *author, const struct yz_new_worker *worker,
                     struct yz_error *err) {
  int rc = check_hub(st, ledger, err);
  return rc ? rc : append_worker(st, ledger, author, worker, err);
}

/* A row for a log of a new incarnation, put, and made the ledger's own. */
static int put_new_log(const struct yz_station *st, struct yz_ledger_row *row,
                       const struct yz_beginning *b, struct yz_log_row *log, struct yz_error *err) {
  memset(log, 0, sizeof *log);
  if (b->incarnation)
    log->incarnation = *b->incarnation;
  else
    st->world->random(st->world->ctx, log->incarnation.bytes, YZ_ID_LEN);
  yz_log_hash(&st->key, &log->incarnation, &row->id, &log->hash);
  log->id = yz_log_id(&log->hash);
  log->ledger = row->id;
  log->node = st->key;
  log->box = st->box_key;
  log->own = true;
  log->hub = row->joined && yz_equal(&row->hub, &st->key, sizeof row->hub);
  snprintf(log->letter, sizeof log->letter, "%s", b->letter);
  log->head = (struct yz_place){0, log->hash};
  row->own = log->id;
  int rc = st->store->put_log(st->store->ctx, log, err);
  return rc ? rc : st->store->put_ledger(st->store->ctx, row, err);
}

int yz_begin_log(const struct yz_station *st, const struct yz_id *ledger,
                 const struct yz_beginning *b, struct yz_id *log_id, struct yz_error *err) {
  const struct yz_author node = {st->key, st->seed};
  struct yz_ledger_row row;
  struct yz_log_row log;

  int rc = st->store->get_ledger(st->store->ctx, ledger, &row, err);
  if (rc) return yz_fail(err, rc, YZ_N_("There is no such ledger at this node."), NULL);
  rc = put_new_log(st, &row, b, &log, err);
  if (!rc) rc = append_begin(st, &row, &log, b, err);
  if (!rc && b->invitation) rc = append_join(st, &row, &log.id, b, err);
  if (!rc && b->invitation) rc = yz_pass_keep(st, b->invitation, err);
  if (!rc && b->naming) rc = append_successor(st, &row, &log, b->naming, err);
  for (size_t i = 0; !rc && i < b->n_workers; i++)
    rc = append_worker(st, ledger, &node, &b->workers[i], err);
  if (!rc) *log_id = log.id;
  return rc;
}
