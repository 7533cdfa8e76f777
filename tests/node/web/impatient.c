/* The program's server with little patience and without a hub behind it: impatient KEY CERTIFICATE
 * FOLDER; says its port, and each request when it is over; ends when its input does. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "node/unnamed.h"
#include "node/web/web.h"

enum { LARGE = 16 * 1024 * 1024, MAX_PEM = 16 * 1024 };

static unsigned admit_friend(struct web_request *r) {
  r->kind = r->route->prefix + 1;
  if (web_header(r, "Authorization") != NULL) memcpy(r->client, "friend", sizeof "friend");
  return 0;
}

static void answer_nothing(struct web_request *r, struct web_answer *a) {
  (void)r;
  a->status = 200;
}

static void answer_large(struct web_request *r, struct web_answer *a) {
  (void)r;
  a->status = 200;
  a->file = unnamed_file(".");
  a->len = LARGE;
  if (a->file < 0 || ftruncate(a->file, LARGE) != 0) exit(1);
}

/* Piece after piece, as things happen. */
static int64_t read_news(void *ctx, int64_t at, char *out, size_t n) {
  const struct timespec pause = {.tv_nsec = 50 * 1000 * 1000};
  (void)ctx;
  if (at >= LARGE / 2) return 0;
  (void)nanosleep(&pause, NULL);
  memset(out, 'x', n);
  return (int64_t)n;
}

static void forget_news(void *ctx) {
  (void)ctx;
}

static void answer_news(struct web_request *r, struct web_answer *a) {
  (void)r;
  a->status = 200;
  a->len = -1;
  a->stream = (struct web_stream){.read = read_news, .finish = forget_news, .slow = true};
}

static const struct web_route routes[] = {
    {.method = "GET",
     .prefix = "/nothing",
     .max_body = 0,
     .admit = admit_friend,
     .answer = answer_nothing},
    {.method = "GET",
     .prefix = "/large",
     .max_body = 0,
     .admit = admit_friend,
     .answer = answer_large},
    {.method = "GET",
     .prefix = "/news",
     .max_body = 0,
     .admit = admit_friend,
     .answer = answer_news},
    {.method = "POST",
     .prefix = "/body",
     .max_body = LARGE,
     .admit = admit_friend,
     .answer = answer_nothing},
    {0},
};

static void say_done(void *ctx, const struct web_request *r, const struct web_done *d) {
  (void)ctx;
  printf("%s %s %s %u %lld\n", r->client[0] == '\0' ? d->address : r->client, d->method,
         r->kind == NULL ? "-" : r->kind, d->status, (long long)d->in);
  (void)fflush(stdout);
}

static char *read_text(const char *path) {
  struct yz_buf text = {0};
  struct yz_error err = {0};
  const struct yz_world *world = yz_world_real();
  if (world->read_file(world->ctx, path, MAX_PEM, &text, &err) != 0) exit(1);
  char *copy = strndup((const char *)text.data, text.len);
  yz_buf_finish(&text);
  if (copy == NULL) exit(1);
  return copy;
}

int main(int argc, char **argv) {
  static const struct web_limits limits = {.pace = {.head_ms = 1500,
                                                    .idle_ms = 2500,
                                                    .slack_ms = 1500,
                                                    .bytes_per_s = 2000,
                                                    .most = 20,
                                                    .of_client = 12},
                                           .strangers = {.most = 20, .period_ms = 10000}};
  struct yz_error err = {0};
  struct web *web = NULL;
  char byte;
  if (argc != 4) return 2;
  char *key = read_text(argv[1]), *certificate = read_text(argv[2]);
  const struct web_options o = {.address = "",
                                .key = key,
                                .certificate = certificate,
                                .folder = argv[3],
                                .routes = routes,
                                .limits = &limits,
                                .world = yz_world_real(),
                                .done = say_done};
  if (web_start(&web, &o, &err) != 0) {
    (void)fprintf(stderr, "%s: %s\n", err.message, err.subject);
    return 1;
  }
  printf("%d\n", (int)web_port(web));
  (void)fflush(stdout);
  while (read(STDIN_FILENO, &byte, 1) > 0) continue;
  web_stop(web);
  free(key);
  free(certificate);
  return 0;
}
