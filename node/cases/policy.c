#include "node/cases/policy.h"
#include "node/cases/calendar.h"

const struct case_policy case_policy_default = {
    .zone = ZONE_DEFAULT,
    .accept = 1,
    .days = {[CLASS_ORDINARY] = 5, [CLASS_COMPLEX] = 15, [CLASS_PETITION] = 60},
    .extension = {[CLASS_ORDINARY] = 5, [CLASS_COMPLEX] = 15, [CLASS_PETITION] = 30},
};

const struct case_policy *case_policy_at(const struct case_policies *policies,
                                         struct yz_stamp stamp) {
  size_t n = policies != NULL ? policies->n : 0;
  while (n > 0 && policies->list[n - 1].since_ms > stamp.ms) n--;
  return n > 0 ? &policies->list[n - 1] : &case_policy_default;
}

bool case_extension_within(const struct case_policy *policy, enum case_class class, int64_t days,
                           size_t earlier) {
  return earlier == 0 && days >= 1 && days <= policy->extension[class];
}
