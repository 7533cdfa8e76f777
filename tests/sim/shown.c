/* At the end: all who have a case show it alike, and what is shown as a conflict was written apart,
 * as its writers really knew. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

static const char *hex12(const struct yz_hash *id) {
  static char hex[YZ_HASH_HEX + 1];
  yz_to_hex(id->bytes, YZ_HASH_LEN, hex);
  hex[12] = '\0';
  return hex;
}

struct digest {
  uint64_t hash;
};

static void take(struct digest *d, const void *bytes, size_t n) {
  const unsigned char *at = bytes;
  for (size_t i = 0; i < n; i++) d->hash = (d->hash ^ at[i]) * 1099511628211u;
}

static void take_text(struct digest *d, const char *text) {
  take(d, text != NULL ? text : "\1", text != NULL ? strlen(text) + 1 : 2);
}

/* All that a reader is shown of a case; without what hangs on words, where they are not for all. */
static uint64_t digest_case(const struct case_whole *w, bool sealed) {
  const struct case_view *v = &w->view;
  struct digest d = {14695981039346656037u};
  take(&d, &v->state, sizeof v->state);
  take(&d, &v->flags, sizeof v->flags);
  take_text(&d, v->number);
  for (size_t i = 0; i < v->n_records; i++) take(&d, &w->records[v->order[i]].id, YZ_HASH_LEN);
  if (sealed) return d.hash;
  take(&d, &v->conflict_count, sizeof v->conflict_count);
  take(&d, &v->requested, sizeof v->requested);
  take(&d, &v->needs_newer, sizeof v->needs_newer);
  take_text(&d, v->last_result);
  take(&d, &w->deadline.due_ms, sizeof w->deadline.due_ms);
  for (size_t f = 0; f < CASE_FIELDS; f++)
    for (size_t k = 0; k < v->fields[f].n_values; k++) {
      const struct case_value *value = &v->fields[f].values[k];
      take_text(&d, value->value);
      if (value->record != CASE_NO_RECORD) take(&d, &w->records[value->record].id, YZ_HASH_LEN);
    }
  for (size_t i = 0; i < v->n_records; i++) take(&d, &v->effects[v->order[i]], sizeof *v->effects);
  return d.hash;
}

/* For people: the records of a case as a PC has them. */
static void print_case(struct pc *pc, const struct yz_hash *id) {
  struct case_whole whole = {0};
  struct yz_error err = {0};
  if (store_load_case(pc->node.store, id, &whole, &err) != 0) return;
  fprintf(stderr, "%s:\n", pc_name(pc));
  for (size_t i = 0; i < whole.n; i++) {
    size_t at = whole.view.order[i], said = truth_find(&whole.records[at].id);
    char *content = json_dumps(whole.records[at].content, JSON_COMPACT);
    fprintf(stderr, "  %s %-13s by %-7s %-12s %s\n", hex12(&whole.records[at].id),
            whole.records[at].type,
            said != TRUTH_NONE ? pc_name(&sim.pcs[truth_at(said)->pc]) : "?",
            case_effect_name(whole.view.effects[at]), content != NULL ? content : "");
    for (size_t k = 0; k < whole.records[at].n_heads; k++)
      fprintf(stderr, "      after %s\n", hex12(&whole.records[at].heads[k]));
    free(content);
  }
  case_whole_finish(&whole);
}

/* Is record i known to who wrote record k? */
static bool knew(const struct said *k, size_t i) {
  size_t low = 0, high = k->n_known;
  while (low < high) {
    size_t mid = (low + high) / 2;
    if (k->known[mid] < i)
      low = mid + 1;
    else
      high = mid;
  }
  return low < k->n_known && k->known[low] == i;
}

/* A write of a field. */
struct write {
  size_t said;
  const char *value;
};

static const char *value_of(const struct case_record *r, const char *name, bool *writes) {
  const json_t *fields =
      strcmp(r->type, "case.open") == 0 ? r->content : json_object_get(r->content, "fields");
  const json_t *value = json_object_get(fields, name);
  *writes = value != NULL;
  return json_string_value(value);
}

