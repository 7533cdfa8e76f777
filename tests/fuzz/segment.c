/* Segment files (yz_segment_read, FORMAT.md §5). The input is read as it is; then with its
 * last line taken for the closing one and written anew, so that the chain holds and what
 * lies behind that check is reached. */
#include "tests/fuzz/fuzz.h"

static const struct sample *node(void) {
  return fuzz_sample('n');
}

/* Written again from what was read it is the same bytes. */
static void hold_form(const char *bytes, size_t len, const struct yz_segment *s, bool ours) {
  const struct yz_place end = {s->last, s->end};
  struct yz_buf again = {0};

  FUZZ_HOLDS(len <= YZ_MAX_SEGMENT && s->n >= 1 && s->n <= YZ_MAX_SEGMENT_RECORDS);
  FUZZ_HOLDS(s->last == s->first + (int64_t)s->n - 1 && s->last <= YZ_MAX_INT);
  FUZZ_HOLDS(yz_segment_header(&s->log, s->first, &s->prev, &again) == 0);
  for (size_t i = 0; i < s->n; i++) {
    const struct yz_record *r = &s->records[i];
    FUZZ_HOLDS(r->seq == s->first + (int64_t)i && memcmp(&r->log, &s->log, sizeof r->log) == 0);
    FUZZ_HOLDS(yz_buf_append(&again, r->bytes - 1, r->len + 1 + 92 + 1) == 0);
  }
  FUZZ_HOLDS(again.len < len && memcmp(again.data, bytes, again.len) == 0);
  if (ours) {
    FUZZ_HOLDS(yz_segment_closing(&s->log, s->first, &s->prev, &end, node()->seed, &again) == 0);
    FUZZ_HOLDS(again.len == len && memcmp(again.data, bytes, len) == 0);
    FUZZ_HOLDS(yz_segment_signed(s, &node()->key) && !yz_segment_signed(s, &node()->box_key));
  }
  yz_buf_finish(&again);
}

static bool read_exactly(const void *data, size_t size, bool ours) {
  char *bytes = fuzz_copy(data, size);
  struct yz_segment *s = malloc(sizeof *s);
  const char *rule;

  FUZZ_HOLDS(s);
  int rc = yz_segment_read(bytes, size, s, &rule, NULL);
  FUZZ_HOLDS((rc == YZ_OK) == (rule == NULL));
  if (!rc) hold_form(bytes, size, s, ours);
  free(s);
  free(bytes);
  return rc == YZ_OK;
}

/* The bounds that the lines before the last one say; false where they are no such lines. */
static bool chain(const struct yz_buf *b, struct yz_segment *s) {
  const char *at = (const char *)b->data, *end = at + b->len, *prev;

  s->n = 0;
  for (; at < end; at = memchr(at, '\n', (size_t)(end - at)), at++) {
    struct yz_record r;
    size_t len = (size_t)((char *)memchr(at, '\n', (size_t)(end - at)) - at);
    if (*at != '[') continue;
    if (yz_record_read(at, len, &r, NULL)) return false;
    if (s->n++ == 0) {
      s->log = r.log;
      s->first = r.seq;
    }
    s->last = r.seq;
    yz_record_id(s->n == 1 ? &s->prev : &s->end, r.bytes, r.len, &s->end);
    if (s->n > 1) continue;
    prev = memmem(b->data, b->len, "\"prev\":\"", 8);
    if (!prev || end - prev < 8 + YZ_HASH_HEX ||
        !yz_from_hex(prev + 8, YZ_HASH_HEX, s->prev.bytes, YZ_HASH_LEN))
      return false;
    yz_record_id(&s->prev, r.bytes, r.len, &s->end);
  }
  return s->n > 0;
}

static void read_closed(const uint8_t *data, size_t size) {
  const uint8_t *last = size > 1 ? memrchr(data, '\n', size - 1) : NULL;
  struct yz_segment *s = calloc(1, sizeof *s);
  struct yz_buf closed = {0};

  FUZZ_HOLDS(s);
  if (last) FUZZ_HOLDS(yz_buf_append(&closed, data, (size_t)(last + 1 - data)) == 0);
  if (last && chain(&closed, s)) {
    const struct yz_place end = {s->last, s->end};
    FUZZ_HOLDS(yz_segment_closing(&s->log, s->first, &s->prev, &end, node()->seed, &closed) == 0);
    (void)read_exactly(closed.data, closed.len, true);
  }
  yz_buf_finish(&closed);
  free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  (void)read_exactly(data, size, false);
  read_closed(data, size);
  return 0;
}
