/* ledger move: the ledger lies at another place from now on. */
#include <stdlib.h>
#include <string.h>

#include "../ledgers.h"
#include "admin.h"

/* A hub's address names the ledger: …/ledger/ID#PIN. */
static int check_address(const struct yz_ledger_row *row, struct yz_error *err) {
  static const char before[] = "/ledger/";
  char shown[ADMIN_ADDRESS];
  struct yz_id id;
  const char *at = strncmp(row->url, "https://", 8) == 0 ? strstr(row->url, before) : NULL;
  if (at == NULL) return 0;
  at += strlen(before);
  size_t len = strcspn(at, "/#");
  if (len != YZ_ID_HEX || !yz_from_hex(at, len, id.bytes, YZ_ID_LEN) ||
      yz_equal(&id, &row->id, YZ_ID_LEN))
    return 0;
  admin_shown_url(row->url, shown);
  return yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("This is the address of another village's ledger. Ask the township for that "
                       "of this one."),
                 "%.200s", shown);
}

/* This node's own copy is no other side: a contact with it would bring nothing anywhere, and seem
 * to have. */
static int check_folder(const struct node *n, const struct yz_ledger_row *row,
                        struct yz_error *err) {
  static const char scheme[] = "file://";
  const char *url = row->url;
  if (strncmp(url, scheme, sizeof scheme - 1) == 0) url += sizeof scheme - 1;
  char *dir = realpath(n->dir, NULL), *there = url[0] == '/' ? realpath(url, NULL) : NULL;
  size_t len = dir != NULL ? strlen(dir) : 0;
  bool own = dir != NULL && there != NULL && strncmp(there, dir, len) == 0 && there[len] == '/';
  free(dir);
  free(there);
  if (!own) return 0;
  return yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("This is this node's own copy. Name the place where the township's lies."),
                 "%.200s", row->url);
}

/* What lies there, if it can be reached now: only another village's ledger is a reason to refuse.
 * why: why it was not looked at. */
static int look(struct node *n, const struct yz_ledger_row *row, struct yz_error *why,
                struct yz_error *err) {
  struct yz_ledger *git = NULL;
  char shown[ADMIN_ADDRESS];
  int rc = check_address(row, err);
  if (rc == 0) rc = check_folder(n, row, err);
  if (rc == 0) rc = node_open_ledger(n, row, true, &git, err);
  if (rc != 0) return rc;
  rc = yz_look(&n->station, git, row, why);
  yz_ledger_destroy(git);
  if (rc != YZ_E_REFUSED) return 0;
  admin_shown_url(row->url, shown);
  return yz_fail(err, rc,
                 YZ_N_("Another village's ledger lies there; this one's stays where it was. Ask "
                       "the township for the right place."),
                 "%.200s", shown);
}

static int move(struct node *n, struct yz_ledger_row *row, const char *url, struct yz_error *why,
                struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct yz_ledger_row moved = *row;
  struct yz_lock lock;
  int rc = node_lock(n->dir, &lock, err);
  if (rc != 0) return rc;
  memcpy(moved.url, url, strlen(url) + 1);
  rc = look(n, &moved, why, err);
  if (rc == 0) rc = store_begin(n->store, err);
  if (rc == 0) {
    rc = t->get_ledger(t->ctx, &row->id, row, err);
    memcpy(row->url, url, strlen(url) + 1);
    if (rc == 0) rc = t->put_ledger(t->ctx, row, err);
    rc = store_end(n->store, rc, err);
  }
  yz_lock_release(&lock);
  return rc;
}

static int check(const struct node *n, struct yz_error *err) {
  if (n->hub)
    return yz_fail(err, YZ_E_REFUSED,
                   YZ_N_("A village says where its ledger lies; at a hub it is `hub invite "
                         "--ledger`."),
                   "%s", n->dir);
  if (!n->ledger.joined)
    return yz_fail(err, YZ_E_REFUSED,
                   YZ_N_("This village works alone and has no hub yet; ask the township for an "
                         "invitation and use `yizhan join`."),
                   "%s", n->dir);
  return 0;
}

static int answer(const struct cli *cli, const struct yz_ledger_row *row,
                  const struct yz_error *why, struct yz_error *err) {
  char shown[ADMIN_ADDRESS];
  admin_shown_url(row->url, shown);
  if (why->message != NULL)
    cli_note(_("What lies there could not be looked at now: %s %s\n"), _(why->message),
             why->subject);
  if (cli->json)
    return cli_json(
        json_pack("{s:o,s:s}", "ledger", admin_hex(row->id.bytes, YZ_ID_LEN), "url", shown), err);
  cli_say(_("From now on the ledger lies at %s. The next `yizhan sync` brings there what is "
            "lacking.\n"),
          shown);
  return 0;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct yz_error why = {0};
  char *url = NULL;
  int rc = admin_url(cli, cli->args[0], &url, err);
  if (rc == 0) rc = cli_open_node(cli, &n, err);
  if (rc == 0) {
    rc = check(&n, err);
    if (rc == 0) rc = move(&n, &n.ledger, url, &why, err);
    if (rc == 0) rc = answer(cli, &n.ledger, &why, err);
    node_finish(&n);
  }
  free(url);
  return rc;
}

const struct command cmd_ledger_move = {
    "ledger move", "URL", 1, 1, N_("Say where the township's copy of the ledger lies now"),
    NULL,          run};
