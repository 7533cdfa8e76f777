/* restore: brings a node back from a backup. */
#include "../restore.h"

#include "../ledgers.h"
#include "../rebuild.h"
#include "admin.h"

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

static int answer(const struct cli *cli, const struct node *n, const struct restored *r,
                  struct yz_error *err) {
  if (cli->json)
    return cli_json(json_pack("{s:s,s:s,s:s,s:s,s:I,s:o}", "role", n->hub ? "hub" : "village",
                              "name", n->name, "code", n->code, "letter", r->letter, "taken_back",
                              (json_int_t)r->taken_back, "aside", cli_json_text(r->aside)),
                    err);
  if (r->aside != NULL) cli_say(_("The store that was here is kept as %s.\n"), r->aside);
  cli_say(_("%s (%s) is back, as it was when the backup was made. New case numbers bear the letter "
            "%s. What was written since comes back at the next contact, as far as it went out.\n"),
          n->name, n->code, r->letter);
  return 0;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct restored r;
  struct node n;
  int rc = node_restore(cli->args[0], cli->dir, cli->world, &r, err);
  if (rc == 0) rc = cli_open_node(cli, &n, err);
  if (rc == 0) {
    rc = rebuild(cli, &n, err);
    if (rc == 0) rc = answer(cli, &n, &r, err);
    node_finish(&n);
  }
  restored_finish(&r);
  return rc;
}

const struct command cmd_restore = {
    "restore", "FILE", 1, 1, N_("Bring the node back from a backup, as a new incarnation"),
    NULL,      run};
