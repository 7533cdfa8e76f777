#include "notices.h"

#include <stdlib.h>
#include <string.h>

#include "hub/hub.h"
#include "ledgers.h"
#include "said.h"

/* --- posting ------------------------------------------------------------ */

static int post_one(struct node *n, const struct signer *who, const struct yz_id *ledger,
                    const json_t *plain, const json_t *content, struct yz_error *err) {
  const struct yz_draft draft = {.type = "notice.post", .plain = plain, .content = content};
  int rc = hub_check_writer(n, ledger, &who->author.key, err);
  return rc != 0 ? rc : yz_append(&n->station, ledger, &who->author, &draft, NULL, NULL, err);
}

static int post_all(struct node *n, const struct signer *who, const json_t *plain,
                    const json_t *content, const struct yz_ledger_row *only, size_t *villages,
                    struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  int rc = node_ledgers(n, &rows, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++) {
    bool meant =
        only == NULL ? !hub_is_own(n, &rows[i]) : yz_equal(&only->id, &rows[i].id, sizeof only->id);
    if (!meant) continue;
    rc = post_one(n, who, &rows[i].id, plain, content, err);
    ++*villages;
  }
  free(rows);
  return rc;
}

int notices_post(struct node *n, const struct signer *who, const char *title, const char *text,
                 const struct yz_ledger_row *only, struct yz_id *notice, size_t *villages,
                 struct yz_error *err) {
  char hex[YZ_ID_HEX + 1];
  *villages = 0;
  if (!n->hub)
    return yz_fail(err, YZ_E_REFUSED,
                   YZ_N_("Only the township posts notices: do it at the hub's PC."), NULL);
  n->world->random(n->world->ctx, notice->bytes, sizeof notice->bytes);
  yz_to_hex(notice->bytes, YZ_ID_LEN, hex);
  json_t *plain =
      json_pack("{s:I,s:s}", "at", (json_int_t)n->world->now_ms(n->world->ctx), "notice", hex);
  json_t *content = json_pack("{s:s,s:s}", "title", title, "text", text);
  int rc = plain != NULL && content != NULL ? said_check(content, err) : yz_no_memory(err);
  if (rc == 0) rc = post_all(n, who, plain, content, only, villages, err);
  json_decref(content);
  json_decref(plain);
  if (rc == 0 && *villages == 0)
    return yz_fail(err, YZ_E_NOT_FOUND,
                   YZ_N_("There is no village yet that a notice could go to. Invite one first."),
                   NULL);
  return rc;
}

/* --- reading -------------------------------------------------------------- */

struct list {
  struct notice *items;
  size_t n;
};

static int keep_copy(struct notice *notice, const struct notice_row *row) {
  struct notice_copy *grown =
      reallocarray(notice->copies, notice->n_copies + 1, sizeof *notice->copies);
  if (grown == NULL) return YZ_E_MEMORY;
  notice->copies = grown;
  grown[notice->n_copies++] =
      (struct notice_copy){.ledger = row->ledger, .log = row->log, .seq = row->seq};
  return 0;
}

/* The words of the first copy that can be read count. */
static int keep_words(struct notice *notice, const struct notice_row *row) {
  if (notice->title != NULL || row->title == NULL) return 0;
  notice->title = strdup(row->title);
  notice->text = row->text != NULL ? strdup(row->text) : NULL;
  return notice->title != NULL && (row->text == NULL || notice->text != NULL) ? 0 : YZ_E_MEMORY;
}

static int take(void *arg, const struct notice_row *row) {
  struct list *l = arg;
  bool same = l->n > 0 && yz_equal(&l->items[l->n - 1].id, &row->notice, sizeof row->notice);
  if (!same) {
    struct notice *grown = reallocarray(l->items, l->n + 1, sizeof *grown);
    if (grown == NULL) return YZ_E_MEMORY;
    l->items = grown;
    grown[l->n++] = (struct notice){.id = row->notice, .at_ms = row->at_ms, .by = row->by};
  }
  struct notice *notice = &l->items[l->n - 1];
  int rc = keep_copy(notice, row);
  return rc == 0 ? keep_words(notice, row) : rc;
}

int notices_load(struct node *n, struct notice **out, size_t *count, struct yz_error *err) {
  struct list list = {0};
  int rc = store_each_notice(n->store, take, &list, err);
  *out = list.items;
  *count = list.n;
  if (rc == 0) return 0;
  notices_finish(list.items, list.n);
  *out = NULL;
  *count = 0;
  return rc == YZ_E_MEMORY ? yz_no_memory(err) : rc;
}

