/* The node that lies: it holds a key that was let in, and writes what its program would not.
 *
 *   forge     words in another's name, or what only the hub may say, in its own log; a commit of
 *             its own on the branch of another
 *   fork      a copy of its disk goes on in the same log
 *   replay    a branch of another ledger under this one's names
 *   rollback  somebody's branch put back
 *   flood     many branches that are nobody's
 *
 * It can write to the repository of its ledger at the hub, past its own program. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disk.h"
#include "node/ledgers.h"
#include "repos.h"
#include "sim.h"

static struct repo *served(const struct pc *liar) {
  return repo_find(liar->node.ledger.url);
}

/* --- forging ---------------------------------------------------------------------- */

static void note_forged(const struct pc *liar, const struct yz_place *place,
                        const struct yz_key *by) {
  struct said said = {.id = place->id,
                      .ledger = liar->node.ledger.id,
                      .log = liar->node.ledger.own,
                      .seq = place->seq,
                      .by = *by,
                      .pc = liar->index,
                      .ended_by = TRUTH_NONE,
                      .forged = true,
                      .lies = true};
  truth_add(&said);
}

/* One record into its own log, signed by whoever is given. */
static void write_as(struct pc *liar, const struct yz_author *author,
                     const struct yz_draft *draft) {
  struct yz_error err = {0};
  struct yz_place place;
  int rc = store_begin(liar->node.store, &err);
  if (rc == 0)
    rc = store_end(
        liar->node.store,
        yz_append(&liar->node.station, &liar->node.ledger.id, author, draft, &place, NULL, &err),
        &err);
  sim_say("the liar forges a %s: %s", draft->type, rc == 0 ? "ok" : yz_code_name(err.code));
  if (rc != 0) return;
  note_forged(liar, &place, &author->key);
  fault_count(FAULT_FORGE);
}

/* A note by the hub's worker, signed with a key that is not that one's. */
static void forge_note(struct pc *liar) {
  const struct worker *victim = &sim.pcs[sim_in(2) ? HUB : liar->index - 1].workers[0];
  struct yz_author author = {victim->signer.author.key, liar->node.seed};
  if (truth_cases() == 0) return;
  const struct yz_hash *id = &truth_case(sim_below(truth_cases()))->id;
  json_t *plain = json_pack("{s:I}", "at", (json_int_t)sim.now_ms);
  json_t *content = json_pack("{s:s}", "text", "forged");
  struct yz_draft draft = {.type = "case.note",
                           .plain = plain,
                           .content = content,
                           .case_id = id,
                           .heads = id,
                           .n_heads = 1};
  write_as(liar, &author, &draft);
  json_decref(plain);
  json_decref(content);
}

/* What only the hub may say, in its own name. */
static void forge_rule(struct pc *liar) {
  char node[2 * YZ_KEY_LEN + 1];
  struct yz_author author = {liar->node.station.key, liar->node.seed};
  if (sim_in(2)) author = liar->workers[0].signer.author;
  bool revoke = sim_in(2);
  yz_to_hex(sim.pcs[liar->index - 1].node.station.key.bytes, YZ_KEY_LEN, node);
  json_t *plain = json_pack("{s:s,s:[],s:[]}", "node", node, "workers", revoke ? "until" : "old");
  struct yz_draft draft = {.type = revoke ? "roster.revoke" : "roster.grant", .plain = plain};
  write_as(liar, &author, &draft);
  json_decref(plain);
}

static bool is_log(const char *ref) {
  return strncmp(ref, "refs/heads/log/", 15) == 0;
}

/* Somebody's branch in the served repository, not its own. */
static const struct repo_ref *victim_branch(const struct pc *liar, const struct repo *r) {
  char own[YZ_ID_HEX + 1];
  size_t n;
  const struct repo_ref *refs = repo_refs(r, &n);
  yz_to_hex(liar->node.ledger.own.bytes, YZ_ID_LEN, own);
  for (int i = 0; i < 20 && n > 0; i++) {
    const struct repo_ref *ref = &refs[sim_below(n)];
    if (is_log(ref->name) && strstr(ref->name, own) == NULL) return ref;
  }
  return NULL;
}

/* A commit signed by the liar, on the branch of another. */
static void forge_commit(struct pc *liar) {
  struct repo *r = served(liar);
  const struct repo_ref *ref = r != NULL ? victim_branch(liar, r) : NULL;
  struct yz_error err = {0};
  struct yz_buf commit = {0};
  struct yz_oid oid;
  if (ref == NULL) return;
  struct yz_ledger *git = repo_handle(r);
  const struct yz_change change = {"9/9999.jsonl", "{}\n", 3};
  int rc = yz_ledger_prepare(git, &ref->tip, &change, 1, "records", sim.now_ms, liar->node.seed,
                             &commit, &err);
  if (rc == 0) rc = yz_ledger_write_commit(git, commit.data, commit.len, &oid, &err);
  if (rc == 0) {
    char name[YZ_MAX_REF + 1];
    (void)snprintf(name, sizeof name, "%s", ref->name);
    repo_set_ref(r, name, &oid);
    fault_count(FAULT_FORGE);
    sim_say("the liar commits to the branch of another");
  }
  yz_buf_finish(&commit);
  yz_ledger_destroy(git);
}

