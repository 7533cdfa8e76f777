/* The program's HTTP server: TLS or plain, and routes in a table.
 *
 * A request is taken in whole, its body into a file without a name, before its
 * route answers: what a slow or hostile client costs is a thread that waits and
 * some disk, never memory that grows nor a child that waits for it. Who dawdles is
 * cut off (pace.h), and strangers may ask only so often (429). */
#ifndef YIZHAN_NODE_WEB_WEB_H
#define YIZHAN_NODE_WEB_WEB_H

#include <stdbool.h>
#include <stdint.h>
#include <yizhan/error.h>
#include <yizhan/world.h>

#include "pace.h"

struct web_route;
struct web_request {
  void *ctx;               /* the route's, or the server's */
  const char *path, *tail; /* as asked for; what comes after the route's prefix */
  const struct web_route *route;
  void *state; /* the route's own, freed with the request by free() */
  int body;    /* the file; -1: none came */
  int64_t body_len;
  int64_t max_body; /* the route's, unless admit sets another */
  bool on_disk;     /* likewise */
  void *connection;
  struct client_key from; /* where it comes from: an address; of IPv6 the network (/64) */
  char client[64];        /* set by the route: who was let in; "": nobody, a stranger */
  const char *kind;       /* set by the route: what is asked for, in a word */
  char what[320];         /* set by the route: which one, without blanks; "": there is but one */
  unsigned retry_s;       /* set by the route: when to come again, for 429 and 503 */
};
/* A header's value, or an argument after "?"; NULL: none. */
const char *web_header(const struct web_request *r, const char *name);
const char *web_argument(const struct web_request *r, const char *name);

/* An answer that is made while it is sent, in the connection's own thread. */
struct web_stream {
  /* Up to n bytes, those at `at` of all, into out: how many; 0: that was all; -1: it breaks off,
   * and whoever asked sees that it did. May wait. NULL: there is no stream. */
  int64_t (*read)(void *ctx, int64_t at, char *out, size_t n);
  void (*finish)(void *ctx);
  void *ctx;
  bool slow; /* it waits for what happens: whoever asked is not held to a pace */
};

struct web_answer {
  unsigned status;
  char type[80]; /* its kind, for the Content-Type */
  int file;      /* an open file, which the server closes; -1: none */
  int64_t from, len;
  char *bytes; /* instead of a file: len of them, which the server frees. NULL and no file: the
                * status is all there is to say */
  struct web_stream stream; /* instead of both; len: its bytes, -1: not known before */
  bool private;             /* nobody keeps a copy */
  char cookie[160];         /* to be set; "": none */
  char apart[768]; /* what somebody sent once: its Content-Disposition, and a browser runs nothing
                    * of it; "": it is ours */
};

enum { WEB_NOW = 1 };
struct web_route {
  const char *method, *prefix;
  int64_t max_body;
  bool on_disk; /* its bodies are kept in the options' folder, else in memory */
  /* Looks at a request before its body is taken: 0, or the status to refuse it with, or WEB_NOW: it
   * is answered as it is, whatever body it has. */
  unsigned (*admit)(struct web_request *r);
  void (*answer)(struct web_request *r, struct web_answer *a);
  void *ctx; /* NULL: the server's */
  bool bare; /* without the server's headers, where programs ask and each byte counts */
};

/* How a request ended. */
struct web_done {
  const char *method, *address;
  unsigned status; /* 0: it broke off before there was an answer */
  int64_t in, out; /* bytes: of head and body that came, of the answer's body */
  int64_t ms;
};

struct web_limits {
  struct pace_limits pace;
  struct allowance strangers; /* requests from an address of which nobody is let in */
};
/* The usual ones; and where a server in front speaks for all clients. */
extern const struct web_limits web_usual_limits, web_limits_behind;

struct web;
struct web_options {
  const char *address;             /* to listen on, a number; "": all */
  uint16_t port;                   /* 0: one that is free */
  const char *key, *certificate;   /* PEM; live as long as the server. NULL: plain HTTP */
  const char *folder;              /* where large bodies are kept meanwhile; NULL: in memory */
  const struct web_route *routes;  /* ended by one without a method */
  const char *const (*headers)[2]; /* name, value: on every answer but of bare routes, ended by
                                    * NULL; NULL: none */
  const struct web_limits *limits;
  const struct yz_world *world;
  void *ctx;
  /* Called once for each request when it is over, routes or not; NULL: nobody asks. */
  void (*done)(void *ctx, const struct web_request *r, const struct web_done *d);
};
/* Starts a server in threads of its own. YZ_E_BUSY: something else listens there;
 * YZ_E_INPUT: no such address here. stop waits for requests under way. */
int web_start(struct web **out, const struct web_options *o, struct yz_error *err) YZ_MUST_CHECK;
uint16_t web_port(const struct web *w);
void web_stop(struct web *w);

#endif
