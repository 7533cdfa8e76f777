/* What tells who somebody is, sealed apart inside a content object: FORMAT.md §19. Pure, but for
 * what a caller's random source gave.
 *
 * A sealed text is 16 hex digits, the id of the key that it is sealed under, and base64 of nonce
 * and what XChaCha20-Poly1305 makes of it. Keys are wrapped to people's boxes in records. */
#ifndef YIZHAN_IDENTITY_H
#define YIZHAN_IDENTITY_H

#include <jansson.h>
#include <yizhan/crypto.h>
#include <yizhan/error.h>
#include <yizhan/types.h>

enum {
  YZ_IDENTITY_ID = 8,
  YZ_IDENTITY_HEX = 2 * YZ_IDENTITY_ID,
  YZ_IDENTITY_WRAPPED = YZ_BATCH_KEY_LEN + YZ_SEAL_OVERHEAD,
  YZ_IDENTITY_MAX = 64 * 1024, /* bytes of what is sealed */
  YZ_IDENTITY_BOXES = 400      /* that one record wraps a key to */
};

/* The first bytes of a hash of the key: who is given another key under this id sees it. */
struct yz_identity_id {
  unsigned char bytes[YZ_IDENTITY_ID];
};
void yz_identity_id(const unsigned char key[static YZ_BATCH_KEY_LEN], struct yz_identity_id *out);

/* Has a text this form? Then *id is the key's. */
bool yz_identity_read(const char *sealed, size_t len, struct yz_identity_id *id);
/* Appends the sealed text. YZ_E_LIMIT: it is longer than may be sealed; YZ_E_MEMORY. */
int yz_identity_seal(const unsigned char key[static YZ_BATCH_KEY_LEN],
                     const unsigned char nonce[static YZ_NONCE_LEN], const char *text, size_t len,
                     struct yz_buf *out) YZ_MUST_CHECK;
/* Appends what was sealed. YZ_E_KEY: it does not hold, or is no text as FORMAT.md §1 has it;
 * YZ_E_MEMORY. */
int yz_identity_open(const unsigned char key[static YZ_BATCH_KEY_LEN], const char *sealed,
                     size_t len, struct yz_buf *out) YZ_MUST_CHECK;

/* A box's short name: the first bytes of its key. */
struct yz_identity_id yz_identity_box(const struct yz_key *box);
/* The plain members `key` and `to` of a record that wraps the key to these boxes, a new reference;
 * NULL without memory. A box to which nothing can be sealed is left out. */
json_t *yz_identity_wrap(const unsigned char key[static YZ_BATCH_KEY_LEN],
                         const struct yz_key *boxes, size_t n) YZ_MUST_CHECK;
/* Opens such a record's wrapped key, of this id. false: it does not hold, or is another key. */
bool yz_identity_unwrap(const struct yz_secret *box, const struct yz_identity_id *id,
                        const unsigned char wrapped[static YZ_IDENTITY_WRAPPED],
                        unsigned char key[static YZ_BATCH_KEY_LEN]);
/* Reads the members: *id, and each box with its wrapped key to fn, whose non-zero return stops and
 * is returned. YZ_E_FORMAT: they have not this form, and fn was not called. */
int yz_identity_each(const json_t *record, struct yz_identity_id *id,
                     int (*fn)(void *arg, const struct yz_identity_id *id,
                               const struct yz_identity_id *box,
                               const unsigned char wrapped[static YZ_IDENTITY_WRAPPED]),
                     void *arg) YZ_MUST_CHECK;

#endif
