/* hub serve: villages reach their ledgers by HTTPS, until it is told to end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../hub/hub.h"
#include "../web/ledgers.h"
#include "../web/page.h"
#include "../web/tls.h"
#include "admin.h"
#include "listen.h"

static const struct cli_option options[] = {
    {CLI_LINE, false, 0, "listen", "ADDRESS:PORT",
     N_("where to listen; all addresses and the port of the hub's own address if not given")},
    {CLI_FLAG, false, 0, "behind", NULL,
     N_("a server in front speaks for all: one address may ask as often as many")},
    {CLI_LINE, false, 0, "page", "ADDRESS:PORT",
     N_("where to show the page to who works at this PC; without it: 127.0.0.1:8601")},
    {CLI_PATH, false, 0, "certificate", "FILE",
     N_("show this certificate (PEM), say of an authority, instead of the hub's own")},
    {CLI_PATH, false, 0, "key", "FILE", N_("its key (PEM)")},
    {CLI_FLAG, false, 0, "open", NULL, N_("show the page in the browser")},
    {CLI_END, false, 0, NULL, NULL, NULL}};

enum { HTTPS_PORT = 443 };

static uint16_t port_of(const struct hub_address *hub) {
  const char *colon = strchr(strstr(hub->url, hub->host) + strlen(hub->host), ':');
  return colon == NULL ? HTTPS_PORT : (uint16_t)strtol(colon + 1, NULL, 10);
}

/* What is served: villages and the page for others by HTTPS, and the page for who is here. */
struct serving {
  const struct cli *cli;
  struct ledgers ledgers;
  struct page far, here;
  struct web_route routes[3 + PAGE_ROUTES + 1];
  struct web *web;
  const struct tls *tls;
  const char *address, *host; /* listened on; of the hub's address, with its port */
  uint16_t port;
  char here_address[LISTEN_MAX_ADDRESS + 1];
  uint16_t here_port;
};

static struct api_options options_of(const struct serving *s) {
  return (struct api_options){
      .dir = s->cli->dir, .version = s->cli->version, .world = s->cli->world};
}

static int start_far(struct serving *s, struct yz_error *err) {
  struct api_options page = options_of(s);
  page.address = s->address;
  page.host = s->host;
  page.far = true;
  page.behind = cli_has(s->cli, "behind");
  const struct web_options o = {.address = s->address,
                                .port = s->port,
                                .key = s->tls->key,
                                .certificate = s->tls->certificate,
                                .folder = s->cli->dir,
                                .routes = s->routes,
                                .headers = page_headers,
                                .limits = cli_has(s->cli, "behind") ? &web_limits_behind
                                                                    : &web_usual_limits,
                                .world = s->cli->world,
                                .ctx = &s->ledgers,
                                .done = ledgers_done};
  int rc = page_open(&s->far, &page, err);
  if (rc != 0) return rc;
  memcpy(s->routes, (const struct web_route[]){health_get, ledger_get, ledger_post},
         3 * sizeof *s->routes);
  memcpy(s->routes + 3, s->far.routes, sizeof s->far.routes);
  rc = web_start(&s->web, &o, err);
  if (rc == 0)
    page_at(&s->far, web_port(s->web));
  else
    page_close(&s->far);
  return rc;
}

/* Unless it was said where, villages are answered whether the page has a place here or not. */
static int start_here(struct serving *s, bool *is, struct yz_error *err) {
  struct api_options page = options_of(s);
  page.address = s->here_address;
  int rc = page_start(&s->here, &page, s->here_port, ledgers_done, &s->ledgers, err);
  *is = rc == 0;
  return rc == YZ_E_BUSY && !cli_has(s->cli, "page") ? 0 : rc;
}

enum { MAX_PEM = 64 * 1024 };

/* An authority's certificate, where one is given and every village knows its key. */
static int show_other(struct cli *cli, struct node *n, struct tls *tls, struct yz_error *err) {
  const char *certificate = cli_get(cli, "certificate"), *key = cli_get(cli, "key");
  struct yz_buf shown = {0}, secret = {0};
  if (certificate == NULL && key == NULL) return 0;
  if (certificate == NULL || key == NULL)
    return cli_usage_fail(
        cli, err, YZ_N_("A certificate and its key go together: say --certificate and --key."),
        NULL);
  int rc = admin_read(cli, certificate, MAX_PEM, &shown, err);
  if (rc == 0) rc = admin_read(cli, key, MAX_PEM, &secret, err);
  if (rc == 0) rc = tls_replace(tls, &shown, &secret, err);
  if (rc == 0) rc = hub_check_known(n, &tls->pin, err);
  if (secret.data != NULL) yz_wipe(secret.data, secret.len);
  yz_buf_finish(&secret);
  yz_buf_finish(&shown);
  return rc;
}

