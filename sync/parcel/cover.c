/* The open part at a parcel's front: FORMAT.md §17.
 *
 *   0   "YZPARCEL"
 *   8   version, 16 bits, the greater byte first
 *   10  number of slots, likewise: 8, 16, … 256
 *   12  the hub's signing key
 *   44  slots of 80 bytes: the parcel's key in a sealed box, or random bytes */
#include "parcel_private.h"
#include <stdio.h>
#include <string.h>

static const char magic[PARCEL_MAGIC] = {'Y', 'Z', 'P', 'A', 'R', 'C', 'E', 'L'};

static void hash_cover(struct cover *c) {
  const struct yz_part part = {c->bytes.data, c->bytes.len};
  yz_sha256(&part, 1, &c->hash);
}

void cover_finish(struct cover *c) {
  yz_buf_finish(&c->bytes);
}

static int put_fixed(struct cover *c) {
  unsigned char fixed[PARCEL_FIXED];
  memcpy(fixed, magic, PARCEL_MAGIC);
  fixed[8] = (unsigned char)(c->version >> 8);
  fixed[9] = (unsigned char)c->version;
  fixed[10] = (unsigned char)(c->slots >> 8);
  fixed[11] = (unsigned char)c->slots;
  memcpy(fixed + 12, c->hub.bytes, YZ_KEY_LEN);
  return yz_buf_append(&c->bytes, fixed, sizeof fixed);
}

int cover_write(struct cover *c, const struct yz_world *world, const struct yz_key *hub,
                const struct yz_secret *key, const struct yz_key *receivers, size_t n,
                struct yz_error *err) {
  unsigned char slot[PARCEL_SLOT];
  *c = (struct cover){.version = YZ_PARCEL_VERSION, .hub = *hub};
  c->slots = (n + PARCEL_SLOT_STEP - 1) / PARCEL_SLOT_STEP * PARCEL_SLOT_STEP;
  if (c->slots > PARCEL_SLOTS_MAX)
    return yz_fail(err, YZ_E_LIMIT,
                   YZ_N_("Too many nodes may read this ledger for one parcel. Revoke those that "
                         "are no longer used."),
                   NULL);
  if (put_fixed(c) != 0) return yz_no_memory(err);
  for (size_t i = 0; i < c->slots; i++) {
    if (i >= n)
      world->random(world->ctx, slot, sizeof slot);
    else if (yz_box_seal(&receivers[i], key->bytes, YZ_BATCH_KEY_LEN, slot) != 0)
      return yz_fail(err, YZ_E_KEY, YZ_N_("Nothing can be sealed to the key of one of the nodes."),
                     NULL);
    if (yz_buf_append(&c->bytes, slot, sizeof slot) != 0) return yz_no_memory(err);
  }
  hash_cover(c);
  return 0;
}

int cover_read(struct cover *c, const unsigned char fixed[static PARCEL_FIXED],
               struct yz_error *err) {
  if (memcmp(fixed, magic, PARCEL_MAGIC) != 0)
    return yz_fail(err, YZ_E_FORMAT, YZ_N_("This is no parcel. Give another file."), NULL);
  c->version = (unsigned)fixed[8] << 8 | fixed[9];
  c->slots = (size_t)fixed[10] << 8 | fixed[11];
  memcpy(c->hub.bytes, fixed + 12, YZ_KEY_LEN);
  if (c->version != YZ_PARCEL_VERSION)
    return yz_fail(err, YZ_E_VERSION,
                   YZ_N_("This parcel was written by a newer version. Install that version."),
                   NULL);
  if (c->slots == 0 || c->slots > PARCEL_SLOTS_MAX || c->slots % PARCEL_SLOT_STEP != 0)
    return yz_fail(err, YZ_E_FORMAT, YZ_N_("This is no parcel. Give another file."), NULL);
  return yz_buf_append(&c->bytes, fixed, PARCEL_FIXED) != 0 ? yz_no_memory(err) : 0;
}

int cover_open(struct cover *c, const struct yz_secret *box, struct yz_secret **key,
               struct yz_error *err) {
  hash_cover(c);
  *key = yz_secret_create(YZ_BATCH_KEY_LEN);
  if (*key == NULL) return yz_no_memory(err);
  for (size_t i = 0; i < c->slots; i++)
    if (yz_box_open(box, c->bytes.data + PARCEL_FIXED + i * PARCEL_SLOT, PARCEL_SLOT,
                    (*key)->bytes))
      return 0;
  yz_secret_destroy(*key);
  *key = NULL;
  return 0;
}

void parcel_signed_text(const struct yz_hash *cover, const struct yz_hash *inside,
                        char out[static PARCEL_SIGNED + 1]) {
  char hex[2][YZ_HASH_HEX + 1];
  yz_to_hex(cover->bytes, YZ_HASH_LEN, hex[0]);
  yz_to_hex(inside->bytes, YZ_HASH_LEN, hex[1]);
  (void)snprintf(out, PARCEL_SIGNED + 1, "yizhan-sign-parcel-v1\n%s\n%s\n", hex[0], hex[1]);
}

bool yz_parcel_named(const char *name) {
  size_t n = strlen(name), e = strlen(YZ_PARCEL_ENDING);
  return n > e && strcasecmp(name + n - e, YZ_PARCEL_ENDING) == 0;
}
