/* rebuild: makes the repositories anew from the store, or the store from them. */
#include "../rebuild.h"

#include <string.h>

#include "../ledgers.h"
#include "../restore.h"
#include "../salvage.h"
#include "admin.h"

static const struct cli_option options[] = {
    {CLI_CHOICE, true, 0, "from", "ledger|store", N_("the side that is whole")},
    {CLI_END, false, 0, NULL, NULL, NULL}};

struct moved {
  const struct cli *cli;
  json_t *aside;
};

static void note_aside(void *arg, const char *aside) {
  struct moved *m = arg;
  if (!m->cli->json) cli_say(_("What was there is kept as %s.\n"), aside);
  /* A list cut short for want of memory loses no file. */
  (void)json_array_append_new(m->aside, json_string(aside));
}

static int from_store(const struct cli *cli, struct node *n, struct yz_error *err) {
  struct moved m = {.cli = cli, .aside = json_array()};
  if (m.aside == NULL) return yz_no_memory(err);
  int rc = node_rebuild_git(n, note_aside, &m, err);
  if (rc == 0 && cli->json)
    rc = cli_json(json_pack("{s:s,s:O}", "from", "store", "aside", m.aside), err);
  else if (rc == 0)
    cli_say(_("The repositories were built again from the store.\n"));
  json_decref(m.aside);
  return rc;
}

/* Takes in what the store lacks. *sound: it now holds what the repositories do. */
static int fill_gaps(const struct cli *cli, int64_t *records, bool *sound, struct yz_error *err) {
  struct node n;
  struct yz_lock lock = {-1};
  *sound = false;
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  rc = node_lock(cli->dir, &lock, err);
  if (rc == 0) rc = node_rebuild_store(&n, records, err);
  if (rc == 0) rc = node_is_sound(&n, sound, err);
  yz_lock_release(&lock);
  node_finish(&n);
  return rc;
}

struct lost {
  const struct cli *cli;
  json_t *items;
};

static void note_lost(void *arg, const char *code, const char *subject, const char *text) {
  struct lost *l = arg;
  (void)code;
  if (!l->cli->json) cli_say("%s: %s\n", subject, _(text));
  (void)json_array_append_new(l->items,
                              json_pack("{s:s,s:s}", "subject", subject, "text", _(text)));
}

static int say_salvaged(const struct lost *l, const struct restored *r, struct yz_error *err) {
  if (l->cli->json)
    return cli_json(json_pack("{s:s,s:I,s:s,s:o,s:O}", "from", "ledger", "records",
                              (json_int_t)r->taken_back, "letter", r->letter, "aside",
                              cli_json_text(r->aside), "lost", l->items),
                    err);
  cli_say(_("The store was damaged; it was made anew from what could be read and from the "
            "repositories. The damaged one is kept as %s. New case numbers bear the letter %s.\n"),
          r->aside != NULL ? r->aside : "-", r->letter);
  return 0;
}

static int salvage(const struct cli *cli, struct yz_error *err) {
  struct lost lost = {.cli = cli, .items = json_array()};
  struct restored r = {0};
  if (lost.items == NULL) return yz_no_memory(err);
  int rc = node_salvage(cli->dir, cli->world, note_lost, &lost, &r, err);
  if (rc == 0) rc = say_salvaged(&lost, &r, err);
  restored_finish(&r);
  json_decref(lost.items);
  return rc;
}

static int from_ledger(const struct cli *cli, struct yz_error *err) {
  struct yz_error why = {0};
  int64_t records = 0;
  bool sound;
  int rc = fill_gaps(cli, &records, &sound, &why);
  if (admin_is_damage(rc) || (rc == 0 && !sound)) return salvage(cli, err);
  if (rc != 0) return yz_fail(err, why.code, why.message, "%s", why.subject);
  if (cli->json)
    return cli_json(json_pack("{s:s,s:I}", "from", "ledger", "records", (json_int_t)records), err);
  cli_say(n_("%lld record came back from the repositories; the cases were put together again.\n",
             "%lld records came back from the repositories; the cases were put together again.\n",
             records),
          (long long)records);
  return 0;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct yz_lock lock;
  if (strcmp(cli_get(cli, "from"), "ledger") == 0) return from_ledger(cli, err);
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  rc = node_lock(cli->dir, &lock, err);
  if (rc == 0) rc = from_store(cli, &n, err);
  yz_lock_release(&lock);
  node_finish(&n);
  return rc;
}

const struct command cmd_rebuild = {
    "rebuild", NULL, 0, 0, N_("Build the repositories from the store, or the store from them"),
    options,   run};
