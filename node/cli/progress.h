/* How far a contact is, said on stderr while it goes on. */
#ifndef YIZHAN_NODE_CLI_PROGRESS_H
#define YIZHAN_NODE_CLI_PROGRESS_H

#include "cli.h"

/* For commands that say it. */
#define PROGRESS_OPTION                                                                            \
  {                                                                                                \
    CLI_CHOICE, false, 0, "progress", "bar|json",                                                  \
        N_("how far it is, on standard error: a line that is written over, or an event a line")    \
  }

enum progress_form { PROGRESS_NONE, PROGRESS_BAR, PROGRESS_JSON };
struct progress {
  enum progress_form form;
  const struct yz_world *world;
  /* its own */
  struct yz_going first, last;
  int64_t began_ms, said_ms;
  int64_t written, read; /* bytes of parcels */
  bool begun, drawn;
};
/* As the option --progress says; without it, a line that is written over where stderr is a
 * terminal. */
void progress_init(struct progress *p, const struct cli *cli);
/* A yz_told's fn, with the progress as ctx: of how many records how many are acknowledged by the
 * hub, bytes up and down, and about how long it will take. At most one line a second unless more
 * are acknowledged. */
void progress_tell(void *progress, const struct yz_going *going);
/* A yz_counting's fn, with the progress as ctx: how many bytes of parcels were written and read so
 * far. At most one line a second. */
void progress_count(void *progress, int64_t written, int64_t read);
/* What was said last is ended; another contact may begin. */
void progress_end(struct progress *p);
/* One event, a line on stderr; drops the value, which may be NULL. Nothing unless events are
 * wanted. */
void progress_event(const struct progress *p, json_t *event);

#endif
