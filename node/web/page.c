#include "page.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../beside.h"

enum { OK = 200, NOT_THERE = 404, MISDIRECTED = 421 };

/* All there is: nothing else is looked for. */
static const struct {
  const char *path, *file, *type;
} files[] = {
    {"/", "index.html", "text/html; charset=utf-8"},
    {"/page.css", "page.css", "text/css; charset=utf-8"},
    {"/icon.svg", "icon.svg", "image/svg+xml"},
    {"/app.js", "app.js", "text/javascript; charset=utf-8"},
    {"/html.js", "html.js", "text/javascript; charset=utf-8"},
    {"/words.js", "words.js", "text/javascript; charset=utf-8"},
    {"/ask.js", "ask.js", "text/javascript; charset=utf-8"},
    {"/parts.js", "parts.js", "text/javascript; charset=utf-8"},
    {"/login.js", "login.js", "text/javascript; charset=utf-8"},
    {"/list.js", "list.js", "text/javascript; charset=utf-8"},
    {"/case.js", "case.js", "text/javascript; charset=utf-8"},
    {"/me.js", "me.js", "text/javascript; charset=utf-8"},
    {"/open.js", "open.js", "text/javascript; charset=utf-8"},
    {"/vendor/preact.js", "vendor/preact.js", "text/javascript; charset=utf-8"},
    {"/vendor/hooks.js", "vendor/hooks.js", "text/javascript; charset=utf-8"},
    {"/vendor/htm.js", "vendor/htm.js", "text/javascript; charset=utf-8"},
    {"/openapi.json", "openapi.json", "application/json"},
};

/* What browsers are told with every answer, whatever it is. */
static const char *const headers[][2] = {
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
 * sessions.h. */
static const struct web_limits limits = {.pace = {.head_ms = 20 * 1000,
                                                  .idle_ms = 60 * 1000,
                                                  .slack_ms = 20 * 1000,
                                                  .bytes_per_s = 4096,
                                                  .most = 128,
                                                  .of_client = 128},
                                         .strangers = {.most = 1000 * 1000, .period_ms = 1000}};

static unsigned admit(struct web_request *r) {
  return api_is_host(r->ctx, web_header(r, "Host")) ? 0 : MISDIRECTED;
}

static void answer(struct web_request *r, struct web_answer *a) {
  const struct page *p = r->ctx;
  char name[sizeof p->folder + 64];
  struct stat st;
  size_t i = 0, n = sizeof files / sizeof *files;
  a->status = NOT_THERE;
  while (i < n && strcmp(files[i].path, r->path) != 0) i++;
  if (i == n) return;
  (void)snprintf(name, sizeof name, "%s/%s", p->folder, files[i].file);
  a->file = open(name, O_RDONLY | O_CLOEXEC);
  if (a->file < 0 || fstat(a->file, &st) != 0) return;
  a->status = OK;
  a->len = st.st_size;
  (void)snprintf(a->type, sizeof a->type, "%s", files[i].type);
}

static const struct web_route routes[] = {API_ROUTES, {"GET", "/", 0, admit, answer}, {0}};

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

int page_start(struct page *p, const char *dir, const char *version, const char *address,
               uint16_t port, const struct yz_world *world, struct yz_error *err) {
  *p = (struct page){0};
  const struct web_options o = {.address = address,
                                .port = port,
                                .routes = routes,
                                .headers = headers,
                                .limits = &limits,
                                .world = world,
                                .ctx = p};
  int rc = find_folder(p, err);
  if (rc == 0) rc = api_init(&p->api, dir, version, world, address, err);
  if (rc == 0) rc = web_start(&p->web, &o, err);
  if (rc == 0)
    atomic_store(&p->api.port, web_port(p->web));
  else
    api_finish(&p->api);
  return rc;
}

uint16_t page_port(const struct page *p) {
  return (uint16_t)atomic_load(&p->api.port);
}

void page_stop(struct page *p) {
  web_stop(p->web);
  api_finish(&p->api);
}
