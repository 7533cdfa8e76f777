#include "progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAUSE_MS = 1000 };

void progress_init(struct progress *p, const struct cli *cli) {
  const char *form = cli_get(cli, "progress");
  *p = (struct progress){.world = cli->world};
  if (form != NULL)
    p->form = strcmp(form, "json") == 0 ? PROGRESS_JSON : PROGRESS_BAR;
  else if (isatty(STDERR_FILENO))
    p->form = PROGRESS_BAR;
}

void progress_event(const struct progress *p, json_t *event) {
  char *text = p->form == PROGRESS_JSON && event != NULL ? json_dumps(event, JSON_COMPACT) : NULL;
  if (text != NULL) cli_note("%s\n", text);
  free(text);
  json_decref(event);
}

/* By how fast records were acknowledged until now; -1: not to be told. */
static int64_t left_ms(const struct progress *p, const struct yz_going *g, int64_t now) {
  int64_t done = g->acknowledged - p->first.acknowledged, left = g->records - g->acknowledged;
  if (done <= 0) return -1;
  return (int64_t)((double)(now - p->began_ms) * (double)left / (double)done);
}

static void say(struct progress *p, const struct yz_going *g, int64_t left) {
  if (p->form == PROGRESS_JSON) {
    json_t *event =
        json_pack("{s:s,s:I,s:I,s:I,s:I}", "event", "progress", "records", (json_int_t)g->records,
                  "acknowledged", (json_int_t)g->acknowledged, "bytes_up", (json_int_t)g->bytes_up,
                  "bytes_down", (json_int_t)g->bytes_down);
    json_t *about = left < 0 ? json_null() : json_integer(left);
    if (event != NULL && json_object_set_new(event, "left_ms", about) != 0) {
      json_decref(event);
      event = NULL;
    }
    progress_event(p, event);
    return;
  }
  if (p->drawn) (void)fputc('\r', stderr);
  cli_note(_("Acknowledged: %lld of %lld. Up %lld kB, down %lld kB."), (long long)g->acknowledged,
           (long long)g->records, (long long)(g->bytes_up / 1000),
           (long long)(g->bytes_down / 1000));
  if (left >= 0) cli_note(_(" About %lld s left. "), (long long)((left + 999) / 1000));
  p->drawn = true;
}

void progress_tell(void *progress, const struct yz_going *going) {
  struct progress *p = progress;
  if (p->form == PROGRESS_NONE) return;
  int64_t now = p->world->ticks_ms(p->world->ctx);
  /* Before the standing is known there is nothing to compare with. */
  if (!p->begun && going->records == 0) return;
  if (!p->begun) {
    p->first = *going;
    p->began_ms = now;
  } else if (going->acknowledged == p->last.acknowledged && now - p->said_ms < PAUSE_MS) {
    return;
  }
  p->begun = true;
  p->last = *going;
  p->said_ms = now;
  say(p, going, left_ms(p, going, now));
}

static void say_count(struct progress *p) {
  if (p->form == PROGRESS_JSON) {
    progress_event(p, json_pack("{s:s,s:I,s:I}", "event", "progress", "written",
                                (json_int_t)p->written, "read", (json_int_t)p->read));
    return;
  }
  if (p->drawn) (void)fputc('\r', stderr);
  cli_note(_("Written: %lld kB, read: %lld kB."), (long long)(p->written / 1000),
           (long long)(p->read / 1000));
  p->drawn = true;
}

void progress_count(void *progress, int64_t written, int64_t read) {
  struct progress *p = progress;
  p->written += written;
  p->read += read;
  if (p->form == PROGRESS_NONE) return;
  int64_t now = p->world->ticks_ms(p->world->ctx);
  if (p->begun && now - p->said_ms < PAUSE_MS) return;
  p->begun = true;
  p->said_ms = now;
  say_count(p);
}

void progress_end(struct progress *p) {
  if (p->drawn) (void)fputc('\n', stderr);
  p->drawn = p->begun = false;
}
