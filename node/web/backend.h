/* Runs git's own server, `git http-backend`, for one request. */
#ifndef YIZHAN_NODE_WEB_BACKEND_H
#define YIZHAN_NODE_WEB_BACKEND_H

#include "web.h"

enum { BACKEND_MAX_PUSH = 256 * 1024 * 1024 };
struct backend {
  const char *repository; /* its folder */
  const char *service;    /* "/info/refs", "/git-upload-pack", "/git-receive-pack" */
  const char *method, *query, *type, *encoding, *protocol; /* of the request; NULL: none */
  const char *user;                                        /* who is there */
  const char *folder;                                      /* for the answer meanwhile */
  bool push;    /* something is sent: less memory than where something is fetched */
  bool replace; /* a push may put a branch in place of another: the intake looks at its epoch */
  int body;     /* -1: none */
  int64_t body_len;
};
/* Without a shell, with an environment of its own, within bounds of time and memory. */
void backend_run(const struct backend *b, struct web_answer *a);

#endif
