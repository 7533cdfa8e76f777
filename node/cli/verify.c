/* verify: is what is kept what was written? ledger verify looks at ledgers alone. */
#include <stdlib.h>
#include <string.h>

#include "../ledgers.h"
#include "admin.h"
#include "verify.h"

struct verdict {
  const struct cli *cli;
  json_t *findings;
  json_t *notes; /* what mends itself */
  int64_t records;
  bool no_memory;
};

static void find(void *ctx, const char *code, const char *subject, const char *text) {
  struct verdict *v = ctx;
  if (!v->cli->json) cli_say("%s: %s: %s\n", code, subject, _(text));
  json_t *item = json_pack("{s:s,s:s,s:s}", "code", code, "subject", subject, "text", _(text));
  bool note = strcmp(code, YZ_NOTE_BEHIND) == 0;
  if (json_array_append_new(note ? v->notes : v->findings, item) != 0) v->no_memory = true;
}

static void find_git_fault(void *ctx, const char *fault) {
  struct verdict *v = ctx;
  find(v, "git.object", fault, YZ_N_("An object of a git repository is damaged or missing."));
}

/* Damage is what is looked for: it is a finding, all else is an error. */
static int keep_damage(struct verdict *v, int rc, const struct yz_error *why,
                       struct yz_error *err) {
  if (rc == 0) return 0;
  const char *message = why->message != NULL ? why->message : yz_code_name((enum yz_code)rc);
  if (!admin_is_damage(rc)) return yz_fail(err, why->code, why->message, "%s", why->subject);
  find(v, "damaged", why->subject, message);
  return 0;
}

static int found(void *arg, const struct yz_oid *oid, const void *bytes, size_t n,
                 const char *const *paths, size_t n_paths) {
  (void)arg, (void)oid, (void)bytes, (void)n, (void)paths, (void)n_paths;
  return 1;
}

/* Was anything of this ledger ever put into git? */
static int expects_git(struct node *n, const struct yz_ledger_row *row, struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct yz_log_row *logs = NULL;
  size_t count = 0;
  int rc = node_logs(n, &row->id, &logs, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++) {
    char ref[YZ_MAX_REF + 1] = "refs/heads/log/";
    yz_to_hex(logs[i].id.bytes, YZ_ID_LEN, ref + strlen(ref));
    rc = t->each_commit(t->ctx, &row->id, ref, found, NULL, err);
  }
  free(logs);
  return rc;
}

static int open_git(struct verdict *v, struct node *n, const struct yz_ledger_row *row,
                    struct yz_ledger **git, struct yz_error *err) {
  struct yz_error why = {0};
  int rc = node_open_ledger(n, row, false, git, &why);
  if (rc != YZ_E_NOT_FOUND) return keep_damage(v, rc, &why, err);
  rc = expects_git(n, row, err);
  if (rc <= 0) return rc;
  find(
      v, "git.missing", row->code,
      YZ_N_("The ledger's repository is not there; `yizhan rebuild --from store` makes it again."));
  return 0;
}

static int verify_ledger(struct verdict *v, struct node *n, const struct yz_ledger_row *row,
                         struct yz_error *err) {
  struct yz_ledger *git = NULL;
  struct yz_error why = {0};
  int64_t records = 0;
  int rc = open_git(v, n, row, &git, err);
  if (rc == 0 && git != NULL) {
    rc = yz_ledger_check(git, find_git_fault, v, &why);
    rc = keep_damage(v, rc, &why, err);
  }
  if (rc == 0) {
    why = (struct yz_error){0};
    rc = yz_audit(&n->station, git, row, find, v, &records, &why);
    rc = keep_damage(v, rc, &why, err);
  }
  v->records += records;
  yz_ledger_destroy(git);
  return rc;
}

static int verify_township(struct verdict *v, struct node *n, struct yz_error *err) {
  struct yz_ledger *git = NULL;
  struct yz_error why = {0};
  char *path = node_path(n, "township.git");
  if (path == NULL) return yz_no_memory(err);
  int rc = yz_ledger_open(&git, path, false, &why);
  if (rc == 0) rc = yz_ledger_check(git, find_git_fault, v, &why);
  rc = rc == YZ_E_NOT_FOUND ? 0 : keep_damage(v, rc, &why, err);
  yz_ledger_destroy(git);
  free(path);
  return rc;
}

/* An exchange under way would look like a fault, so it is waited for. */
static int verify_all(struct verdict *v, struct node *n, bool store, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  struct yz_lock lock;
  size_t count = 0;
  int rc = node_lock(n->dir, &lock, err);
  if (rc == 0) rc = node_ledgers(n, &rows, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++) rc = verify_ledger(v, n, &rows[i], err);
  if (rc == 0 && n->hub) rc = verify_township(v, n, err);
  if (rc == 0 && store) rc = store_check(n->store, find, v, err);
  free(rows);
  yz_lock_release(&lock);
  return rc;
}

int verify_restored(const struct cli *cli, struct node *n, json_t **findings,
                    struct yz_error *err) {
  struct yz_error why = {0};
  struct verdict v = {.cli = cli, .findings = json_array(), .notes = json_array()};
  v.no_memory = v.findings == NULL || v.notes == NULL;
  int rc = keep_damage(&v, verify_all(&v, n, true, &why), &why, err);
  if (rc == 0 && v.no_memory) rc = yz_no_memory(err);
  json_decref(v.notes);
  if (rc != 0) json_decref(v.findings);
  *findings = rc == 0 ? v.findings : NULL;
  return rc;
}

static int answer(struct verdict *v, struct yz_error *err) {
  bool ok = json_array_size(v->findings) == 0;
  int rc = 0;
  if (v->no_memory) return yz_no_memory(err);
  if (v->cli->json)
    rc = cli_json(json_pack("{s:b,s:I,s:O,s:O}", "ok", (int)ok, "records", (json_int_t)v->records,
                            "findings", v->findings, "notes", v->notes),
                  err);
  else if (ok)
    cli_say(n_("%lld record was checked; all is as it was written.\n",
               "%lld records were checked; all is as it was written.\n", v->records),
            (long long)v->records);
  else
    cli_say(n_("%lld record was checked; what was found is above.\n",
               "%lld records were checked; what was found is above.\n", v->records),
            (long long)v->records);
  return rc != 0 ? rc : ok ? EXIT_DONE : EXIT_DAMAGED;
}

/* A store too damaged to be opened is a finding like any other. */
static int verify(struct cli *cli, bool store, struct yz_error *err) {
  struct node n;
  struct yz_error why = {0};
  struct verdict v = {.cli = cli, .findings = json_array(), .notes = json_array()};
  v.no_memory = v.findings == NULL || v.notes == NULL;
  int rc = cli_open_node(cli, &n, &why);
  if (rc == 0) {
    rc = verify_all(&v, &n, store, &why);
    node_finish(&n);
  }
  rc = keep_damage(&v, rc, &why, err);
  if (rc == 0) rc = answer(&v, err);
  json_decref(v.findings);
  json_decref(v.notes);
  return rc;
}

static int verify_node(struct cli *cli, struct yz_error *err) {
  return verify(cli, true, err);
}

static int verify_ledgers(struct cli *cli, struct yz_error *err) {
  return verify(cli, false, err);
}

const struct command cmd_verify = {
    "verify", NULL,       0, 0, N_("Check everything that is kept: store and ledgers"),
    NULL,     verify_node};
const struct command cmd_ledger_verify = {
    "ledger verify", NULL, 0, 0, N_("Check the ledgers, in store and git"), NULL, verify_ledgers};
