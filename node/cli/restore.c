/* restore: brings a node back from a backup. */
#include "../restore.h"

#include "../ledgers.h"
#include "../rebuild.h"
#include "admin.h"
#include "verify.h"

static void note_aside(void *arg, const char *aside) {
  const struct cli *cli = arg;
  if (!cli->json) cli_say(_("The repository that was here is kept as %s.\n"), aside);
}

/* The repositories, from the store as it is now. */
static int rebuild(struct cli *cli, struct node *n, struct yz_error *err) {
  struct yz_lock lock;
  int rc = node_lock(cli->dir, &lock, err);
  if (rc == 0) rc = node_rebuild_git(n, note_aside, cli, err);
  yz_lock_release(&lock);
  return rc;
}

/* findings: what of the backup was damaged. */
static int answer(const struct cli *cli, const struct node *n, const struct restored *r,
                  json_t *findings, struct yz_error *err) {
  bool whole = json_array_size(findings) == 0;
  if (cli->json) {
    int rc = cli_json(json_pack("{s:s,s:s,s:s,s:s,s:I,s:o,s:O}", "role", n->hub ? "hub" : "village",
                                "name", n->name, "code", n->code, "letter", r->letter, "taken_back",
                                (json_int_t)r->taken_back, "aside", cli_json_text(r->aside),
                                "findings", findings),
                      err);
    return rc == 0 && !whole ? EXIT_DAMAGED : rc;
  }
  if (r->aside != NULL) cli_say(_("The store that was here is kept as %s.\n"), r->aside);
  cli_say(whole
              ? _("%s (%s) is back, as it was when the backup was made. New case numbers bear the "
                  "letter %s. What was written since comes back at the next contact, as far as "
                  "it went out.\n")
              : _("%s (%s) is back, but part of what the backup held is damaged, as said above: "
                  "restore another backup; where there is none, `yizhan sync` and then `yizhan "
                  "rebuild --from ledger` save what they can. New case numbers bear the letter "
                  "%s.\n"),
          n->name, n->code, r->letter);
  return whole ? EXIT_DONE : EXIT_DAMAGED;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct restored r;
  struct node n;
  json_t *findings = NULL;
  int rc = node_restore(cli->args[0], cli->dir, cli->world, &r, err);
  if (rc == 0) rc = cli_open_node(cli, &n, err);
  if (rc == 0) {
    rc = rebuild(cli, &n, err);
    if (rc == 0) rc = verify_restored(cli, &n, &findings, err);
    if (rc == 0) rc = answer(cli, &n, &r, findings, err);
    json_decref(findings);
    node_finish(&n);
  }
  restored_finish(&r);
  return rc;
}

const struct command cmd_restore = {
    "restore", "FILE", 1, 1, N_("Bring the node back from a backup, as a new incarnation"),
    NULL,      run};
