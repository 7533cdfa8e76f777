/* The cases and households as the store shows them: in lists, one whole, by figures, who read them,
 * and what carrying them to another ledger needs. As node/store/store.h in all that is general. */
#ifndef YIZHAN_NODE_STORE_CASES_H
#define YIZHAN_NODE_STORE_CASES_H

#include "../cases/cases.h"
#include "../cases/deadline.h"
#include "../cases/figures.h"
#include "../cases/number.h"
#include "../households/household.h"
#include "store.h"

/* --- cases ------------------------------------------------------------ */

/* A case as it stands, for lists. Strings live until the callback returns; NULL: unset. sealed: who
 * asked stands there, and nobody is here to open it. */
struct case_row {
  struct yz_hash id;
  const char *key; /* for paging: "<opened_ms>:<id, hex>" */
  const char *number, *title, *category, *channel, *urgency, *place, *resident, *phone, *household,
      *assigned, *text, *class;
  enum case_state state;
  unsigned flags;
  int64_t opened_ms;
  bool anonymous, needs_newer, requested, sealed;
  int64_t conflict_count;
  int64_t due_ms, breaches; /* as in struct case_deadline, the next two too */
  bool of_acceptance, provisional;
  int64_t people; /* who asked for the same, this one and those merged into it: listed by matter */
  struct yz_id ledger;
  const char *village, *opened_by; /* code; name. Not in a row made of a loaded case */
  bool to_office;
  struct figure_facts facts;
};
typedef int (*case_row_fn)(void *arg, const struct case_row *row);

struct case_query {
  const char *state, *category; /* NULL: any. A state's name */
  int64_t since_ms;             /* opened at or after; INT64_MIN: any */
  int64_t before_ms;            /* and before; 0: whenever */
  const char *search;           /* words, all of which must occur; NULL: no search */
  const char *who;   /* parts of who asked (name, telephone number, household), likewise */
  const char *place; /* parts of where it is, likewise */
  const char *after; /* the number or paging key of the last one seen; NULL: from the newest */
  int64_t limit;     /* 0: all */
  bool matters;      /* each matter once: without cases that were merged into others */
  /* Only cases due after the one and at the latest at the other moment; where due is false any. */
  bool due;
  int64_t due_after_ms, due_until_ms;
  bool requested;       /* only where the township was asked for something and has not answered */
  bool conflicts;       /* only where something was said apart and is not settled */
  const char *assigned; /* to whom, as shown, or a worker's name; NULL: any */
  unsigned flags;       /* all of these */
  const char *result;   /* what the person said of it last; NULL: whatever */
  const struct yz_id *ledger; /* NULL: any */
};
/* Newest first. The search first catches up with the index, and is complete:
 * every word of two Chinese characters or more (inside longer runs too), and every
 * Latin word prefix, in title, text and notes as they stand. */
int store_list_cases(struct store *s, const struct case_query *q, case_row_fn fn, void *arg,
                     struct yz_error *err) YZ_MUST_CHECK;
/* All cases with this number (a clash shows both). YZ_E_NOT_FOUND: none. */
int store_find_case(struct store *s, const char *number, case_row_fn fn, void *arg,
                    struct yz_error *err) YZ_MUST_CHECK;
/* Is a case looked for, by its title and household (NULL: unset, or not readable here)? */
typedef bool (*store_looks_fn)(void *arg, const char *title, const char *household);
enum { STORE_RECENT_MAX = 20000 };
/* Cases of a ledger opened in this span, neither void nor merged, newest first, that are looked
 * for: what a new one may be the same matter as. Only among the last STORE_RECENT_MAX in it, of all
 * ledgers together, as more are opened in a month by an import alone: at a hub, that of one village
 * hides what others opened before. homes: false where no household is looked for;
 * then none is handed to looks. */
int store_each_recent(struct store *s, const struct yz_id *ledger, int64_t from_ms, int64_t to_ms,
                      bool homes, store_looks_fn looks, case_row_fn fn, void *arg,
                      struct yz_error *err) YZ_MUST_CHECK;
