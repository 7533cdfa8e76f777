/* A parcel being read. Its size says where its parts lie: after the cover and the stream's header
 * come chunks of the full size, one that may be shorter, the last one with the signature, and the
 * hash of all before it. */
#include "parcel_private.h"
#include <stdlib.h>
#include <string.h>

enum { FRONT = YZ_STREAM_HEADER, BACK = YZ_HASH_LEN };

static int no_parcel(const struct parcel_in *in, struct yz_error *err) {
  return yz_fail(err, YZ_E_FORMAT, YZ_N_("This is no parcel. Give another file."), "%s", in->path);
}

static int broken(const struct parcel_in *in, struct yz_error *err) {
  return yz_fail(err, YZ_E_DAMAGED,
                 YZ_N_("This parcel was damaged on its way. Nothing is lost: the sender's next one "
                       "holds all of it."),
                 "%s", in->path);
}

/* Holes in a file, which take no room however long they are: what is sealed is never so. */
static bool is_hole(const unsigned char *bytes, size_t n) {
  return n == PARCEL_SEALED && bytes[0] == 0 && memcmp(bytes, bytes + 1, n - 1) == 0;
}

/* All n bytes, or it is cut short. */
static int read_all(struct parcel_in *in, void *bytes, size_t n, struct yz_error *err) {
  size_t got;
  int rc = in->world->read_some(in->world->ctx, in->file, bytes, n, &got, err);
  if (rc == 0 && (got < n || is_hole(bytes, n))) rc = broken(in, err);
  if (rc == 0) yz_hashing_update(&in->all, bytes, n);
  if (rc == 0) parcel_count(in->counting, 0, n);
  return rc;
}

static int read_slots(struct parcel_in *in, struct yz_error *err) {
  unsigned char slot[PARCEL_SLOT];
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < in->cover.slots; i++) {
    rc = read_all(in, slot, sizeof slot, err);
    if (rc == 0 && yz_buf_append(&in->cover.bytes, slot, sizeof slot) != 0) rc = yz_no_memory(err);
  }
  return rc;
}

int parcel_in_open(struct parcel_in *in, const struct yz_world *world, const char *path,
                   struct yz_error *err) {
  unsigned char fixed[PARCEL_FIXED];
  struct yz_error why = {0};
  *in = (struct parcel_in){.world = world, .path = path};
  yz_hashing_init(&in->all);
  yz_hashing_init(&in->inside);
  in->sealed = malloc(PARCEL_SEALED);
  in->plain = malloc(PARCEL_CHUNK);
  if (in->sealed == NULL || in->plain == NULL) return yz_no_memory(err);
  int rc = world->open_file(world->ctx, path, false, &in->file, &in->size, err);
  if (rc != 0) return rc;
  if (in->size < PARCEL_FIXED) return no_parcel(in, err);
  if (in->size > YZ_PARCEL_MAX) return no_parcel(in, err);
  rc = read_all(in, fixed, sizeof fixed, err);
  if (rc != 0) return rc;
  rc = cover_read(&in->cover, fixed, &why);
  if (rc != 0) return yz_fail(err, rc, why.message, "%s", path);
  in->left = in->size - PARCEL_FIXED - (int64_t)in->cover.slots * PARCEL_SLOT - FRONT - BACK;
  return in->left < PARCEL_LAST ? broken(in, err) : read_slots(in, err);
}

int parcel_in_begin(struct parcel_in *in, const struct yz_secret *key, struct yz_error *err) {
  unsigned char header[YZ_STREAM_HEADER];
  int rc = read_all(in, header, sizeof header, err);
  if (rc != 0) return rc;
  in->stream = yz_stream_create(key->bytes, header);
  return in->stream == NULL ? yz_no_memory(err) : 0;
}

static int read_chunk(struct parcel_in *in, size_t sealed, bool last, struct yz_error *err) {
  bool is_last = false;
  int rc = read_all(in, in->sealed, sealed, err);
  if (rc != 0) return rc;
  in->left -= (int64_t)sealed;
  if (yz_stream_pull(in->stream, in->cover.hash.bytes, YZ_HASH_LEN, in->sealed, sealed, in->plain,
                     &is_last) &&
      is_last == last)
    return 0;
  return yz_fail(err, YZ_E_SIGNATURE, YZ_N_("This parcel's seal does not hold. Ask for a new one."),
                 "%s", in->path);
}

int parcel_in_next(struct parcel_in *in, size_t *n, struct yz_error *err) {
  int64_t left = in->left - PARCEL_LAST;
  *n = 0;
  if (left == 0) return 0;
  size_t sealed = left < PARCEL_SEALED ? (size_t)left : PARCEL_SEALED;
  if (sealed <= YZ_STREAM_OVERHEAD) return broken(in, err);
  int rc = read_chunk(in, sealed, false, err);
  if (rc != 0) return rc;
  *n = sealed - YZ_STREAM_OVERHEAD;
  yz_hashing_update(&in->inside, in->plain, *n);
  return 0;
}

/* Reads what is left up to the hash at the end, and compares. */
static int check_hash(struct parcel_in *in, struct yz_error *err) {
  struct yz_hash all, said;
  size_t got;
  yz_hashing_final(&in->all, &all);
  int rc = in->world->read_some(in->world->ctx, in->file, said.bytes, sizeof said.bytes, &got, err);
  if (rc == 0 && (got < sizeof said.bytes || !yz_equal(&all, &said, sizeof all)))
    rc = broken(in, err);
  return rc;
}

int parcel_in_end(struct parcel_in *in, struct yz_sig *sig, struct yz_hash *inside,
                  struct yz_error *err) {
  int rc = read_chunk(in, PARCEL_LAST, true, err);
  if (rc != 0) return rc;
  memcpy(sig->bytes, in->plain, YZ_SIG_LEN);
  yz_hashing_final(&in->inside, inside);
  return check_hash(in, err);
}

void parcel_in_finish(struct parcel_in *in) {
  in->world->close_file(in->world->ctx, in->file);
  cover_finish(&in->cover);
  yz_stream_destroy(in->stream);
  free(in->sealed);
  free(in->plain);
}

static int hash_rest(struct parcel_in *in, int64_t left, struct yz_error *err) {
  int rc = 0;
  while (rc == 0 && left > 0) {
    size_t n = left < PARCEL_SEALED ? (size_t)left : PARCEL_SEALED;
    rc = read_all(in, in->sealed, n, err);
    left -= (int64_t)n;
  }
  return rc != 0 ? rc : check_hash(in, err);
}

int yz_parcel_look(const struct yz_world *world, const char *path, struct yz_parcel_seen *out,
                   struct yz_error *err) {
  struct parcel_in in;
  struct yz_error why = {0};
  *out = (struct yz_parcel_seen){0};
  int rc = parcel_in_open(&in, world, path, &why);
  bool newer = rc == YZ_E_VERSION;
  out->version = in.cover.version;
  out->hub = in.cover.hub;
  out->bytes = in.size;
  /* Of a newer one too the last bytes are the hash of those before. */
  if (newer && in.size >= PARCEL_FIXED + BACK) {
    rc = hash_rest(&in, in.size - PARCEL_FIXED - BACK, NULL);
    out->whole = rc == 0;
    rc = YZ_E_VERSION;
  } else if (rc == 0) {
    rc = hash_rest(&in, in.left + FRONT, &why);
    out->whole = rc == 0;
  }
  parcel_in_finish(&in);
  if (rc == YZ_E_DAMAGED) return 0;
  return rc == 0 ? 0 : yz_fail(err, rc, why.message, "%s", why.subject);
}
