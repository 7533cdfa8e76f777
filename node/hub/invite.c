#include "hub.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../ledgers.h"
#include "../letters.h"

/* Its public half, which the hub's logs name: whoever succeeds this hub opens what is sealed to it.
 */
static int put_recovery_box(struct node *n, const struct yz_secret *recovery,
                            struct yz_error *err) {
  struct yz_key key;
  char hex[2 * YZ_KEY_LEN + 1];
  struct yz_secret *box = yz_recovery_box(recovery, &n->station.key);
  if (box == NULL) return yz_no_memory(err);
  yz_box_public(box, &key);
  yz_secret_destroy(box);
  yz_to_hex(key.bytes, sizeof key.bytes, hex);
  return store_put_setting(n->store, "recovery.box", hex, err);
}

int hub_tell_recovery(struct node *n, const struct yz_id *ledger, struct yz_error *err) {
  const struct yz_author node = {n->station.key, n->station.seed};
  struct yz_buf hex = {0};
  int rc = store_get_setting(n->store, "recovery.box", &hex, err);
  if (rc == YZ_E_NOT_FOUND) return 0;
  json_t *plain = rc == 0 ? json_pack("{s:s}", "box", (const char *)hex.data) : NULL;
  struct yz_draft draft = {.type = "hub.recovery", .plain = plain};
  if (rc == 0)
    rc = plain == NULL ? yz_no_memory(err)
                       : yz_append(&n->station, ledger, &node, &draft, NULL, NULL, err);
  json_decref(plain);
  yz_buf_finish(&hex);
  return rc;
}

int hub_create_heir(struct node *n, const char *dir, const struct yz_world *world,
                    const char *township, const char *code, const struct yz_secret *recovery,
                    struct yz_error *err) {
  struct yz_hash hash;
  char hex[YZ_HASH_HEX + 1];
  hub_recovery_hash(recovery, &hash);
  yz_to_hex(hash.bytes, sizeof hash.bytes, hex);
  int rc = node_create(n, dir, world, true, township, code, "A", err);
  if (rc != 0) return rc;
  rc = store_put_setting(n->store, "recovery", hex, err);
  if (rc == 0) rc = put_recovery_box(n, recovery, err);
  if (rc == 0) rc = node_reload(n, err);
  if (rc != 0) node_finish(n);
  return rc;
}

int hub_create(struct node *n, const char *dir, const struct yz_world *world, const char *township,
               const char *code, struct yz_secret **recovery, struct yz_error *err) {
  struct yz_secret *seed = yz_secret_create(YZ_SEED_LEN);
  if (seed == NULL) return yz_no_memory(err);
  world->random(world->ctx, seed->bytes, seed->len);
  int rc = hub_create_heir(n, dir, world, township, code, seed, err);
  if (rc != 0)
    yz_secret_destroy(seed);
  else
    *recovery = seed;
  return rc;
}

/* --- the ledger ------------------------------------------------------- */

/* Has a node of the village been let in, by this hub or the one before? */
static int has_joined(struct node *n, const struct yz_id *ledger, bool *joined,
                      struct yz_error *err) {
  struct yz_roster *roster = NULL;
  struct yz_member *members = NULL;
  size_t count = 0;
  int rc = yz_station_roster(&n->station, ledger, &roster, err);
  if (rc == 0 && yz_roster_members(roster, &members, &count) != 0) rc = yz_no_memory(err);
  *joined = false;
  for (size_t i = 0; rc == 0 && i < count; i++) *joined |= !members[i].hub && !members[i].awaiting;
  free(members);
  yz_roster_destroy(roster);
  return rc;
}

/* Finds in *row the ledger that is to be invited again, whose village has not joined.
 * A code that is another's, or whose numbers could be, is refused. */
