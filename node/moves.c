/* One move on a case, from what a person asks for to a signed record. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "assignee.h"
#include "carry.h"
#include "hub/hub.h"
#include "identity.h"
#include "matter.h"
#include "moment.h"
#include "node.h"
#include "said.h"
#include "whom.h"

/* The members of a draft beside the general ones: `at`, a number, then the move's own. */
static json_t *plain_members(const struct move *m, int64_t at, const char *number) {
  json_t *plain = json_object();
  bool ok = plain != NULL && json_object_set_new(plain, "at", json_integer(at)) == 0;
  if (ok && number != NULL) ok = json_object_set_new(plain, "number", json_string(number)) == 0;
  if (ok && m->plain != NULL) ok = json_object_update(plain, m->plain) == 0;
  if (ok) return plain;
  json_decref(plain);
  return NULL;
}

/* What this program's own readers would not know is not written: it would stay without effect. */
static int check_draft(const struct move *m, const json_t *plain, struct yz_error *err) {
  json_t *own = json_copy((json_t *)plain);
  if (own == NULL) return yz_no_memory(err);
  (void)json_object_del(own, "at");
  /* What is settled on stands as somebody wrote it. */
  int rc = m->move == CASE_SETTLE ? 0 : said_tidy(m->content, err);
  if (rc == 0) rc = said_check(m->content, err);
  bool known = case_draft_known(m->move, own, m->content);
  json_decref(own);
  if (rc != 0 || known) return rc;
  return yz_fail(err, YZ_E_INPUT,
                 YZ_N_("A value is none that this move can have. --help says what there is."),
                 NULL);
}

/* links: the case and heads that the record names. */
static int append(struct node *n, const struct signer *who, const struct move *m,
                  const struct yz_id *ledger, const struct yz_draft *links, int64_t at,
                  const char *number, struct yz_hash *record, struct yz_error *err) {
  char type[YZ_MAX_TYPE + 1];
  struct yz_place place;
  json_t *plain = plain_members(m, at, number);
  if (plain == NULL) return yz_no_memory(err);
  (void)snprintf(type, sizeof type, "case.%s", case_move_name(m->move));
  struct yz_draft draft = *links;
  draft.type = type;
  draft.plain = plain;
  draft.content = m->content;
  draft.township |= m->township_only;
  json_t *sealed = NULL;
  int rc = check_draft(m, plain, err);
  if (rc == 0 && !draft.township)
    rc = identity_seal(n, who, ledger, type, m->content, m->whole, &sealed, err);
  if (sealed != NULL) draft.content = sealed;
  if (rc == 0) rc = yz_append(&n->station, ledger, &who->author, &draft, &place, NULL, err);
  json_decref(sealed);
  json_decref(plain);
  if (rc == 0) *record = place.id;
  return rc;
}

/* Where a case is opened: at a village its ledger, as long as it is not closed. */
static int opening_ledger(struct node *n, const struct signer *who, const struct move *m,
                          struct yz_ledger_row *out, struct yz_error *err) {
  struct yz_id into;
  bool closed = false;
  if (n->hub && !m->township)
    return yz_fail(
        err, YZ_E_REFUSED,
        YZ_N_("A case is opened at the village's node; what people bring to the township "
              "itself with `yizhan hub case open`."),
        NULL);
  *out = n->ledger;
  int rc = n->hub ? hub_check_present(n, err)
                  : store_get_village(n->store, &out->id, &closed, &into, err);
  if (rc == 0 && n->hub) rc = hub_own_ledger(n, out, err);
  if (rc == 0 && n->hub) rc = hub_check_writer(n, &out->id, &who->author.key, err);
  if (rc == 0 && closed)
    rc =
        yz_fail(err, YZ_E_REFUSED,
                YZ_N_("The township has closed this village, so no new cases are opened here. Open "
                      "them where its cases went, or at the township."),
                "%s", n->name);
  return rc;
}