/* Cases that were merged into this one, or into one of those, in the order opened. */
int store_each_merged(struct store *s, const struct yz_hash *id, case_row_fn fn, void *arg,
                      struct yz_error *err) YZ_MUST_CHECK;
/* Up to max numbers nearest to a mistyped one, one string each to fn. */
int store_near_numbers(struct store *s, const char *number, size_t max,
                       int (*fn)(void *arg, const char *number), void *arg,
                       struct yz_error *err) YZ_MUST_CHECK;

/* One case whole: its accepted records (with content, log, seq, author) and the
 * fold over them. finish frees; pointers live until then. */
struct case_whole {
  struct yz_id ledger;
  struct case_record *records;
  bool *carried; /* same indexes: from another ledger, inside a record of the hub */
  char **lines;  /* record lines as signed, without LF */
  size_t n;
  struct case_view view;
  struct case_deadline deadline;
  struct yz_buf assigned; /* to whom it is given, as people are shown it; empty: nobody */
  json_t *opened;         /* texts of values that were opened, or are sealed */
  bool sealed;            /* some could not be opened, and are NULL */
  void *owned;
};
int store_load_case(struct store *s, const struct yz_hash *id, struct case_whole *out,
                    struct yz_error *err) YZ_MUST_CHECK;
void case_whole_finish(struct case_whole *w);
/* The ledger in which a case is worked on here. YZ_E_NOT_FOUND. */
int store_case_ledger(struct store *s, const struct yz_hash *id, struct yz_id *out,
                      struct yz_error *err) YZ_MUST_CHECK;

/* Of a case what one needs to know who only tells something of it: the ledger in which it is worked
 * on here, its number ("" where the opening is not here), and its heads, YZ_MAX_HEADS at most; none
 * where there are more. The case's records are not read. YZ_E_NOT_FOUND. */
struct case_tip {
  struct yz_id ledger;
  bool township; /* what is said of it is for the township alone */
  char number[NUMBER_MAX];
  struct yz_hash heads[YZ_MAX_HEADS];
  size_t n_heads;
};
int store_case_tip(struct store *s, const struct yz_hash *id, struct case_tip *out,
                   struct yz_error *err) YZ_MUST_CHECK;

/* The code of the village of that ledger; appended. YZ_E_NOT_FOUND. */
int store_case_village(struct store *s, const struct yz_hash *id, struct yz_buf *out,
                       struct yz_error *err) YZ_MUST_CHECK;

/* --- cases carried from ledger to ledger --------------------------------- */

/* A record of a case as it stands in a log, with all that carrying it needs. Strings live until
 * the callback returns. */
struct case_line {
  struct yz_hash id, before; /* before: the id before it in its log */
  struct yz_id log;
  int64_t seq;
  struct yz_key by, node; /* node: of its log */
  const char *line;       /* as signed, without LF */
  bool hub, head;         /* written in a log of the hub; and by one who is a head there */
  int64_t ceiling_ms;     /* 0: none */
  const char *content;    /* NULL: none, or not readable here */
  bool township;          /* what it says is for the township alone */
  unsigned char key[YZ_CONTENT_KEY_LEN];
};
/* The accepted records of a case that stand in one ledger and were not carried to another, in
 * the order taken in. */
int store_each_uncarried(struct store *s, const struct yz_hash *id, const struct yz_id *from,
                         const struct yz_id *to, int (*fn)(void *arg, const struct case_line *line),
                         void *arg, struct yz_error *err) YZ_MUST_CHECK;
/* The lines of a case that were carried to `from` and do not count at `to`, neither carried there
 * nor standing there themselves. In the order in which readers take them. */
int store_each_carried(struct store *s, const struct yz_hash *id, const struct yz_id *from,
                       const struct yz_id *to, int (*fn)(void *arg, const struct case_line *line),
                       void *arg, struct yz_error *err) YZ_MUST_CHECK;
/* At a hub: cases that may have to be carried, of which a record of the hub says so, or that were,
 * or that are of a village that has a successor; but only those of which something changed (a
 * record of theirs, or who may write where) since store_carried_all said that all of them is where
 * it should be. None elsewhere. */
