/* What a roster answers beside judging single records, which the stories among the
 * vectors show: who is known, who reads, whose word counts. */
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sample.h"
#include "sync/roster_private.h"

static struct sample hub, a, b, chief, clerk, w1, w2;
static struct sample *const all[] = {&hub, &a, &b, &chief, &clerk, &w1, &w2};
static struct yz_roster *roster;
static struct sample_log hub_log, village;

static int start(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) sample_init(all[i], (char)('A' + 2 * i));
  return 0;
}

static int stop(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) sample_finish(all[i]);
  return 0;
}

/* Takes the log's newest record in; did rights change? */
static bool take(struct sample_log *log) {
  bool changed = false;
  assert_int_equal(yz_roster_add(roster, &log->record, &log->members, &changed, NULL), 0);
  return changed;
}

static bool say(struct sample_log *log, const struct sample *by, const char *type, json_t *plain) {
  sample_add(log, by, type, plain);
  return take(log);
}

static const char *judge(struct sample_log *log) {
  const char *rule;
  yz_roster_judge(roster, &log->record, &log->head.id, log->members.type, &rule);
  return rule ? rule : "ok";
}

static bool begin(struct sample_log *log, const struct sample *node, char ledger, char incarnation,
                  const struct sample_log *continues) {
  sample_log_init(log, node, ledger, incarnation);
  sample_begin(log, &hub.key, continues);
  return take(log);
}

static json_t *worker(const struct sample *who, const char *role) {
  json_t *plain = json_pack("{s:o}", "worker", sample_hex(who->key.bytes, YZ_KEY_LEN));
  if (role) json_object_set_new(plain, "roles", json_pack("[s]", role));
  return plain;
}

static json_t *grant(const struct sample *node, const struct sample *who) {
  return json_pack("{s:o, s:o}", "node", sample_hex(node->key.bytes, YZ_KEY_LEN), "workers",
                   sample_key_list(&who, who ? 1 : 0));
}

static json_t *revocation(const struct sample *node, const struct sample *who, json_t *until) {
  json_t *plain = grant(node, who);
  json_object_set_new(plain, "until", until);
  return plain;
}

static int open_ledger(void **state) {
  const struct yz_id ledger = sample_id('l');
  (void)state;
  roster = yz_roster_create(&ledger, &hub.key, NULL);
  assert_true(begin(&hub_log, &hub, 'l', '1', NULL));
  assert_true(begin(&village, &a, 'l', '1', NULL));
  return 0;
}

static int close_ledger(void **state) {
  (void)state;
  sample_log_finish(&hub_log);
  sample_log_finish(&village);
  yz_roster_destroy(roster);
  return 0;
}

static void a_grant_makes_known(void **state) {
  (void)state;
  assert_true(yz_roster_node_known(roster, &hub.key));
  assert_false(yz_roster_node_known(roster, &a.key));
  assert_string_equal(judge(&village), "log.grant");
  assert_false(say(&village, &a, "case.open", NULL));
  assert_true(say(&hub_log, &hub, "roster.grant", grant(&a, &w1)));
  assert_true(yz_roster_node_known(roster, &a.key));
  assert_false(yz_roster_node_known(roster, &b.key));
}

static void a_grant_that_is_none(void **state) {
  json_t *later = grant(&a, &w1), *numbers = grant(&a, &w1), *old = grant(&a, &w1);
  json_t *longer = grant(&a, &w1), *place = sample_place(&village);
  (void)state;
  json_object_set_new(later, "later", json_true());
  json_object_set_new(numbers, "workers", json_pack("[i]", 1));
  json_object_set_new(old, "old", json_pack("[[s]]", "x"));
  json_array_append_new(place, json_integer(1));
  json_object_set_new(longer, "old", json_pack("[o]", place));
  assert_false(say(&hub_log, &hub, "roster.grant", later));
  assert_false(say(&hub_log, &hub, "roster.grant", numbers));
  assert_false(say(&hub_log, &hub, "roster.grant", old));
  assert_false(say(&hub_log, &hub, "roster.grant", longer));
  assert_false(say(&hub_log, &hub, "roster.grant", NULL));
  assert_false(say(&village, &a, "roster.grant", grant(&a, &w1)));
  assert_false(yz_roster_node_known(roster, &a.key));
}

