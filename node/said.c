#include "said.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "moment.h"
#include "tidy.h"

/* --- how long ------------------------------------------------------------ */

static const struct {
  const char *name;
  size_t max;
} limits[] = {
    {"title", SAID_MAX_LINE},  {"place", SAID_MAX_LINE},   {"turn_to", SAID_MAX_LINE},
    {"category", YZ_MAX_NAME}, {"channel", YZ_MAX_NAME},   {"urgency", YZ_MAX_NAME},
    {"resident", YZ_MAX_NAME}, {"household", YZ_MAX_NAME}, {"to", SAID_MAX_WHOM},
    {"phone", SAID_MAX_PHONE}, {"text", SAID_MAX_TEXT},    {"reason", SAID_MAX_TEXT},
    {"note", SAID_MAX_TEXT},
};

bool said_over(const json_t *content, struct said_over *out) {
  for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
    size_t len = json_string_length(json_object_get(content, limits[i].name));
    if (len <= limits[i].max) continue;
    *out = (struct said_over){.len = len, .max = limits[i].max};
    (void)snprintf(out->name, sizeof out->name, "%s", limits[i].name);
    return true;
  }
  const json_t *fields = json_object_get(content, "fields");
  return fields != NULL && said_over(fields, out);
}

/* Words that are none: blanks, and nothing else. */
static const char *blank_of(const json_t *content) {
  static const char *const words[] = {"to", "reason", "text", "turn_to"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    const char *said = json_string_value(json_object_get(content, words[i]));
    if (said != NULL && said[0] != '\0' && tidy_is_blank(said)) return words[i];
  }
  return NULL;
}

static int tidy_one(json_t *content, const char *name, bool changed, struct yz_error *err) {
  const char *said = json_string_value(json_object_get(content, name));
  char *tidied = said != NULL ? strdup(said) : NULL;
  if (said == NULL) return 0;
  if (tidied == NULL) return yz_no_memory(err);
  tidy_name(tidied);
  bool gone = tidied[0] == '\0', ok = true;
  if (gone && !changed)
    ok = json_object_del(content, name) == 0;
  else if (strcmp(tidied, said) != 0)
    ok = json_object_set_new(content, name, gone ? json_null() : json_string(tidied)) == 0;
  free(tidied);
  return ok ? 0 : yz_no_memory(err);
}

static int tidy_names(json_t *content, bool changed, struct yz_error *err) {
  static const char *const names[] = {"category", "channel", "urgency", "resident", "household"};
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < sizeof names / sizeof *names; i++)
    rc = tidy_one(content, names[i], changed, err);
  return rc;
}

int said_tidy(json_t *content, struct yz_error *err) {
  int rc = tidy_names(content, false, err);
  return rc == 0 ? tidy_names(json_object_get(content, "fields"), true, err) : rc;
}

int said_check(const json_t *content, struct yz_error *err) {
  struct said_over over;
  const char *blank = blank_of(content);
  if (blank != NULL)
    return yz_fail(err, YZ_E_INPUT, YZ_N_("Say it in words: the value is empty."), "%s", blank);
  if (!said_over(content, &over)) return 0;
  return yz_fail(err, YZ_E_LIMIT,
                 YZ_N_("This has more bytes than it may have (a Chinese character has three). "
                       "Shorten it, or say the rest in a note."),
                 "%s: %zu > %zu", over.name, over.len, over.max);
}

/* --- when ------------------------------------------------------------------ */

static const int64_t DAY_MS = 86400000;

/* 00:00 of its first day in a zone. */
static int64_t begin_of(int64_t year, int zone) {
  return calendar_begin(calendar_from_date(year, 1, 1), zone);
}

/* The hub's clock as its newest receipt says it; 0: there is none. */
static int receipt_ms(struct node *n, int64_t *out, struct yz_error *err) {
  struct yz_standing standing = {0};
  int rc = !n->hub && n->ledger.joined ? yz_standing(&n->station, &n->ledger, &standing, err) : 0;
  *out = standing.last_receipt_ms;
  return rc;
}

int said_when(struct node *n, int64_t at_ms, const char **wrong, struct yz_error *err) {
  int64_t now = n->world->now_ms(n->world->ctx), known = 0, written = begin_of(2026, n->zone);
  *wrong = NULL;
  if (at_ms < begin_of(1900, n->zone))
    *wrong = YZ_N_("This time is before 1900. Look at the year.");
  if (*wrong != NULL || (at_ms <= now + DAY_MS && now >= written)) return 0;
  int rc = receipt_ms(n, &known, err);
  if (known < written) known = written;
  bool behind = known > now + DAY_MS;
  int64_t latest = behind ? known + 5 * 366 * DAY_MS : (known > now ? known : now) + DAY_MS;
  if (rc == 0 && at_ms > latest)
    *wrong = YZ_N_("This time is yet to come. Look at the year; if this PC's clock is behind, set "
                   "it.");
  return rc;
}

int said_check_when(struct node *n, int64_t at_ms, struct yz_error *err) {
  char said[MOMENT_MAX], now[MOMENT_MAX];
  const char *wrong;
  int rc = said_when(n, at_ms, &wrong, err);
  if (rc != 0 || wrong == NULL) return rc;
  moment_text(at_ms, n->zone, said);
  moment_text(n->world->now_ms(n->world->ctx), n->zone, now);
  return yz_fail(err, YZ_E_INPUT, wrong, "%s (%s)", said, now);
}

int said_check_name(const char *name, struct yz_error *err) {
  size_t len = strlen(name);
  if (!yz_text_ok(name, len) || strpbrk(name, "\n\t") != NULL || name[strspn(name, " ")] == '\0')
    return yz_fail(err, YZ_E_INPUT, YZ_N_("A name must be one line of valid text and not blank."),
                   "%s", name);
  if (len > YZ_MAX_NAME)
    return yz_fail(err, YZ_E_INPUT, YZ_N_("The name is longer than 200 bytes. Shorten it."), "%s",
                   name);
  char tidied[YZ_MAX_NAME + 1];
  memcpy(tidied, name, len + 1);
  tidy_name(tidied);
  if (strcmp(tidied, name) == 0) return 0;
  return yz_fail(
      err, YZ_E_INPUT,
      YZ_N_("A name has no blanks around it, no two together and no hidden characters: it "
            "would pass for another's. Write it anew."),
      "%s", name);
}
