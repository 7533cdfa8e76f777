#include "incarnation.h"

#include <stdlib.h>
#include <string.h>

#include "ledgers.h"
#include "letters.h"

/* --- the new incarnation ---------------------------------------------- */

/* A ledger that holds no log of ours any more (its logs went along when the village
 * joined) gets none. */
static int begin_again(struct node *n, const struct yz_ledger_row *row,
                       const struct yz_id *incarnation, struct yz_error *err) {
  struct yz_ack_head *heads = NULL;
  size_t count = 0;
  int rc = node_own_heads(n, &row->id, &heads, &count, err);
  if (rc == 0 && count > 0) {
    struct yz_beginning b = {.name = n->name,
                             .code = n->code,
                             .letter = n->letter,
                             .incarnation = incarnation,
                             .continues = heads,
                             .n_continues = count};
    rc = node_begin_log(n, row, &b, err);
  }
  free(heads);
  return rc;
}

/* Of a village the ledger that it works in says the letter, of a hub its first one. */
static int choose_letter(struct node *n, const struct yz_ledger_row *rows, size_t count,
                         const struct yz_id *incarnation, struct yz_error *err) {
  const struct yz_id *ledger = n->hub ? &rows[0].id : &n->ledger.id;
  struct letters letters = {0};
  struct yz_hash hash;
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < count; i++)
    rc = letters_mark_ledger(&letters, n, &rows[i].id, true, err);
  yz_log_hash(&n->station.key, incarnation, ledger, &hash);
  const struct yz_id log = yz_log_id(&hash);
  return rc != 0 ? rc : letters_by_log(&letters, &log, n->letter, err);
}

/* In an open transaction. */
static int begin_all(struct node *n, const struct yz_ledger_row *rows, size_t count,
                     struct yz_error *err) {
  struct yz_id incarnation;
  int rc = 0;
  n->world->random(n->world->ctx, incarnation.bytes, YZ_ID_LEN);
  if (count > 0) rc = choose_letter(n, rows, count, &incarnation, err);
  if (rc == 0) rc = store_put_setting(n->store, "letter", n->letter, err);
  for (size_t i = 0; rc == 0 && i < count; i++) rc = begin_again(n, &rows[i], &incarnation, err);
  return rc;
}

static int put_home(struct node *n, const char *home, struct yz_error *err) {
  return home[0] == '\0' ? 0 : store_put_setting(n->store, "home", home, err);
}

static int find_home(struct node *n, char out[static YZ_FILE_IDENTITY], struct yz_error *err) {
  char *path = node_path(n, "yizhan.db");
  out[0] = '\0';
  if (path == NULL) return yz_no_memory(err);
  n->world->file_identity(n->world->ctx, path, out);
  free(path);
  return 0;
}

int node_begin_incarnation(struct node *n, struct yz_error *err) {
  char home[YZ_FILE_IDENTITY];
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  int rc = node_ledgers(n, &rows, &count, err);
  if (rc == 0) rc = find_home(n, home, err);
  if (rc == 0) rc = store_begin(n->store, err);
  if (rc == 0) {
    rc = begin_all(n, rows, count, err);
    if (rc == 0) rc = put_home(n, home, err);
    rc = store_end(n->store, rc, err);
  }
  free(rows);
  return rc == 0 ? node_reload(n, err) : rc;
}

/* --- gathering ----------------------------------------------------------- */

/* Does a log.begin's `continues` name this log up to its head? */
static bool names_head(const json_t *continues, const struct yz_log_row *log) {
  char hex[YZ_ID_HEX + 1];
  size_t i;
  json_t *place;
  yz_to_hex(log->id.bytes, YZ_ID_LEN, hex);
  json_array_foreach(continues, i, place) {
    const char *named = json_string_value(json_array_get(place, 0));
    if (named != NULL && strcmp(named, hex) == 0)
      return json_integer_value(json_array_get(place, 1)) >= log->head.seq;
  }
  return false;
}

struct gathering {
  const struct yz_log_row *logs;
  size_t n;
  const struct yz_id *own;
  bool lacking;
};

static int look_at_begin(void *arg, const struct yz_stored *begin) {
  struct gathering *g = arg;
  const json_t *continues = json_object_get(begin->json, "continues");
  for (size_t i = 0; i < g->n; i++) {
    const struct yz_log_row *log = &g->logs[i];
    if (log->own && !log->old && log->head.seq > 0 && !yz_equal(&log->id, g->own, YZ_ID_LEN))
      g->lacking |= !names_head(continues, log);
  }
  return 0;
}

int node_gather(struct node *n, const struct yz_ledger_row *row, struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct yz_log_row *logs = NULL;
  struct gathering g = {.own = &row->own};
  int rc = node_logs(n, &row->id, &logs, &g.n, err);
  g.logs = logs;
  if (rc == 0) rc = t->each_record(t->ctx, &row->own, 1, 1, look_at_begin, &g, err);
  free(logs);
  if (rc != 0 || !g.lacking) return rc;
  return begin_again(n, row, NULL, err);
}

/* --- copies ------------------------------------------------------------- */

int node_at_home(struct node *n, struct yz_error *err) {
  char home[YZ_FILE_IDENTITY];
  struct yz_buf known = {0};
  int rc = find_home(n, home, err);
  if (rc != 0) return rc;
  rc = store_get_setting(n->store, "home", &known, err);
  bool first = rc == YZ_E_NOT_FOUND;
  bool moved = rc == 0 && home[0] != '\0' && strcmp((const char *)known.data, home) != 0;
  yz_buf_finish(&known);
  if (rc != 0 && !first) return rc;
  if (moved) return node_begin_incarnation(n, err);
  if (!first) return 0;
  rc = store_begin(n->store, err);
  if (rc == 0) rc = put_home(n, home, err);
  return store_end(n->store, rc, err);
}

int node_unite(struct node *n, const struct yz_ledger_row *row, struct yz_error *err) {
  bool divided;
  int rc = yz_divided(&n->station, row, &divided, err);
  if (rc != 0 || !divided) return rc;
  rc = store_begin(n->store, err);
  if (rc == 0) rc = begin_again(n, row, NULL, err);
  rc = store_end(n->store, rc, err);
  return rc == 0 ? yz_rejudge(&n->station, &row->id, err) : rc;
}
