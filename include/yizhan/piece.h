/* Pieces: what is too large for a record's content (photos, scans, sound) is sealed in pieces under
 * a key of its own, which lies in that content; the record names each sealed piece by its hash.
 * FORMAT.md §18. Pure: bytes in, bytes out.
 *
 * Calling order, writing: seal each piece, hash it, write the hashes down in the record. Reading:
 * read the hashes of a record, compare each piece with its own, open it. */
#ifndef YIZHAN_PIECE_H
#define YIZHAN_PIECE_H

#include <jansson.h>
#include <yizhan/crypto.h>
#include <yizhan/segment.h>

enum {
  YZ_PIECE = YZ_LIMIT(256 * 1024, 128),       /* bytes of each but the last */
  YZ_MAX_PIECE = YZ_PIECE + YZ_AEAD_OVERHEAD, /* sealed */
  YZ_MAX_PIECES = YZ_LIMIT(200, 4)            /* that one record names */
};

/* Seals piece i of n, from 1, of 1 to YZ_PIECE bytes; out has room for len + YZ_AEAD_OVERHEAD.
 * A key seals the pieces of one thing and nothing else. */
void yz_piece_seal(const unsigned char key[static YZ_BATCH_KEY_LEN], size_t i, size_t n,
                   const void *bytes, size_t len, unsigned char *out);
/* Opens it; out has room for len - YZ_AEAD_OVERHEAD bytes. false, with nothing of use in out, where
 * it is not piece i of n under this key, or is too short or too long for one. */
bool yz_piece_open(const unsigned char key[static YZ_BATCH_KEY_LEN], size_t i, size_t n,
                   const void *sealed, size_t len, unsigned char *out);

/* What a sealed piece is known by: SHA-256 of its bytes. */
void yz_piece_hash(const void *sealed, size_t len, struct yz_hash *out);

/* Where it lies in a files/ branch: the first two digits of its hash, "/", the others. */
void yz_piece_path(const struct yz_hash *piece, char out[static YZ_MAX_PATH]);
/* The reverse: false unless path is exactly what yz_piece_path gives for some hash. */
bool yz_piece_path_read(const char *path, struct yz_hash *out);

/* The pieces that a record names in its member `pieces`, in order, whatever its type; *n 0: it has
 * no such member. false: it is none of 1 to YZ_MAX_PIECES hashes, or names one twice. */
bool yz_pieces_read(const json_t *record, struct yz_hash out[static YZ_MAX_PIECES], size_t *n);

#endif