static int look_for(struct node *n, const char *village, const char *code,
                    struct yz_ledger_row *row, bool *found, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0, i = 0;
  int rc = node_ledgers(n, &rows, &count, err);
  while (i < count && strcmp(rows[i].code, code) != 0) i++;
  *found = rc == 0 && i < count;
  if (*found) {
    *row = rows[i];
    bool joined;
    rc = has_joined(n, &row->id, &joined, err);
    if (rc == 0 && (joined || strcmp(row->name, village) != 0)) rc = hub_code_taken(code, row, err);
  }
  free(rows);
  return rc == 0 ? hub_check_code(n, code, *found ? &row->id : NULL, err) : rc;
}

int hub_make_ledger(struct node *n, const char *village, const char *code,
                    struct yz_ledger_row *row, struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  *row =
      (struct yz_ledger_row){.hub = n->station.key, .hub_box = n->station.box_key, .joined = true};
  n->world->random(n->world->ctx, row->id.bytes, sizeof row->id.bytes);
  memcpy(row->name, village, strlen(village) + 1);
  memcpy(row->code, code, strlen(code) + 1);
  int rc = t->put_ledger(t->ctx, row, err);
  if (rc != 0) return rc;
  struct yz_beginning b = {.name = n->name, .code = n->code, .letter = n->letter};
  rc = node_begin_log(n, row, &b, err);
  if (rc == 0) rc = hub_tell_recovery(n, &row->id, err);
  if (rc == 0) rc = hub_tell_again(n, &row->id, err);
  return rc != 0 ? rc : t->get_ledger(t->ctx, &row->id, row, err);
}

/* --- the invitation --------------------------------------------------- */

static int fill_path(struct node *n, const struct yz_ledger_row *row, struct yz_invitation *i,
                     struct yz_error *err) {
  int rc = 0;
  char *path = node_ledger_path(n, row);
  char *whole = path == NULL ? NULL : realpath(path, NULL);
  if (whole == NULL)
    rc =
        yz_fail(err, YZ_E_IO, YZ_N_("The ledger's folder cannot be found again."), "%s", row->code);
  else if (strlen(whole) > HUB_MAX_URL)
    rc = yz_fail(err, YZ_E_LIMIT,
                 YZ_N_("The path to the ledger is too long; keep the hub in a folder nearer to the "
                       "root."),
                 "%s", whole);
  else
    memcpy(i->url, whole, strlen(whole) + 1);
  free(whole);
  free(path);
  return rc;
}

/* Where the village finds the ledger: makes the repository if it is ours. */
static int fill_url(struct node *n, const struct yz_ledger_row *row, struct yz_invitation *i,
                    struct yz_error *err) {
  struct yz_ledger *git = NULL;
  struct hub_address hub;
  if (row->url[0] != '\0') {
    memcpy(i->url, row->url, sizeof i->url);
    return 0;
  }
  int rc = node_open_ledger(n, row, true, &git, err);
  yz_ledger_destroy(git);
  if (rc == 0) rc = hub_get_address(n, &hub, err);
  if (rc != 0) return rc;
  if (hub.url[0] == '\0') return fill_path(n, row, i, err);
  hub_ledger_address(&hub, &row->id, i->url);
  return 0;
}

static int fill_recovery(struct node *n, struct yz_invitation *i, struct yz_error *err) {
  struct yz_buf hex = {0};
  int rc = store_get_setting(n->store, "recovery", &hex, err);
  if (rc == YZ_E_NOT_FOUND ||
      (rc == 0 && !yz_from_hex((const char *)hex.data, hex.len, i->recovery.bytes, YZ_HASH_LEN)))
    rc = yz_fail(err, YZ_E_DAMAGED,
                 YZ_N_("This hub has no recovery key: it was not made to the end. Make it again in "
                       "an empty folder."),
                 "%s", n->dir);
  yz_buf_finish(&hex);
  return rc;
}

/* Another invitation gives another letter, so that two nodes which use both never give one
 * number twice. */
static int next_letter(struct node *n, const struct yz_ledger_row *row, char out[static 4],
                       struct yz_error *err) {
  struct letters used = {0};
  int rc = letters_mark_ledger(&used, n, &row->id, false, err);
  return rc != 0 ? rc : letters_next(&used, out, err);
}