/* As browsers write it: XX:XX:… */
static void write_print(const struct yz_hash *print, char out[static 3 * YZ_HASH_LEN]) {
  for (size_t i = 0; i < YZ_HASH_LEN; i++)
    (void)snprintf(out + 3 * i, 4, i + 1 < YZ_HASH_LEN ? "%02X:" : "%02X", print->bytes[i]);
}

/* Said before the first request is answered, so that who started it knows the port. url: NULL where
 * the page is not shown here. */
static int say(const struct serving *s, const char *const words[4], const char *url,
               struct yz_error *err) {
  char pin[YZ_HASH_HEX + 1], print[3 * YZ_HASH_LEN + 1];
  int rc = 0;
  write_print(&s->tls->print, print);
  yz_to_hex(s->tls->pin.bytes, YZ_HASH_LEN, pin);
  if (s->cli->json) {
    rc = cli_json(json_pack("{s:i,s:s,s:s,s:s?}", "port", (int)web_port(s->web), "pin", pin,
                            "fingerprint", print, "page", url),
                  err);
  } else {
    cli_say(words[0], (int)web_port(s->web), pin);
    cli_say(words[3], s->host, print);
    if (url != NULL) cli_say(words[1], url);
  }
  if (url == NULL) cli_note("%s\n", words[2]);
  (void)fflush(stdout);
  return rc;
}

static int wait_for_end(struct serving *s, const char *const words[4], const sigset_t *ends,
                        struct yz_error *err) {
  char url[PAGE_MAX_URL];
  bool here;
  int rc = start_here(s, &here, err);
  if (here) page_url(&s->here, url);
  if (rc == 0) rc = say(s, words, here ? url : NULL, err);
  if (rc == 0 && here && cli_has(s->cli, "open")) listen_show(url);
  if (rc == 0) listen_wait(ends);
  if (here) page_stop(&s->here);
  return rc;
}

/* The catalogue is the Chinese one while there are threads, as in serve. */
static int serve(struct serving *s, struct yz_error *err) {
  const char *const words[] = {
      _("Villages are answered at port %d; the key has the pin %s.\n"), _("The page is at %s\n"),
      _("The page cannot be shown at this PC, as something else is at its place: say another one "
        "with --page."),
      _("A browser elsewhere finds the page at https://%s; the certificate that it asks about has "
        "the SHA-256 fingerprint\n%s\n")};
  sigset_t ends;
  if (i18n_init("zh") != 0) return YZ_E_INTERNAL;
  ledgers_init(&s->ledgers, s->cli->dir, s->cli->world);
  listen_hold(&ends);
  int rc = start_far(s, err);
  if (rc == 0) {
    rc = wait_for_end(s, words, &ends, err);
    page_end(&s->far);
    web_stop(s->web);
    page_close(&s->far);
  }
  ledgers_finish(&s->ledgers);
  return i18n_init(s->cli->lang) != 0 && rc == 0 ? YZ_E_INTERNAL : rc;
}

static int read_places(struct cli *cli, struct serving *s,
                       char address[static LISTEN_MAX_ADDRESS + 1], struct yz_error *err) {
  const char *listen = cli_get(cli, "listen"), *page = cli_get(cli, "page");
  if (listen != NULL && !listen_read(listen, address, &s->port))
    return cli_usage_fail(cli, err, YZ_N_("Say where to listen like 0.0.0.0:8443 or :8443."),
                          listen);
  if (page == NULL ||
      (listen_read(page, s->here_address, &s->here_port) && listen_is_here(s->here_address)))
    return 0;
  return cli_usage_fail(
      cli, err,
      YZ_N_("In plain HTTP the page is for this PC alone; others see it by HTTPS. "
            "Say where like 127.0.0.1:8601."),
      page);
}

static int run(struct cli *cli, struct yz_error *err) {
  static struct serving s;
  struct node n;
  struct hub_address hub;
  struct tls tls = {0};
  char address[LISTEN_MAX_ADDRESS + 1] = "";
  s = (struct serving){.cli = cli,
                       .tls = &tls,
                       .address = address,
                       .here_address = "127.0.0.1",
                       .here_port = LISTEN_HUB_PAGE_PORT};
  int rc = read_places(cli, &s, address, err);
  if (rc == 0) rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  rc = hub_get_address(&n, &hub, err);
  if (rc == 0) rc = tls_load(&n, hub.host, &tls, err);
  if (rc == 0) rc = show_other(cli, &n, &tls, err);
  node_finish(&n);
  if (rc == 0 && cli_get(cli, "listen") == NULL) s.port = port_of(&hub);
  char *host = rc == 0 ? strdup(strstr(hub.url, "://") + 3) : NULL;
  if (host != NULL) host[strcspn(host, "/")] = '\0';
  s.host = host;
  if (rc == 0) rc = host != NULL ? serve(&s, err) : yz_no_memory(err);
  free(host);
  tls_finish(&tls);
  return rc;
}

const struct command cmd_hub_serve = {
    "hub serve", NULL, 0, 0, N_("Let villages reach their ledgers by HTTPS"), options, run};
