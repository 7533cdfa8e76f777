#include "admin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../hub/hub.h"

int admin_open_hub(const struct cli *cli, struct node *n, struct yz_error *err) {
  int rc = cli_open_node(cli, n, err);
  if (rc != 0 || n->hub) return rc;
  node_finish(n);
  return yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("Only the township's hub can do this; this is a village."), "%s", cli->dir);
}

bool admin_is_damage(int rc) {
  return rc == YZ_E_DAMAGED || rc == YZ_E_FORMAT || rc == YZ_E_SIGNATURE || rc == YZ_E_KEY ||
         rc == YZ_E_EXISTS || rc == YZ_E_LIMIT || rc == YZ_E_INTERNAL;
}

json_t *admin_hex(const void *bytes, size_t n) {
  char hex[2 * 64 + 1];
  yz_to_hex(bytes, n, hex);
  return json_string(hex);
}

json_t *admin_key_name(struct node *n, const struct yz_id *ledger, const struct yz_key *key) {
  struct yz_buf name = {0};
  json_t *text = store_key_called(n->store, ledger, key, &name, NULL) == 0
                     ? json_stringn((const char *)name.data, name.len)
                     : json_null();
  yz_buf_finish(&name);
  return text;
}

unsigned admin_role(const struct cli *cli) {
  const char *name = cli_get(cli, "role");
  for (unsigned i = 0; name != NULL && i < YZ_ROLES; i++)
    if (strcmp(name, yz_role_name(i)) == 0) return 1u << i;
  return YZ_ROLE_CLERK;
}

const char *admin_worker_name(const struct cli *cli) {
  const char *name = cli_get(cli, "worker");
  return name != NULL ? name : _("worker");
}

int admin_new_worker(struct node *n, const char *name, const struct yz_secret *passphrase,
                     char recovery_code[static RECOVERY_CODE], struct yz_error *err) {
  struct yz_key key;
  const char *words = passphrase != NULL ? (const char *)passphrase->bytes : NULL;
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = node_new_worker(n, name, words, &key, recovery_code, err);
  return store_end(n->store, rc, err);
}

int admin_mark_already(json_t *answer, bool already) {
  return already ? json_object_set_new(answer, "already", json_true()) : 0;
}

int admin_answer(json_t *answer, bool already, struct yz_error *err) {
  if (answer == NULL || admin_mark_already(answer, already) == 0) return cli_json(answer, err);
  json_decref(answer);
  return yz_no_memory(err);
}

void admin_say_already(void) {
  cli_say("%s\n", _("It was so already; nothing was written."));
}

int admin_answer_code(json_t *answer, const char *recovery_code) {
  if (recovery_code[0] == '\0') return 0;
  return json_object_set_new(answer, "recovery_code", json_string(recovery_code));
}

void admin_say_code(const char *recovery_code) {
  if (recovery_code[0] == '\0') {
    cli_say("%s\n", _("Without a passphrase, anyone at this PC can sign and read."));
    return;
  }
  cli_say(_("Recovery code: %s\n"
            "It opens the key if the passphrase is forgotten. It is shown only now: write it down "
            "and keep it away from this PC.\n"),
          recovery_code);
}

static int read_stdin(size_t max, struct yz_buf *out, struct yz_error *err) {
  unsigned char part[4096];
  size_t all = 0;
  for (;;) {
    ssize_t n = read(STDIN_FILENO, part, sizeof part);
    if (n < 0) return yz_fail(err, YZ_E_IO, YZ_N_("Standard input cannot be read."), "-");
    if (n == 0) return 0;
    all += (size_t)n;
    if (all > max)
      return yz_fail(err, YZ_E_LIMIT, YZ_N_("This is larger than such a file can be."), "-");
    if (yz_buf_append(out, part, (size_t)n) != 0) return yz_no_memory(err);
  }
}

int admin_read(const struct cli *cli, const char *path, size_t max, struct yz_buf *out,
               struct yz_error *err) {
  if (strcmp(path, "-") == 0) return read_stdin(max, out, err);
  return cli->world->read_file(cli->world->ctx, path, max, out, err);
}

static int take_url(struct cli *cli, const char *given, char **out, struct yz_error *err) {
  bool https = strncmp(given, "https://", 8) == 0, ssh = strncmp(given, "ssh://", 6) == 0;
  *out = NULL;
  if (strstr(given, "://") == NULL) {
    *out = realpath(given, NULL);
    if (*out == NULL)
      return cli_usage_fail(cli, err, YZ_N_("There is no such folder; make the repository first."),
                            given);
  } else {
    if ((https || ssh) && yz_road_check(given, NULL) != 0)
      return cli_usage_fail(cli, err,
                            YZ_N_("This is no address of a server; at its end can stand # and the "
                                  "pin of its key."),
                            https ? NULL : given); /* a secret may be in it */
    if (!https && !ssh && strncmp(given, "file://", 7) != 0)
      return cli_usage_fail(
          cli, err, YZ_N_("A ledger lies in a folder, at file://, ssh:// or https://."), given);
    *out = strdup(given);
    if (*out == NULL) return yz_no_memory(err);
  }
  if (strlen(*out) <= HUB_MAX_URL) return 0;
  free(*out);
  *out = NULL;
  return cli_usage_fail(
      cli, err, YZ_N_("This address is too long. Keep the ledger where a shorter one leads to it."),
      NULL);
}

static const char https[] = "https://";

/* What stands between https:// and the host to be let in, with its @. */
static size_t login_of(const char *url) {
  if (strncmp(url, https, sizeof https - 1) != 0) return 0;
  const char *rest = url + sizeof https - 1;
  size_t host = strcspn(rest, "/#"), secret = strcspn(rest, "@");
  return secret < host ? secret + 1 : 0;
}

void admin_shown_url(const char *url, char out[static ADMIN_ADDRESS]) {
  size_t login = login_of(url), scheme = login > 0 ? sizeof https - 1 : 0;
  (void)snprintf(out, ADMIN_ADDRESS, "%.*s%s", (int)scheme, url, url + scheme + login);
}

int admin_url(struct cli *cli, const char *given, char **out, struct yz_error *err) {
  struct yz_buf line = {0};
  *out = NULL;
  if (login_of(given) > 0)
    return cli_usage_fail(cli, err,
                          YZ_N_("Others at this PC can see what stands on a command line, and this "
                                "address holds a secret: write it into a file, and say @FILE."),
                          NULL);
  if (given[0] != '@') return take_url(cli, given, out, err);
  int rc = admin_read(cli, given + 1, CLI_MAX_TEXT, &line, err);
  if (rc == 0 && yz_buf_append(&line, "", 1) != 0) rc = yz_no_memory(err);
  if (rc == 0) {
    char *text = (char *)line.data;
    text[strcspn(text, "\r\n")] = '\0';
    rc = take_url(cli, text, out, err);
  }
  if (line.data != NULL) yz_wipe(line.data, line.cap);
  yz_buf_finish(&line);
  return rc;
}
