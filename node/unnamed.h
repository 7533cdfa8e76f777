/* Files without a name: nothing is left of one, whatever happens. */
#ifndef YIZHAN_NODE_UNNAMED_H
#define YIZHAN_NODE_UNNAMED_H

/* An open, empty one (0600) in that folder; NULL: in memory alone. -1: none can be made. */
int unnamed_file(const char *folder);

#endif