int store_each_to_carry(struct store *s, int (*fn)(void *arg, const struct yz_hash *id), void *arg,
                        struct yz_error *err) YZ_MUST_CHECK;
int store_carried_all(struct store *s, const struct yz_hash *id,
                      struct yz_error *err) YZ_MUST_CHECK;
/* The ledgers to which the hub's records say that a case is carried, whether they count or not,
 * each with its record. */
int store_each_referral(struct store *s, const struct yz_hash *id,
                        int (*fn)(void *arg, const struct yz_hash *record,
                                  const struct yz_id *target),
                        void *arg, struct yz_error *err) YZ_MUST_CHECK;
/* The ledgers to which something of a case was carried, and those of its lines' own logs. */
int store_each_carried_place(struct store *s, const struct yz_hash *id,
                             int (*fn)(void *arg, const struct yz_id *ledger), void *arg,
                             struct yz_error *err) YZ_MUST_CHECK;
/* Is the village of a ledger closed, and who goes on with it (all zero: nobody)? What the hub
 * said last counts. */
int store_get_village(struct store *s, const struct yz_id *ledger, bool *closed, struct yz_id *into,
                      struct yz_error *err) YZ_MUST_CHECK;

/* Numbers of the cases that are not ended, oldest first, which are assigned to this name, or
 * to nobody and were opened with this key. */
int store_each_open_of(struct store *s, const struct yz_key *key, const char *name,
                       int (*fn)(void *arg, const char *number), void *arg,
                       struct yz_error *err) YZ_MUST_CHECK;

/* What of a ledger lies open to who reads there: each case's number to fn, in order; *records
 * with words. */
int store_each_readable(struct store *s, const struct yz_id *ledger,
                        int (*fn)(void *arg, const char *number), void *arg, int64_t *records,
                        struct yz_error *err) YZ_MUST_CHECK;

/* The next counter for numbers of this code, letter and year: one more than the
 * greatest known here (the first free one, where that has as many digits as are
 * counted). Within the caller's transaction it is the caller's. */
int store_next_counter(struct store *s, const char *code, const char *letter, int year,
                       int64_t *out, struct yz_error *err) YZ_MUST_CHECK;
/* Letters that the hub of a ledger named for logs; the last one for a log, "" for none. */
int store_each_letter(struct store *s, const struct yz_id *ledger,
                      int (*fn)(void *arg, const char *letter), void *arg,
                      struct yz_error *err) YZ_MUST_CHECK;
int store_letter_of(struct store *s, const struct yz_id *ledger, const struct yz_id *log,
                    char out[static 4], struct yz_error *err) YZ_MUST_CHECK;
/* For each number that openings in two logs of villages have: the log of the later one. Only those
 * numbers of which something changed since store_named_clashes said that these logs have letters.
 */
int store_each_clash(struct store *s, const struct yz_id *ledger,
                     int (*fn)(void *arg, const struct yz_id *log), void *arg,
                     struct yz_error *err) YZ_MUST_CHECK;
int store_named_clashes(struct store *s, const struct yz_id *ledger,
                        struct yz_error *err) YZ_MUST_CHECK;
/* What the numbers of the cases here begin with (code and letters), once a ledger. */
int store_each_prefix(struct store *s,
                      int (*fn)(void *arg, const struct yz_id *ledger, const char *prefix),
                      void *arg, struct yz_error *err) YZ_MUST_CHECK;
/* Is a case from this source (import identity) known? YZ_E_NOT_FOUND or 0. */
int store_find_source(struct store *s, const char *source, struct yz_error *err) YZ_MUST_CHECK;

/* --- figures ------------------------------------------------------------ */

enum figures_by {
  FIGURES_ALL,
  FIGURES_BY_CATEGORY,
  FIGURES_BY_VILLAGE, /* code */
  FIGURES_BY_WORKER,  /* name of who opened it, in each village */
  FIGURES_BY_OFFICE   /* of the township, to which it is assigned */
};
/* A case in its group. Strings live until the callback returns. */
struct figure_row {
  const char *key;     /* NULL: none */
  const char *village; /* code, where groups are those of a village; else NULL */
  struct figure_facts facts;
};
typedef int (*figure_row_fn)(void *arg, const struct figure_row *row);
/* Cases opened from the one moment on, before the other, whose opening counts; the cases of a group
 * one after another, groups by village and key, those without a key last. */
