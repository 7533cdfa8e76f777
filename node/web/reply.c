/* git's answer to a push is packet lines (gitprotocol-common(5)), each with a band where side bands
 * were asked for: band 1 is the verdict, band 2 what is said beside it; "0000" ends all. */
#include "reply.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../ledgers.h"

enum { LENGTH = 4, BAND = 1, MAX_PACKET = 65520, MAX_REPLY = MAX_PACKET - LENGTH - BAND };
static const char end[] = "0000", beside = 2;

static void look(struct node *hub, const struct reply_marks *m, size_t i, bool *found,
                 struct yz_oid *out) {
  const struct yz_store *t = store_table(hub->store);
  *found = t->get_tip(t->ctx, &m->ledger.id, m->branches[i].ref, out, NULL) == 0;
}

void reply_mark(struct node *hub, const struct web_request *r, const struct yz_ledger_row *ledger,
                struct reply_marks *m) {
  static const char *const kinds[] = {"keys", "log"};
  const char *said = web_header(r, "Yizhan-Reply");
  char hex[YZ_ID_HEX + 1];
  *m = (struct reply_marks){.ledger = *ledger, .asked = said != NULL && strcmp(said, "v1") == 0};
  yz_to_hex(ledger->own.bytes, YZ_ID_LEN, hex);
  for (size_t i = 0; i < 2; i++) {
    struct yz_moved *b = &m->branches[i];
    (void)snprintf(b->ref, sizeof b->ref, "refs/heads/%s/%s", kinds[i], hex);
    look(hub, m, i, &b->has_from, &b->from);
  }
}

/* The branches that moved, first in the list. */
static size_t find_moved(struct node *hub, struct reply_marks *m) {
  size_t n = 0;
  for (size_t i = 0; i < 2; i++) {
    struct yz_moved b = m->branches[i];
    bool there;
    look(hub, m, i, &there, &b.to);
    if (!there || (b.has_from && memcmp(&b.from, &b.to, sizeof b.to) == 0)) continue;
    m->branches[n++] = b;
  }
  return n;
}

static bool read_at(const struct web_answer *a, int64_t at, char *out, size_t n) {
  return at >= 0 && at + (int64_t)n <= a->len && pread(a->file, out, n, a->from + at) == (ssize_t)n;
}

/* Whole, and in bands? */
static bool has_room(const struct web_answer *a) {
  char first[LENGTH + BAND], last[LENGTH];
  return a->file >= 0 && read_at(a, 0, first, sizeof first) && first[LENGTH] >= 1 &&
         first[LENGTH] <= 3 && read_at(a, a->len - LENGTH, last, sizeof last) &&
         memcmp(last, end, LENGTH) == 0;
}

static bool write_at(int file, int64_t at, const void *bytes, size_t n) {
  return pwrite(file, bytes, n, at) == (ssize_t)n;
}

/* In place of the end, and the end after it. Until that is written the answer is as long as it was.
 */
static void put(struct web_answer *a, const struct yz_buf *reply) {
  char head[LENGTH + BAND + 1];
  int64_t at = a->from + a->len - LENGTH;
  (void)snprintf(head, sizeof head, "%04zx%c", LENGTH + BAND + reply->len, beside);
  if (!write_at(a->file, at + LENGTH + BAND, reply->data, reply->len) ||
      !write_at(a->file, at + LENGTH + BAND + (int64_t)reply->len, end, LENGTH))
    return;
  if (write_at(a->file, at, head, LENGTH + BAND)) a->len += LENGTH + BAND + (int64_t)reply->len;
}

void reply_add(struct node *hub, struct reply_marks *m, struct web_answer *a) {
  struct yz_buf reply = {0};
  struct yz_error err = {0};
  struct yz_ledger *git = NULL;
  size_t n = m->asked && has_room(a) ? find_moved(hub, m) : 0;
  if (n == 0) return;
  if (node_open_ledger(hub, &m->ledger, false, &git, &err) == 0 &&
      yz_ledger_reply(git, m->branches, n, MAX_REPLY, &reply, &err) == 0 && reply.len > 0)
    put(a, &reply);
  yz_ledger_destroy(git);
  yz_buf_finish(&reply);
}
