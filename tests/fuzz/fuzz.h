/* What the fuzz targets share. A target is one file with LLVMFuzzerTestOneInput: bytes in,
 * one parser called, and what must hold of its answer held by FUZZ_HOLDS. It reads no file,
 * no clock and no random source, so that an input always does the same. README.md says how
 * one is added. */
#ifndef YIZHAN_TESTS_FUZZ_H
#define YIZHAN_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sync/sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not an assert: it says what did not hold, in every build, and aborts. */
#define FUZZ_HOLDS(what) ((what) ? (void)0 : fuzz_broken(#what, __FILE__, __LINE__))
_Noreturn void fuzz_broken(const char *what, const char *file, int line);

/* The bytes in a heap block of exactly their size, so that reading past them is seen. The
 * caller frees. */
char *fuzz_copy(const void *bytes, size_t size);
/* A node or worker whose secrets are all one letter, made once. */
const struct sample *fuzz_sample(char letter);

/* The text as a JSON object, the caller's; NULL: it is none. */
json_t *fuzz_object(const char *text, size_t len);
/* A member, taken over, where none of that name is there. */
void fuzz_give(json_t *object, const char *name, json_t *value);
/* A record's members as they are read when it is taken in, the general ones given where rest has
 * none; false: it is no record. */
bool fuzz_record(json_t *rest, struct yz_members *out);

/* Has it been written as FORMAT.md §1 says (duplicate names aside)? Knows no library. */
bool fuzz_is_json(const char *text, size_t len);
/* What was parsed, written again and parsed again, is the same; and written once more it is
 * the same bytes. */
void fuzz_json_again(const json_t *json);

#endif