int store_each_figure(struct store *s, enum figures_by by, int64_t from_ms, int64_t to_ms,
                      figure_row_fn fn, void *arg, struct yz_error *err) YZ_MUST_CHECK;
/* Of these the cases followed up or closed, where there was someone to ask. */
int store_each_to_sample(struct store *s, int64_t from_ms, int64_t to_ms,
                         int (*fn)(void *arg, const struct yz_hash *id), void *arg,
                         struct yz_error *err) YZ_MUST_CHECK;

/* --- households --------------------------------------------------------- */

/* A household as it stands, for lists, with what the cases that name it add. Strings live until
 * the callback returns; NULL: unset, or not readable here. */
struct household_row {
  struct yz_hash id;
  struct yz_id ledger;
  const char *code; /* the village's */
  const char *name, *place, *phone, *note;
  const json_t *people;           /* array of strings */
  bool gone, needs_newer, sealed; /* sealed: as of a case */
  int64_t visits, last_visit_ms;  /* HOUSEHOLD_NEVER: none */
  int64_t open_cases;
};
typedef int (*household_row_fn)(void *arg, const struct household_row *row);

struct household_query {
  const struct yz_id *ledger; /* NULL: every village's */
  const char *search;         /* words, all of which must occur; NULL: no search */
  bool gone;                  /* those that are gone, instead of those that are there */
  int64_t
      not_since_ms; /* whose last visit was before then, or who had none: these first, then
                     * those whose last visit is longest ago; INT64_MIN: all, by village, name */
};
int store_list_households(struct store *s, const struct household_query *q, household_row_fn fn,
                          void *arg, struct yz_error *err) YZ_MUST_CHECK;
/* All called so, gone or not, blanks around not looked at; ledger NULL: every village's. */
int store_named_households(struct store *s, const struct yz_id *ledger, const char *name,
                           household_row_fn fn, void *arg, struct yz_error *err) YZ_MUST_CHECK;
/* Those whose id begins with these 1 to 64 hex digits. */
int store_identified_households(struct store *s, const struct yz_id *ledger, const char *digits,
                                household_row_fn fn, void *arg, struct yz_error *err) YZ_MUST_CHECK;
/* Its accepted records, unfolded: view is empty. finish with case_whole_finish. */
int store_load_household(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
                         struct case_whole *out, struct yz_error *err) YZ_MUST_CHECK;
/* The cases of a village that name a household so, newest first. */
int store_household_cases(struct store *s, const struct yz_id *ledger, const char *name,
                          case_row_fn fn, void *arg, struct yz_error *err) YZ_MUST_CHECK;

/* --- readings ----------------------------------------------------------- */

/* That somebody read a case in full: who, as far as that was said, and on which day of the
 * calendar. Strings live until the callback returns. */
struct case_reading {
  struct yz_hash of;
  bool said;
  struct yz_key by; /* said alone */
  int64_t day;
  const char *number;    /* NULL: it is no case, or not here */
  const char *household; /* its name; NULL: it is no household, or not to be read here */
  struct yz_id ledger;   /* where it stands, all zero where it is not here */
};
/* Each once a case, reader and day; by NULL: it was not said who. In a transaction of its own. all:
 * of every case that is listed. */
int store_put_reading(struct store *s, const struct yz_hash *of, const struct yz_key *by,
                      int64_t day, struct yz_error *err) YZ_MUST_CHECK;
int store_put_reading_all(struct store *s, const struct yz_key *by, int64_t day,
                          struct yz_error *err) YZ_MUST_CHECK;
/* By day; of one case, or of all (NULL). */
int store_each_reading(struct store *s, const struct yz_hash *of,
                       int (*fn)(void *arg, const struct case_reading *r), void *arg,
                       struct yz_error *err) YZ_MUST_CHECK;

#endif