static void roles_of_hub_workers(void **state) {
  (void)state;
  say(&hub_log, &hub, "worker.add", worker(&chief, "administrator"));
  say(&hub_log, &hub, "worker.add", worker(&clerk, NULL));
  assert_false(say(&hub_log, &hub, "worker.add", worker(&w2, "later")));
  say(&village, &a, "worker.add", worker(&w1, "administrator"));
  assert_int_equal(yz_roster_roles(roster, &chief.key), YZ_ROLE_ADMINISTRATOR);
  assert_int_equal(yz_roster_roles(roster, &clerk.key), YZ_ROLE_CLERK);
  assert_int_equal(yz_roster_roles(roster, &w1.key), 0);
  assert_int_equal(yz_roster_roles(roster, &w2.key), 0);
  say(&hub_log, &hub, "worker.add", worker(&clerk, "head"));
  assert_int_equal(yz_roster_roles(roster, &clerk.key), YZ_ROLE_CLERK | YZ_ROLE_HEAD);
}

static void at_home_workers_count_at_once(void **state) {
  struct yz_id ledger = sample_id('l');
  struct yz_roster *bystander = roster;
  (void)state;
  roster = yz_roster_create(&ledger, &hub.key, &a.key);
  yz_roster_destroy(bystander);
  sample_log_finish(&village);
  begin(&village, &a, 'l', '1', NULL);
  assert_true(yz_roster_node_known(roster, &a.key));
  assert_string_equal(judge(&village), "ok");
  say(&village, &a, "worker.add", worker(&w1, NULL));
  sample_add(&village, &w1, "case.open", NULL);
  assert_string_equal(judge(&village), "ok");
  sample_add(&village, &w2, "case.open", NULL);
  assert_string_equal(judge(&village), "author.unknown");
}

static bool reads(const struct sample *who) {
  struct yz_key *keys;
  size_t n, found = 0;
  assert_int_equal(yz_roster_receivers(roster, &keys, &n), 0);
  for (size_t i = 0; i < n; i++) found += memcmp(&keys[i], &who->box_key, sizeof keys[i]) == 0;
  free(keys);
  assert_true(found <= 1);
  return found == 1;
}

static void who_reads(void **state) {
  struct sample_log again, third, fourth;
  (void)state;
  assert_true(reads(&hub));
  assert_false(reads(&a));
  say(&hub_log, &hub, "roster.grant", grant(&a, &w1));
  assert_true(reads(&a));
  assert_true(begin(&again, &a, 'l', '2', &village));
  assert_true(reads(&a));
  struct sample other = a;
  other.box_key = b.box_key;
  assert_true(begin(&third, &other, 'l', '3', &village));
  assert_true(reads(&b));
  assert_false(reads(&a)); /* one key a node: the one it named last */
  assert_true(begin(&fourth, &a, 'l', '4', &village));
  assert_true(reads(&a));
  say(&hub_log, &hub, "roster.revoke", revocation(&a, &w1, json_array()));
  assert_true(reads(&a));
  say(&hub_log, &hub, "roster.revoke",
      revocation(&a, NULL, json_pack("[o]", sample_place(&village))));
  assert_false(reads(&a));
  say(&hub_log, &hub, "roster.revoke", revocation(&hub, NULL, json_array()));
  assert_true(reads(&hub));
  sample_log_finish(&again);
  sample_log_finish(&third);
  sample_log_finish(&fourth);
}

static bool current(const struct sample_log *log) {
  struct yz_id id;
  return yz_roster_hub_log(roster, &id) && memcmp(&id, &log->id, sizeof id) == 0;
}

static void the_hub_log_that_counts(void **state) {
  struct sample_log second, rival, away;
  (void)state;
  assert_true(current(&hub_log));
  begin(&second, &hub, 'l', '2', &hub_log);
  assert_true(current(&second));
  assert_true(yz_roster_superseded(roster, &hub_log.id));
  assert_false(yz_roster_superseded(roster, &second.id));
  begin(&rival, &hub, 'l', '3', &hub_log);
  assert_true(current(&second));
  begin(&away, &hub, 'm', '4', &second);
  assert_true(current(&second));
  assert_string_equal(judge(&away), "log.id");
  assert_false(say(&away, &hub, "roster.grant", grant(&a, &w1)));
  assert_false(yz_roster_node_known(roster, &a.key));
  sample_log_finish(&second);
  sample_log_finish(&rival);
  sample_log_finish(&away);
}

static void no_hub_log_yet(void **state) {
  struct yz_id ledger = sample_id('l'), id;
  struct yz_roster *empty = yz_roster_create(&ledger, &hub.key, NULL);
  (void)state;
  assert_false(yz_roster_hub_log(empty, &id));
  yz_roster_destroy(empty);
  yz_roster_destroy(NULL);
}

