/* One request to the API under way: private to it. */
#ifndef YIZHAN_NODE_WEB_API_CALL_H
#define YIZHAN_NODE_WEB_API_CALL_H

#include "../reckoning.h"
#include "api.h"

struct api_call {
  struct api *api;
  struct web_request *request;
  char named[256], second[256]; /* what stands at {name} in the path; "": nothing */
  struct node node;
  struct session session;
  struct signer who; /* of the session */
  json_t *body;      /* an object; NULL: the endpoint takes none */
  unsigned status;   /* to answer with; 0: as the code says, 200 where it went well */
  json_t *said;      /* the answer; NULL: nothing */
  struct web_answer *answer;
};

/* Runs with the node open, and the session found unless the endpoint is for everyone. */
int api_node(struct api_call *c, struct yz_error *err);
int api_set_up(struct api_call *c, struct yz_error *err);
int api_log_in(struct api_call *c, struct yz_error *err);
int api_see_session(struct api_call *c, struct yz_error *err);
int api_lock(struct api_call *c, struct yz_error *err);
int api_passphrase(struct api_call *c, struct yz_error *err);
int api_contact(struct api_call *c, struct yz_error *err);
int api_see_contact(struct api_call *c, struct yz_error *err);
int api_stop_contact(struct api_call *c, struct yz_error *err);
int api_events(struct api_call *c, struct yz_error *err);
int api_status(struct api_call *c, struct yz_error *err);
int api_list(struct api_call *c, struct yz_error *err);
int api_show(struct api_call *c, struct yz_error *err);
int api_likely(struct api_call *c, struct yz_error *err);
int api_attach(struct api_call *c, struct yz_error *err);
int api_attachment(struct api_call *c, struct yz_error *err);
int api_open(struct api_call *c, struct yz_error *err);
int api_move(struct api_call *c, struct yz_error *err);
int api_today(struct api_call *c, struct yz_error *err);
int api_notices(struct api_call *c, struct yz_error *err);
int api_households(struct api_call *c, struct yz_error *err);
int api_household(struct api_call *c, struct yz_error *err);
int api_add_household(struct api_call *c, struct yz_error *err);
int api_edit_household(struct api_call *c, struct yz_error *err);
int api_visit(struct api_call *c, struct yz_error *err);
int api_figures(struct api_call *c, struct yz_error *err);
int api_table_of_cases(struct api_call *c, struct yz_error *err);
int api_table_of_figures(struct api_call *c, struct yz_error *err);
int api_pending(struct api_call *c, struct yz_error *err);
int api_sticks(struct api_call *c, struct yz_error *err);
int api_parcels(struct api_call *c, struct yz_error *err);
int api_join(struct api_call *c, struct yz_error *err);
int api_quarantine(struct api_call *c, struct yz_error *err);
int api_settings(struct api_call *c, struct yz_error *err);
int api_erase(struct api_call *c, struct yz_error *err);
int api_workers(struct api_call *c, struct yz_error *err);
int api_add_worker(struct api_call *c, struct yz_error *err);
int api_rename_worker(struct api_call *c, struct yz_error *err);
int api_end_worker(struct api_call *c, struct yz_error *err);
/* At a hub alone: YZ_E_NOT_FOUND at a village. */
int api_villages(struct api_call *c, struct yz_error *err);
int api_release(struct api_call *c, struct yz_error *err);
int api_roster(struct api_call *c, struct yz_error *err);
int api_change_roster(struct api_call *c, struct yz_error *err);
int api_change_village(struct api_call *c, struct yz_error *err);
int api_invite(struct api_call *c, struct yz_error *err);
int api_settle(struct api_call *c, struct yz_error *err);
int api_tell_day(struct api_call *c, struct yz_error *err);
int api_post_notice(struct api_call *c, struct yz_error *err);
int api_audit(struct api_call *c, struct yz_error *err);
int api_erasures(struct api_call *c, struct yz_error *err);

int api_of_hub(const struct api_call *c, struct yz_error *err) YZ_MUST_CHECK;
/* The same, and only for an administrator: YZ_E_REFUSED. */
int api_administrator(struct api_call *c, struct yz_error *err) YZ_MUST_CHECK;

bool api_wants_english(const struct web_request *r);
/* The cookie's value; "" where there is none. */
void api_token(const struct api_call *c, char out[static SESSION_TOKEN]);

/* --- what a request says --------------------------------------------- */

enum api_kind {
  API_LINE, /* a string of one line */
  API_TEXT, /* a string */
  API_CHOICE,
  API_BOOL,
  API_OBJECT
};
struct api_field {
  const char *name;
  enum api_kind kind;
  bool required;       /* there, and not blank */
  const char *choices; /* "one|two" */
};
/* Has the object these members alone (ended by one without a name), each of its kind? YZ_E_INPUT,
 * naming the member. */
int api_check(const json_t *object, const struct api_field *fields,
              struct yz_error *err) YZ_MUST_CHECK;
/* A string member; NULL: not there, or empty. */
const char *api_text(const json_t *object, const char *name);
/* The body's "passphrase" as a secret, which the caller destroys; what the request had of it is
 * wiped. NULL without failure: none. */
int api_passphrase_of(json_t *body, struct yz_secret **out, struct yz_error *err) YZ_MUST_CHECK;
/* The role that a member "role" names; 0: none. */
unsigned api_role(const json_t *object);
/* Arguments after "?": NULL, false, or as it was where it is not there or empty. A tick is "true"
 * alone, a count 1 to most. YZ_E_INPUT, naming it. */
int api_argument(const struct api_call *c, const char *name, const char **out,
                 struct yz_error *err) YZ_MUST_CHECK;
int api_tick(const struct api_call *c, const char *name, bool *out,
             struct yz_error *err) YZ_MUST_CHECK;
int api_count(const struct api_call *c, const char *name, int64_t most, int64_t *out,
              struct yz_error *err) YZ_MUST_CHECK;
/* The month that is asked about; all of them where none is. YZ_E_INPUT. */
int api_month(const struct api_call *c, struct reckoning_month *out,
              struct yz_error *err) YZ_MUST_CHECK;
/* Which groups of cases are asked about, by the arguments "by" and "month". each: fn is called
 * while asked->month is that of its group. YZ_E_INPUT. */
struct api_groups {
  enum figures_by by;
  bool by_month;
  struct reckoning_month month;
};
int api_read_groups(const struct api_call *c, struct api_groups *out,
                    struct yz_error *err) YZ_MUST_CHECK;
int api_each_group(struct api_call *c, struct api_groups *asked, reckoning_fn fn, void *arg,
                   struct yz_error *err) YZ_MUST_CHECK;
/* Which cases are asked about; village: room for the one that they are of. YZ_E_INPUT,
 * YZ_E_NOT_FOUND. */
int api_read_list(struct api_call *c, int64_t now_ms, struct yz_ledger_row *village,
                  struct case_query *q, struct yz_error *err) YZ_MUST_CHECK;
/* Reads the request's body: one JSON object. YZ_E_INPUT. */
int api_read_body(struct api_call *c, struct yz_error *err) YZ_MUST_CHECK;
int api_empty(const char *name, struct yz_error *err) YZ_MUST_CHECK;
int api_wrong_kind(const char *name, struct yz_error *err) YZ_MUST_CHECK;

#endif
