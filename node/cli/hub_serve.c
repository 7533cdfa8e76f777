/* hub serve: villages reach their ledgers by HTTPS, until it is told to end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../hub/hub.h"
#include "../web/ledgers.h"
#include "../web/tls.h"
#include "admin.h"
#include "listen.h"

static const struct cli_option options[] = {
    {CLI_LINE, false, 0, "listen", "ADDRESS:PORT",
     N_("where to listen; all addresses and the port of the hub's own address if not given")},
    {CLI_FLAG, false, 0, "behind", NULL,
     N_("a server in front speaks for all: one address may ask as often as many")},
    {CLI_END, false, 0, NULL, NULL, NULL}};

enum { HTTPS_PORT = 443 };

static uint16_t port_of(const struct hub_address *hub) {
  const char *colon = strchr(strstr(hub->url, hub->host) + strlen(hub->host), ':');
  return colon == NULL ? HTTPS_PORT : (uint16_t)strtol(colon + 1, NULL, 10);
}

/* Said before the first request is answered, so that who started it knows the port. */
static int say(const struct cli *cli, const struct web *web, const struct tls *tls,
               struct yz_error *err) {
  char pin[YZ_HASH_HEX + 1];
  int rc = 0;
  yz_to_hex(tls->pin.bytes, YZ_HASH_LEN, pin);
  if (cli->json)
    rc = cli_json(json_pack("{s:i,s:s}", "port", (int)web_port(web), "pin", pin), err);
  else
    cli_say(_("Villages are answered at port %d; the key has the pin %s.\n"), (int)web_port(web),
            pin);
  (void)fflush(stdout);
  return rc;
}

static int serve(const struct cli *cli, const char *address, uint16_t port, const struct tls *tls,
                 struct yz_error *err) {
  const struct web_route routes[] = {health_get, ledger_get, ledger_post, {0}};
  struct ledgers ledgers;
  struct web *web = NULL;
  sigset_t ends;
  ledgers_init(&ledgers, cli->dir, cli->world);
  const struct web_options o = {.address = address,
                                .port = port,
                                .key = tls->key,
                                .certificate = tls->certificate,
                                .folder = cli->dir,
                                .routes = routes,
                                .limits =
                                    cli_has(cli, "behind") ? &web_limits_behind : &web_usual_limits,
                                .world = cli->world,
                                .ctx = &ledgers,
                                .done = ledgers_done};
  listen_hold(&ends);
  int rc = web_start(&web, &o, err);
  if (rc == 0) {
    rc = say(cli, web, tls, err);
    if (rc == 0) listen_wait(&ends);
    web_stop(web);
  }
  ledgers_finish(&ledgers);
  return rc;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct hub_address hub;
  struct tls tls = {0};
  char address[LISTEN_MAX_ADDRESS + 1] = "";
  uint16_t port = 0;
  const char *listen = cli_get(cli, "listen");
  if (listen != NULL && !listen_read(listen, address, &port))
    return cli_usage_fail(cli, err, YZ_N_("Say where to listen like 0.0.0.0:8443 or :8443."),
                          listen);
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  rc = hub_get_address(&n, &hub, err);
  if (rc == 0) rc = tls_load(&n, hub.host, &tls, err);
  node_finish(&n);
  if (rc == 0 && listen == NULL) port = port_of(&hub);
  if (rc == 0) rc = serve(cli, address, port, &tls, err);
  tls_finish(&tls);
  return rc;
}

const struct command cmd_hub_serve = {
    "hub serve", NULL, 0, 0, N_("Let villages reach their ledgers by HTTPS"), options, run};
