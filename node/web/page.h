/* The page: plain files that lie beside the program, and the API that they call. */
#ifndef YIZHAN_NODE_WEB_PAGE_H
#define YIZHAN_NODE_WEB_PAGE_H

#include "api.h"

enum { PAGE_ROUTES = API_ROUTES + 1, PAGE_MAX_URL = 128 };
struct page {
  struct api api;
  struct web *web; /* its own server; NULL: it is on another's routes */
  struct web_route routes[PAGE_ROUTES + 1];
  char folder[4096];
};
/* What browsers are told with every answer: for struct web_options. */
extern const char *const page_headers[][2];

/* The page's routes, for a server that has others too, which says its port when it knows it: until
 * then nobody is answered. YZ_E_NOT_FOUND: the page does not lie beside the program. end: before
 * the server stops, so that no request waits for what happens; close: once none is under way. */
int page_open(struct page *p, const struct api_options *o, struct yz_error *err) YZ_MUST_CHECK;
void page_at(struct page *p, uint16_t port);
void page_end(struct page *p);
void page_close(struct page *p);

/* A server in plain HTTP for this PC alone. done and ctx: as in struct web_options, or NULL. What
 * page_open and web_start say. stop waits for requests under way. */
int page_start(struct page *p, const struct api_options *o, uint16_t port,
               void (*done)(void *ctx, const struct web_request *r, const struct web_done *d),
               void *ctx, struct yz_error *err) YZ_MUST_CHECK;
void page_stop(struct page *p);
/* Where it is: "http://127.0.0.1:8600/". */
void page_url(const struct page *p, char out[static PAGE_MAX_URL]);

#endif