static bool same_text(const char *a, const char *b) {
  return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* How many different values stand: those of writes that no other had seen. Held against what
 * writers really knew, not what their records name. */
static size_t values_apart(const struct write *w, size_t n) {
  size_t apart = 0;
  const char *values[CASE_FIELDS * 8];
  for (size_t i = 0; i < n; i++) {
    bool stands = true, again = false;
    for (size_t k = 0; k < n && stands; k++) stands = !knew(truth_at(w[k].said), w[i].said);
    for (size_t k = 0; k < apart && !again; k++) again = same_text(values[k], w[i].value);
    if (stands && !again && apart < CASE_FIELDS * 8) values[apart++] = w[i].value;
  }
  return apart;
}

/* Is all here that its records name, and known what their writers knew? */
static bool is_complete(const struct case_whole *whole) {
  for (size_t i = 0; i < whole->n; i++) {
    const struct case_record *r = &whole->records[i];
    size_t at = truth_find(&r->id), found = 0;
    if (at == TRUTH_NONE || !truth_at(at)->told) return false;
    for (size_t k = 0; k < r->n_heads; k++)
      for (size_t j = 0; j < whole->n; j++)
        found += memcmp(&whole->records[j].id, &r->heads[k], YZ_HASH_LEN) == 0;
    if (found < r->n_heads) return false;
  }
  return true;
}

static void check_conflicts(const struct pc *pc, const struct case_whole *whole) {
  if (!is_complete(whole)) return;
  struct write *writes = calloc(whole->n + 1, sizeof *writes);
  for (size_t f = 0; f < FIELD_ASSIGNED; f++) {
    const char *name = case_field_name((enum case_field_index)f);
    size_t n = 0;
    bool settled = false;
    for (size_t i = 0; i < whole->n; i++) {
      enum case_effect effect = whole->view.effects[i];
      bool is_write;
      const char *value = value_of(&whole->records[i], name, &is_write);
      if (!is_write || (effect != EFFECT_APPLIED && effect != EFFECT_CONFLICT)) continue;
      size_t at = truth_find(&whole->records[i].id);
      settled = settled || strcmp(whole->records[i].type, "case.settle") == 0;
      if (at != TRUTH_NONE) writes[n++] = (struct write){at, value};
    }
    size_t apart = values_apart(writes, n);
    size_t shown = whole->view.fields[f].n_values;
    if (apart > 1) faults.conflicts++;
    /* A settlement has its own rule: FORMAT.md §14, 4. It never makes a conflict. */
    bool wrong = settled ? shown > (apart > 1 ? apart : 1) : shown != (apart > 0 ? apart : 1);
    if (wrong) print_case(&sim.pcs[pc->index], &whole->records[whole->view.order[0]].id);
    if (wrong)
      sim_wrong("%s shows %zu values of %s where %zu were written apart: case %s", pc_name(pc),
                shown, name, apart, hex12(&whole->records[whole->view.order[0]].id));
  }
  free(writes);
}

/* Of a log that its node forked, each PC goes by what it had first (sync/DESIGN.md (b)); and what a
 * hub had carried of a worker whom it revoked once it had lost that stands, carried, in another
 * village's ledger alone; and words that are gone are missed by who has not read them. Cases with
 * such records may be shown differently. */
static bool is_contested(const struct case_whole *whole) {
  for (size_t i = 0; i < whole->n; i++) {
    size_t at = truth_find(&whole->records[i].id);
    if (at == TRUTH_NONE || truth_at(at)->lies || truth_at(at)->wordless) return true;
    if (truth_at(at)->ended_by != TRUTH_NONE && sim.pcs[HUB].restored) return true;
    for (size_t k = 0; k < whole->records[i].n_heads; k++) {
      at = truth_find(&whole->records[i].heads[k]);
      if (at == TRUTH_NONE || truth_at(at)->lies) return true;
    }
  }
  return false;
}

/* A case as one PC shows it; false: it does not have it, or not to compare. */
static bool look(struct pc *pc, const struct opened *c, uint64_t *digest, size_t *records,
                 bool conflicts) {
  struct case_whole whole = {0};
  struct yz_error err = {0};
  int rc = store_load_case(pc->node.store, &c->id, &whole, &err);
  if (rc == YZ_E_NOT_FOUND) return false;
  if (rc != 0) sim_wrong("%s cannot load a case: %s", pc_name(pc), err.message);
  *digest = digest_case(&whole, c->sealed);
  *records = whole.n;
  bool contested = is_contested(&whole);
  if (conflicts && (!c->sealed || pc->index == HUB)) check_conflicts(pc, &whole);
  case_whole_finish(&whole);
  return !contested;
}

static void check_case(const struct opened *c) {
  uint64_t first = 0, digest;
  size_t n_first = 0, n;
  const struct pc *shown = NULL;
  for (size_t i = 0; i < sim.n_pcs; i++) {
    struct pc *pc = &sim.pcs[i];
    if (pc->lies || !look(pc, c, &digest, &n, shown == NULL)) continue;
    if (shown == NULL) {
      shown = pc;
      first = digest;
      n_first = n;
    }
    if (digest != first) {
      print_case(&sim.pcs[shown->index], &c->id);
      print_case(pc, &c->id);
      sim_wrong("%s and %s show case %s differently (%zu and %zu records)", pc_name(shown),
                pc_name(pc), hex12(&c->id), n_first, n);
    }
  }
  if (shown != NULL)
    sim_say("case %s: %zu records, %016llx", hex12(&c->id), n_first, (unsigned long long)first);
}

void check_shown(void) {
  for (size_t i = 0; i < truth_cases(); i++) check_case(truth_case(i));
}
