/* Moments as people and scripts read them, in the township's zone: so many minutes east of UTC. */
#ifndef YIZHAN_NODE_MOMENT_H
#define YIZHAN_NODE_MOMENT_H

#include <jansson.h>

#include "import/when.h"

/* "2026-11-23T18:04:05+08:00", whole seconds; "" where the year is not 1 to 9999. */
enum { MOMENT_MAX = WHEN_MAX };
void moment_text(int64_t ms, int zone, char out[static MOMENT_MAX]);
/* A JSON string of it; null for `none`, and where the year is not 1 to 9999. New reference;
 * NULL when memory ran out. */
json_t *moment_json(int64_t ms, int zone, int64_t none);

#endif
