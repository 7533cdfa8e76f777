/* libmicrohttpd calls on_request three times or more: with the head of a request, with each
 * piece of its body, and when it is whole. */
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "web.h"

enum {
  MAX_CONNECTIONS = 256,
  MAX_HEAD = 16 * 1024, /* the head of a request, and what is sent at once */
  IDLE_S = 60
};

struct web {
  struct web_options o;
  struct MHD_Daemon *daemon;
};

const char *web_header(const struct web_request *r, const char *name) {
  return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name);
}

const char *web_argument(const struct web_request *r, const char *name) {
  return MHD_lookup_connection_value(r->connection, MHD_GET_ARGUMENT_KIND, name);
}

/* --- answering --------------------------------------------------------------- */

static enum MHD_Result send_status(struct MHD_Connection *c, unsigned status) {
  char text[16];
  int n = snprintf(text, sizeof text, "%u\n", status);
  struct MHD_Response *response =
      MHD_create_response_from_buffer((size_t)n, text, MHD_RESPMEM_MUST_COPY);
  if (response == NULL) return MHD_NO;
  (void)MHD_add_response_header(response, "Content-Type", "text/plain");
  if (status == MHD_HTTP_UNAUTHORIZED)
    (void)MHD_add_response_header(response, "WWW-Authenticate", "Bearer");
  enum MHD_Result sent = MHD_queue_response(c, status, response);
  MHD_destroy_response(response);
  return sent;
}

static enum MHD_Result send_answer(struct MHD_Connection *c, const struct web_answer *a) {
  if (a->file < 0) return send_status(c, a->status);
  struct MHD_Response *response =
      MHD_create_response_from_fd_at_offset64((uint64_t)a->len, a->file, (uint64_t)a->from);
  if (response == NULL) {
    (void)close(a->file);
    return MHD_NO;
  }
  (void)MHD_add_response_header(response, "Content-Type", a->type);
  (void)MHD_add_response_header(response, "Cache-Control", "no-cache");
  enum MHD_Result sent = MHD_queue_response(c, a->status, response);
  MHD_destroy_response(response);
  return sent;
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

static bool is_too_long(const struct web_request *r) {
  const char *said = web_header(r, "Content-Length");
  return said != NULL && strtoll(said, NULL, 10) > r->route->max_body;
}

static enum MHD_Result begin(const struct web *w, struct MHD_Connection *c, const char *path,
                             const char *method, void **state) {
  unsigned status;
  const struct web_route *route = find_route(w, method, path, &status);
  if (route == NULL) return send_status(c, status);
  struct web_request *r = calloc(1, sizeof *r);
  if (r == NULL) return MHD_NO;
  *r = (struct web_request){.ctx = w->o.ctx,
                            .path = path,
                            .tail = path + strlen(route->prefix),
                            .route = route,
                            .body = -1,
                            .connection = c};
  *state = r;
  status = is_too_long(r) ? MHD_HTTP_CONTENT_TOO_LARGE : route->admit(r);
  return status == 0 ? MHD_YES : send_status(c, status);
}

int web_file(const char *folder) {
  char *name = NULL;
  if (asprintf(&name, "%s/.yz-XXXXXX", folder) < 0) return -1;
  int fd = mkostemp(name, O_CLOEXEC);
  if (fd >= 0) (void)unlink(name);
  free(name);
  return fd;
}

static bool keep(const struct web *w, struct web_request *r, const char *bytes, size_t n) {
  if (r->body < 0) r->body = web_file(w->o.folder);
  r->body_len += (int64_t)n;
  if (r->body < 0 || r->body_len > r->route->max_body) return false;
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
  const struct web *w = cls;
  struct web_request *r = *state;
  (void)version;
  if (r == NULL) return begin(w, c, path, method, state);
  r->path = path;
  r->tail = path + strlen(r->route->prefix);
  if (*n > 0) {
    if (!keep(w, r, bytes, *n)) return MHD_NO;
    *n = 0;
    return MHD_YES;
  }
  struct web_answer answer = {.status = MHD_HTTP_INTERNAL_SERVER_ERROR, .file = -1};
  r->route->answer(r, &answer);
  return send_answer(c, &answer);
}

static void on_completed(void *cls, struct MHD_Connection *c, void **state,
                         enum MHD_RequestTerminationCode why) {
  struct web_request *r = *state;
  (void)cls, (void)c, (void)why;
  if (r == NULL) return;
  if (r->body >= 0) (void)close(r->body);
  free(r->state);
  free(r);
  *state = NULL;
}

/* --- the server --------------------------------------------------------------- */

static int start(struct web *w, const struct sockaddr *at, unsigned flags) {
  const struct MHD_OptionItem more[] = {
      {at == NULL ? MHD_OPTION_END : MHD_OPTION_SOCK_ADDR, 0, (void *)(uintptr_t)at},
      {MHD_OPTION_END, 0, NULL}};
  w->daemon = MHD_start_daemon(
      flags | MHD_USE_TLS | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD |
          MHD_USE_POLL,
      w->o.port, NULL, NULL, on_request, w, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
      MHD_OPTION_HTTPS_MEM_KEY, w->o.key, MHD_OPTION_HTTPS_MEM_CERT, w->o.certificate,
      MHD_OPTION_CONNECTION_LIMIT, (unsigned)MAX_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
      (unsigned)IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MAX_HEAD, MHD_OPTION_ARRAY,
      more, MHD_OPTION_END);
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

int web_start(struct web **out, const struct web_options *o, struct yz_error *err) {
  struct web *w = calloc(1, sizeof *w);
  *out = NULL;
  if (w == NULL) return yz_no_memory(err);
  w->o = *o;
  int rc = o->address[0] != '\0' ? start_at(w, err) : start(w, NULL, MHD_USE_DUAL_STACK);
  if (rc == 0)
    *out = w;
  else
    free(w);
  if (rc != -1) return rc;
  return yz_fail(err, YZ_E_BUSY,
                 YZ_N_("The server cannot listen there: something else does, or this machine does "
                       "not have the address. Say another one with --listen."),
                 "%s:%u", o->address, (unsigned)o->port);
}

uint16_t web_port(const struct web *w) {
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(w->daemon, MHD_DAEMON_INFO_BIND_PORT);
  return info == NULL ? 0 : info->port;
}

void web_stop(struct web *w) {
  MHD_stop_daemon(w->daemon);
  free(w);
}
