/* hub config url: where villages find the hub on the net. */
#include "../hub/hub.h"
#include "admin.h"

static int answer(const struct cli *cli, const struct hub_address *hub, struct yz_error *err) {
  bool none = hub->url[0] == '\0';
  char pin[YZ_HASH_HEX + 1];
  yz_to_hex(hub->pin.bytes, YZ_HASH_LEN, pin);
  if (cli->json)
    return cli_json(json_pack("{s:o,s:o}", "url", cli_json_text(none ? NULL : hub->url), "pin",
                              cli_json_text(none ? NULL : pin)),
                    err);
  if (none)
    cli_say("%s\n", _("This hub has no address yet; say it with `yizhan hub config url`."));
  else
    cli_say(_("Invitations lead to %s, whose key has the pin %s. `yizhan hub serve` answers "
              "there.\n"),
            hub->url, pin);
  return 0;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct hub_address hub;
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  if (cli->n_args > 0) rc = hub_put_address(&n, cli->args[0], err);
  if (rc == 0) rc = hub_get_address(&n, &hub, err);
  if (rc == 0) rc = answer(cli, &hub, err);
  node_finish(&n);
  return rc;
}

const struct command cmd_hub_config_url = {"hub config url",
                                           "[URL]",
                                           0,
                                           1,
                                           N_("Say or show where villages find the hub on the net"),
                                           NULL,
                                           run};
