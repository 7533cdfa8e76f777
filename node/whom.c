#include "whom.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgers.h"
#include "store/terms.h"

enum { MIN_KEY_DIGITS = 8 };

bool whom_is_key(const char *text, const struct yz_key *key) {
  char hex[2 * YZ_KEY_LEN + 1];
  size_t len = strlen(text);
  yz_to_hex(key->bytes, YZ_KEY_LEN, hex);
  return len >= MIN_KEY_DIGITS && len <= 2 * YZ_KEY_LEN && memcmp(text, hex, len) == 0;
}

static bool is_text(const struct yz_buf *name, const char *text) {
  return name->len == strlen(text) && memcmp(name->data, text, name->len) == 0;
}

static bool is_folded_text(const struct yz_buf *name, const char *text) {
  struct yz_buf a = {0}, b = {0};
  bool is = terms_name((const char *)name->data, name->len, &a) == 0 &&
            terms_name(text, strlen(text), &b) == 0 && a.len > 0 && a.len == b.len &&
            memcmp(a.data, b.data, a.len) == 0;
  yz_buf_finish(&a);
  yz_buf_finish(&b);
  return is;
}

bool whom_can_be(const struct whom *w, const struct yz_key *worker) {
  bool (*same)(const struct yz_buf *, const char *) = w->folded ? is_folded_text : is_text;
  struct yz_buf name = {0}, called = {0};
  bool is =
      whom_is_key(w->text, worker) ||
      (store_key_name(w->n->store, w->ledger, worker, &name, NULL) == 0 && same(&name, w->text)) ||
      (store_key_called(w->n->store, w->ledger, worker, &called, NULL) == 0 &&
       same(&called, w->text));
  yz_buf_finish(&name);
  yz_buf_finish(&called);
  return is;
}

int whom_names(struct node *n, const char *text, const struct yz_key *worker, bool *names,
               struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  int rc = node_ledgers(n, &rows, &count, err);
  *names = whom_is_key(text, worker);
  for (size_t i = 0; rc == 0 && !*names && i < count; i++) {
    struct whom w = {.n = n, .ledger = &rows[i].id, .text = text, .folded = true};
    *names = whom_can_be(&w, worker);
  }
  free(rows);
  return rc;
}

void whom_note(struct whom *w, const struct yz_key *worker) {
  struct yz_buf called = {0};
  char hex[2 * YZ_KEY_LEN + 1];
  size_t used = strlen(w->offered);
  if (w->found > 0 && yz_equal(&w->key, worker, sizeof *worker)) return;
  if (w->found++ == 0) w->key = *worker;
  yz_to_hex(worker->bytes, YZ_KEY_LEN, hex);
  bool has_name = store_key_called(w->n->store, w->ledger, worker, &called, NULL) == 0;
  const char *text = has_name ? (const char *)called.data : hex;
  if (used + strlen(text) + 3 < sizeof w->offered)
    (void)snprintf(w->offered + used, sizeof w->offered - used, "%s%s", used > 0 ? ", " : "", text);
  yz_buf_finish(&called);
}

int whom_several(const struct whom *w, struct yz_error *err) {
  return yz_fail(err, YZ_E_INPUT,
                 YZ_N_("More than one worker can be meant. Name one of those that follow, as it "
                       "stands here, or by the key."),
                 "%s: %s", w->text, w->offered);
}
