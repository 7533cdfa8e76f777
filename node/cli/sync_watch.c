#include "sync_watch.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../history.h"
#include "../watch.h"
#include "progress.h"

struct watching {
  const struct cli *cli;
  struct progress progress;
  struct watch_word sum; /* pending: the last one's */
  int64_t contacts, failed;
  struct yz_error failure; /* what was said of the last contact; code 0: it went well */
};

static json_t *as_event(const struct watch_word *w) {
  json_t *event = json_pack("{s:s,s:b,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "event", "contact", "ok",
                            w->rc == 0, "sent", (json_int_t)w->sent, "received",
                            (json_int_t)w->received, "acknowledged", (json_int_t)w->acknowledged,
                            "pending", (json_int_t)w->pending, "bytes_up", (json_int_t)w->bytes_up,
                            "bytes_down", (json_int_t)w->bytes_down, "ms", (json_int_t)w->ms);
  if (event != NULL && w->rc != 0)
    (void)json_object_set_new(event, "error", json_string(yz_code_name((enum yz_code)w->rc)));
  return event;
}

/* A road that stays closed is said once. */
static void say_failed(struct watching *s, const struct watch_word *w) {
  const struct yz_error *e = &w->err;
  if (s->failure.code == e->code && s->failure.message == e->message) return;
  cli_note("yizhan: %s: %s\n", e->subject,
           e->message != NULL ? _(e->message) : yz_code_name((enum yz_code)w->rc));
  cli_note(_("It is tried again from time to time, and when a link comes up.\n"));
}

/* What moved nothing, and what failed as the one before did, would fill the history. */
static void note(const struct watching *s, const struct watch_word *w) {
  const struct yz_world *world = s->cli->world;
  int64_t began_ms = world->now_ms(world->ctx) - w->ms;
  bool again = s->failure.code == w->err.code && s->failure.message == w->err.message;
  if (again && w->sent + w->received + w->acknowledged == 0) return;
  json_t *said = w->rc != 0 ? history_error(&w->err) : as_event(w);
  history_note(s->cli->dir, world, "link", began_ms, said);
}

static void say_done(struct watching *s, const struct watch_word *w) {
  bool was_closed = s->failure.code != 0;
  if (!s->cli->json && (was_closed || w->sent + w->received + w->acknowledged > 0)) {
    cli_say(_("Records sent: %lld, received: %lld, acknowledged: %lld, still pending: %lld.\n"),
            (long long)w->sent, (long long)w->received, (long long)w->acknowledged,
            (long long)w->pending);
    (void)fflush(stdout);
  }
  if (w->quarantined > 0)
    cli_note(
        n_("%lld record was kept apart: it could not be accepted. `yizhan quarantine list` says "
           "why.\n",
           "%lld records were kept apart: they could not be accepted. `yizhan quarantine "
           "list` says why.\n",
           w->quarantined),
        (long long)w->quarantined);
  if (w->other_hub)
    cli_note(
        _("The township has another hub now, named with its recovery key: the next contacts bring "
          "it what it lacks.\n"));
}

static void on_ended(void *ctx, const struct watch_word *w) {
  struct watching *s = ctx;
  progress_end(&s->progress);
  /* First: who is told of it reads the history. */
  note(s, w);
  progress_event(&s->progress, as_event(w));
  s->contacts++;
  s->failed += w->rc != 0;
  s->sum.sent += w->sent;
  s->sum.received += w->received;
  s->sum.acknowledged += w->acknowledged;
  s->sum.bytes_up += w->bytes_up;
  s->sum.bytes_down += w->bytes_down;
  s->sum.pending = w->pending;
  if (w->rc != 0)
    say_failed(s, w);
  else
    say_done(s, w);
  s->failure = w->err;
}

static void on_going(void *ctx, const struct yz_going *going) {
  struct watching *s = ctx;
  progress_tell(&s->progress, going);
}

static void on_waits(void *ctx, int64_t ms) {
  const struct watching *s = ctx;
  progress_event(&s->progress, json_pack("{s:s,s:I}", "event", "waiting", "ms", (json_int_t)ms));
}

static int sum_up(const struct watching *s, struct yz_error *err) {
  if (!s->cli->json) return 0;
  return cli_json(json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "contacts",
                            (json_int_t)s->contacts, "failed", (json_int_t)s->failed, "sent",
                            (json_int_t)s->sum.sent, "received", (json_int_t)s->sum.received,
                            "acknowledged", (json_int_t)s->sum.acknowledged, "pending",
                            (json_int_t)s->sum.pending, "bytes_up", (json_int_t)s->sum.bytes_up,
                            "bytes_down", (json_int_t)s->sum.bytes_down),
                  err);
}

int sync_watch(const struct cli *cli, struct yz_error *err) {
  struct watching s = {.cli = cli};
  progress_init(&s.progress, cli);
  const struct watch w = {.dir = cli->dir,
                          .world = cli->world,
                          .going = on_going,
                          .ended = on_ended,
                          .waits = on_waits,
                          .ctx = &s,
                          .reader = s.progress.form == PROGRESS_JSON ? STDERR_FILENO : -1};
  int rc = watch_run(&w, err);
  return rc == 0 ? sum_up(&s, err) : rc;
}
