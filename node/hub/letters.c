/* After two nodes of a village gave one number: the one that was later gets another letter. */
#include "hub.h"

#include <stdlib.h>

#include "../letters.h"

struct later {
  struct yz_id *logs;
  size_t n;
};

static int keep_log(void *arg, const struct yz_id *log) {
  struct later *l = arg;
  for (size_t i = 0; i < l->n; i++)
    if (yz_equal(&l->logs[i], log, sizeof *log)) return 0;
  struct yz_id *more = reallocarray(l->logs, l->n + 1, sizeof *more);
  if (more == NULL) return YZ_E_MEMORY;
  l->logs = more;
  l->logs[l->n++] = *log;
  return 0;
}

/* Once a log: what was named already stays. */
static int name_letter(struct node *n, const struct yz_ledger_row *row, const struct yz_id *log,
                       struct yz_error *err) {
  const struct yz_author node = {n->station.key, n->station.seed};
  struct letters used = {0};
  char letter[4], hex[YZ_ID_HEX + 1];
  int rc = store_letter_of(n->store, &row->id, log, letter, err);
  if (rc != 0 || letter[0] != '\0') return rc;
  rc = letters_mark_ledger(&used, n, &row->id, false, err);
  if (rc == 0) rc = letters_next(&used, letter, err);
  if (rc != 0) return rc;
  yz_to_hex(log->bytes, YZ_ID_LEN, hex);
  json_t *plain = json_pack("{s:I,s:s,s:s}", "at", (json_int_t)n->world->now_ms(n->world->ctx),
                            "of", hex, "letter", letter);
  if (plain == NULL) return yz_no_memory(err);
  const struct yz_draft draft = {.type = "hub.letter", .plain = plain};
  rc = yz_append(&n->station, &row->id, &node, &draft, NULL, NULL, err);
  json_decref(plain);
  return rc;
}

int hub_name_letters(struct node *n, const struct yz_ledger_row *row, struct yz_error *err) {
  struct later later = {0};
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = store_each_clash(n->store, &row->id, keep_log, &later, err);
  if (rc == YZ_E_MEMORY) rc = yz_no_memory(err);
  for (size_t i = 0; rc == 0 && i < later.n; i++) rc = name_letter(n, row, &later.logs[i], err);
  if (rc == 0) rc = store_named_clashes(n->store, &row->id, err);
  free(later.logs);
  return store_end(n->store, rc, err);
}