static int open_case(struct node *n, const struct signer *who, const struct move *m, int64_t at,
                     char number[static NUMBER_MAX], struct yz_hash *record, struct yz_error *err) {
  int year = (int)calendar_year(calendar_day(at, n->zone));
  int64_t counter;
  struct yz_draft draft = {0};
  struct yz_ledger_row ledger;
  char letter[4];
  int rc = opening_ledger(n, who, m, &ledger, err);
  if (rc == 0) rc = store_letter_of(n->store, &ledger.id, &ledger.own, letter, err);
  if (rc == 0 && letter[0] == '\0') memcpy(letter, n->letter, sizeof letter);
  if (rc == 0) rc = store_next_counter(n->store, n->code, letter, year, &counter, err);
  if (rc != 0) return rc;
  number_format(number, n->code, letter, year, counter);
  return append(n, who, m, &ledger.id, &draft, at, number, record, err);
}

/* That no one can be asked is a reason to close, where it is so. */
static bool has_reason(const struct move *m, const struct case_view *view) {
  const char *last = view->last_result;
  bool no_one = view->anonymous || (last != NULL && strcmp(last, "unreachable") == 0);
  if (no_one && json_is_true(json_object_get(m->plain, "no_follow_up"))) return true;
  const char *reason = yz_json_string(m->content, "reason");
  return reason != NULL && reason[0] != '\0';
}

/* The newest heads, where there are more than a record may name: those left out
 * stay heads, and a later record names them. */
static size_t pick_heads(const struct case_whole *whole, struct yz_hash out[static YZ_MAX_HEADS]) {
  const struct case_view *view = &whole->view;
  size_t from = view->n_heads > YZ_MAX_HEADS ? view->n_heads - YZ_MAX_HEADS : 0;
  for (size_t i = from; i < view->n_heads; i++) out[i - from] = whole->records[view->heads[i]].id;
  return view->n_heads - from;
}

/* Nothing is done of a case on a day before it came; one that a clock ahead of now opened aside. */
static int check_after_opening(struct node *n, int64_t at_ms, const struct case_view *view,
                               struct yz_error *err) {
  char said[MOMENT_MAX], opened[MOMENT_MAX];
  bool before = at_ms != INT64_MIN && view->opened_ms <= n->world->now_ms(n->world->ctx) &&
                calendar_day(at_ms, n->zone) < calendar_day(view->opened_ms, n->zone);
  if (!before) return 0;
  moment_text(at_ms, n->zone, said);
  moment_text(view->opened_ms, n->zone, opened);
  return yz_fail(err, YZ_E_INPUT, YZ_N_("This is before the case came. Look at the date."),
                 "%s (%s)", said, opened);
}

static int check_move(struct node *n, const struct signer *who, const struct move *m,
                      const struct case_whole *whole, const struct yz_id *ledger,
                      struct yz_error *err) {
  const struct case_view *view = &whole->view;
  const char *refusal = case_move_refused(m->move, view, n->hub, has_reason(m, view));
  if (refusal == NULL && m->move == CASE_SETTLE)
    refusal = case_settle_refused(view, m->plain, m->content);
  if (refusal == NULL) refusal = case_about_refused(m->move, view, &who->author.key, m->plain);
  bool circle = false;
  int rc = check_after_opening(n, m->at_ms, view, err);
  if (rc == 0 && refusal != NULL) rc = matter_in_circle(n, m->case_id, view, &circle, err);
  if (rc != 0) return rc;
  if (circle)
    refusal =
        YZ_N_("This case and the one it was merged into were merged into each other, apart. "
              "Ask who brought it: a dissatisfied answer, by `yizhan case followup`, takes it "
              "up again.");
  if (refusal != NULL)
    return yz_fail(err, YZ_E_REFUSED, refusal, "%s", view->number != NULL ? view->number : "");
  return matter_check(n, m, whole, ledger, err);
}