static int fill_invitation(struct node *n, const struct yz_ledger_row *row, int64_t until_ms,
                           struct yz_invitation *i, struct yz_error *err) {
  *i = (struct yz_invitation){
      .ledger = row->id, .hub = n->station.key, .box = n->station.box_key, .until_ms = until_ms};
  int rc = next_letter(n, row, i->letter, err);
  if (rc != 0) return rc;
  memcpy(i->township, n->name, sizeof i->township);
  memcpy(i->village, row->name, sizeof i->village);
  memcpy(i->code, row->code, sizeof i->code);
  n->world->random(n->world->ctx, i->word, sizeof i->word);
  rc = fill_recovery(n, i, err);
  return rc != 0 ? rc : fill_url(n, row, i, err);
}

/* --- the file ---------------------------------------------------------- */

static int file_taken(struct yz_error *err, const char *file) {
  return yz_fail(err, YZ_E_EXISTS,
                 YZ_N_("A file of this name is there already. Give another name, or move the "
                       "old one away."),
                 "%s", file);
}

/* *out: the invitation in a file that is there; *is: there is a file. YZ_E_EXISTS: another one. */
static int read_there(struct node *n, const char *file, struct yz_invitation *out, bool *is,
                      struct yz_error *err) {
  struct yz_error why = {0};
  struct yz_buf text = {0};
  int rc = n->world->read_file(n->world->ctx, file, YZ_MAX_INVITATION, &text, &why);
  *is = rc != YZ_E_NOT_FOUND;
  if (rc == 0) rc = yz_invitation_read((const char *)text.data, text.len, out, &why);
  if (text.data != NULL) yz_wipe(text.data, text.len);
  yz_buf_finish(&text);
  return !*is || rc == 0 ? 0 : file_taken(err, file);
}

struct known {
  const struct yz_invitation *there;
  bool unused;
};

static int compare(void *arg, const struct invitation_row *row) {
  struct known *k = arg;
  k->unused |= !row->used && yz_equal(row->invitation.word, k->there->word, 16) &&
               yz_equal(&row->invitation.ledger, &k->there->ledger, YZ_ID_LEN);
  return 0;
}

/* The file that this command would write is there, and nobody has joined by it: it was done
 * before. url NULL: any. YZ_E_EXISTS: it is another one. */
static int done_before(struct node *n, const struct yz_invitation *there, const char *url,
                       const char *file, int64_t until_ms, struct yz_ledger_row *row,
                       struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct known known = {.there = there};
  int rc = store_each_invitation(n->store, compare, &known, err);
  if (rc == 0 && (!known.unused || (url != NULL && strcmp(url, there->url) != 0)))
    rc = file_taken(err, file);
  if (rc == 0) rc = t->get_ledger(t->ctx, &there->ledger, row, err);
  if (rc == 0) rc = store_prolong_invitation(n->store, there, until_ms, err);
  return rc == 0 ? store_commit(n->store, err) : rc;
}

/* Looked at before anything is made: what can be seen of it beforehand. */
static int check_folder(const char *file, struct yz_error *err) {
  const char *slash = strrchr(file, '/');
  char *folder = slash == NULL   ? strdup(".")
                 : slash == file ? strdup("/")
                                 : strndup(file, (size_t)(slash - file));
  if (folder == NULL) return yz_no_memory(err);
  int rc =
      access(folder, W_OK) == 0
          ? 0
          : yz_fail(err, YZ_E_NOT_FOUND,
                    YZ_N_("This folder is not there, or nothing can be written in it. Make it, "
                          "or name another one."),
                    "%s", folder);
  free(folder);
  return rc;
}

/* Ends the transaction. The hub knows of an invitation before there is a file of it: whatever
 * file there is counts, and one that was not written in the end is written by doing it again. */
