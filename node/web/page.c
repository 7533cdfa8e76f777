#include "page.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../beside.h"

enum { OK = 200, NOT_THERE = 404, MISDIRECTED = 421 };

/* All there is: nothing else is looked for. */
static const char *const files[] = {
#include "page_files.h"
};

static const char *type_of(const char *file) {
  static const char *const types[][2] = {{".html", "text/html; charset=utf-8"},
                                         {".css", "text/css; charset=utf-8"},
                                         {".js", "text/javascript; charset=utf-8"},
                                         {".svg", "image/svg+xml"}};
  const char *end = strrchr(file, '.');
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (strcmp(end, types[i][0]) == 0) return types[i][1];
  return "application/json";
}

const char *const page_headers[][2] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
     "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {NULL, NULL},
};

/* Everybody has the same address here, and it is no stranger's: what guessing costs is in
 * tries.h. */
static const struct web_limits limits = {.pace = {.head_ms = 20 * 1000,
                                                  .idle_ms = 60 * 1000,
                                                  .slack_ms = 20 * 1000,
                                                  .bytes_per_s = 4096,
                                                  .most = 128,
                                                  .of_client = 128},
                                         .strangers = {.most = 1000 * 1000, .period_ms = 1000}};

static unsigned admit(struct web_request *r) {
  r->kind = "page";
  const struct page *p = r->ctx;
  return api_is_host(&p->api, web_header(r, "Host")) ? 0 : MISDIRECTED;
}

static void answer(struct web_request *r, struct web_answer *a) {
  const struct page *p = r->ctx;
  char name[sizeof p->folder + 64];
  struct stat st;
  const char *asked = r->tail[0] != '\0' ? r->tail : files[0];
  size_t i = 0, n = sizeof files / sizeof *files;
  a->status = NOT_THERE;
  while (i < n && strcmp(files[i], asked) != 0) i++;
  if (i == n) return;
  (void)snprintf(name, sizeof name, "%s/%s", p->folder, files[i]);
  a->file = open(name, O_RDONLY | O_CLOEXEC);
  if (a->file < 0 || fstat(a->file, &st) != 0) return;
  a->status = OK;
  a->len = st.st_size;
  (void)snprintf(a->type, sizeof a->type, "%s", type_of(files[i]));
}

static int find_folder(struct page *p, struct yz_error *err) {
  char index[sizeof p->folder + 16];
  if (beside_program("yizhan/page", p->folder, sizeof p->folder)) {
    (void)snprintf(index, sizeof index, "%s/index.html", p->folder);
    if (access(index, R_OK) == 0) return 0;
  }
  return yz_fail(err, YZ_E_NOT_FOUND,
                 YZ_N_("The page does not lie beside the program. Install it again."), "%s",
                 p->folder);
}

int page_open(struct page *p, const struct api_options *o, struct yz_error *err) {
  *p = (struct page){0};
  int rc = find_folder(p, err);
  if (rc == 0) rc = api_init(&p->api, o, err);
  if (rc != 0) return rc;
  api_routes(&p->api, p->routes);
  p->routes[API_ROUTES] = (struct web_route){
      .method = "GET", .prefix = "/", .admit = admit, .answer = answer, .ctx = p};
  return 0;
}

void page_at(struct page *p, uint16_t port) {
  atomic_store(&p->api.port, port);
}

void page_end(struct page *p) {
  api_close(&p->api);
}

void page_close(struct page *p) {
  api_finish(&p->api);
}

int page_start(struct page *p, const struct api_options *o, uint16_t port,
               void (*done)(void *ctx, const struct web_request *r, const struct web_done *d),
               void *ctx, struct yz_error *err) {
  int rc = page_open(p, o, err);
  if (rc != 0) return rc;
  const struct web_options web = {.address = o->address,
                                  .port = port,
                                  .folder = o->dir,
                                  .routes = p->routes,
                                  .headers = page_headers,
                                  .limits = &limits,
                                  .world = o->world,
                                  .ctx = ctx,
                                  .done = done};
  rc = web_start(&p->web, &web, err);
  if (rc == 0)
    page_at(p, web_port(p->web));
  else
    page_close(p);
  return rc;
}

void page_stop(struct page *p) {
  page_end(p);
  web_stop(p->web);
  page_close(p);
}

void page_url(const struct page *p, char out[static PAGE_MAX_URL]) {
  const char *address = p->api.o.address;
  (void)snprintf(out, PAGE_MAX_URL,
                 strchr(address, ':') != NULL ? "http://[%s]:%u/" : "http://%s:%u/", address,
                 atomic_load(&p->api.port));
}