/* Where the hub names a village by its code, it says that the case is carried there. */
static int name_village(struct node *n, const struct yz_id *ledger, const struct case_view *view,
                        const char *to, json_t **plain, struct yz_error *err) {
  char hex[YZ_ID_HEX + 1];
  struct yz_id target;
  bool found;
  int rc = n->hub ? carry_target(n, to, ledger, view, &target, &found, err) : 0;
  if (rc != 0 || !n->hub || !found) return rc;
  yz_to_hex(target.bytes, YZ_ID_LEN, hex);
  *plain = json_pack("{s:s}", "ledger", hex);
  return *plain == NULL ? yz_no_memory(err) : 0;
}

/* A worker or an office of this name; a worker is written down as lists show them. */
static int name_assignee(struct node *n, const struct yz_id *ledger, const char *to, struct move *m,
                         json_t **plain, json_t **content, struct yz_error *err) {
  struct yz_buf called = {0};
  int rc = assignee_members(n, ledger, to, plain, &called, err);
  if (rc == 0 && called.len > 0) {
    *content = json_copy(m->content);
    json_t *name = json_stringn((const char *)called.data, called.len);
    if (*content == NULL || json_object_set_new(*content, "to", name) != 0) rc = yz_no_memory(err);
    m->content = *content;
  }
  yz_buf_finish(&called);
  return rc;
}

/* At the hub a village is named by the code that it has now: otherwise its name would stand there,
 * and the case go nowhere. */
static int check_no_village(struct node *n, const char *to, struct yz_error *err) {
  char code[YZ_MAX_CODE + 1];
  struct yz_ledger_row row;
  bool is = hub_find_village(n, to, &row, NULL) == 0;
  int rc = !is && number_code(to, code) ? hub_find_former(n, code, &row, &is, err) : 0;
  if (rc != 0 || !is || hub_is_own(n, &row)) return rc;
  return yz_fail(err, YZ_E_INPUT,
                 YZ_N_("This is a village: name it by the code that it has now, which follows."),
                 "%s: %s (%s)", to, row.name, row.code);
}

/* A name that would be written down as it is, of nobody who signs there: it is not to be the one
 * whom the case is about. */
static int check_name(struct node *n, const struct case_view *view, const char *to,
                      const json_t *plain, struct yz_error *err) {
  bool about = false;
  if (json_object_get(plain, "worker") != NULL || json_object_get(plain, "ledger") != NULL)
    return 0;
  int rc = view->has_about ? whom_names(n, to, &view->about, &about, err) : 0;
  if (rc == 0 && about)
    rc = yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("This case is about that worker: give it to someone else."), "%s %s",
                 view->number != NULL ? view->number : "", to);
  if (rc != 0 || !n->hub || json_object_get(plain, "office") != NULL) return rc;
  return check_no_village(n, to, err);
}

/* The members that say what the name stands for to which a case is given; *plain and *content
 * are the caller's to drop. */
static int name_target(struct node *n, const struct yz_id *ledger, const struct case_view *view,
                       struct move *m, json_t **plain, json_t **content, struct yz_error *err) {
  const char *to = yz_json_string(m->content, "to");
  if ((m->move != CASE_ASSIGN && m->move != CASE_REFER) || to == NULL) return 0;
  int rc = name_village(n, ledger, view, to, plain, err);
  if (rc == 0 && *plain == NULL && m->move == CASE_ASSIGN)
    rc = name_assignee(n, ledger, to, m, plain, content, err);
  if (*plain != NULL) m->plain = *plain;
  return rc == 0 ? check_name(n, view, to, *plain, err) : rc;
}

static int move_loaded(struct node *n, const struct signer *who, const struct move *m, int64_t at,
                       const struct case_whole *whole, struct yz_hash *record,
                       struct yz_error *err) {
  struct yz_hash heads[YZ_MAX_HEADS];
  struct yz_id ledger;
  struct move named = *m;
  named.whole = whole;
  json_t *plain = NULL, *content = NULL;
  int rc = store_case_ledger(n->store, m->case_id, &ledger, err);
  if (rc == 0 && n->hub) rc = hub_check_writer(n, &ledger, &who->author.key, err);
  if (rc == 0) rc = name_target(n, &ledger, &whole->view, &named, &plain, &content, err);
  if (rc == 0) rc = check_move(n, who, &named, whole, &ledger, err);
  if (rc == 0) {
    struct yz_draft draft = {.case_id = m->case_id,
                             .heads = heads,
                             .n_heads = pick_heads(whole, heads),
                             .township = (whole->view.flags & CASE_TOWNSHIP_ONLY) != 0};
    rc = append(n, who, &named, &ledger, &draft, at, NULL, record, err);
  }
  json_decref(plain);
  json_decref(content);
  return rc;
}

