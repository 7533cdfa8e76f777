/* Connections and their pace: whoever keeps silent, or sends or takes so little that it only
 * holds its place, is cut off. Bytes are those that the kernel counts on the wire, so it does
 * not matter in which part of a request, or of TLS, a client dawdles. Once all is quiet the
 * memory that answering took is given back. */
#ifndef YIZHAN_NODE_WEB_PACE_H
#define YIZHAN_NODE_WEB_PACE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "clients.h"

struct pace_limits {
  int64_t head_ms;     /* from the beginning to the whole head of the first request */
  int64_t idle_ms;     /* the same from an answer to the next request */
  int64_t slack_ms;    /* in which a body, or an answer, may not move at all; at rest either */
  int64_t bytes_per_s; /* its pace after that, on average */
  int most, of_client; /* connections at once: all, from one address */
};
/* Beside them those that were cut off and have not ended yet. */
enum { PACE_SPARE = 32 };

/* What a connection is doing. At work it waits for us; at rest for what
 * happens, of which something is said more often than slack_ms. */
enum pace_phase { PACE_HEAD, PACE_IDLE, PACE_BODY, PACE_WORK, PACE_ANSWER, PACE_REST };
struct pace_connection {
  int fd;
  struct client_key client; /* its address; of IPv6 the network (/64) */
  enum pace_phase phase;
  int64_t since_ms, bytes; /* when the phase began, and what was on the wire then */
  bool cut;
  struct pace_connection *next;
};

struct pace;
/* NULL: no memory, no thread. limits live as long; stop waits for its thread. */
struct pace *pace_start(const struct pace_limits *limits, int64_t (*ticks_ms)(void *ctx),
                        void *ctx);
void pace_stop(struct pace *p);

/* May this address have one more connection? Where there are as many as there may be, one that
 * waits for a head gives way: the oldest of the address that has most, if that has more than this
 * one. So a few addresses that hold what they can keep nobody else out. */
bool pace_may_come(struct pace *p, const struct sockaddr *from);
/* A connection begins, and ends: before its socket is closed. NULL: no memory. */
struct pace_connection *pace_begin(struct pace *p, int fd, const struct sockaddr *from);
void pace_end(struct pace *p, struct pace_connection *c);
void pace_enter(struct pace *p, struct pace_connection *c, enum pace_phase phase);

#endif
