/* serve: the page, for who works at this PC, until it is told to end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../practice.h"
#include "../web/access.h"
#include "../web/page.h"
#include "cli.h"
#include "commands.h"
#include "listen.h"

static const struct cli_option options[] = {
    {CLI_LINE, false, 0, "listen", "ADDRESS:PORT",
     N_("where to listen, on this PC alone; without it: 127.0.0.1:8600, to practise 8602")},
    {CLI_FLAG, false, 0, "open", NULL, N_("show the page in the browser")},
    {CLI_FLAG, false, 0, "practice", NULL,
     N_("a village to practise in, with sample cases, in a folder of its own beside this one")},
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

static void note(void *ctx, const struct web_request *r, const struct web_done *d) {
  access_note(ctx, r, d);
}

/* The catalogue is the Chinese one while there are threads, as English needs none: each request
 * says its language. */
static int serve(const struct cli *cli, const char *dir, const char *address, uint16_t port,
                 bool hub, struct yz_error *err) {
  static struct page page;
  static struct access_log log; /* of a hub: who reads what there is noted, whoever shows it */
  const struct api_options o = {
      .dir = dir, .version = cli->version, .world = cli->world, .address = address};
  char url[PAGE_MAX_URL];
  sigset_t ends;
  const char *format = _("The page is at %s\n");
  if (i18n_init("zh") != 0) return YZ_E_INTERNAL;
  listen_hold(&ends);
  access_init(&log, dir, cli->world);
  int rc = page_start(&page, &o, port, hub ? note : NULL, &log, err);
  if (rc == 0) {
    page_url(&page, url);
    rc = say(cli, url, format, err);
    if (rc == 0) api_begin_rounds(&page.api);
    if (rc == 0 && cli_has(cli, "open")) listen_show(url);
    if (rc == 0) listen_wait(&ends);
    page_stop(&page);
  }
  access_finish(&log);
  return i18n_init(cli->lang) != 0 && rc == 0 ? YZ_E_INTERNAL : rc;
}

/* What is served: the node, the place where one is to be, or the village to practise in (malloc'd).
 */
static int find_folder(const struct cli *cli, char **out, bool *hub, struct yz_error *err) {
  struct node n;
  struct yz_error why = {0};
  bool practice = cli_has(cli, "practice");
  *out = practice ? practice_folder(cli->dir) : strdup(cli->dir);
  if (*out == NULL) return yz_no_memory(err);
  if (practice) return practice_begin(*out, cli->world, err);
  int rc = cli_open_node(cli, &n, &why);
  *hub = rc == 0 && n.hub;
  if (rc == 0) node_finish(&n);
  if (rc == 0 || rc == YZ_E_NOT_FOUND) return 0;
  return yz_fail(err, why.code, why.message, "%s", why.subject);
}

static int run(struct cli *cli, struct yz_error *err) {
  char address[LISTEN_MAX_ADDRESS + 1] = "127.0.0.1", *dir = NULL;
  bool hub = false;
  uint16_t port = cli_has(cli, "practice") ? LISTEN_PRACTICE_PORT : LISTEN_PAGE_PORT;
  const char *listen = cli_get(cli, "listen");
  if (listen != NULL && (!listen_read(listen, address, &port) || !listen_is_here(address)))
    return cli_usage_fail(cli, err,
                          YZ_N_("The page is for this PC alone, as what it says is not encrypted. "
                                "Say where to listen like 127.0.0.1:8600."),
                          listen);
  int rc = find_folder(cli, &dir, &hub, err);
  if (rc == 0) rc = serve(cli, dir, address, port, hub, err);
  free(dir);
  return rc;
}

const struct command cmd_serve = {
    "serve", NULL, 0, 0, N_("Show the page at this PC, for work without the command line"),
    options, run};
