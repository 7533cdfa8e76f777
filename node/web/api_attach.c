/* Photos, scans and sound of a case: sent to it, and seen again. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../attach.h"
#include "../identity.h"
#include "../reading.h"
#include "../sniff.h"
#include "api_call.h"

enum { OK = 200, CREATED = 201 };

/* --- sent ------------------------------------------------------------------ */

struct body {
  int file;
  int64_t at;
};

static int read_body(void *ctx, void *bytes, size_t n, size_t *got, struct yz_error *err) {
  struct body *b = ctx;
  *got = 0;
  while (*got < n) {
    ssize_t some = pread(b->file, (char *)bytes + *got, n - *got, (off_t)b->at);
    if (some < 0 && errno == EINTR) continue;
    if (some < 0)
      return yz_fail(err, YZ_E_IO, YZ_N_("What was sent cannot be read again. Send it once more."),
                     NULL);
    if (some == 0) break;
    *got += (size_t)some;
    b->at += some;
  }
  return 0;
}

/* Its body was not taken in as the disk has no room for it (api.c). */
static int check_came(const struct api_call *c, struct yz_error *err) {
  const char *length = web_header(c->request, "Content-Length");
  if (c->request->body >= 0 || length == NULL || strtoll(length, NULL, 10) == 0) return 0;
  return yz_fail(err, YZ_E_FULL,
                 YZ_N_("The disk has no room for this beside what cases need. Free some space, "
                       "then attach it."),
                 NULL);
}

int api_attach(struct api_call *c, struct yz_error *err) {
  struct body body = {.file = c->request->body};
  struct attach_source source = {.size = c->request->body_len, .read = read_body, .ctx = &body};
  struct casework_made made;
  struct yz_hash id;
  char record[YZ_HASH_HEX + 1];
  bool tells = false;
  int rc = check_came(c, err);
  if (rc == 0) rc = api_argument(c, "name", &source.name, err);
  if (rc == 0 && source.name == NULL) rc = api_empty("name", err);
  if (rc == 0) rc = node_find_case(&c->node, c->named, &id, err);
  if (rc == 0) rc = signer_check(&c->who, &c->node, err);
  if (rc == 0) rc = attach_to(&c->node, &c->who, &id, &source, &made, &tells, err);
  if (rc != 0) return rc;
  yz_to_hex(made.record.bytes, YZ_HASH_LEN, record);
  c->said = json_pack("{s:s,s:s,s:b}", "case", made.number, "record", record, "tells", (int)tells);
  c->status = CREATED;
  return c->said == NULL ? yz_no_memory(err) : 0;
}

/* --- seen again -------------------------------------------------------------- */

/* Sent piece by piece, each once it is known to be what was sealed. */
struct showing {
  struct node node;
  struct attachment_reader *reader;
  const unsigned char *bytes;
  size_t at, len;
};

static int64_t read_showing(void *ctx, int64_t at, char *out, size_t n) {
  struct showing *s = ctx;
  (void)at;
  if (s->at == s->len) {
    s->at = s->len = 0;
    if (attachment_next(s->reader, &s->bytes, &s->len, NULL) != 0) return -1;
  }
  size_t some = s->len - s->at < n ? s->len - s->at : n;
  memcpy(out, s->bytes + s->at, some);
  s->at += some;
  return (int64_t)some;
}

static void finish_showing(void *ctx) {
  struct showing *s = ctx;
  attachment_close(s->reader);
  node_finish(&s->node);
  free(s);
}

static void put_encoded(char *out, size_t size, const char *text) {
  size_t n = strlen(out);
  for (; *text != '\0' && n + 4 <= size; text++) {
    bool plain = (*text >= '0' && *text <= '9') || (*text >= 'a' && *text <= 'z') ||
                 (*text >= 'A' && *text <= 'Z') || *text == '.' || *text == '-' || *text == '_';
    n += (size_t)snprintf(out + n, size - n, plain ? "%c" : "%%%02X", (unsigned char)*text);
  }
}

/* RFC 6266: a name of any characters, which ends as what it is. Only pictures are shown in their
 * place. */
static void put_disposition(struct web_answer *a, const struct attachment *what) {
  static const char *const shown[] = {"image/jpeg", "image/png", "image/gif", "image/webp"};
  const char *how = "attachment";
  for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
    if (strcmp(what->media, shown[i]) == 0) how = "inline";
  (void)snprintf(a->apart, sizeof a->apart, "%s; filename*=UTF-8''", how);
  put_encoded(a->apart, sizeof a->apart, what->name);
  if (!sniff_has_ending(what->name, what->media))
    put_encoded(a->apart, sizeof a->apart, sniff_ending(what->media));
}

static int find(struct api_call *c, const struct case_whole *whole, size_t *record,
                struct yz_error *err) {
  size_t n = strlen(c->second);
  size_t number =
      n < 6 && strspn(c->second, "0123456789") == n ? (size_t)strtoul(c->second, NULL, 10) : 0;
  *record = number > 0 ? attachment_find(whole, number) : CASE_NO_RECORD;
  return *record != CASE_NO_RECORD
             ? 0
             : yz_fail(err, YZ_E_NOT_FOUND, YZ_N_("This case has no such attachment."), "%s",
                       c->second);
}

static int show(struct api_call *c, struct showing *s, const struct case_whole *whole,
                struct yz_error *err) {
  struct attachment what;
  size_t record;
  int rc = find(c, whole, &record, err);
  if (rc == 0) rc = attachment_open(&s->node, whole, record, &s->reader, err);
  if (rc != 0) return rc;
  if (!attachment_read(&s->node, whole, record, &what)) return YZ_E_INTERNAL;
  (void)snprintf(c->answer->type, sizeof c->answer->type, "%s", what.media);
  put_disposition(c->answer, &what);
  c->answer->len = what.size;
  return 0;
}

int api_attachment(struct api_call *c, struct yz_error *err) {
  struct case_whole whole = {0};
  struct yz_hash id;
  struct showing *s = calloc(1, sizeof *s);
  if (s == NULL) return yz_no_memory(err);
  int rc = node_open(&s->node, c->api->o.dir, c->api->o.world, err);
  if (rc == 0) rc = identity_read_as(&s->node, &c->who, err);
  if (rc == 0) rc = node_find_case(&s->node, c->named, &id, err);
  if (rc == 0) rc = reading_note(&s->node, &id, &c->who.author.key, err);
  if (rc == 0) rc = store_load_case(s->node.store, &id, &whole, err);
  if (rc == 0) rc = show(c, s, &whole, err);
  case_whole_finish(&whole);
  if (rc != 0) {
    finish_showing(s);
    return rc;
  }
  c->status = OK;
  c->answer->stream = (struct web_stream){read_showing, finish_showing, s, false};
  return 0;
}
