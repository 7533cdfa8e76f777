/* What a village of a ledger that was recovered is called: known once someone has wrapped
 * the words anew for this hub. The former hub's grants say it, else the village itself. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../ledgers.h"
#include "hub.h"

struct names {
  const struct yz_log_row *logs;
  size_t n_logs;
  bool granted;
  char name[YZ_MAX_NAME + 1], code[YZ_MAX_CODE + 1];
};

static const struct yz_log_row *log_of(const struct names *s, const struct yz_stored *r) {
  for (size_t i = 0; i < s->n_logs; i++)
    if (yz_equal(&s->logs[i].id, &r->log, YZ_ID_LEN)) return &s->logs[i];
  return NULL;
}

static void keep(struct names *s, const json_t *content) {
  const char *name = yz_json_string(content, "name"), *code = yz_json_string(content, "code");
  char canonical[YZ_MAX_CODE + 1];
  if (name == NULL || code == NULL || *name == '\0' || strlen(name) > YZ_MAX_NAME ||
      !number_code(code, canonical))
    return;
  memcpy(s->name, name, strlen(name) + 1);
  memcpy(s->code, canonical, sizeof s->code);
}

static int look_at(void *arg, const struct yz_stored *r) {
  struct names *s = arg;
  const struct yz_log_row *log = log_of(s, r);
  bool grant = log != NULL && log->hub && strcmp(r->type, "roster.grant") == 0;
  bool begins = log != NULL && !log->hub && !log->old && strcmp(r->type, "log.begin") == 0;
  if (r->status != YZ_ACCEPTED || r->n_contents == 0 || !(grant || (begins && !s->granted)))
    return 0;
  json_t *content = json_loadb(r->contents[0].bytes, r->contents[0].len, 0, NULL);
  keep(s, content);
  s->granted = grant;
  json_decref(content);
  return 0;
}

static int in_use(struct node *n, const char *code, bool *used, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  int rc = node_ledgers(n, &rows, &count, err);
  *used = strcmp(n->code, code) == 0 || number_codes_clash(n->code, code);
  for (size_t i = 0; rc == 0 && i < count; i++)
    *used = *used || (rows[i].code[0] != '\0' &&
                      (strcmp(rows[i].code, code) == 0 || number_codes_clash(rows[i].code, code)));
  free(rows);
  return rc;
}

/* The repository takes the ledger's new name; where it cannot, that is said, and it is made anew
 * from the store when it is next opened. */
static int put_names(struct node *n, struct yz_ledger_row *row, const struct names *s,
                     struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  char *before = node_ledger_path(n, row);
  memcpy(row->name, s->name, sizeof row->name);
  memcpy(row->code, s->code, sizeof row->code);
  char *after = node_ledger_path(n, row);
  int rc = before == NULL || after == NULL ? yz_no_memory(err) : store_begin(n->store, err);
  if (rc == 0) rc = store_end(n->store, t->put_ledger(t->ctx, row, err), err);
  if (rc == 0 && rename(before, after) != 0 && errno != ENOENT)
    rc = yz_fail(err, YZ_E_IO,
                 YZ_N_("The ledger's repository could not be put in its place. Look at the "
                       "folder's rights and "
                       "at the room on the disk, then do it again."),
                 "%s", after);
  free(before);
  free(after);
  return rc;
}

/* A name that is free for the village; none where there is none. */
static int find_names(struct node *n, const struct yz_id *ledger, struct names *s,
                      struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct yz_log_row *logs = NULL;
  bool used = false;
  int rc = node_logs(n, ledger, &logs, &s->n_logs, err);
  s->logs = logs;
  if (rc == 0) rc = t->each_trust(t->ctx, ledger, look_at, s, err);
  if (rc == 0 && s->code[0] != '\0') rc = in_use(n, s->code, &used, err);
  if (used) s->code[0] = '\0';
  free(logs);
  return rc;
}

int hub_learn_names(struct node *n, struct yz_ledger_row *row, struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct names s = {.granted = false};
  struct yz_ledger_row now; /* what just came in may have said what it is called by now */
  if (row->code[0] != '\0') return 0;
  int rc = t->get_ledger(t->ctx, &row->id, &now, err);
  if (rc != 0) return rc;
  memcpy(s.name, now.name, sizeof s.name);
  memcpy(s.code, now.code, sizeof s.code);
  if (s.code[0] == '\0') rc = find_names(n, &row->id, &s, err);
  return rc == 0 && s.code[0] != '\0' ? put_names(n, row, &s, err) : rc;
}
