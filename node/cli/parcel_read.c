/* parcel read: takes in what a stick brings, and answers on it. */
#include "../hub/hub.h"
#include "hub_ingest.h"
#include "parcel.h"
#include "progress.h"

struct reading {
  struct cli *cli;
  struct node *n;
  const char *path;
  enum parcel_answer answer;
  struct parcels parcels;
  struct yz_taken total;
  struct yz_standing before, after; /* at a village */
  int status;                       /* enum cli_exit */
  struct parcel_writing reply;
};

static const char *message_of(const struct yz_error *e) {
  return e->message != NULL ? _(e->message) : yz_code_name(e->code);
}

/* --- each parcel ------------------------------------------------------------- */

static const char *word_of(enum parcel_state state) {
  switch (state) {
  case PARCEL_TAKEN:
    return N_("taken in");
  case PARCEL_KNOWN:
    return N_("all of it was here already");
  case PARCEL_OTHERS:
    return N_("for others; left as it is");
  default:
    return N_("kept until what comes before it has come");
  }
}

/* The message in the reader's language, or as it stands in the sources. */
static json_t *item_json(const struct parcel_item *item, bool plain) {
  json_t *json = json_pack("{s:s,s:s,s:I}", "file", item->name, "state",
                           parcel_state_name(item->state), "bytes", (json_int_t)item->parcel.bytes);
  int bad = json == NULL;
  if (!bad && item->parcel.n > 0) {
    bad |= json_object_set_new(json, "from", admin_hex(item->parcel.from.bytes, YZ_KEY_LEN));
    bad |= json_object_set_new(json, "ledger", admin_hex(item->parcel.ledger.bytes, YZ_ID_LEN));
  }
  if (!bad && item->why.message != NULL && item->state != PARCEL_OTHERS)
    bad |= json_object_set_new(
        json, "error",
        json_pack("{s:s,s:s}", "code", yz_code_name(item->why.code), "message",
                  plain && item->why.message != NULL ? item->why.message : message_of(&item->why)));
  if (!bad) return json;
  json_decref(json);
  return NULL;
}

static void say_items(struct reading *r) {
  for (size_t i = 0; i < r->parcels.n; i++) {
    const struct parcel_item *item = &r->parcels.items[i];
    bool failed = item->state == PARCEL_FAILED;
    if (failed) r->status = EXIT_FAILED;
    if (failed)
      cli_note("yizhan: %s: %s\n", item->name, message_of(&item->why));
    else if (!r->cli->json)
      cli_say("%s: %s\n", item->name, _(word_of(item->state)));
  }
}

/* --- the whole ---------------------------------------------------------------- */

static json_t *as_json(struct reading *r, bool plain) {
  json_t *items = json_array();
  for (size_t i = 0; items != NULL && i < r->parcels.n; i++)
    if (json_array_append_new(items, item_json(&r->parcels.items[i], plain)) != 0) {
      json_decref(items);
      items = NULL;
    }
  json_t *json = json_pack("{s:o,s:I,s:I,s:I,s:O}", "parcels", items, "accepted",
                           (json_int_t)r->total.accepted, "waiting", (json_int_t)r->total.waiting,
                           "quarantined", (json_int_t)r->total.quarantined, "reply", r->reply.list);
  int64_t acknowledged = r->before.pending - r->after.pending;
  if (json == NULL || r->n->hub) return json;
  int bad = json_object_set_new(json, "acknowledged", json_integer(acknowledged));
  bad |= json_object_set_new(json, "pending", json_integer(r->after.pending));
  if (!bad) return json;
  json_decref(json);
  return NULL;
}

static void say_all(const struct reading *r) {
  if (r->parcels.n == 0) cli_say(_("There is no parcel here.\n"));
  cli_say(_("Records accepted: %lld, waiting: %lld, quarantined: %lld.\n"),
          (long long)r->total.accepted, (long long)r->total.waiting,
          (long long)r->total.quarantined);
  if (!r->n->hub)
    cli_say(_("Acknowledged: %lld, still pending: %lld.\n"),
            (long long)(r->before.pending - r->after.pending), (long long)r->after.pending);
}

/* --- taking in ------------------------------------------------------------------ */

static int count_village(void *arg, const struct yz_ledger_row *row, const struct yz_exchanged *got,
                         const struct yz_error *failed) {
  struct reading *r = arg;
  if (got == NULL) {
    cli_note("yizhan: %s (%s): %s %s\n", row->name, row->code, message_of(failed), failed->subject);
    r->status = failed->code == YZ_E_DAMAGED ? EXIT_DAMAGED : EXIT_FAILED;
    return 0;
  }
  r->total.accepted += got->taken.accepted;
  r->total.waiting += got->taken.waiting;
  r->total.quarantined += got->taken.quarantined;
  return 0;
}

