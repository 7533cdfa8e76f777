/* Who read and wrote what: at the page, by the log of requests; and whom the hub noted as having
 * read a case or household in full, by the page or a command. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "../erase.h"
#include "../hub/hub.h"
#include "../ledgers.h"
#include "../moment.h"
#include "../reading.h"
#include "api_call.h"

enum { KEY_DIGITS = 16, MAX_SHOWN = 300, MAX_NAMED = 256 };

struct person {
  char key[KEY_DIGITS + 1]; /* as the log has it */
  char name[YZ_MAX_NAME + 1];
};
struct audit {
  struct api_call *c;
  struct person *people;
  size_t n_people;
  const char *who, *day; /* that are asked for; NULL: all */
  bool has_of;
  struct yz_hash of; /* the case or household that is asked for */
  char of_id[YZ_HASH_HEX + 1], of_number[NUMBER_MAX];
  json_t *lines;
  struct yz_error *err;
};

/* --- who is who ---------------------------------------------------------------------- */

static int add_person(struct audit *a, const struct yz_id *ledger, const struct yz_member *m) {
  struct yz_buf name = {0};
  struct person *more = reallocarray(a->people, a->n_people + 1, sizeof *more);
  if (more == NULL) return yz_no_memory(a->err);
  a->people = more;
  struct person *p = &more[a->n_people];
  yz_to_hex(m->worker.bytes, KEY_DIGITS / 2, p->key);
  int rc = store_key_called(a->c->node.store, ledger, &m->worker, &name, a->err);
  (void)snprintf(p->name, sizeof p->name, "%s", rc == 0 ? (const char *)name.data : p->key);
  yz_buf_finish(&name);
  a->n_people++;
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

/* The hub's own are the same in every ledger; whose right has ended is still told by name. */
static int load_people(struct audit *a) {
  struct node *n = &a->c->node;
  struct yz_ledger_row *rows = NULL;
  struct yz_roster *roster = NULL;
  struct yz_member *members = NULL;
  size_t n_rows = 0, count = 0;
  int rc = node_ledgers(n, &rows, &n_rows, a->err);
  if (rc == 0 && n_rows > 0) rc = yz_station_roster(&n->station, &rows[0].id, &roster, a->err);
  if (rc == 0 && n_rows > 0 && yz_roster_members(roster, &members, &count) != 0)
    rc = yz_no_memory(a->err);
  for (size_t i = 0; rc == 0 && i < count; i++)
    if (members[i].hub) rc = add_person(a, &rows[0].id, &members[i]);
  free(members);
  yz_roster_destroy(roster);
  free(rows);
  return rc;
}

static const char *name_of(const struct audit *a, const char *key) {
  for (size_t i = 0; i < a->n_people; i++)
    if (strcmp(a->people[i].key, key) == 0) return a->people[i].name;
  return key;
}

static bool is_asked(const struct audit *a, const char *name, const char *key) {
  return a->who == NULL || strcmp(a->who, name) == 0 || (key != NULL && strcmp(a->who, key) == 0);
}

/* --- the log of requests --------------------------------------------------------------- */

/* What a path names: "cases/SL-26-0001-H/moves". */
static bool named_by(const char *path, char out[static MAX_NAMED]) {
  const char *at = strchr(path, '/');
  if (at == NULL || (strncmp(path, "cases/", 6) != 0 && strncmp(path, "households/", 11) != 0))
    return false;
  (void)snprintf(out, MAX_NAMED, "%.*s", (int)strcspn(at + 1, "/"), at + 1);
  return out[0] != '\0';
}

/* What people call it: a case by its number. */
static json_t *number_json(const struct audit *a, const struct yz_hash *of) {
  struct case_whole whole = {0};
  json_t *number = json_null();
  if (store_load_case(a->c->node.store, of, &whole, NULL) == 0 && whole.view.number != NULL)
    number = json_string(whole.view.number);
  case_whole_finish(&whole);
  return number;
}

/* A page names it by its id, people by its number, in whatever way they write it. */
static bool is_about(const struct audit *a, const char *path) {
  char named[MAX_NAMED], number[NUMBER_MAX] = "";
  if (a->of_id[0] == '\0') return true;
  if (!named_by(path, named)) return false;
  bool is_number = number_parse(named, strlen(named), number) > 0;
  return strcasecmp(named, a->of_id) == 0 || (is_number && strcmp(number, a->of_number) == 0);
}

/* A line about the page: time, "page", key, method, what, status; others are left out. NULL too
 * where something else is asked for. */
static json_t *line_json(const struct audit *a, const char *line) {
  char at[32], key[KEY_DIGITS + 1], what[328], status[8], moment[MOMENT_MAX];
  int64_t ms;
  if (sscanf(line, "%31s page %16[0-9a-f] %*s %327s %7[0-9]", at, key, what, status) != 4)
    return NULL;
  if (strncmp(what, "read:", 5) != 0 && strncmp(what, "write:", 6) != 0) return NULL;
  if (!when_parse(at, strlen(at), 0, &ms) || !is_asked(a, name_of(a, key), key)) return NULL;
  moment_text(ms, a->c->node.zone, moment);
  if (a->day != NULL && strncmp(a->day, moment, strlen(a->day)) != 0) return NULL;
  if (!is_about(a, strchr(what, ':') + 1)) return NULL;
  return json_pack("{s:s,s:s,s:s,s:i}", "at", moment, "worker", name_of(a, key), "what", what,
                   "status", (int)strtol(status, NULL, 10));
}

/* What the lines that are shown are about. */
static int name_cases(struct audit *a) {
  size_t i;
  json_t *line;
  char named[MAX_NAMED];
  struct yz_hash of;
  json_array_foreach(a->lines, i, line) {
    const char *path = strchr(yz_json_string(line, "what"), ':') + 1;
    bool known = named_by(path, named) && erase_find(&a->c->node, named, &of, NULL) == 0;
    if (json_object_set_new(line, "case", known ? number_json(a, &of) : json_null()) != 0)
      return yz_no_memory(a->err);
  }
  return 0;
}

/* The newest first, so many. */
static int add_lines(struct audit *a, const char *file) {
  char path[4096], *line = NULL;
  size_t room = 0;
  ssize_t n;
  int rc = 0;
  (void)snprintf(path, sizeof path, "%s/%s", a->c->api->o.dir, file);
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  FILE *in = fd >= 0 ? fdopen(fd, "r") : NULL;
  if (in == NULL && fd >= 0) (void)close(fd);
  while (rc == 0 && in != NULL && (n = getline(&line, &room, in)) > 0) {
    json_t *json = yz_text_ok(line, (size_t)n) ? line_json(a, line) : NULL;
    if (json != NULL && json_array_insert_new(a->lines, 0, json) != 0) rc = yz_no_memory(a->err);
    (void)json_array_remove(a->lines, MAX_SHOWN);
  }
  free(line);
  if (in != NULL) (void)fclose(in);
  return rc;
}

/* --- what was read in full --------------------------------------------------------------- */

static int add_readings(struct audit *a, json_t **out) {
  json_t *all = reading_list(&a->c->node, a->has_of ? &a->of : NULL, a->err), *one;
  *out = json_array();
  if (all == NULL || *out == NULL) {
    json_decref(all);
    return a->err->code != 0 ? a->err->code : yz_no_memory(a->err);
  }
  bool ok = true;
  for (size_t i = json_array_size(all); ok && i > 0 && json_array_size(*out) < MAX_SHOWN; i--) {
    one = json_array_get(all, i - 1);
    const char *by = yz_json_string(one, "by"), *day = yz_json_string(one, "day");
    if (!is_asked(a, by != NULL ? by : "", NULL)) continue;
    if (a->day == NULL || strcmp(a->day, day) == 0) ok = json_array_append(*out, one) == 0;
  }
  json_decref(all);
  return ok ? 0 : yz_no_memory(a->err);
}

static int read_asked(struct audit *a) {
  const char *of;
  int64_t day;
  int rc = api_argument(a->c, "worker", &a->who, a->err);
  if (rc == 0) rc = api_argument(a->c, "day", &a->day, a->err);
  if (rc == 0 && a->day != NULL && !calendar_read(a->day, &day)) rc = api_wrong_kind("day", a->err);
  if (rc == 0) rc = api_argument(a->c, "case", &of, a->err);
  if (rc != 0 || of == NULL) return rc;
  a->has_of = true;
  rc = erase_find(&a->c->node, of, &a->of, a->err);
  if (rc != 0) return rc;
  yz_to_hex(a->of.bytes, YZ_HASH_LEN, a->of_id);
  json_t *number = number_json(a, &a->of);
  if (json_is_string(number))
    (void)snprintf(a->of_number, sizeof a->of_number, "%s", json_string_value(number));
  json_decref(number);
  return 0;
}

int api_audit(struct api_call *c, struct yz_error *err) {
  struct audit a = {.c = c, .lines = json_array(), .err = err};
  json_t *readings = NULL;
  int rc = api_of_hub(c, err);
  if (rc == 0) rc = hub_check_overseer(&c->node, &c->who.author.key, err);
  if (rc == 0 && a.lines == NULL) rc = yz_no_memory(err);
  if (rc == 0) rc = read_asked(&a);
  if (rc == 0) rc = load_people(&a);
  if (rc == 0) rc = add_lines(&a, "access.log.1");
  if (rc == 0) rc = add_lines(&a, "access.log");
  if (rc == 0) rc = name_cases(&a);
  if (rc == 0) rc = add_readings(&a, &readings);
  if (rc == 0) c->said = json_pack("{s:O,s:O}", "lines", a.lines, "readings", readings);
  json_decref(readings);
  json_decref(a.lines);
  free(a.people);
  return rc == 0 && c->said == NULL ? yz_no_memory(err) : rc;
}
