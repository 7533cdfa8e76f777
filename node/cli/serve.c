/* serve: the page, for who works at this PC, until it is told to end. */
#include <stdio.h>
#include <string.h>

#include "../web/page.h"
#include "cli.h"
#include "commands.h"
#include "listen.h"

static const struct cli_option options[] = {
    {CLI_LINE, false, 0, "listen", "ADDRESS:PORT",
     N_("where to listen, on this PC alone; without it: 127.0.0.1:8600")},
    {CLI_FLAG, false, 0, "open", NULL, N_("show the page in the browser")},
    {CLI_END, false, 0, NULL, NULL, NULL}};

static int say(const struct cli *cli, const char *url, const char *format, struct yz_error *err) {
  int rc = 0;
  if (cli->json)
    rc = cli_json(json_pack("{s:s}", "url", url), err);
  else
    cli_say(format, url);
  (void)fflush(stdout);
  return rc;
}

/* The catalogue is the Chinese one while there are threads, as English needs none: each request
 * says its language. */
static int serve(const struct cli *cli, const char *address, uint16_t port, struct yz_error *err) {
  static struct page page;
  const struct api_options o = {
      .dir = cli->dir, .version = cli->version, .world = cli->world, .address = address};
  char url[PAGE_MAX_URL];
  sigset_t ends;
  const char *format = _("The page is at %s\n");
  if (i18n_init("zh") != 0) return YZ_E_INTERNAL;
  listen_hold(&ends);
  int rc = page_start(&page, &o, port, NULL, NULL, err);
  if (rc == 0) {
    page_url(&page, url);
    rc = say(cli, url, format, err);
    if (rc == 0) api_begin_rounds(&page.api);
    if (rc == 0 && cli_has(cli, "open")) listen_show(url);
    if (rc == 0) listen_wait(&ends);
    page_stop(&page);
  }
  return i18n_init(cli->lang) != 0 && rc == 0 ? YZ_E_INTERNAL : rc;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  char address[LISTEN_MAX_ADDRESS + 1] = "127.0.0.1";
  uint16_t port = LISTEN_PAGE_PORT;
  const char *listen = cli_get(cli, "listen");
  if (listen != NULL && (!listen_read(listen, address, &port) || !listen_is_here(address)))
    return cli_usage_fail(cli, err,
                          YZ_N_("The page is for this PC alone, as what it says is not encrypted. "
                                "Say where to listen like 127.0.0.1:8600."),
                          listen);
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  node_finish(&n);
  return serve(cli, address, port, err);
}

const struct command cmd_serve = {
    "serve", NULL, 0, 0, N_("Show the page at this PC, for work without the command line"),
    options, run};