static int take_at_hub(struct reading *r, struct yz_error *err) {
  size_t left_out = 0;
  int rc = hub_take_parcels(r->n, &r->parcels, count_village, r, &left_out, err);
  if (rc == 0) ingest_say_left_out(left_out);
  return rc;
}

static int take_at_village(struct reading *r, struct yz_error *err) {
  struct yz_exchanged got = {0};
  int rc = yz_standing(&r->n->station, &r->n->ledger, &r->before, err);
  if (rc == 0) rc = parcels_take_here(&r->parcels, r->n, &got, err);
  if (rc == 0) rc = yz_standing(&r->n->station, &r->n->ledger, &r->after, err);
  r->total.accepted = got.taken.accepted;
  r->total.waiting = got.taken.waiting;
  r->total.quarantined = got.taken.quarantined;
  yz_taken_finish(&got.taken);
  return rc;
}

static int reply(struct reading *r, struct yz_error *err) {
  bool whole = r->answer == PARCEL_ANSWER_HUB && !r->n->hub;
  const struct parcels_to to = {.folder = r->path,
                                .max_bytes = YZ_PARCEL_USUAL,
                                .senders = whole ? NULL : &r->parcels,
                                .fn = parcel_say_written,
                                .arg = &r->reply,
                                .removed = &r->reply.removed};
  int rc = r->n->hub ? hub_send_parcels(r->n, NULL, &to, err) : parcels_send_here(r->n, &to, err);
  if (rc == 0) parcel_say_removed(&r->reply);
  return rc == YZ_E_MEMORY ? yz_no_memory(err) : rc;
}

static int read_all(struct reading *r, struct yz_error *err) {
  int rc = parcels_list(r->cli->world, r->path, &r->parcels, err);
  if (rc != 0) return rc;
  rc = parcels_add_kept(&r->parcels, r->n, err);
  if (rc != 0) return rc;
  parcels_open(r->n, &r->parcels);
  rc = r->n->hub ? take_at_hub(r, err) : take_at_village(r, err);
  if (rc != 0) return rc;
  rc = parcels_keep_early(&r->parcels, r->n, err);
  if (rc != 0) return rc;
  say_items(r);
  if (!r->cli->json) say_all(r);
  if (r->answer != PARCEL_ANSWER_NONE) rc = reply(r, err);
  if (rc == 0 && r->cli->json) rc = cli_json(as_json(r, false), err);
  return rc;
}

int parcel_read(struct cli *cli, struct node *n, const char *path, enum parcel_answer answer,
                int *status, struct yz_error *err) {
  struct reading r = {.cli = cli, .n = n, .path = path, .answer = answer};
  struct yz_error failed = {0};
  int64_t began_ms = cli->world->now_ms(cli->world->ctx);
  r.reply = (struct parcel_writing){.cli = cli, .n = n, .list = json_array()};
  int rc = parcel_check_joined(n, err);
  if (rc == 0) {
    rc = read_all(&r, &failed);
    parcel_note(cli, answer == PARCEL_ANSWER_NONE ? "read" : "answer", began_ms, as_json(&r, true),
                &failed);
    if (rc != 0) (void)yz_fail(err, failed.code, failed.message, "%s", failed.subject);
  }
  parcels_finish(&r.parcels);
  json_decref(r.reply.list);
  *status = r.status;
  return rc;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  int status = 0;
  struct progress progress;
  const struct yz_counting counting = {progress_count, &progress};
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  progress_init(&progress, cli);
  n.station.counting = &counting;
  rc =
      parcel_read(cli, &n, cli->args[0],
                  cli_has(cli, "reply") ? PARCEL_ANSWER_SENDERS : PARCEL_ANSWER_NONE, &status, err);
  progress_end(&progress);
  node_finish(&n);
  return rc != 0 ? rc : status;
}

static const struct cli_option options[] = {
    {CLI_FLAG, false, 0, "reply", NULL, N_("answer the senders in the same folder")},
    PROGRESS_OPTION,
    {CLI_END, false, 0, NULL, NULL, NULL}};

const struct command cmd_parcel_read = {
    "parcel read", "DIR|FILE", 1, 1, N_("Take in the parcels of a folder, as on a stick"),
    options,       run};