static void old_logs_are_those_named(void **state) {
  struct sample_log old;
  struct yz_place upto;
  json_t *plain = grant(&a, &w1);
  (void)state;
  begin(&old, &a, 'm', '1', NULL);
  assert_false(yz_roster_old_log(roster, &old.id, &upto));
  json_object_set_new(plain, "old", json_pack("[o]", sample_place(&old)));
  say(&hub_log, &hub, "roster.grant", plain);
  assert_true(yz_roster_old_log(roster, &old.id, &upto));
  assert_int_equal(upto.seq, 1);
  assert_memory_equal(&upto.id, &old.head.id, sizeof upto.id);
  assert_string_equal(judge(&old), "ok");
  upto.id.bytes[0] ^= 1;
  const char *rule;
  assert_int_equal(yz_roster_judge(roster, &old.record, &upto.id, "log.begin", &rule), YZ_REFUSED);
  assert_string_equal(rule, "author.revoked");
  sample_log_finish(&old);
}

static void members_of_a_ledger(void **state) {
  struct yz_member *list;
  size_t n;
  (void)state;
  say(&hub_log, &hub, "worker.add", worker(&chief, "administrator"));
  say(&village, &a, "worker.add", worker(&w1, NULL));
  say(&village, &a, "worker.add", worker(&w2, NULL));
  say(&hub_log, &hub, "roster.grant", grant(&a, &w1));
  say(&hub_log, &hub, "roster.revoke", revocation(&a, &w1, json_array()));
  assert_int_equal(yz_roster_members(roster, &list, &n), 0);
  assert_int_equal(n, 3);
  assert_memory_equal(&list[0].worker, &chief.key, YZ_KEY_LEN);
  assert_true(list[0].hub && !list[0].awaiting && list[0].roles == YZ_ROLE_ADMINISTRATOR);
  assert_memory_equal(&list[1].worker, &w1.key, YZ_KEY_LEN);
  assert_true(!list[1].hub && !list[1].awaiting && list[1].revoked);
  assert_memory_equal(&list[2].worker, &w2.key, YZ_KEY_LEN);
  assert_true(list[2].awaiting && !list[2].revoked);
  free(list);
}

static void types_of_trust(void **state) {
  (void)state;
  assert_true(yz_trust_type("log.begin"));
  assert_true(yz_trust_type("roster.revoke"));
  assert_false(yz_trust_type("roster"));
  assert_false(yz_trust_type("case.open"));
}

#define in_ledger(test) cmocka_unit_test_setup_teardown(test, open_ledger, close_ledger)

/* The heir's log, whose second record names it; `key` signed, `until` counts. */
static void name_heir(struct sample_log *log, const struct sample *heir, const struct sample *key,
                      const struct sample_log *until) {
  struct yz_ack_head place = {.log = until->id, .at = until->head};
  struct yz_successor said = {.of = hub.key, .until = &place, .n_until = 1};
  sample_log_init(log, heir, 'l', '1');
  sample_begin(log, &heir->key, NULL);
  take(log);
  const struct yz_begin begin = {
      .log = log->id, .ledger = log->ledger, .node = heir->key, .box = heir->box_key};
  assert_int_equal(yz_successor_sign(&said, &begin, key->seed, NULL), 0);
  sample_add(log, heir, "hub.successor", yz_successor_members(&said));
}

static void a_hub_has_a_successor(void **state) {
  struct sample_log heir;
  struct yz_hash hash;
  struct yz_id present;
  (void)state;
  say(&hub_log, &hub, "worker.add", worker(&chief, "administrator"));
  say(&hub_log, &hub, "roster.grant", grant(&a, &w1));
  /* The recovery key is clerk's here: not pinned yet. */
  name_heir(&heir, &b, &clerk, &hub_log);
  assert_string_not_equal(judge(&heir), "ok");
  assert_false(take(&heir));
  yz_sha256(&(struct yz_part){clerk.key.bytes, YZ_KEY_LEN}, 1, &hash);
  yz_roster_pin_recovery(roster, &hash);
  assert_string_equal(judge(&heir), "ok");
  assert_true(reads(&hub) && !reads(&b));
  assert_true(take(&heir));
  assert_memory_equal(yz_roster_hub(roster), &b.key, sizeof b.key);
  assert_true(roster_former(roster, &hub.key) && !roster_former(roster, &b.key));
  assert_true(!reads(&hub) && reads(&b) && reads(&a));
  assert_true(yz_roster_hub_log(roster, &present));
  assert_memory_equal(&present, &heir.id, sizeof present);
  assert_true(yz_roster_superseded(roster, &hub_log.id));
  assert_int_equal(yz_roster_roles(roster, &chief.key), 0);
  sample_add(&hub_log, &hub, "roster.grant", grant(&a, &w2));
  assert_string_equal(judge(&hub_log), "author.revoked");
  say(&heir, &b, "worker.add", worker(&chief, "administrator"));
  assert_int_equal(yz_roster_roles(roster, &chief.key), YZ_ROLE_ADMINISTRATOR);
  sample_log_finish(&heir);
}

