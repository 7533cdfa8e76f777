#include "letters.h"

#include <stdlib.h>
#include <string.h>

#include "ledgers.h"

enum { FIRST_TWO = LETTERS_ONE + 26, TWOS = LETTERS_ALL - FIRST_TWO };

static void letter_name(size_t i, char out[static 4]) {
  size_t at = 0;
  if (i >= LETTERS_ONE) {
    out[at++] = (char)('A' + (i - LETTERS_ONE) / 26);
    i = (i - LETTERS_ONE) % 26;
  }
  out[at++] = (char)('A' + i);
  out[at] = '\0';
}

static void mark(struct letters *l, const char *letter) {
  char name[4];
  for (size_t i = 0; i < LETTERS_ALL; i++) {
    letter_name(i, name);
    if (strcmp(name, letter) == 0) l->used[i] = true;
  }
}

struct promised {
  struct letters *letters;
  const struct yz_id *ledger;
};

static int mark_invitation(void *arg, const struct invitation_row *row) {
  const struct promised *p = arg;
  if (yz_equal(&row->invitation.ledger, p->ledger, YZ_ID_LEN))
    mark(p->letters, row->invitation.letter);
  return 0;
}

static int mark_named(void *arg, const char *letter) {
  mark(arg, letter);
  return 0;
}

int letters_mark_ledger(struct letters *l, struct node *n, const struct yz_id *ledger, bool hubs,
                        struct yz_error *err) {
  struct yz_log_row *logs = NULL;
  size_t count = 0;
  int rc = node_logs(n, ledger, &logs, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++)
    if (hubs || !logs[i].hub) mark(l, logs[i].letter);
  free(logs);
  if (rc == 0)
    rc = store_each_invitation(n->store, mark_invitation,
                               &(struct promised){.letters = l, .ledger = ledger}, err);
  return rc != 0 ? rc : store_each_letter(n->store, ledger, mark_named, l, err);
}

static int none_free(struct yz_error *err) {
  return yz_fail(
      err, YZ_E_LIMIT,
      YZ_N_("Every letter for case numbers is in use. Invite this village under another code."),
      NULL);
}

int letters_next(const struct letters *l, char out[static 4], struct yz_error *err) {
  for (size_t i = 0; i < LETTERS_ALL; i++) {
    if (l->used[i] || (i >= LETTERS_ONE && i < FIRST_TWO)) continue;
    letter_name(i, out);
    return 0;
  }
  return none_free(err);
}

int letters_by_log(const struct letters *l, const struct yz_id *log, char out[static 4],
                   struct yz_error *err) {
  /* A log's id is the beginning of a hash: any of its bytes are as good as random. */
  size_t start = ((size_t)log->bytes[0] << 16 | (size_t)log->bytes[1] << 8 | log->bytes[2]) % TWOS;
  for (size_t i = 0; i < TWOS; i++) {
    size_t at = FIRST_TWO + (start + i) % TWOS;
    if (l->used[at]) continue;
    letter_name(at, out);
    return 0;
  }
  return none_free(err);
}
