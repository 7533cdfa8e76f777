/* Attachments as they are read: how much of one is here, what it is, and the file again. */
#include "attach.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yizhan/piece.h>

#include "cases/moves.h"
#include "sniff.h"

/* One being opened, piece by piece. */
struct attachment_reader {
  struct node *n;
  unsigned char key[YZ_BATCH_KEY_LEN];
  struct yz_hash pieces[YZ_MAX_PIECES];
  size_t n_pieces;
  struct yz_buf sealed;
  unsigned char *plain;
  size_t done; /* pieces, by attachment_next */
};

static bool begin(struct attachment_reader *o, struct node *n, const struct case_record *r) {
  o->n = n;
  o->plain = malloc(YZ_PIECE);
  return o->plain != NULL && yz_pieces_read(r->plain, o->pieces, &o->n_pieces) &&
         r->content != NULL && yz_json_hex(r->content, "key", o->key, sizeof o->key);
}

static void finish(struct attachment_reader *o) {
  if (o->plain != NULL) yz_wipe(o->plain, YZ_PIECE);
  yz_wipe(o->key, sizeof o->key);
  yz_buf_finish(&o->sealed);
  free(o->plain);
}

/* YZ_E_NOT_FOUND: it is not here. YZ_E_DAMAGED: it is not what was sealed. */
static int open_piece(struct attachment_reader *o, size_t i, size_t *len, struct yz_error *err) {
  struct yz_hash is;
  char hex[YZ_HASH_HEX + 1];
  yz_buf_clear(&o->sealed);
  int rc = store_get_piece(o->n->store, &o->pieces[i], &o->sealed, err);
  if (rc != 0) return rc;
  yz_piece_hash(o->sealed.data, o->sealed.len, &is);
  yz_to_hex(o->pieces[i].bytes, YZ_HASH_LEN, hex);
  if (!yz_equal(&is, &o->pieces[i], sizeof is) ||
      !yz_piece_open(o->key, i + 1, o->n_pieces, o->sealed.data, o->sealed.len, o->plain))
    return yz_fail(err, YZ_E_DAMAGED,
                   YZ_N_("A piece of this attachment is not what was sealed. `yizhan verify` says "
                         "more."),
                   "%s", hex);
  *len = o->sealed.len - YZ_AEAD_OVERHEAD;
  return 0;
}

/* --- listing --------------------------------------------------------------- */

static bool is_attachment(const struct case_whole *whole, size_t i) {
  return case_move_from_type(whole->records[i].type) == CASE_ATTACH &&
         case_effect_counts(whole->view.effects[i]);
}

/* What it says itself goes before what was said of it. */
static const char *media_of(struct node *n, const struct case_record *r) {
  struct attachment_reader *o = calloc(1, sizeof *o);
  const char *media = yz_json_string(r->content, "media");
  size_t len = 0;
  if (o != NULL && begin(o, n, r) && open_piece(o, 0, &len, NULL) == 0) {
    media = sniff_media(o->plain, len);
    if (media == NULL) media = "application/octet-stream";
  }
  if (o != NULL) finish(o);
  free(o);
  return media;
}

bool attachment_read(struct node *n, const struct case_whole *whole, size_t record,
                     struct attachment *out) {
  const struct case_record *r = &whole->records[record];
  struct yz_hash pieces[YZ_MAX_PIECES];
  *out = (struct attachment){0};
  if (!is_attachment(whole, record) || !yz_pieces_read(r->plain, pieces, &out->pieces))
    return false;
  for (size_t i = 0; i < out->pieces; i++) out->here += store_has_piece(n->store, &pieces[i]);
  const char *name = yz_json_string(r->content, "name");
  if (name != NULL) (void)tidy_file(name, out->name);
  if (!yz_json_int(r->content, "size", &out->size)) out->size = 0;
  out->sealed = json_is_true(json_object_get(r->content, "sealed"));
  if (name != NULL) out->media = media_of(n, r);
  return true;
}

size_t attachment_find(const struct case_whole *whole, size_t number) {
  for (size_t i = 0; i < whole->n; i++)
    if (is_attachment(whole, whole->view.order[i]) && --number == 0) return whole->view.order[i];
  return CASE_NO_RECORD;
}

