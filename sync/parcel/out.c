/* A parcel being written: beside its name, flushed, read back and compared, then named. */
#include "parcel_private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_TRIES = 8, NAME_BYTES = 5, NAME_CHARS = 8 };

/* 40 bits as 8 of A-Z and 2-7. */
static void spell_name(const unsigned char bytes[static NAME_BYTES],
                       char out[static NAME_CHARS + 1]) {
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  uint64_t bits = 0;
  for (int i = 0; i < NAME_BYTES; i++) bits = bits << 8 | bytes[i];
  for (int i = 0; i < NAME_CHARS; i++, bits >>= 5) out[i] = letters[bits & 31];
  out[NAME_CHARS] = '\0';
}

static void draw_name(const struct yz_world *world, char out[static NAME_CHARS + 1]) {
  unsigned char random[NAME_BYTES];
  world->random(world->ctx, random, sizeof random);
  spell_name(random, out);
}

/* The same each time, so that what is left of a stick that was pulled out, or a process that was
 * killed, goes with the next; and known to nobody else. */
static int know_name(const struct yz_station *st, const struct yz_id *ledger,
                     char out[static NAME_CHARS + 1]) {
  static const char domain[] = "yizhan-parcel-unfinished-v1\n";
  unsigned char text[sizeof domain - 1 + YZ_ID_LEN];
  struct yz_hash hash;
  struct yz_sig sig;
  memcpy(text, domain, sizeof domain - 1);
  memcpy(text + sizeof domain - 1, ledger->bytes, YZ_ID_LEN);
  if (yz_sign(st->seed, text, sizeof text, &sig) != 0) return YZ_E_INTERNAL;
  yz_sha256(&(struct yz_part){sig.bytes, sizeof sig.bytes}, 1, &hash);
  spell_name(hash.bytes, out);
  return 0;
}

static int path_in(const char *folder, const char *name, const char *ending, char **out,
                   struct yz_error *err) {
  if (asprintf(out, "%s/%s%s", folder, name, ending) >= 0) return 0;
  *out = NULL;
  return yz_no_memory(err);
}

static int put_file(struct parcel_out *o, const void *bytes, size_t n, struct yz_error *err) {
  const struct yz_world *world = o->st->world;
  o->bytes += (int64_t)n;
  if (o->max_bytes > 0 && o->bytes > o->max_bytes - YZ_HASH_LEN) return YZ_E_LIMIT;
  yz_hashing_update(&o->all, bytes, n);
  int rc = world->write_some(world->ctx, o->file, bytes, n, err);
  if (rc == 0) parcel_count(o->st->counting, n, 0);
  return rc;
}

static int put_chunk(struct parcel_out *o, const void *bytes, size_t n, bool last,
                     struct yz_error *err) {
  yz_stream_push(o->stream, o->cover.bytes, YZ_HASH_LEN, bytes, n, last, o->sealed);
  return put_file(o, o->sealed, n + YZ_STREAM_OVERHEAD, err);
}

static int cannot_sign(struct yz_error *err) {
  return yz_fail(err, YZ_E_INTERNAL, YZ_N_("The parcel could not be signed."), NULL);
}

static int make_named(struct parcel_out *o, const char *name, bool again, struct yz_error *err) {
  const struct yz_world *world = o->st->world;
  int rc = path_in(o->folder, name, ".TMP", &o->temp, err);
  if (rc == 0 && again) world->drop_file(world->ctx, o->temp);
  if (rc == 0) rc = world->new_file(world->ctx, o->temp, &o->file, err);
  if (rc == 0 || o->temp == NULL) return rc;
  free(o->temp); /* not ours to remove */
  o->temp = NULL;
  return rc;
}

static int make_file(struct parcel_out *o, const struct yz_id *ledger, struct yz_error *err) {
  char name[NAME_CHARS + 1];
  struct yz_error why = {0};
  if (know_name(o->st, ledger, name) != 0) return cannot_sign(err);
  int rc = make_named(o, name, true, &why);
  if (rc == YZ_E_EXISTS) { /* a folder, or what a stick that was pulled out has spoilt */
    draw_name(o->st->world, name);
    rc = make_named(o, name, false, &why);
  }
  return rc == 0 ? 0 : yz_fail(err, rc, why.message, "%s", why.subject);
}

/* Cover and stream under a key of its own, which nobody keeps but who is sealed to. */
static int begin_stream(struct parcel_out *o, const struct yz_key *hub,
                        const struct yz_key *receivers, size_t n, struct yz_error *err) {
  const struct yz_world *world = o->st->world;
  unsigned char header[YZ_STREAM_HEADER];
  struct cover cover = {0};
  struct yz_secret *key = yz_secret_create(YZ_BATCH_KEY_LEN);
  if (key == NULL) return yz_no_memory(err);
  world->random(world->ctx, key->bytes, YZ_BATCH_KEY_LEN);
  world->random(world->ctx, header, sizeof header);
  int rc = cover_write(&cover, world, hub, key, receivers, n, err);
  if (rc == 0) {
    o->cover = cover.hash;
    o->stream = yz_stream_create(key->bytes, header);
    if (o->stream == NULL) rc = yz_no_memory(err);
  }
  if (rc == 0) rc = put_file(o, cover.bytes.data, cover.bytes.len, err);
  if (rc == 0) rc = put_file(o, header, sizeof header, err);
  cover_finish(&cover);
  yz_secret_destroy(key);
  return rc;
}

