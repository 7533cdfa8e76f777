/* The commands, in the order of help. */
#include "commands.h"

const struct command *const commands[] = {
    &cmd_init,
    NULL,
};