void notices_finish(struct notice *notices, size_t count) {
  for (size_t i = 0; i < count; i++) {
    free(notices[i].title);
    free(notices[i].text);
    free(notices[i].copies);
  }
  free(notices);
}

/* --- who has received it ------------------------------------------------------ */

static bool is_among(const struct yz_key *keys, size_t n, const struct yz_key *key) {
  for (size_t i = 0; i < n; i++)
    if (yz_equal(&keys[i], key, sizeof *key)) return true;
  return false;
}

/* The newest acknowledgement of a log, if there is one that can be read. */
static int keep_ack(struct node *n, struct notice_village *v, const struct yz_log_row *log,
                    struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct yz_buf line = {0};
  struct yz_ack *grown;
  int rc = t->get_ack(t->ctx, &log->id, &line, err);
  if (rc != 0) goto done;
  grown = reallocarray(v->acks, v->n_acks + 1, sizeof *grown);
  if (grown == NULL) {
    rc = yz_no_memory(err);
    goto done;
  }
  v->acks = grown;
  if (yz_ack_read((char *)line.data, line.len, &log->node, &grown[v->n_acks], NULL) == 0)
    v->n_acks++;
done:
  yz_buf_finish(&line);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

/* Acknowledgements of the nodes that may read: not of one whose right was ended. */
static int load_acks(struct node *n, struct notice_village *v, struct yz_error *err) {
  struct yz_roster *roster = NULL;
  struct yz_key *readers = NULL;
  struct yz_log_row *logs = NULL;
  size_t n_readers = 0, n_logs = 0;
  int rc = yz_station_roster(&n->station, &v->row.id, &roster, err);
  if (rc == 0 && yz_roster_receivers(roster, &readers, &n_readers) != 0) rc = yz_no_memory(err);
  if (rc == 0) rc = node_logs(n, &v->row.id, &logs, &n_logs, err);
  for (size_t i = 0; rc == 0 && i < n_logs; i++)
    if (!logs[i].hub && is_among(readers, n_readers, &logs[i].box))
      rc = keep_ack(n, v, &logs[i], err);
  free(logs);
  free(readers);
  yz_roster_destroy(roster);
  return rc;
}

int notice_villages_load(struct node *n, struct notice_village **out, size_t *count,
                         struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t n_rows = 0;
  *out = NULL;
  *count = 0;
  int rc = node_ledgers(n, &rows, &n_rows, err);
  if (rc == 0 && (*out = calloc(n_rows + 1, sizeof **out)) == NULL) rc = yz_no_memory(err);
  for (size_t i = 0; rc == 0 && i < n_rows; i++) {
    struct notice_village *v = &(*out)[(*count)++];
    v->row = rows[i];
    rc = load_acks(n, v, err);
  }
  free(rows);
  if (rc == 0) return 0;
  notice_villages_finish(*out, *count);
  *out = NULL;
  *count = 0;
  return rc;
}

void notice_villages_finish(struct notice_village *villages, size_t count) {
  for (size_t i = 0; i < count; i++) {
    for (size_t k = 0; k < villages[i].n_acks; k++) yz_ack_finish(&villages[i].acks[k]);
    free(villages[i].acks);
  }
  free(villages);
}

bool notice_posted_to(const struct notice *notice, const struct notice_village *village) {
  for (size_t i = 0; i < notice->n_copies; i++)
    if (yz_equal(&notice->copies[i].ledger, &village->row.id, YZ_ID_LEN)) return true;
  return false;
}

/* Received as far as the copy, and not without its words. */
static bool covers(const struct yz_ack *ack, const struct notice_copy *copy) {
  bool reached = false;
  for (size_t i = 0; i < ack->n_heads; i++)
    if (yz_equal(&ack->heads[i].log, &copy->log, YZ_ID_LEN))
      reached = ack->heads[i].at.seq >= copy->seq;
  for (size_t i = 0; i < ack->n_except; i++)
    if (ack->except[i].seq == copy->seq && yz_equal(&ack->except[i].log, &copy->log, YZ_ID_LEN))
      return false;
  return reached;
}

bool notice_received(const struct notice *notice, const struct notice_village *village,
                     int64_t *at_ms) {
  bool received = false;
  for (size_t i = 0; i < notice->n_copies; i++) {
    if (!yz_equal(&notice->copies[i].ledger, &village->row.id, YZ_ID_LEN)) continue;
    for (size_t k = 0; k < village->n_acks; k++) {
      const struct yz_ack *ack = &village->acks[k];
      if (!covers(ack, &notice->copies[i])) continue;
      if (!received || ack->time_ms > *at_ms) *at_ms = ack->time_ms;
      received = true;
    }
  }
  return received;
}
