/* What the commands of hub and administration share. */
#ifndef YIZHAN_NODE_CLI_ADMIN_H
#define YIZHAN_NODE_CLI_ADMIN_H

#include "cli.h"

/* Opens the node, which must be a hub: YZ_E_REFUSED. */
int admin_open_hub(const struct cli *cli, struct node *n, struct yz_error *err) YZ_MUST_CHECK;

/* JSON, new references, NULL without memory: n bytes (64 at most) as hex; what a
 * key's holder is called in a ledger, null if not known. */
json_t *admin_hex(const void *bytes, size_t n);
json_t *admin_key_name(struct node *n, const struct yz_id *ledger, const struct yz_key *key);

/* Makes a worker, in a transaction of its own. passphrase NULL: its key is not locked. */
int admin_new_worker(struct node *n, const char *name, const struct yz_secret *passphrase,
                     char recovery_code[static RECOVERY_CODE], struct yz_error *err) YZ_MUST_CHECK;
/* As --worker says, or as workers are called by default. */
const char *admin_worker_name(const struct cli *cli);
/* Adds "recovery_code" to an answer where there is one; tells people of it. */
int admin_answer_code(json_t *answer, const char *recovery_code) YZ_MUST_CHECK;
void admin_say_code(const char *recovery_code);

/* What a command asked for was so already, and nothing was written: a command that was done is
 * done well again. Marks an answer ("already": true), where it was so; tells people. */
int admin_mark_already(json_t *answer, bool already) YZ_MUST_CHECK;
/* cli_json of an answer so marked. */
int admin_answer(json_t *answer, bool already, struct yz_error *err) YZ_MUST_CHECK;
void admin_say_already(void);

/* Reads at most max bytes of a file, or of standard input for "-". Appends. */
int admin_read(const struct cli *cli, const char *path, size_t max, struct yz_buf *out,
               struct yz_error *err) YZ_MUST_CHECK;

/* Does an error say that what is kept is not what was written? */
bool admin_is_damage(int rc);

/* Where a ledger lies, as given: a folder that is there, file://, ssh:// or https://, with pins
 * behind, or @FILE, which holds such a line, so that a token is on no command line; as an address
 * that means the same whatever folder is the current one. malloc'd. */
int admin_url(struct cli *cli, const char *given, char **out, struct yz_error *err) YZ_MUST_CHECK;
/* Such an address as it is shown: what an https:// one has before its @ is a secret, and left out.
 */
enum { ADMIN_ADDRESS = 1024 };
void admin_shown_url(const char *url, char out[static ADMIN_ADDRESS]);

/* What a CLI_CHOICE option "role" may say, and what it said: a clerk if nothing. */
#define ADMIN_ROLES "clerk|head|auditor|administrator"
unsigned admin_role(const struct cli *cli);

#endif
