/* Where villages find this hub: its address, and what each ledger is called there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../web/tls.h"
#include "hub.h"

static const char SCHEME[] = "https://";

/* Only what stands in an address that people are told. */
static bool is_address(const char *url) {
  static const char good[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:/[]";
  size_t n = strlen(url), scheme = sizeof SCHEME - 1;
  return n > scheme && n <= HUB_MAX_ADDRESS && strncmp(url, SCHEME, scheme) == 0 &&
         strspn(url, good) == n && strchr("/:", url[scheme]) == NULL && url[n - 1] != '/';
}

int hub_check_address(const char *url, struct yz_error *err) {
  return is_address(url)
             ? 0
             : yz_fail(err, YZ_E_INPUT,
                       YZ_N_("A hub's address is https://HOST:PORT, without a slash at its end."),
                       "%s", url);
}

int hub_put_address(struct node *n, const char *url, struct yz_error *err) {
  int rc = hub_check_address(url, err);
  if (rc == 0) rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = tls_make_key(n, err);
  if (rc == 0) rc = store_put_setting(n->store, "url", url, err);
  return store_end(n->store, rc, err);
}

size_t hub_all_pins(const struct hub_address *hub, struct yz_hash out[static YZ_MAX_PINS]) {
  size_t n = 0;
  out[n++] = hub->pin;
  if (hub->has_next) out[n++] = hub->next;
  for (size_t i = 0; i < hub->n_others; i++) out[n++] = hub->others[i];
  return n;
}

/* A setting: pins, each with a blank behind. */
static int load_others(struct node *n, struct hub_address *out, struct yz_error *err) {
  struct yz_buf text = {0};
  int rc = store_get_setting(n->store, HUB_OTHERS, &text, err);
  for (size_t at = 0; rc == 0 && at + YZ_HASH_HEX < text.len && out->n_others < HUB_MAX_OTHERS;
       at += YZ_HASH_HEX + 1)
    if (yz_from_hex((const char *)text.data + at, YZ_HASH_HEX, out->others[out->n_others].bytes,
                    YZ_HASH_LEN))
      out->n_others++;
  yz_buf_finish(&text);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

int hub_get_address(struct node *n, struct hub_address *out, struct yz_error *err) {
  struct yz_buf url = {0};
  struct tls tls;
  *out = (struct hub_address){0};
  int rc = store_get_setting(n->store, "url", &url, err);
  if (rc == 0 && url.len > 0 && url.len <= HUB_MAX_ADDRESS) {
    memcpy(out->url, url.data, url.len);
    const char *host = out->url + sizeof SCHEME - 1;
    bool six = host[0] == '[';
    size_t len = six ? strcspn(host, "]") - 1 : strcspn(host, ":/");
    memcpy(out->host, host + six, len);
    rc = tls_load(n, out->host, &tls, err);
    out->pin = tls.pin;
    out->next = tls.next;
    out->has_next = tls.has_next;
    tls_finish(&tls);
    if (rc == 0) rc = load_others(n, out, err);
  }
  yz_buf_finish(&url);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

void hub_ledger_address(const struct hub_address *hub, const struct yz_id *ledger,
                        char out[static HUB_MAX_URL + 1]) {
  char id[YZ_ID_HEX + 1];
  struct yz_hash pins[YZ_MAX_PINS];
  size_t n = hub_all_pins(hub, pins);
  yz_to_hex(ledger->bytes, YZ_ID_LEN, id);
  int at = snprintf(out, HUB_MAX_URL + 1, "%s/ledger/%s", hub->url, id);
  for (size_t i = 0; i < n; i++) {
    out[at++] = i == 0 ? '#' : ',';
    yz_to_hex(pins[i].bytes, YZ_HASH_LEN, out + at);
    at += YZ_HASH_HEX;
  }
}
