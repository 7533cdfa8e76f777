/* The page: plain files that lie beside the program, and the API that they call. */
#ifndef YIZHAN_NODE_WEB_PAGE_H
#define YIZHAN_NODE_WEB_PAGE_H

#include "api.h"

/* A server in plain HTTP for this PC alone. */
struct page {
  struct api api; /* first: the routes' ctx */
  struct web *web;
  char folder[4096];
};
/* YZ_E_NOT_FOUND: the page does not lie beside the program; what web_start says. stop waits
 * for requests under way. dir, version, address and world outlive it. */
int page_start(struct page *p, const char *dir, const char *version, const char *address,
               uint16_t port, const struct yz_world *world, struct yz_error *err) YZ_MUST_CHECK;
uint16_t page_port(const struct page *p);
void page_stop(struct page *p);

#endif
