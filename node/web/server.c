/* libmicrohttpd calls on_request three times or more: with the head of a request, with each
 * piece of its body, and when it is whole. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../unnamed.h"
#include "web.h"

enum { MAX_HEAD = 16 * 1024 }; /* the head of a request, and what is sent at once */

/* On 2G a handshake takes some turns of seconds, and a link that fades carries nothing for a
 * while; a weak PC packs for minutes between two requests. Villages of one operator can share an
 * address. */
const struct web_limits web_usual_limits = {.pace = {.head_ms = 60 * 1000,
                                                     .idle_ms = 300 * 1000,
                                                     .slack_ms = 60 * 1000,
                                                     .bytes_per_s = 128,
                                                     .most = 512,
                                                     .of_client = 128},
                                            .strangers = {.most = 300, .period_ms = 60 * 1000}};

const struct web_limits web_limits_behind = {.pace = {.head_ms = 60 * 1000,
                                                      .idle_ms = 300 * 1000,
                                                      .slack_ms = 60 * 1000,
                                                      .bytes_per_s = 128,
                                                      .most = 512,
                                                      .of_client = 512},
                                             .strangers = {.most = 30000, .period_ms = 60 * 1000}};

struct web {
  struct web_options o;
  struct MHD_Daemon *daemon;
  struct pace *pace;
  struct clients strangers;
};

struct exchange {
  const struct web *server;
  struct web_request r;
  struct web_done done;
  struct pace_connection *on;
  int64_t began_ms;
  char address[INET6_ADDRSTRLEN];
};

const char *web_header(const struct web_request *r, const char *name) {
  return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name);
}

const char *web_argument(const struct web_request *r, const char *name) {
  return MHD_lookup_connection_value(r->connection, MHD_GET_ARGUMENT_KIND, name);
}

static int64_t ticks(const struct web *w) {
  return w->o.world->ticks_ms(w->o.world->ctx);
}

/* --- answering --------------------------------------------------------------- */

static enum MHD_Result send_response(struct exchange *e, unsigned status,
                                     struct MHD_Response *response) {
  bool bare = e->r.route != NULL && e->r.route->bare;
  const char *const(*more)[2] = bare ? NULL : e->server->o.headers;
  char seconds[16];
  for (; more != NULL && (*more)[0] != NULL; more++)
    (void)MHD_add_response_header(response, (*more)[0], (*more)[1]);
  (void)snprintf(seconds, sizeof seconds, "%u", e->r.retry_s);
  if (e->r.retry_s > 0) (void)MHD_add_response_header(response, "Retry-After", seconds);
  enum MHD_Result sent = MHD_queue_response(e->r.connection, status, response);
  MHD_destroy_response(response);
  e->done.status = status;
  return sent;
}

static enum MHD_Result send_text(struct exchange *e, unsigned status, bool last) {
  char text[16];
  int n = snprintf(text, sizeof text, "%u\n", status);
  struct MHD_Response *response =
      MHD_create_response_from_buffer((size_t)n, text, MHD_RESPMEM_MUST_COPY);
  if (response == NULL) return MHD_NO;
  (void)MHD_add_response_header(response, "Content-Type", "text/plain");
  if (status == MHD_HTTP_UNAUTHORIZED)
    (void)MHD_add_response_header(response, "WWW-Authenticate", "Bearer");
  if (last) (void)MHD_add_response_header(response, "Connection", "close");
  e->done.out = n;
  return send_response(e, status, response);
}

static enum MHD_Result send_status(struct exchange *e, unsigned status) {
  return send_text(e, status, false);
}

/* Nothing more is read there. */
static enum MHD_Result send_last(struct exchange *e, unsigned status) {
  return send_text(e, status, true);
}

enum { STREAM_STEP = 32 * 1024 };

static ssize_t read_stream(void *cls, uint64_t at, char *out, size_t n) {
  const struct web_stream *stream = cls;
  int64_t got = stream->read(stream->ctx, (int64_t)at, out, n);
  return got > 0    ? (ssize_t)got
         : got == 0 ? MHD_CONTENT_READER_END_OF_STREAM
                    : MHD_CONTENT_READER_END_WITH_ERROR;
}

static void end_stream(void *cls) {
  struct web_stream *stream = cls;
  stream->finish(stream->ctx);
  free(stream);
}

