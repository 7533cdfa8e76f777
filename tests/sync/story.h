/* A ledger's story, as tests/vectors tells it: segments in the order they came,
 * taken in by the library's pure functions as an intake does, then every record
 * judged, and acknowledgements. Whatever is not as the story says is printed. */
#ifndef YIZHAN_TESTS_STORY_H
#define YIZHAN_TESTS_STORY_H

#include <jansson.h>

/* How many things were said otherwise. */
int story_play(const char *name, const json_t *story);

#endif