static json_t *many_places(const struct sample_log *log, size_t n) {
  json_t *list = json_array();
  for (size_t i = 0; i < n; i++) json_array_append_new(list, sample_place(log));
  return list;
}

/* Who names as many logs as fit into a beginning, and then ends worker after worker, does
 * not fill the memory of those who take it in. */
static void a_node_leaves_a_log(void **state) {
  struct sample_log later, liar;
  int64_t head;
  (void)state;
  say(&hub_log, &hub, "roster.grant", grant(&a, &w1));
  say(&village, &w1, "case.open", NULL);
  head = village.head.seq;
  assert_false(yz_roster_left(roster, &village.id, head + 1));
  /* Another node cannot say it for this one. */
  begin(&liar, &b, 'm', '3', &village);
  assert_false(yz_roster_left(roster, &village.id, head + 1));
  begin(&later, &a, 'l', '2', &village);
  assert_false(yz_roster_left(roster, &village.id, head));
  assert_true(yz_roster_left(roster, &village.id, head + 1));
  assert_false(yz_roster_left(roster, &later.id, head + 1));
  say(&hub_log, &hub, "roster.revoke", revocation(&a, NULL, json_array()));
  assert_true(yz_roster_left(roster, &later.id, 1));
  assert_false(yz_roster_left(roster, &hub_log.id, 1));
  sample_log_finish(&liar);
  sample_log_finish(&later);
}

static void ends_are_small(void **state) {
  enum { ENDS = 1000, PLACES = 500, MOST = 1024 * ENDS };
  struct sample_log copy;
  (void)state;
  say(&hub_log, &hub, "roster.grant", grant(&a, &w1));
  sample_log_init(&copy, &a, 'l', 'c');
  say(&copy, &a, "log.begin",
      json_pack("{s:o, s:o, s:o, s:o, s:o, s:s, s:o}", "node", sample_hex(&a.key, YZ_KEY_LEN),
                "box", sample_hex(&a.box_key, YZ_KEY_LEN), "incarnation",
                sample_hex(&copy.incarnation, YZ_ID_LEN), "ledger",
                sample_hex(&copy.ledger, YZ_ID_LEN), "hub", sample_hex(&hub.key, YZ_KEY_LEN),
                "letter", "A", "continues", many_places(&hub_log, PLACES)));
  size_t before = mallinfo2().uordblks;
  for (uint32_t i = 0; i < ENDS; i++) {
    struct yz_key key = {{1}};
    memcpy(key.bytes + 1, &i, sizeof i);
    assert_true(
        say(&copy, &a, "worker.end", json_pack("{s:o}", "worker", sample_hex(&key, YZ_KEY_LEN))));
  }
  assert_true(mallinfo2().uordblks < before + MOST);
  say(&copy, &a, "worker.end", worker(&w1, NULL));
  sample_add(&copy, &w1, "case.open", NULL);
  assert_string_equal(judge(&copy), "author.revoked");
  sample_log_finish(&copy);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      in_ledger(a_grant_makes_known),
      in_ledger(a_grant_that_is_none),
      in_ledger(roles_of_hub_workers),
      in_ledger(at_home_workers_count_at_once),
      in_ledger(who_reads),
      in_ledger(the_hub_log_that_counts),
      cmocka_unit_test(no_hub_log_yet),
      in_ledger(old_logs_are_those_named),
      in_ledger(members_of_a_ledger),
      in_ledger(a_hub_has_a_successor),
      in_ledger(a_node_leaves_a_log),
      in_ledger(ends_are_small),
      cmocka_unit_test(types_of_trust),
  };
  return cmocka_run_group_tests(tests, start, stop);
}