/* --- forking ----------------------------------------------------------------------- */

/* What a copy of its disk writes at the places that follow; the copy is then thrown away or
 * kept in its stead, and one of the two comes too late. */
static void fork_log(struct pc *liar) {
  static struct pc copy;
  struct yz_error err = {0};
  char to[MAX_PATH], from[MAX_PATH], store[MAX_PATH];
  copy = *liar;
  copy.seen = NULL;
  copy.n_seen = copy.cap_seen = 0;
  copy.met = false; /* it signs with the keys that are open */
  (void)snprintf(copy.dir, sizeof copy.dir, DISK_ROOT "copy-%lld", (long long)sim.step);
  (void)snprintf(from, sizeof from, "%s/yizhan.db", liar->dir);
  (void)snprintf(to, sizeof to, "%s/yizhan.db", copy.dir);
  (void)snprintf(store, sizeof store, "%s/yizhan.db", liar->dir);
  (void)snprintf(copy.home, sizeof copy.home, "%llu", (unsigned long long)disk_identity(store));
  disk_copy(from, to);
  pc_fill_world(&copy);
  if (node_open(&copy.node, copy.dir, &copy.world, &err) != 0) return;
  copy.up = true;
  for (int i = 0; i < 2; i++) work(&copy);
  int rc = act_sync(&copy, &err);
  sim_say("the liar's copy writes and meets the other side: %s",
          rc == 0 ? "ok" : yz_code_name(err.code));
  pc_stop(&copy);
  disk_remove(copy.dir);
  repos_remove(copy.dir);
  fault_count(FAULT_FORK);
}

/* --- branches ------------------------------------------------------------------------ */

static void roll_back(struct pc *liar) {
  struct repo *r = served(liar);
  const struct repo_ref *ref = r != NULL ? victim_branch(liar, r) : NULL;
  struct yz_oid *commits = NULL;
  size_t n = 0;
  if (ref == NULL) return;
  struct yz_ledger *git = repo_handle(r);
  if (yz_ledger_new_commits(git, NULL, &ref->tip, 100000, &commits, &n, NULL) == 0 && n > 1) {
    char name[YZ_MAX_REF + 1];
    (void)snprintf(name, sizeof name, "%s", ref->name);
    if (sim_in(4))
      repo_set_ref(r, name, NULL);
    else
      repo_set_ref(r, name, &commits[sim_below(n - 1)]);
    fault_count(FAULT_ROLLBACK);
    sim_say("the liar puts a branch back");
  }
  free(commits);
  yz_ledger_destroy(git);
}

static void replay(struct pc *liar) {
  struct repo *r = served(liar);
  struct yz_ledger_row row;
  if (r == NULL || !hub_row((int)(1 + sim_below(sim.n_villages - 1)), &row)) return;
  char *path = node_ledger_path(&sim.pcs[HUB].node, &row);
  struct repo *other = path != NULL ? repo_find(path) : NULL;
  size_t n = 0;
  const struct repo_ref *refs = other != NULL ? repo_refs(other, &n) : NULL;
  for (size_t i = 0; i < n; i++) {
    if (strncmp(refs[i].name, "refs/heads/", 11) != 0 || repo_ref(r, refs[i].name) != NULL)
      continue;
    int64_t bytes = 0;
    if (repo_copy(other, r, &refs[i].tip, INT64_MAX, &bytes))
      repo_set_ref(r, refs[i].name, &refs[i].tip);
  }
  if (n > 0) fault_count(FAULT_REPLAY);
  sim_say("the liar replays another ledger");
  free(path);
}

static void flood(struct pc *liar) {
  struct repo *r = served(liar);
  size_t n = 0;
  const struct repo_ref *refs = r != NULL ? repo_refs(r, &n) : NULL;
  if (n == 0) return;
  struct yz_oid tip = refs[sim_below(n)].tip;
  for (int i = 0; i < 8; i++) {
    unsigned char id[YZ_ID_LEN];
    char hex[YZ_ID_HEX + 1], name[YZ_MAX_REF + 1];
    chance_fill(&sim.chance, id, sizeof id);
    yz_to_hex(id, sizeof id, hex);
    (void)snprintf(name, sizeof name, "refs/heads/%s/%s", sim_in(2) ? "log" : "keys", hex);
    repo_set_ref(r, name, &tip);
  }
  fault_count(FAULT_FLOOD);
  sim_say("the liar makes branches that are nobody's");
}

void liar_act(struct pc *liar) {
  static void (*const acts[])(struct pc *) = {forge_note, forge_rule, forge_commit, fork_log,
                                              roll_back,  replay,     flood};
  sim.step++;
  acts[sim_below(sizeof acts / sizeof *acts)](liar);
  check_pc(liar);
}
