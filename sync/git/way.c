/* The way of a fetch that was cut: which commit comes before which, as far as it was seen. So the
 * next one goes on in steps, from the oldest. Kept in <ledger>/yizhan.way, that of files/ branches
 * in yizhan.files-way, until all has come:
 *
 *   commit (40 hex digits) SP its parent (40; zeros: none) LF
 *   "step" SP commits of a step LF
 *
 * The later line counts. A line that is false costs a step; what comes is checked as ever. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sync/git/git.h"

enum { LINE = 2 * (YZ_OID_HEX + 1), MOST = 8 * 1024 * 1024, FIRST_STEP = 2, MOST_STEP = 4096 };
enum { STEP_BYTES = 256 * 1024, QUIET = 4 };

static int by_id(const void *a, const void *b) {
  return memcmp(&((const struct yz_way_link *)a)->id, &((const struct yz_way_link *)b)->id,
                sizeof(git_oid));
}

static void read_line(struct yz_way *w, const char *line) {
  struct yz_way_link *link = &w->list[w->n];
  if (strncmp(line, "step ", 5) == 0) {
    size_t step = strtoul(line + 5, NULL, 10);
    w->step = step < 1 ? 1 : step > MOST_STEP ? MOST_STEP : step;
  } else if (line[YZ_OID_HEX] == ' ' && git_oid_fromstrn(&link->id, line, YZ_OID_HEX) == 0 &&
             git_oid_fromstrn(&link->parent, line + YZ_OID_HEX + 1, YZ_OID_HEX) == 0) {
    w->n++;
  }
}

static int read_lines(struct yz_way *w, FILE *f, struct yz_error *err) {
  char line[LINE + 2];
  if (fseek(f, 0, SEEK_END) != 0) return 0;
  long size = ftell(f);
  if (size <= 0 || size > MOST) return 0;
  rewind(f);
  w->list = calloc((size_t)size / LINE + 1, sizeof *w->list);
  if (w->list == NULL) return yz_git_no_memory(err);
  while (w->n < (size_t)size / LINE + 1 && fgets(line, sizeof line, f) != NULL)
    if (strlen(line) == LINE || strncmp(line, "step ", 5) == 0) read_line(w, line);
  qsort(w->list, w->n, sizeof *w->list, by_id);
  return 0;
}

int yz_way_load(struct yz_way *w, const char *ledger, bool files, struct yz_error *err) {
  *w = (struct yz_way){.step = FIRST_STEP, .fd = -1};
  if (asprintf(&w->path, "%s/yizhan.%sway", ledger, files ? "files-" : "") < 0) {
    w->path = NULL;
    return yz_git_no_memory(err);
  }
  FILE *f = fopen(w->path, "re");
  int rc = f == NULL ? 0 : read_lines(w, f, err);
  if (f != NULL) (void)fclose(f);
  return rc;
}

void yz_way_finish(struct yz_way *w) {
  if (w->fd >= 0) (void)close(w->fd);
  free(w->list);
  free(w->path);
  *w = (struct yz_way){.fd = -1};
}

void yz_way_forget(struct yz_way *w) {
  (void)unlink(w->path);
  w->n = 0;
}

static const struct yz_way_link *find(const struct yz_way *w, const git_oid *id) {
  const struct yz_way_link key = {.id = *id};
  return w->n == 0 ? NULL : bsearch(&key, w->list, w->n, sizeof *w->list, by_id);
}

/* Best effort: what is not written is fetched again. */
static void append(struct yz_way *w, const char *line) {
  if (w->fd < 0)
    w->fd = open(w->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (w->fd >= 0) (void)!write(w->fd, line, strlen(line));
}

void yz_way_note(struct yz_way *w, const git_oid *id, const git_oid *parent) {
  char line[LINE + 1], *at = line;
  if (find(w, id) != NULL) return;
  git_oid_tostr(at, YZ_OID_HEX + 1, id);
  at[YZ_OID_HEX] = ' ';
  git_oid_tostr(at + YZ_OID_HEX + 1, YZ_OID_HEX + 1, parent);
  at[LINE - 1] = '\n';
  at[LINE] = '\0';
  append(w, line);
  w->noted = true;
}

static void set_step(struct yz_way *w, size_t step) {
  char line[32];
  (void)snprintf(line, sizeof line, "step %zu\n", step);
  append(w, line);
}

void yz_way_begin(struct yz_way *w) {
  set_step(w, w->step > 1 ? w->step / 2 : 1);
}

void yz_way_went(struct yz_way *w, size_t bytes) {
  size_t step = w->step;
  w->noted = true;
  if (++w->quiet >= QUIET) {
    step = bytes > 0 && step * STEP_BYTES / bytes < 2 * step ? step * STEP_BYTES / bytes : 2 * step;
    w->quiet = 0;
  }
  w->step = step < 1 ? 1 : step > MOST_STEP ? MOST_STEP : step;
  set_step(w, w->step);
}

/* Back from the tip to what is here, or as far as is known; then as many of the oldest as a step
 * has. A ring in a false file ends with the count. */
bool yz_way_next(const struct yz_way *w, git_odb *odb, const git_oid *tip, git_oid *want,
                 git_oid *base) {
  git_oid at = *tip;
  size_t known = 0, back;
  const struct yz_way_link *link = find(w, &at);
  *base = (git_oid){{0}};
  if (link == NULL || yz_git_has(odb, tip)) return false;
  for (; link != NULL && known <= w->n; known++) {
    if (git_oid_is_zero(&link->parent)) break;
    if (yz_git_has(odb, &link->parent)) {
      *base = link->parent;
      break;
    }
    at = link->parent;
    link = find(w, &at);
  }
  /* The oldest that is known of has a parent that nobody knows: all that, or more of the way. */
  back = link == NULL || known < w->step ? 0 : known + 1 - w->step;
  if (link == NULL) {
    *want = at;
    return true;
  }
  at = *tip;
  while (back-- > 0) {
    link = find(w, &at);
    if (link == NULL) break;
    at = link->parent;
  }
  *want = at;
  return true;
}
