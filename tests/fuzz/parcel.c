/* Parcels (yz_parcel_look, yz_parcel_open; FORMAT.md §17), in a world where a file is the input.
 * The input is read as a file; and as what is inside one that its node sealed to us and signed, so
 * that what lies behind the seal is reached. */
#include "tests/fuzz/fuzz.h"

#include "sync/parcel/parcel_private.h"

/* The one file of this world. */
struct yz_file {
  const unsigned char *bytes;
  size_t len, at;
};

static int open_file(void *ctx, const char *path, bool past_cache, struct yz_file **out,
                     int64_t *size, struct yz_error *err) {
  struct yz_file *f = ctx;
  (void)path, (void)past_cache, (void)err;
  f->at = 0;
  *out = f;
  *size = (int64_t)f->len;
  return 0;
}

static int read_some(void *ctx, struct yz_file *f, void *bytes, size_t n, size_t *got,
                     struct yz_error *err) {
  (void)ctx, (void)err;
  *got = n < f->len - f->at ? n : f->len - f->at;
  if (*got > 0) memcpy(bytes, f->bytes + f->at, *got);
  f->at += *got;
  return 0;
}

static void close_file(void *ctx, struct yz_file *f) {
  (void)ctx, (void)f;
}

static void random_bytes(void *ctx, void *bytes, size_t n) {
  (void)ctx;
  memset(bytes, 'r', n);
}

static struct yz_world world_of(struct yz_file *file) {
  return (struct yz_world){.ctx = file,
                           .open_file = open_file,
                           .read_some = read_some,
                           .close_file = close_file,
                           .random = random_bytes};
}

/* Written by us, what it says of itself is read as it was. */
static void hold_head(const struct yz_parcel *p) {
  struct yz_buf line = {0};
  struct yz_parcel again = {0};
  FUZZ_HOLDS(p->n >= 1 && p->n_has <= PARCEL_TIPS_MAX && p->head.len <= PARCEL_HEAD_MAX);
  FUZZ_HOLDS(fuzz_is_json((char *)p->head.data, p->head.len));
  FUZZ_HOLDS(parcel_head_write(p, &line, NULL) == 0);
  if (line.len <= PARCEL_HEAD_MAX) {
    FUZZ_HOLDS(parcel_head_read((char *)line.data, line.len - 1, &again, NULL) == 0);
    FUZZ_HOLDS(again.n == p->n && again.time_ms == p->time_ms && again.n_has <= p->n_has);
    FUZZ_HOLDS(yz_equal(&again.from, &p->from, sizeof p->from));
  }
  yz_parcel_finish(&again);
  yz_buf_finish(&line);
}

/* A file is whole if and only if its end is its hash. */
static void look_at(const struct yz_world *world, const struct yz_file *f) {
  struct yz_parcel_seen seen;
  struct yz_hash hash;
  int rc = yz_parcel_look(world, "file", &seen, NULL);
  if (!seen.whole) return;
  FUZZ_HOLDS(rc == 0 || rc == YZ_E_VERSION);
  const struct yz_part part = {f->bytes, f->len - YZ_HASH_LEN};
  yz_sha256(&part, 1, &hash);
  FUZZ_HOLDS(memcmp(f->bytes + f->len - YZ_HASH_LEN, &hash, sizeof hash) == 0);
}

static int try_file(const void *bytes, size_t len) {
  struct yz_file file = {bytes, len, 0};
  const struct yz_world world = world_of(&file);
  const struct sample *us = fuzz_sample('u');
  const struct yz_station st = {.world = &world, .seed = us->seed, .box = us->box, .key = us->key};
  struct yz_parcel p = {0};
  look_at(&world, &file);
  int rc = yz_parcel_open(&st, "file", &p, NULL);
  if (rc == 0) hold_head(&p);
  yz_parcel_finish(&p);
  return rc;
}

static void put(struct yz_buf *out, const void *bytes, size_t n) {
  FUZZ_HOLDS(yz_buf_append(out, bytes, n) == 0);
}

static void put_chunk(struct yz_buf *out, struct yz_stream *stream, const struct cover *cover,
                      const void *bytes, size_t n, bool last) {
  unsigned char sealed[PARCEL_SEALED];
  yz_stream_push(stream, cover->hash.bytes, YZ_HASH_LEN, bytes, n, last, sealed);
  put(out, sealed, n + YZ_STREAM_OVERHEAD);
}

/* A parcel with these bytes inside, well sealed and signed. */
static void make(const uint8_t *inside, size_t size, struct yz_buf *out) {
  const struct yz_world world = world_of(NULL);
  const struct sample *node = fuzz_sample('n');
  unsigned char header[YZ_STREAM_HEADER] = {0};
  char text[PARCEL_SIGNED + 1];
  struct cover cover = {0};
  struct yz_secret *key = yz_secret_create(YZ_BATCH_KEY_LEN);
  const struct yz_part part = {inside, size};
  struct yz_hash hash;
  struct yz_sig sig;
  FUZZ_HOLDS(key != NULL);
  memset(key->bytes, 'k', YZ_BATCH_KEY_LEN);
  FUZZ_HOLDS(cover_write(&cover, &world, &node->key, key, &fuzz_sample('u')->box_key, 1, NULL) ==
             0);
  put(out, cover.bytes.data, cover.bytes.len);
  put(out, header, sizeof header);
  struct yz_stream *stream = yz_stream_create(key->bytes, header);
  FUZZ_HOLDS(stream != NULL);
  for (size_t at = 0; at < size; at += PARCEL_CHUNK)
    put_chunk(out, stream, &cover, inside + at,
              size - at < PARCEL_CHUNK ? size - at : (size_t)PARCEL_CHUNK, false);
  yz_sha256(&part, 1, &hash);
  parcel_signed_text(&cover.hash, &hash, text);
  FUZZ_HOLDS(yz_sign(node->seed, text, PARCEL_SIGNED, &sig) == 0);
  put_chunk(out, stream, &cover, sig.bytes, sizeof sig.bytes, true);
  const struct yz_part all = {out->data, out->len};
  yz_sha256(&all, 1, &hash);
  put(out, hash.bytes, sizeof hash.bytes);
  yz_stream_destroy(stream);
  yz_secret_destroy(key);
  cover_finish(&cover);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct yz_buf sealed = {0};
  char *bytes = fuzz_copy(data, size);
  (void)try_file(bytes, size);
  make((const uint8_t *)bytes, size, &sealed);
  int rc = try_file(sealed.data, sealed.len);
  FUZZ_HOLDS(rc == 0 || rc == YZ_E_FORMAT || rc == YZ_E_VERSION || rc == YZ_E_SIGNATURE);
  yz_buf_finish(&sealed);
  free(bytes);
  return 0;
}
