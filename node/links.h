/* This machine's links to the net, as the kernel tells of them (rtnetlink(7)). */
#ifndef YIZHAN_NODE_LINKS_H
#define YIZHAN_NODE_LINKS_H

#include <stdbool.h>

enum { LINKS_MOST = 64 }; /* that are told apart */
struct links {
  int fd; /* to be polled for reading; -1: the kernel does not tell */
  struct {
    int index;
    bool up;
  } list[LINKS_MOST];
  int n;
};
/* Begins to listen. Where the kernel does not let us, fd is -1, and nothing is ever told. */
void links_open(struct links *l);
void links_close(struct links *l);

/* What came since last asked; does not wait. A link that was up before we listened did not come
 * up; the loopback is none. */
enum links_news {
  LINKS_NOTHING = 0,
  LINKS_UP = 1,  /* a link carries again */
  LINKS_ROAD = 2 /* an address or a route was added: there may be a road now */
};
unsigned links_read(struct links *l);

#endif