static struct MHD_Response *stream_response(const struct web_answer *a) {
  struct web_stream *stream = malloc(sizeof *stream);
  uint64_t size = a->len < 0 ? MHD_SIZE_UNKNOWN : (uint64_t)a->len;
  struct MHD_Response *response = NULL;
  if (stream != NULL) {
    *stream = a->stream;
    response =
        MHD_create_response_from_callback(size, STREAM_STEP, read_stream, stream, end_stream);
  }
  if (response != NULL) return response;
  free(stream);
  a->stream.finish(a->stream.ctx);
  return NULL;
}

/* Of what is to be said; NULL: none can be made, and what it was of is gone. */
static struct MHD_Response *response_of(const struct web_answer *a) {
  if (a->stream.read != NULL) return stream_response(a);
  struct MHD_Response *response =
      a->bytes != NULL
          ? MHD_create_response_from_buffer((size_t)a->len, a->bytes, MHD_RESPMEM_MUST_FREE)
          : MHD_create_response_from_fd_at_offset64((uint64_t)a->len, a->file, (uint64_t)a->from);
  if (response == NULL && a->bytes != NULL) free(a->bytes);
  if (response == NULL && a->bytes == NULL) (void)close(a->file);
  return response;
}

static enum MHD_Result send_answer(struct exchange *e, const struct web_answer *a) {
  if (a->file < 0 && a->bytes == NULL && a->stream.read == NULL) return send_status(e, a->status);
  struct MHD_Response *response = response_of(a);
  if (response == NULL) return MHD_NO;
  (void)MHD_add_response_header(response, "Content-Type", a->type);
  /* What is asked for with a pass nobody keeps (RFC 9111, 3.5). */
  if (!e->r.route->bare)
    (void)MHD_add_response_header(response, "Cache-Control", a->private ? "no-store" : "no-cache");
  if (a->cookie[0] != '\0') (void)MHD_add_response_header(response, "Set-Cookie", a->cookie);
  if (a->apart[0] != '\0') {
    (void)MHD_add_response_header(response, "Content-Disposition", a->apart);
    (void)MHD_add_response_header(response, "Content-Security-Policy",
                                  "default-src 'none'; sandbox");
  }
  e->done.out = a->len < 0 ? 0 : a->len;
  return send_response(e, a->status, response);
}

static enum MHD_Result answer(struct exchange *e) {
  struct pace *pace = e->server->pace;
  struct web_answer a = {.status = MHD_HTTP_INTERNAL_SERVER_ERROR, .file = -1};
  pace_enter(pace, e->on, PACE_WORK);
  e->r.route->answer(&e->r, &a);
  pace_enter(pace, e->on, a.stream.slow ? PACE_REST : PACE_ANSWER);
  return send_answer(e, &a);
}

/* --- taking in --------------------------------------------------------------- */

/* The route of a request; *status says why there is none. */
static const struct web_route *find_route(const struct web *w, const char *method, const char *path,
                                          unsigned *status) {
  *status = MHD_HTTP_NOT_FOUND;
  for (const struct web_route *r = w->o.routes; r->method != NULL; r++) {
    if (strncmp(path, r->prefix, strlen(r->prefix)) != 0) continue;
    if (strcmp(method, r->method) == 0) return r;
    *status = MHD_HTTP_METHOD_NOT_ALLOWED;
  }
  return NULL;
}

/* Where a head says in two ways how long its body is, or of whom it asks, a server in front could
 * read it in another way than we do, and take what one client sends for another's request. */
struct framing {
  int lengths, codings, hosts;
  bool odd; /* another coding than in chunks */
};

static enum MHD_Result look_at_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                      const char *value) {
  struct framing *f = cls;
  (void)kind;
  f->lengths += strcasecmp(name, "Content-Length") == 0;
  f->hosts += strcasecmp(name, "Host") == 0;
  if (strcasecmp(name, "Transfer-Encoding") != 0) return MHD_YES;
  f->codings++;
  f->odd |= value == NULL || strcasecmp(value, "chunked") != 0;
  return MHD_YES;
}

static bool is_ambiguous(const struct web_request *r) {
  struct framing f = {0};
  (void)MHD_get_connection_values(r->connection, MHD_HEADER_KIND, look_at_header, &f);
  return f.lengths + f.codings > 1 || f.hosts > 1 || f.odd;
}

static bool is_too_long(const struct web_request *r) {
  const char *said = web_header(r, "Content-Length");
  return said != NULL && strtoll(said, NULL, 10) > r->max_body;
}