/* What only tells something is judged by nothing that stands, and follows all there is: the case is
 * not read. *told: it was so; else there are too many heads. */
static int tell(struct node *n, const struct signer *who, const struct move *m, int64_t at,
                char number[static NUMBER_MAX], struct yz_hash *record, bool *told,
                struct yz_error *err) {
  struct case_tip tip;
  int rc = store_case_tip(n->store, m->case_id, &tip, err);
  if (rc == 0 && tip.number[0] == '\0') rc = YZ_E_NOT_FOUND;
  *told = rc == 0 && tip.n_heads > 0;
  if (!*told) return rc;
  (void)snprintf(number, NUMBER_MAX, "%s", tip.number);
  struct yz_draft draft = {
      .case_id = m->case_id, .heads = tip.heads, .n_heads = tip.n_heads, .township = tip.township};
  if (n->hub) rc = hub_check_writer(n, &tip.ledger, &who->author.key, err);
  return rc == 0 ? append(n, who, m, &tip.ledger, &draft, at, NULL, record, err) : rc;
}

/* What the hub does on a case that stands in several ledgers is in all of them. */
static int carry_on(struct node *n, const struct yz_hash *id, struct yz_error *err) {
  struct carry_done done = {0};
  int rc = carry_case(n, id, &done, err);
  carry_done_finish(&done);
  return rc;
}

/* Of a case whose opening does not count here nobody can say whom its words are for: it is none. */
static int move_case(struct node *n, const struct signer *who, const struct move *m, int64_t at,
                     char number[static NUMBER_MAX], struct yz_hash *record, struct yz_error *err) {
  struct case_whole whole = {0};
  bool told = false;
  int rc = case_move_only_tells(m->move) ? tell(n, who, m, at, number, record, &told, err) : 0;
  if (rc == 0 && !told) rc = store_load_case(n->store, m->case_id, &whole, err);
  if (rc == 0 && !told && whole.view.number == NULL) rc = YZ_E_NOT_FOUND;
  if (rc == YZ_E_NOT_FOUND) rc = yz_fail(err, rc, YZ_N_("There is no such case."), NULL);
  if (rc == 0 && !told) {
    (void)snprintf(number, NUMBER_MAX, "%s", whole.view.number);
    rc = move_loaded(n, who, m, at, &whole, record, err);
  }
  case_whole_finish(&whole);
  return rc == 0 && n->hub ? carry_on(n, m->case_id, err) : rc;
}

/* What follows an opening at once, without looking at the case again: many rows of
 * an import are of this kind. */
static int move_fresh(struct node *n, const struct signer *who, const struct move *m, int64_t at,
                      char number[static NUMBER_MAX], struct yz_hash *record,
                      struct yz_error *err) {
  struct yz_draft draft = {.case_id = m->case_id, .heads = m->case_id, .n_heads = 1};
  assert(!n->hub);
  number[0] = '\0';
  return append(n, who, m, &n->ledger.id, &draft, at, NULL, record, err);
}

int node_move(struct node *n, const struct signer *who, const struct move *m,
              char number[static NUMBER_MAX], struct yz_hash *record, struct yz_error *err) {
  int64_t at = m->at_ms != INT64_MIN ? m->at_ms : n->world->now_ms(n->world->ctx);
  int rc = m->at_ms != INT64_MIN ? said_check_when(n, at, err) : 0;
  if (rc != 0) return rc;
  if (m->move == CASE_OPEN) return open_case(n, who, m, at, number, record, err);
  if (m->fresh) return move_fresh(n, who, m, at, number, record, err);
  return move_case(n, who, m, at, number, record, err);
}
