/* hub certificate: the TLS key that villages know the hub's server by, and the next one. */
#include <string.h>

#include "../hub/hub.h"
#include "admin.h"

struct untold {
  json_t *codes;
  bool failed;
};

static int keep_code(void *arg, const struct yz_ledger_row *row) {
  struct untold *u = arg;
  u->failed = u->failed || json_array_append_new(u->codes, json_string(row->code)) != 0;
  return 0;
}

static int say(const struct cli *cli, const struct hub_address *hub, json_t *codes, bool already,
               struct yz_error *err) {
  char pin[YZ_HASH_HEX + 1], next[YZ_HASH_HEX + 1], other[YZ_HASH_HEX + 1];
  json_t *others = json_array();
  for (size_t i = 0; i < hub->n_others; i++)
    (void)json_array_append_new(others, admin_hex(hub->others[i].bytes, YZ_HASH_LEN));
  yz_to_hex(hub->pin.bytes, YZ_HASH_LEN, pin);
  yz_to_hex(hub->next.bytes, YZ_HASH_LEN, next);
  if (cli->json)
    return admin_answer(json_pack("{s:s,s:o,s:o,s:O}", "pin", pin, "next",
                                  cli_json_text(hub->has_next ? next : NULL), "others", others,
                                  "untold", codes),
                        already, err);
  json_decref(others);
  if (already) admin_say_already();
  cli_say(_("Villages know the hub's server by the pin %s.\n"), pin);
  if (hub->has_next) cli_say(_("The next key has the pin %s.\n"), next);
  for (size_t o = 0; o < hub->n_others; o++) {
    yz_to_hex(hub->others[o].bytes, YZ_HASH_LEN, other);
    cli_say(_("A server in front of it has the pin %s.\n"), other);
  }
  size_t i;
  const json_t *code;
  json_array_foreach(codes, i, code)
      cli_say(_("Not heard of yet in %s.\n"), json_string_value(code));
  return 0;
}

static int show(const struct cli *cli, struct node *n, bool already, struct yz_error *err) {
  struct hub_address hub;
  struct untold u = {.codes = json_array()};
  int rc = u.codes == NULL ? yz_no_memory(err) : hub_get_address(n, &hub, err);
  if (rc == 0 && hub.url[0] == '\0')
    rc = yz_fail(err, YZ_E_NOT_FOUND,
                 YZ_N_("This hub has no address yet; say it with `yizhan hub config url`."), "%s",
                 n->dir);
  if (rc == 0) rc = hub_each_untold(n, keep_code, &u, err);
  if (rc == 0 && u.failed) rc = yz_no_memory(err);
  if (rc == 0) rc = say(cli, &hub, u.codes, already, err);
  json_decref(u.codes);
  return rc;
}

static int run_show(struct cli *cli, struct yz_error *err) {
  struct node n;
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  rc = show(cli, &n, false, err);
  node_finish(&n);
  return rc;
}

static int run_next(struct cli *cli, struct yz_error *err) {
  struct node n;
  bool already;
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  rc = hub_next_key(&n, &already, err);
  if (rc == 0) rc = show(cli, &n, already, err);
  node_finish(&n);
  return rc;
}

static int run_renew(struct cli *cli, struct yz_error *err) {
  struct node n;
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  rc = hub_renew_key(&n, cli_has(cli, "anyway"), err);
  if (rc == 0) rc = show(cli, &n, false, err);
  node_finish(&n);
  if (rc == 0 && !cli->json)
    cli_say("%s\n", _("It is used once `yizhan hub serve` is started anew."));
  return rc;
}

static int run_other(struct cli *cli, struct yz_error *err) {
  struct yz_hash pins[HUB_MAX_OTHERS];
  struct node n;
  for (int i = 0; i < cli->n_args; i++)
    if (strlen(cli->args[i]) != YZ_HASH_HEX ||
        !yz_from_hex(cli->args[i], YZ_HASH_HEX, pins[i].bytes, YZ_HASH_LEN))
      return cli_usage_fail(cli, err, YZ_N_("A pin is 64 digits of 0-9 and a-f."), cli->args[i]);
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  rc = hub_other_keys(&n, pins, (size_t)cli->n_args, err);
  if (rc == 0) rc = show(cli, &n, false, err);
  node_finish(&n);
  return rc;
}

static const struct cli_option renew_options[] = {
    {CLI_FLAG, false, 0, "anyway", NULL, N_("though villages have not heard of it")},
    {CLI_END, false, 0, NULL, NULL, NULL}};

const struct command cmd_hub_certificate_show = {
    "hub certificate show",
    NULL,
    0,
    0,
    N_("Show by which key villages know the hub's server"),
    NULL,
    run_show};
const struct command cmd_hub_certificate_next = {
    "hub certificate next",
    NULL,
    0,
    0,
    N_("Make the key that is to follow, and tell the villages"),
    NULL,
    run_next};
const struct command cmd_hub_certificate_renew = {
    "hub certificate renew", NULL,     0, 0, N_("Use the next key from now on"),
    renew_options,           run_renew};
const struct command cmd_hub_certificate_other = {
    "hub certificate other",
    "[PIN...]",
    0,
    HUB_MAX_OTHERS,
    N_("Say which servers stand in front of the hub, by their pins"),
    NULL,
    run_other};
