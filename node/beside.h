/* What lies beside the program, in the build tree as where it is installed. */
#ifndef YIZHAN_NODE_BESIDE_H
#define YIZHAN_NODE_BESIDE_H

#include <stdbool.h>
#include <stddef.h>

/* <the program's folder>/../share/<name>; false when that cannot be told, or has no room. */
bool beside_program(const char *name, char *out, size_t size);

#endif