static void name_address(struct exchange *e) {
  const union MHD_ConnectionInfo *from =
      MHD_get_connection_info(e->r.connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  const struct sockaddr *at = from == NULL ? NULL : from->client_addr;
  const void *number =
      at == NULL ? NULL
      : at->sa_family == AF_INET
          ? (const void *)&((const struct sockaddr_in *)(const void *)at)->sin_addr
      : at->sa_family == AF_INET6
          ? (const void *)&((const struct sockaddr_in6 *)(const void *)at)->sin6_addr
          : NULL;
  if (number == NULL || inet_ntop(at->sa_family, number, e->address, sizeof e->address) == NULL)
    (void)snprintf(e->address, sizeof e->address, "?");
}

/* NULL: no memory. */
static struct exchange *open_exchange(const struct web *w, struct MHD_Connection *c,
                                      const char *path, const char *method) {
  const union MHD_ConnectionInfo *on =
      MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  const union MHD_ConnectionInfo *head =
      MHD_get_connection_info(c, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  struct exchange *e = on == NULL || on->socket_context == NULL ? NULL : calloc(1, sizeof *e);
  if (e == NULL) return NULL;
  e->server = w;
  e->r = (struct web_request){.ctx = w->o.ctx, .path = path, .body = -1, .connection = c};
  e->on = on->socket_context;
  e->r.from = e->on->client;
  e->began_ms = ticks(w);
  name_address(e);
  e->done = (struct web_done){.method = method, .address = e->address};
  e->done.in = head == NULL ? 0 : (int64_t)head->header_size;
  return e;
}

static enum MHD_Result begin(struct web *w, struct MHD_Connection *c, const char *path,
                             const char *method, void **state) {
  unsigned status;
  struct exchange *e = open_exchange(w, c, path, method);
  if (e == NULL) return MHD_NO;
  struct web_request *r = &e->r;
  *state = e;
  pace_enter(w->pace, e->on, PACE_BODY);
  r->retry_s = clients_wait(&w->strangers, &e->on->client, 0, e->began_ms);
  if (r->retry_s > 0) return send_status(e, MHD_HTTP_TOO_MANY_REQUESTS);
  if (is_ambiguous(r)) return send_last(e, MHD_HTTP_BAD_REQUEST);
  r->route = find_route(w, method, path, &status);
  if (r->route == NULL) return send_status(e, status);
  if (r->route->ctx != NULL) r->ctx = r->route->ctx;
  r->tail = path + strlen(r->route->prefix);
  r->max_body = r->route->max_body;
  r->on_disk = r->route->on_disk;
  status = r->route->admit(r);
  if (status == WEB_NOW) return answer(e);
  if (status == 0 && is_too_long(r)) status = MHD_HTTP_CONTENT_TOO_LARGE;
  return status == 0 ? MHD_YES : send_status(e, status);
}

static bool keep(const struct web *w, struct web_request *r, const char *bytes, size_t n) {
  if (r->body < 0) r->body = unnamed_file(r->on_disk ? w->o.folder : NULL);
  r->body_len += (int64_t)n;
  if (r->body < 0 || r->body_len > r->max_body) return false;
  while (n > 0) {
    ssize_t wrote = write(r->body, bytes, n);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    bytes += wrote;
    n -= (size_t)wrote;
  }
  return true;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *c, const char *path,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *n, void **state) {
  struct web *w = cls;
  struct exchange *e = *state;
  (void)version;
  if (e == NULL) return begin(w, c, path, method, state);
  struct web_request *r = &e->r;
  r->path = path;
  r->tail = path + strlen(r->route->prefix);
  if (*n > 0) {
    if (!keep(w, r, bytes, *n)) return MHD_NO;
    *n = 0;
    return MHD_YES;
  }
  return answer(e);
}

static void on_completed(void *cls, struct MHD_Connection *c, void **state,
                         enum MHD_RequestTerminationCode why) {
  struct web *w = cls;
  struct exchange *e = *state;
  (void)c, (void)why;
  if (e == NULL) return;
  struct web_request *r = &e->r;
  int64_t now_ms = ticks(w);
  pace_enter(w->pace, e->on, PACE_IDLE);
  if (r->client[0] == '\0' && e->done.status != MHD_HTTP_TOO_MANY_REQUESTS)
    clients_spend(&w->strangers, &e->on->client, 0, 1, now_ms);
  e->done.in += r->body_len;
  e->done.ms = now_ms - e->began_ms;
  if (w->o.done != NULL) w->o.done(w->o.ctx, r, &e->done);
  if (r->body >= 0) (void)close(r->body);
  free(r->state);
  free(e);
  *state = NULL;
}

/* --- connections -------------------------------------------------------------- */

static enum MHD_Result on_come(void *cls, const struct sockaddr *from, socklen_t len) {
  const struct web *w = cls;
  (void)len;
  return pace_may_come(w->pace, from) ? MHD_YES : MHD_NO;
}

static void on_connection(void *cls, struct MHD_Connection *c, void **state,
                          enum MHD_ConnectionNotificationCode what) {
  const struct web *w = cls;
  if (what == MHD_CONNECTION_NOTIFY_STARTED) {
    int fd = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    *state = pace_begin(
        w->pace, fd, MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
  } else if (*state != NULL) {
    pace_end(w->pace, *state);
  }
}

/* --- the server --------------------------------------------------------------- */

static int start(struct web *w, const struct sockaddr *at, unsigned flags) {
  struct MHD_OptionItem more[4];
  size_t n = 0;
  /* No date: it would cost bytes, and the clock may be wrong. */
  flags |= MHD_USE_SUPPRESS_DATE_NO_CLOCK;
  if (at != NULL)
    more[n++] = (struct MHD_OptionItem){MHD_OPTION_SOCK_ADDR, 0, (void *)(uintptr_t)at};
  if (w->o.key != NULL) {
    flags |= MHD_USE_TLS;
    more[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)w->o.key};
    more[n++] =
        (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)w->o.certificate};
  }
  more[n] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
  w->daemon = MHD_start_daemon(
      flags | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL,
      w->o.port, on_come, w, on_request, w, MHD_OPTION_NOTIFY_COMPLETED, on_completed, w,
      MHD_OPTION_NOTIFY_CONNECTION, on_connection, w, MHD_OPTION_CONNECTION_LIMIT,
      (unsigned)(w->o.limits->pace.most + PACE_SPARE), MHD_OPTION_CONNECTION_MEMORY_LIMIT,
      (size_t)MAX_HEAD, MHD_OPTION_ARRAY, more, MHD_OPTION_END);
  return w->daemon != NULL ? 0 : -1;
}

static int start_at(struct web *w, struct yz_error *err) {
  const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                                 .ai_socktype = SOCK_STREAM};
  struct addrinfo *found = NULL;
  char port[8];
  (void)snprintf(port, sizeof port, "%u", (unsigned)w->o.port);
  if (getaddrinfo(w->o.address, port, &hints, &found) != 0)
    return yz_fail(err, YZ_E_INPUT, YZ_N_("This is no address to listen on."), "%s", w->o.address);
  errno = 0;
  int rc = start(w, found->ai_addr, found->ai_family == AF_INET6 ? MHD_USE_IPv6 : 0);
  freeaddrinfo(found);
  return rc;
}

