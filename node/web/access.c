#include "access.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MAX_LOG = 4 * 1024 * 1024, MAX_TIME = 32 };

void access_init(struct access_log *a, const char *dir, const struct yz_world *world) {
  *a = (struct access_log){.dir = dir, .world = world, .fd = -1};
  (void)pthread_mutex_init(&a->mutex, NULL);
}

void access_finish(struct access_log *a) {
  if (a->fd >= 0) (void)close(a->fd);
  (void)pthread_mutex_destroy(&a->mutex);
}

/* Methods are whatever a stranger writes; these are known. */
static const char *name_of(const char *method) {
  static const char *const known[] = {"GET", "POST", "HEAD", "PUT", "DELETE"};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(method, known[i]) == 0) return known[i];
  return "?";
}

static void say_time(const struct access_log *a, char out[static MAX_TIME]) {
  time_t now = (time_t)(a->world->now_ms(a->world->ctx) / 1000);
  struct tm utc;
  out[0] = '\0';
  if (gmtime_r(&now, &utc) != NULL) (void)strftime(out, MAX_TIME, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

/* Opens it, or begins it anew once it is large. */
static bool is_ready(struct access_log *a, const char *path) {
  struct stat st;
  char *old = NULL;
  if (a->fd >= 0 && fstat(a->fd, &st) == 0 && st.st_size >= MAX_LOG) {
    (void)close(a->fd);
    a->fd = -1;
    if (asprintf(&old, "%s.1", path) >= 0) (void)rename(path, old);
    free(old);
  }
  if (a->fd < 0)
    a->fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  return a->fd >= 0;
}

static void append(struct access_log *a, const char *line) {
  char *path = NULL;
  if (asprintf(&path, "%s/access.log", a->dir) < 0) return;
  (void)pthread_mutex_lock(&a->mutex);
  if (is_ready(a, path) && write(a->fd, line, strlen(line)) < 0) {
    (void)close(a->fd);
    a->fd = -1;
  }
  (void)pthread_mutex_unlock(&a->mutex);
  free(path);
}

void access_note(struct access_log *a, const struct web_request *r, const struct web_done *d) {
  char at[MAX_TIME], *line = NULL;
  say_time(a, at);
  bool known = r->client[0] != '\0';
  if (asprintf(&line, "%s %s%s %s %s%s%s %u %lld %lld %lld\n", at, known ? "" : "- ",
               known ? r->client : d->address, name_of(d->method), r->kind == NULL ? "-" : r->kind,
               r->what[0] != '\0' ? ":" : "", r->what, d->status, (long long)d->in,
               (long long)d->out, (long long)d->ms) < 0)
    return;
  append(a, line);
  free(line);
}