int parcel_out_begin(struct parcel_out *o, const struct yz_station *st, const char *folder,
                     const struct yz_id *ledger, const struct yz_key *hub,
                     const struct yz_key *receivers, size_t n, struct yz_error *err) {
  *o = (struct parcel_out){.st = st, .folder = folder};
  yz_hashing_init(&o->all);
  yz_hashing_init(&o->inside);
  o->chunk = malloc(PARCEL_CHUNK);
  o->sealed = malloc(PARCEL_SEALED);
  if (o->chunk == NULL || o->sealed == NULL) return yz_no_memory(err);
  int rc = make_file(o, ledger, err);
  return rc != 0 ? rc : begin_stream(o, hub, receivers, n, err);
}

int parcel_out_put(void *out, const void *bytes, size_t n, struct yz_error *err) {
  struct parcel_out *o = out;
  const unsigned char *at = bytes;
  yz_hashing_update(&o->inside, bytes, n);
  while (n > 0) {
    size_t some = n < PARCEL_CHUNK - o->have ? n : PARCEL_CHUNK - o->have;
    memcpy(o->chunk + o->have, at, some);
    o->have += some;
    at += some;
    n -= some;
    if (o->have < PARCEL_CHUNK) break;
    int rc = put_chunk(o, o->chunk, o->have, false, err);
    if (rc != 0) return rc;
    o->have = 0;
  }
  return 0;
}

static int put_end(struct parcel_out *o, struct yz_hash *all, struct yz_error *err) {
  char text[PARCEL_SIGNED + 1];
  struct yz_hash inside;
  struct yz_sig sig;
  int rc = o->have > 0 ? put_chunk(o, o->chunk, o->have, false, err) : 0;
  if (rc != 0) return rc;
  yz_hashing_final(&o->inside, &inside);
  parcel_signed_text(&o->cover, &inside, text);
  if (yz_sign(o->st->seed, text, PARCEL_SIGNED, &sig) != 0) return cannot_sign(err);
  rc = put_chunk(o, sig.bytes, sizeof sig.bytes, true, err);
  if (rc != 0) return rc;
  yz_hashing_final(&o->all, all);
  o->bytes += YZ_HASH_LEN;
  const struct yz_world *world = o->st->world;
  rc = world->write_some(world->ctx, o->file, all->bytes, YZ_HASH_LEN, err);
  return rc != 0 ? rc : world->flush_file(world->ctx, o->file, err);
}

/* What the stick holds must be what was written: some lie. */
static int compare(struct parcel_out *o, const struct yz_hash *all, struct yz_error *err) {
  const struct yz_world *world = o->st->world;
  struct yz_hashing hashing;
  struct yz_file *file = NULL;
  struct yz_hash read;
  int64_t size = 0, left = o->bytes - YZ_HASH_LEN;
  size_t got = 0;
  yz_hashing_init(&hashing);
  int rc = world->open_file(world->ctx, o->temp, true, &file, &size, err);
  while (rc == 0 && left > 0) {
    size_t want = left < PARCEL_CHUNK ? (size_t)left : PARCEL_CHUNK;
    rc = world->read_some(world->ctx, file, o->chunk, want, &got, err);
    if (rc == 0 && got < want) break;
    yz_hashing_update(&hashing, o->chunk, got);
    left -= (int64_t)got;
  }
  yz_hashing_final(&hashing, &read);
  if (rc == 0) rc = world->read_some(world->ctx, file, o->chunk, YZ_HASH_LEN, &got, err);
  if (rc == 0 && (size != o->bytes || left != 0 || got != YZ_HASH_LEN ||
                  !yz_equal(&read, all, sizeof read) || !yz_equal(o->chunk, all, sizeof *all)))
    rc = yz_fail(err, YZ_E_DAMAGED,
                 YZ_N_("The disk or stick did not keep what was written to it. Use another one."),
                 "%s", o->folder);
  world->close_file(world->ctx, file);
  return rc;
}

static int give_name(struct parcel_out *o, struct yz_parcel_written *written,
                     struct yz_error *err) {
  const struct yz_world *world = o->st->world;
  int rc = YZ_E_EXISTS;
  for (int i = 0; rc == YZ_E_EXISTS && i < NAME_TRIES; i++) {
    struct yz_error why = {0};
    char name[NAME_CHARS + 1], *path = NULL;
    draw_name(world, name);
    (void)snprintf(written->name, sizeof written->name, "%s" YZ_PARCEL_ENDING, name);
    rc = path_in(o->folder, written->name, "", &path, &why);
    if (rc == 0) rc = world->name_file(world->ctx, o->temp, path, &why);
    if (rc != 0 && (rc != YZ_E_EXISTS || i == NAME_TRIES - 1))
      (void)yz_fail(err, rc, why.message, "%s", why.subject);
    free(path);
  }
  if (rc != 0) return rc;
  free(o->temp);
  o->temp = NULL;
  return 0;
}

int parcel_out_end(struct parcel_out *o, struct yz_parcel_written *written, struct yz_error *err) {
  const struct yz_world *world = o->st->world;
  struct yz_hash all;
  int rc = put_end(o, &all, err);
  if (rc != 0) return rc;
  world->close_file(world->ctx, o->file);
  o->file = NULL;
  written->bytes = o->bytes;
  rc = compare(o, &all, err);
  return rc != 0 ? rc : give_name(o, written, err);
}

void parcel_out_finish(struct parcel_out *o) {
  const struct yz_world *world = o->st->world;
  world->close_file(world->ctx, o->file);
  if (o->temp != NULL) world->drop_file(world->ctx, o->temp);
  yz_stream_destroy(o->stream);
  free(o->temp);
  free(o->chunk);
  free(o->sealed);
}
