#include "rules.h"

#include <string.h>

#include "i18n.h"

static const struct {
  const char *rule, *says;
} rules[] = {
    {"commit.signature", N_("This was not signed by the node whose log it is.")},
    {"commit.tree", N_("The repository holds something there that does not belong to a log.")},
    {"segment.syntax", N_("These records do not have the form of records.")},
    {"segment.version", N_("A newer version of the program wrote this.")},
    {"segment.chain", N_("These records do not follow on what the log says before.")},
    {"segment.signature", N_("The node whose log it is did not sign for these records.")},
    {"log.fork", N_("Something else stands at this place already: of one log there are two.")},
    {"log.id", N_("This log begins in a way that no log here may begin.")},
    {"log.grant", N_("The township has not let in the node that writes this log.")},
    {"log.rollback", N_("The log has gone back behind what had come before.")},
    {"join.mac", N_("Somebody wanted to join without an invitation that holds.")},
    {"join.used", N_("Somebody wanted to join by an invitation that had been used.")},
    {"join.expired", N_("Somebody wanted to join by an invitation whose time was over.")},
    {"record.signature", N_("This was not signed by the person whom it names.")},
    {"record.syntax", N_("This record does not have the form of one.")},
    {"author.unknown", N_("The township has not confirmed yet the one who signed this.")},
    {"author.revoked", N_("The right to sign of the one who signed this had ended.")},
    {"author.rights", N_("The one who signed this may not write such a thing.")},
    {"content.missing", N_("The words of this record have not come, or cannot be opened.")},
    {"content.hash", N_("The words that came with this record are not those that were signed.")},
    {"keys.erased", N_("This would bring back the key to words that are erased.")},
    {"keys.epoch", N_("Older keys came in the place of newer ones.")},
    {"piece.hash", N_("A piece of an attachment is not the one that its name says.")},
    {"piece.unknown", N_("A piece of an attachment came that no record here names.")},
    {"ack.syntax", N_("This receipt does not have the form of one.")},
    {"ack.signature", N_("This receipt was not signed by the node whose it is.")},
    {"ack.log", N_("This receipt is of another log than the one that it came with.")},
    {"ack.fork", N_("This receipt names records that are not those that stand here.")},
};

const char *rules_say(const char *rule) {
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
    if (strcmp(rules[i].rule, rule) == 0) return rules[i].says;
  return rule;
}
