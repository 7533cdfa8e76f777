#include "truth.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static struct {
  struct said *said;
  size_t n, cap;
  size_t *slots; /* index + 1, by id */
  size_t n_slots;
  struct opened *cases;
  size_t n_cases;
  struct yz_hash *words; /* the case of each; all zero: none */
  size_t n_words;
} truth;

static void *must(void *made) {
  assert(made != NULL);
  return made;
}

static size_t *slot_of(const struct yz_hash *id) {
  size_t at;
  memcpy(&at, id->bytes, sizeof at);
  at &= truth.n_slots - 1;
  while (truth.slots[at] != 0 && memcmp(&truth.said[truth.slots[at] - 1].id, id, sizeof *id) != 0)
    at = (at + 1) & (truth.n_slots - 1);
  return &truth.slots[at];
}

static void grow(void) {
  truth.cap = truth.cap == 0 ? 256 : 2 * truth.cap;
  truth.said = must(realloc(truth.said, truth.cap * sizeof *truth.said));
  free(truth.slots);
  truth.n_slots = 4 * truth.cap;
  truth.slots = must(calloc(truth.n_slots, sizeof *truth.slots));
  for (size_t i = 0; i < truth.n; i++) *slot_of(&truth.said[i].id) = i + 1;
}

size_t truth_add(const struct said *said) {
  if (truth.n == truth.cap) grow();
  truth.said[truth.n] = *said;
  *slot_of(&said->id) = truth.n + 1;
  return truth.n++;
}

size_t truth_find(const struct yz_hash *id) {
  return truth.n_slots == 0 ? SIZE_MAX : *slot_of(id) - 1;
}

struct said *truth_at(size_t i) {
  return &truth.said[i];
}

size_t truth_count(void) {
  return truth.n;
}

void truth_open(const struct yz_hash *id, int village, bool sealed) {
  truth.cases = must(realloc(truth.cases, (truth.n_cases + 1) * sizeof *truth.cases));
  truth.cases[truth.n_cases++] = (struct opened){*id, village, sealed};
}

bool truth_sealed(const struct yz_hash *id) {
  for (size_t i = 0; i < truth.n_cases; i++)
    if (memcmp(&truth.cases[i].id, id, sizeof *id) == 0) return truth.cases[i].sealed;
  return false;
}

size_t truth_cases(void) {
  return truth.n_cases;
}

const struct opened *truth_case(size_t i) {
  return &truth.cases[i];
}

size_t truth_word(const struct yz_hash *of) {
  truth.words = must(realloc(truth.words, (truth.n_words + 1) * sizeof *truth.words));
  truth.words[truth.n_words] = of != NULL ? *of : (struct yz_hash){0};
  return truth.n_words++;
}

void truth_word_of(size_t word, const struct yz_hash *of) {
  truth.words[word] = *of;
}

const struct yz_hash *truth_word_case(size_t word) {
  static const struct yz_hash none;
  if (word >= truth.n_words || memcmp(&truth.words[word], &none, sizeof none) == 0) return NULL;
  return &truth.words[word];
}
