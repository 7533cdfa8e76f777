/* Requests to the servers, as they come out of HTTP (node/web: ledgers.c, api.c, api_body.c;
 * FORMAT.md §16), at a node whose folder is not there: what is asked for, by whom, and in which
 * form. The input is a request's head and body: the method, a blank, the path and its arguments;
 * headers; an empty line; the body. */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "node/web/api.h"
#include "node/web/ledgers.h"

enum { MOST = 4096, PORT = 8000 };
static const char nowhere[] = "/dev/null/none";

/* --- the world, and the request --------------------------------------------- */

static int64_t no_time(void *ctx) {
  (void)ctx;
  return 1000000;
}

static void random_bytes(void *ctx, void *bytes, size_t n) {
  (void)ctx;
  memset(bytes, 'r', n);
}

static struct {
  struct yz_world world;
  struct ledgers ledgers;
  struct api api;
} node;

/* One session is open: its token and guard are of one letter. */
static void start(void) {
  struct session session;
  const struct api_options o = {
      .dir = nowhere, .version = "1", .world = &node.world, .address = "127.0.0.1"};
  if (node.ledgers.dir != NULL) return;
  FUZZ_HOLDS(yz_crypto_init() == 0);
  struct signer who = {.seed = yz_secret_create(YZ_SEED_LEN)};
  FUZZ_HOLDS(who.seed != NULL);
  node.world = *yz_world_real();
  node.world.now_ms = node.world.ticks_ms = no_time;
  node.world.random = random_bytes;
  node.ledgers.dir = nowhere;
  node.ledgers.world = &node.world;
  FUZZ_HOLDS(api_init(&node.api, &o, NULL) == 0);
  atomic_store(&node.api.port, PORT);
  sessions_begin(node.api.sessions, &who, &session);
}

/* Where a line of the head begins with a name and ends; values are cut off at it. */
struct head {
  char *lines[32], *arguments;
  size_t n;
};

const char *__wrap_web_header(const struct web_request *r, const char *name);
const char *__wrap_web_argument(const struct web_request *r, const char *name);

const char *__wrap_web_header(const struct web_request *r, const char *name) {
  const struct head *h = r->connection;
  size_t n = strlen(name);
  for (size_t i = 0; i < h->n; i++)
    if (strncasecmp(h->lines[i], name, n) == 0 && h->lines[i][n] == ':')
      return h->lines[i] + n + 1 + strspn(h->lines[i] + n + 1, " ");
  return NULL;
}

/* Of "name=value" alone. */
const char *__wrap_web_argument(const struct web_request *r, const char *name) {
  const struct head *h = r->connection;
  size_t n = strlen(name);
  if (h->arguments == NULL || strncmp(h->arguments, name, n) != 0 || h->arguments[n] != '=')
    return NULL;
  return h->arguments + n + 1;
}

/* --- what must hold ------------------------------------------------------------ */

static bool is_id(const char *text) {
  return strspn(text, "0123456789abcdef") >= YZ_ID_HEX;
}

static bool is_service(const char *text) {
  return text != NULL &&
         (strcmp(text, "git-upload-pack") == 0 || strcmp(text, "git-receive-pack") == 0);
}

/* Who names a ledger and one of git's services is asked for a pass; whoever else finds nothing. */
static void try_ledger(const struct web_route *route, struct web_request *r) {
  r->ctx = &node.ledgers;
  r->route = route;
  bool post = strcmp(route->method, "POST") == 0;
  const char *tail = r->tail, *rest = is_id(tail) ? tail + YZ_ID_HEX : "";
  bool there =
      post ? rest[0] == '/' && is_service(rest + 1)
           : strcmp(rest, "/info/refs") == 0 && is_service(__wrap_web_argument(r, "service"));
  const char *pass = __wrap_web_header(r, "Authorization");
  bool shown = pass != NULL && strncmp(pass, "Bearer ", 7) == 0;
  FUZZ_HOLDS(route->admit(r) == (!there ? 404U : shown ? 503U : 401U));
  free(r->state);
  r->state = NULL;
}

/* Whatever is asked is answered in JSON, and well only by a node that is there, but that there is
 * none. */
static void try_api(const char *method, struct web_request *r, const char *body, size_t size) {
  struct web_route routes[API_ROUTES];
  struct web_answer a = {.status = 1, .file = -1};
  api_routes(&node.api, routes);
  r->ctx = &node.api;
  r->route = NULL;
  for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
    if (strcmp(routes[i].method, method) == 0) r->route = &routes[i];
  if (r->route == NULL || (int64_t)size > r->route->max_body) return;
  if (size > 0) {
    r->body = memfd_create("body", MFD_CLOEXEC);
    FUZZ_HOLDS(r->body >= 0 && write(r->body, body, size) == (ssize_t)size);
    r->body_len = (int64_t)size;
  }
  unsigned admitted = r->route->admit(r);
  FUZZ_HOLDS(admitted == 0 || admitted == WEB_NOW);
  r->route->answer(r, &a);
  bool none = a.status == 200 && strcmp(method, "GET") == 0 && strcmp(r->tail, "node") == 0;
  FUZZ_HOLDS((none || a.status >= 400) && a.status <= 507 && a.file == -1 && a.bytes != NULL);
  FUZZ_HOLDS((size_t)a.len == strlen(a.bytes) && fuzz_is_json(a.bytes, (size_t)a.len));
  /* One word of the log of requests. */
  FUZZ_HOLDS(memchr(r->what, '\0', sizeof r->what) && strpbrk(r->what, " \t\r\n\v\f") == NULL);
  FUZZ_HOLDS(a.private && a.cookie[0] == '\0');
  free(a.bytes);
  if (r->body >= 0) (void)close(r->body);
}

/* Cuts the head into its lines; where the body begins. */
static char *read_head(char *text, struct head *h) {
  while (*text != '\0' && *text != '\n') {
    char *end = text + strcspn(text, "\n");
    if (h->n < sizeof h->lines / sizeof *h->lines) h->lines[h->n++] = text;
    text = *end != '\0' ? end + 1 : end;
    *end = '\0';
  }
  return *text == '\n' ? text + 1 : text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct head h = {.n = 0};
  if (size > MOST) return 0;
  start();
  char *text = calloc(1, size + 1), *path;
  FUZZ_HOLDS(text);
  if (size > 0) memcpy(text, data, size);
  char *method = text, *body = read_head(text, &h);
  size_t len = (size_t)(text + size - body);
  path = h.n > 0 ? strchr(method, ' ') : NULL;
  if (path != NULL) {
    *path++ = '\0';
    h.arguments = strchr(path, '?');
    if (h.arguments != NULL) *h.arguments++ = '\0';
    struct web_request r = {.path = path, .tail = path, .body = -1, .connection = &h};
    try_ledger(&ledger_get, &r);
    try_ledger(&ledger_post, &r);
    try_api(method, &r, body, len);
  }
  free(text);
  return 0;
}
