/* Packs made of a description, for the targets that read packs: objects, "\n%" between them, each
 * a letter and its bytes, which say what the target makes of them. */
#ifndef YIZHAN_TESTS_FUZZ_PACKS_H
#define YIZHAN_TESTS_FUZZ_PACKS_H

#include "tests/fuzz/fuzz.h"

/* How git numbers the types of objects. */
enum { PACK_COMMIT = 1, PACK_BLOB = 3, PACK_DELTA_BACK = 6, PACK_DELTA_NAMED = 7 };

void pack_put(struct yz_buf *out, const void *bytes, size_t n);
void pack_put_byte(struct yz_buf *out, size_t byte);
/* A length as deltas say it, the smallest seven bits first. */
void pack_put_length(struct yz_buf *out, size_t n);
/* What an object begins with: its type and the size that it says it has. */
void pack_put_head(struct yz_buf *out, unsigned type, size_t said);
/* The bytes, compressed. */
void pack_put_packed(struct yz_buf *out, const struct yz_buf *plain);

/* The next object of a description, of *n bytes; moves *at behind it. NULL: there is none. */
const uint8_t *pack_next(const uint8_t **at, const uint8_t *end, size_t *n);

#endif