static int listen_and_answer(struct web *w, struct yz_error *err) {
  const struct web_options *o = &w->o;
  int rc = o->address[0] != '\0' ? start_at(w, err) : start(w, NULL, MHD_USE_DUAL_STACK);
  if (rc != -1) return rc;
  return yz_fail(err, YZ_E_BUSY,
                 YZ_N_("The server cannot listen there: something else does, or this machine does "
                       "not have the address. Say another one with --listen."),
                 "%s:%u", o->address, (unsigned)o->port);
}

static void finish(struct web *w) {
  if (w->pace != NULL) pace_stop(w->pace);
  clients_finish(&w->strangers);
  free(w);
}

/* Threads come and go: what many of them needed once is not kept for each of them. */
static void hold_little(void) {
  enum { ARENAS = 2 };
  (void)mallopt(M_ARENA_MAX, ARENAS);
}

int web_start(struct web **out, const struct web_options *o, struct yz_error *err) {
  struct web *w = calloc(1, sizeof *w);
  *out = NULL;
  if (w == NULL) return yz_no_memory(err);
  hold_little();
  w->o = *o;
  clients_init(&w->strangers, &o->limits->strangers, 1);
  w->pace = pace_start(&o->limits->pace, o->world->ticks_ms, o->world->ctx);
  int rc = w->pace == NULL ? yz_no_memory(err) : listen_and_answer(w, err);
  if (rc == 0)
    *out = w;
  else
    finish(w);
  return rc;
}

uint16_t web_port(const struct web *w) {
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(w->daemon, MHD_DAEMON_INFO_BIND_PORT);
  return info == NULL ? 0 : info->port;
}

void web_stop(struct web *w) {
  MHD_stop_daemon(w->daemon);
  finish(w);
}
