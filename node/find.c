/* The case that a person names. */
#include <stdio.h>
#include <string.h>

#include "node.h"

enum { NEAR_NUMBERS = 3 };

struct found {
  size_t n;
  struct yz_hash id;
};

static int take(void *arg, const struct case_row *row) {
  struct found *f = arg;
  f->id = row->id;
  f->n++;
  return 0;
}

struct near {
  char text[NEAR_NUMBERS * (NUMBER_MAX + 2)];
};

static int add_near(void *arg, const char *number) {
  struct near *near = arg;
  size_t used = strlen(near->text);
  (void)snprintf(near->text + used, sizeof near->text - used, "%s%s", used > 0 ? ", " : "", number);
  return 0;
}

/* What is wrong with a number that no case has. */
enum fault { UNKNOWN, MISTYPED, INCOMPLETE };

static const char *says(enum fault fault, bool near) {
  if (fault == INCOMPLETE)
    return near ? YZ_N_("The last character of the number is missing, by which a mistyped one is "
                        "noticed. With it, it could be one of those that follow.")
                : YZ_N_("The last character of the number is missing, by which a mistyped one is "
                        "noticed, and there is no case like it.");
  if (near) return YZ_N_("There is no case with the first number. Near it are those that follow.");
  return fault == MISTYPED
             ? YZ_N_("The last character of the number does not fit the others, so the number "
                     "was mistyped. Look at it again.")
             : YZ_N_("There is no case with this number.");
}

/* No case has this number: say so, with the near ones. */
static int none_found(struct node *n, const char *number, const char *typed, enum fault fault,
                      struct yz_error *err) {
  struct near near = {""};
  int rc = store_near_numbers(n->store, number, NEAR_NUMBERS, add_near, &near, err);
  if (rc != 0) return rc;
  const char *message = says(fault, near.text[0] != '\0');
  if (near.text[0] == '\0') return yz_fail(err, YZ_E_NOT_FOUND, message, "%s", typed);
  return yz_fail(err, YZ_E_NOT_FOUND, message, "%s (%s)", typed, near.text);
}

/* By its opening record's id: for two cases that have one number. */
static int find_by_id(struct node *n, const struct yz_hash *id, struct yz_error *err) {
  struct case_whole whole = {0};
  int rc = store_load_case(n->store, id, &whole, err);
  case_whole_finish(&whole);
  if (rc != YZ_E_NOT_FOUND) return rc;
  return yz_fail(err, rc, YZ_N_("There is no case with this id."), NULL);
}

int node_find_case(struct node *n, const char *text, struct yz_hash *id, struct yz_error *err) {
  char number[NUMBER_MAX];
  struct found found = {0};
  size_t len = strlen(text);
  if (yz_from_hex(text, len, id->bytes, YZ_HASH_LEN)) return find_by_id(n, id, err);
  int shape = len <= 200 ? number_parse(text, len, number) : -1;
  if (shape <= 0 && len <= 200 && number_complete(text, len, number))
    return none_found(n, number, text, INCOMPLETE, err);
  if (shape < 0)
    return yz_fail(err, YZ_E_INPUT,
                   YZ_N_("This is no case number. One looks like this: QS3-26-0142-K."), "%s",
                   text);
  int rc = shape > 0 ? store_find_case(n->store, number, take, &found, err) : YZ_E_NOT_FOUND;
  if (rc == YZ_E_NOT_FOUND)
    return none_found(n, number, number, shape == 0 ? MISTYPED : UNKNOWN, err);
  if (rc != 0) return rc;
  if (found.n > 1)
    return yz_fail(
        err, YZ_E_EXISTS,
        YZ_N_("Two cases have this number. Name the one you mean by its id, which `yizhan "
              "case list --json` shows."),
        "%s", number);
  *id = found.id;
  return 0;
}
