/* Attaching a file. Reading one: attachment.c. */
#include "attach.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yizhan/piece.h>

#include "attaching.h"
#include "cases/moves.h"
#include "sniff.h"
#include "tidy.h"

struct sealing {
  struct node *n;
  const struct attach_source *source;
  unsigned char key[YZ_BATCH_KEY_LEN];
  unsigned char *plain, *sealed;
  struct yz_hash *pieces;
  size_t n_pieces, done;
  const char *media;
  bool tells;
  struct yz_error *err;
};

static int check_size(struct sealing *s) {
  if (s->source->size == 0)
    return yz_fail(s->err, YZ_E_INPUT, YZ_N_("This file is empty."), "%s", s->source->name);
  if (s->source->size > ATTACH_MAX)
    return yz_fail(s->err, YZ_E_LIMIT,
                   YZ_N_("An attachment has at most 50 MiB. Make the photo smaller, or scan at a "
                         "lower resolution."),
                   "%s", s->source->name);
  /* Here, and again in git. */
  int64_t left = s->n->world->disk_free(s->n->world->ctx, s->n->dir);
  if (left >= 0 && left - 2 * s->source->size < STORE_PIECES_SPARE)
    return yz_fail(s->err, YZ_E_FULL,
                   YZ_N_("The disk has no room for this beside what cases need. Free some space, "
                         "then attach it."),
                   "%s", s->source->name);
  return 0;
}

static int prepare(struct sealing *s) {
  const struct yz_world *w = s->n->world;
  int rc = check_size(s);
  if (rc != 0) return rc;
  s->n_pieces = (size_t)((s->source->size + YZ_PIECE - 1) / YZ_PIECE);
  s->plain = malloc(YZ_PIECE);
  s->sealed = malloc(YZ_MAX_PIECE);
  s->pieces = calloc(s->n_pieces + 1, sizeof *s->pieces);
  if (s->plain == NULL || s->sealed == NULL || s->pieces == NULL) return yz_no_memory(s->err);
  w->random(w->ctx, s->key, sizeof s->key);
  return 0;
}

static int look_at(struct sealing *s, size_t n) {
  s->media = sniff_media(s->plain, n);
  s->tells = sniff_tells(s->plain, n);
  if (s->media != NULL) return 0;
  return yz_fail(
      s->err, YZ_E_INPUT,
      YZ_N_("This is no photo (JPEG, PNG, GIF, WebP, HEIC), PDF or sound (Ogg, MP3, AAC, "
            "M4A, AMR, WAV): nothing else can be attached."),
      "%s", s->source->name);
}

static int seal_piece(struct sealing *s, size_t i) {
  int64_t rest = s->source->size - (int64_t)i * YZ_PIECE;
  size_t want = rest < YZ_PIECE ? (size_t)rest : YZ_PIECE, got = 0;
  int rc = s->source->read(s->source->ctx, s->plain, want, &got, s->err);
  if (rc == 0 && got < want)
    rc = yz_fail(s->err, YZ_E_BUSY, YZ_N_("This file changed while it was read. Attach it again."),
                 "%s", s->source->name);
  if (rc == 0 && i == 0) rc = look_at(s, got);
  if (rc != 0) return rc;
  yz_piece_seal(s->key, i + 1, s->n_pieces, s->plain, got, s->sealed);
  yz_piece_hash(s->sealed, got + YZ_AEAD_OVERHEAD, &s->pieces[i]);
  rc = store_put_piece(s->n->store, &s->pieces[i], s->sealed, got + YZ_AEAD_OVERHEAD, s->err);
  if (rc == 0) s->done++;
  return rc;
}

static json_t *hashes_json(const struct sealing *s) {
  char hex[YZ_HASH_HEX + 1];
  json_t *list = json_array();
  bool ok = list != NULL;
  for (size_t i = 0; ok && i < s->n_pieces; i++) {
    yz_to_hex(s->pieces[i].bytes, YZ_HASH_LEN, hex);
    ok = json_array_append_new(list, json_string(hex)) == 0;
  }
  if (ok) return list;
  json_decref(list);
  return NULL;
}

