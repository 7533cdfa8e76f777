/* What was really said: every record that a PC of the township wrote by the program, with what
 * its writer knew of the case. What a node holds and nobody said is forged. */
#ifndef YIZHAN_TESTS_SIM_TRUTH_H
#define YIZHAN_TESTS_SIM_TRUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <yizhan/types.h>

#define TRUTH_NONE SIZE_MAX

struct said {
  struct yz_hash id, case_id;
  struct yz_id ledger, log;
  int64_t seq;
  struct yz_key by;
  size_t pc;
  bool has_case;
  size_t ended_by; /* what was said that ended its writer's right before: where that is known it
                    * must not count; TRUTH_NONE */
  bool forged;     /* in another's name, or what only others may say: it counts nowhere */
  bool forgivable; /* lost with a disk before anyone else had it */
  bool wordless;   /* its words open nowhere any more but where they were read */
  bool lies;       /* by the liar: it need not come through */
  bool told;       /* its writer was told that it is saved; then: */
  size_t *known;   /* what its writer had of the case: indexes, rising */
  size_t n_known;
};

size_t truth_add(const struct said *said);
/* TRUTH_NONE: nobody said so. */
size_t truth_find(const struct yz_hash *id);
struct said *truth_at(size_t i);
size_t truth_count(void);

/* The cases that were opened. */
struct opened {
  struct yz_hash id;
  int village; /* -1: at the township */
  bool sealed; /* what is said of it is for the township alone */
};
void truth_open(const struct yz_hash *id, int village, bool sealed);
bool truth_sealed(const struct yz_hash *id);
size_t truth_cases(void);
const struct opened *truth_case(size_t i);

/* A word that is in no other record: TRUTH_WORD and its number, six digits. of: the case that it
 * is said in; NULL: one that is being opened. */
#define TRUTH_WORD "zq"
size_t truth_word(const struct yz_hash *of);
/* It was said in opening this case. */
void truth_word_of(size_t word, const struct yz_hash *of);
/* NULL: of none that came to be. */
const struct yz_hash *truth_word_case(size_t word);

#endif
