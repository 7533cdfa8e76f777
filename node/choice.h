/* What may be said in a field that knows all its values: of the command line, of the page's API. */
#ifndef YIZHAN_NODE_CHOICE_H
#define YIZHAN_NODE_CHOICE_H

#include <stdbool.h>

/* Is given one of the choices, which are written "one|two|three"? */
bool choice_has(const char *choices, const char *given);

#endif