/* The file's own name, for people, and none of its folders. */
static void name_of(const char *path, char out[static TIDY_FILE]) {
  const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
  (void)tidy_file(yz_text_ok(name, strlen(name)) ? name : "", out);
}

static int record(struct sealing *s, const struct signer *who, const struct yz_hash *case_id,
                  struct casework_made *out) {
  char key[2 * YZ_BATCH_KEY_LEN + 1];
  char name[TIDY_FILE];
  name_of(s->source->name, name);
  yz_to_hex(s->key, sizeof s->key, key);
  struct casework_move m = {.move = CASE_ATTACH,
                            .at_ms = INT64_MIN,
                            .plain = json_pack("{s:o}", "pieces", hashes_json(s)),
                            .content =
                                json_pack("{s:s,s:s,s:I,s:s}", "name", name, "media", s->media,
                                          "size", (json_int_t)s->source->size, "key", key)};
  m.ok = m.plain != NULL && m.content != NULL;
  int rc = casework_make(s->n, who, case_id, &m, out, s->err);
  casework_drop(&m);
  yz_wipe(key, sizeof key);
  return rc;
}

static int check_count(struct node *n, const struct yz_hash *case_id, struct yz_error *err) {
  struct case_whole whole = {0};
  size_t count = 0;
  int rc = store_load_case(n->store, case_id, &whole, err);
  if (rc == YZ_E_NOT_FOUND) return yz_fail(err, rc, YZ_N_("There is no such case."), NULL);
  for (size_t i = 0; rc == 0 && i < whole.n; i++)
    count += case_move_from_type(whole.records[i].type) == CASE_ATTACH;
  case_whole_finish(&whole);
  if (rc != 0 || count < ATTACH_MAX_CASE) return rc;
  return yz_fail(err, YZ_E_LIMIT, YZ_N_("This case has 100 attachments: it can have no more."),
                 NULL);
}

static void finish(struct sealing *s, bool kept) {
  for (size_t i = 0; !kept && i < s->done; i++) store_drop_piece(s->n->store, &s->pieces[i]);
  yz_wipe(s->key, sizeof s->key);
  if (s->plain != NULL) yz_wipe(s->plain, YZ_PIECE);
  free(s->plain);
  free(s->sealed);
  free(s->pieces);
}

int attach_to(struct node *n, const struct signer *who, const struct yz_hash *case_id,
              const struct attach_source *source, struct casework_made *out, bool *tells,
              struct yz_error *err) {
  struct sealing s = {.n = n, .source = source, .err = err};
  struct yz_lock lock = {-1};
  int rc = check_count(n, case_id, err);
  if (rc == 0) rc = prepare(&s);
  if (rc == 0) rc = attaching_begin(n, &lock, err);
  bool begun = rc == 0;
  for (size_t i = 0; rc == 0 && i < s.n_pieces; i++) rc = seal_piece(&s, i);
  if (rc == 0) rc = record(&s, who, case_id, out);
  *tells = s.tells;
  finish(&s, rc == 0);
  return begun ? attaching_end(n, &lock, rc, err) : rc;
}

struct on_disk {
  const struct yz_world *world;
  struct yz_file *file;
};

static int read_disk(void *ctx, void *bytes, size_t n, size_t *got, struct yz_error *err) {
  const struct on_disk *d = ctx;
  return d->world->read_some(d->world->ctx, d->file, bytes, n, got, err);
}

int attach_file(struct node *n, const struct signer *who, const struct yz_hash *case_id,
                const char *path, struct casework_made *out, bool *tells, struct yz_error *err) {
  struct on_disk disk = {.world = n->world};
  struct attach_source source = {.name = path, .read = read_disk, .ctx = &disk};
  *tells = false;
  int rc = n->world->open_file(n->world->ctx, path, false, &disk.file, &source.size, err);
  if (rc == 0) rc = attach_to(n, who, case_id, &source, out, tells, err);
  n->world->close_file(n->world->ctx, disk.file);
  return rc;
}