static int commit_and_write(struct node *n, const struct yz_invitation *i, const char *file,
                            struct yz_error *err) {
  struct yz_buf text = {0};
  int rc = yz_invitation_write(i, &text);
  if (rc != 0)
    rc = yz_fail(err, rc, YZ_N_("The invitation could not be written; the names are too long."),
                 NULL);
  if (rc == 0) rc = check_folder(file, err);
  if (rc == 0) rc = store_put_invitation(n->store, i, err);
  if (rc == 0) rc = store_commit(n->store, err);
  if (rc == 0) rc = n->world->write_file(n->world->ctx, file, text.data, text.len, 0, err);
  if (text.data != NULL) yz_wipe(text.data, text.len);
  yz_buf_finish(&text);
  return rc;
}

static int put_url(struct node *n, struct yz_ledger_row *row, const char *url,
                   struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  if (url == NULL) return 0;
  if (strlen(url) > HUB_MAX_URL)
    return yz_fail(
        err, YZ_E_INPUT,
        YZ_N_("This address is too long. Keep the ledger where a shorter one leads to it."), "%s",
        url);
  memcpy(row->url, url, strlen(url) + 1);
  return t->put_ledger(t->ctx, row, err);
}

static int invite(struct node *n, const char *village, const char *code, const char *url,
                  const char *file, int64_t until_ms, struct yz_ledger_row *row,
                  struct yz_error *err) {
  struct yz_invitation i = {0};
  bool found = false;
  int rc = hub_check_present(n, err);
  if (rc == 0) rc = look_for(n, village, code, row, &found, err);
  if (rc == 0 && !found) rc = hub_make_ledger(n, village, code, row, err);
  if (rc == 0) rc = put_url(n, row, url, err);
  if (rc == 0) rc = fill_invitation(n, row, until_ms, &i, err);
  if (rc == 0) rc = commit_and_write(n, &i, file, err);
  yz_wipe(&i, sizeof i);
  return rc;
}

int hub_invite(struct node *n, const char *village, const char *code, const char *url,
               const char *file, int64_t until_ms, struct yz_ledger_row *row, bool *already,
               struct yz_error *err) {
  struct yz_invitation there = {0};
  int rc = read_there(n, file, &there, already, err);
  if (rc == 0 && *already && (strcmp(there.village, village) != 0 || strcmp(there.code, code) != 0))
    rc = file_taken(err, file);
  if (rc == 0) rc = store_begin(n->store, err);
  if (rc == 0) {
    rc = *already ? done_before(n, &there, url, file, until_ms, row, err)
                  : invite(n, village, code, url, file, until_ms, row, err);
    store_rollback(n->store);
  }
  yz_wipe(&there, sizeof there);
  return rc;
}

static int invite_pc(struct node *n, const struct yz_ledger_row *row, const char *file,
                     int64_t until_ms, char letter[static 4], struct yz_error *err) {
  struct yz_invitation i = {0};
  bool joined = false;
  int rc = hub_check_present(n, err);
  if (rc == 0) rc = has_joined(n, &row->id, &joined, err);
  if (rc == 0 && !joined)
    rc = yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("This village has not joined yet: invite it with --village and --code, and "
                       "further PCs when it has."),
                 "%s %s", row->code, row->name);
  if (rc == 0) rc = fill_invitation(n, row, until_ms, &i, err);
  if (rc == 0) rc = commit_and_write(n, &i, file, err);
  memcpy(letter, i.letter, sizeof i.letter);
  yz_wipe(&i, sizeof i);
  return rc;
}

int hub_invite_pc(struct node *n, const char *code, const char *file, int64_t until_ms,
                  struct yz_ledger_row *row, char letter[static 4], bool *already,
                  struct yz_error *err) {
  struct yz_invitation there = {0};
  int rc = read_there(n, file, &there, already, err);
  if (rc == 0) rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = hub_find_village(n, code, row, err);
  if (rc == 0 && *already && !yz_equal(&there.ledger, &row->id, YZ_ID_LEN))
    rc = file_taken(err, file);
  if (rc == 0)
    rc = *already ? done_before(n, &there, NULL, file, until_ms, row, err)
                  : invite_pc(n, row, file, until_ms, letter, err);
  if (*already) memcpy(letter, there.letter, sizeof there.letter);
  store_rollback(n->store);
  yz_wipe(&there, sizeof there);
  return rc;
}
