/* What the frame prints: private to it. */
#ifndef YIZHAN_NODE_CLI_OUT_H
#define YIZHAN_NODE_CLI_OUT_H

#include "cli.h"

/* Says an error as cli.h promises. */
void out_error(const struct cli *cli, const struct yz_error *err);
/* Flushes and closes stdout; false, said on stderr, when something printed was
 * lost (a full disk, a closed stdout). done: the command did what it was to do, which is said
 * too, as who sees no answer would give it again. */
bool out_close(bool done);

#endif