json_t *attachment_json(const struct attachment *a, size_t number) {
  return json_pack("{s:I,s:s?,s:s?,s:I,s:I,s:I}", "number", (json_int_t)number, "name",
                   a->name[0] != '\0' ? a->name : NULL, "media", a->media, "size",
                   (json_int_t)a->size, "pieces", (json_int_t)a->pieces, "here",
                   (json_int_t)a->here);
}

/* --- the file again ---------------------------------------------------------- */

static int incomplete(const struct attachment *a, struct yz_error *err) {
  if (a->sealed)
    return yz_fail(err, YZ_E_REFUSED,
                   YZ_N_("This attachment is sealed to the workers: say with --as which of them "
                         "reads, and give the passphrase."),
                   NULL);
  if (a->name[0] == '\0')
    return yz_fail(err, YZ_E_NOT_FOUND,
                   YZ_N_("What people said of this case was erased, and this attachment with it."),
                   NULL);
  return yz_fail(err, YZ_E_NOT_FOUND,
                 YZ_N_("Not all pieces of this attachment are here yet; they come at the next "
                       "contacts."),
                 "%zu/%zu", a->here, a->pieces);
}

int attachment_open(struct node *n, const struct case_whole *whole, size_t record,
                    struct attachment_reader **out, struct yz_error *err) {
  struct attachment a;
  *out = calloc(1, sizeof **out);
  if (*out == NULL) return yz_no_memory(err);
  if (attachment_read(n, whole, record, &a) && begin(*out, n, &whole->records[record]) &&
      a.here == a.pieces)
    return 0;
  attachment_close(*out);
  *out = NULL;
  return incomplete(&a, err);
}

int attachment_next(struct attachment_reader *r, const unsigned char **bytes, size_t *len,
                    struct yz_error *err) {
  *bytes = r->plain;
  *len = 0;
  return r->done < r->n_pieces ? open_piece(r, r->done++, len, err) : 0;
}

void attachment_close(struct attachment_reader *r) {
  if (r != NULL) finish(r);
  free(r);
}

static int write_pieces(struct attachment_reader *o, struct yz_file *file, int64_t size,
                        struct yz_error *err) {
  const struct yz_world *w = o->n->world;
  const unsigned char *bytes;
  int64_t written = 0;
  size_t len = 0;
  int rc;
  do {
    rc = attachment_next(o, &bytes, &len, err);
    if (rc == 0 && len > 0) rc = w->write_some(w->ctx, file, bytes, len, err);
    written += (int64_t)len;
  } while (rc == 0 && len > 0);
  if (rc == 0 && written != size)
    rc = yz_fail(err, YZ_E_DAMAGED,
                 YZ_N_("This attachment is not as large as its record says. It was not saved."),
                 NULL);
  return rc == 0 ? w->flush_file(w->ctx, file, err) : rc;
}

static int save_as(struct attachment_reader *o, int64_t size, const char *path,
                   struct yz_error *err) {
  const struct yz_world *w = o->n->world;
  struct yz_file *file = NULL;
  char *temp = NULL;
  if (asprintf(&temp, "%s.part", path) < 0) return yz_no_memory(err);
  int rc = w->new_file(w->ctx, temp, &file, err);
  bool made = rc == 0;
  if (rc == 0) rc = write_pieces(o, file, size, err);
  w->close_file(w->ctx, file);
  if (rc == 0) rc = w->name_file(w->ctx, temp, path, err);
  if (rc != 0 && made) w->drop_file(w->ctx, temp);
  free(temp);
  return rc;
}

int attachment_save(struct node *n, const struct case_whole *whole, size_t record, const char *path,
                    struct yz_error *err) {
  struct attachment a;
  struct attachment_reader *r = NULL;
  int rc = attachment_open(n, whole, record, &r, err);
  assert((rc == 0) == (r != NULL));
  if (rc == 0)
    rc = attachment_read(n, whole, record, &a) ? save_as(r, a.size, path, err) : YZ_E_INTERNAL;
  attachment_close(r);
  return rc;
}
