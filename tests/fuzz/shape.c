/* The shapes of records of cases and households (node/shape.h; FORMAT.md §14). The input is two
 * lines: the members of a record, of which the general ones are given where they are not
 * there, and its content object. */
#include "tests/fuzz/fuzz.h"

#include "node/cases/cases.h"
#include "node/households/household.h"
#include "node/sealed.h"

static bool known(const struct yz_members *m, const json_t *content) {
  struct yz_hash id = {{1}}, of;
  if (household_record_known(m->type, m->json, content)) {
    FUZZ_HOLDS(household_of(m->type, &id, m->json, &of));
    return true;
  }
  if (strcmp(m->type, "case.carry") == 0) return case_carry_known(m->json, content);
  return case_record_known(m->type, m->json, content);
}

/* One member more, here or in its words, and it is for a newer version to judge. */
static void hold_exact(const struct yz_members *m, json_t *content) {
  FUZZ_HOLDS(known(m, NULL));
  FUZZ_HOLDS(json_object_set_new(m->json, "zz", json_true()) == 0);
  FUZZ_HOLDS(!known(m, content));
  FUZZ_HOLDS(json_object_del(m->json, "zz") == 0 && known(m, content));
  if (!content) return;
  FUZZ_HOLDS(json_object_set_new(content, "zz", json_true()) == 0);
  FUZZ_HOLDS(!known(m, content));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *bytes = fuzz_copy(data, size);
  const char *lf = size > 0 ? memchr(bytes, '\n', size) : NULL;
  size_t first = lf ? (size_t)(lf - bytes) : size, second = lf ? first + 1 : size;
  json_t *rest = fuzz_object(bytes, first), *content = fuzz_object(bytes + second, size - second);
  struct yz_members members;

  if (rest && fuzz_record(rest, &members)) {
    FUZZ_HOLDS(sealed_unfold(members.type, content) == 0); /* as it is read */
    if (known(&members, content)) hold_exact(&members, content);
    yz_members_finish(&members);
  }
  json_decref(rest);
  json_decref(content);
  free(bytes);
  return 0;
}
