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
  }
  yz_buf_finish(&url);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

void hub_ledger_address(const struct hub_address *hub, const struct yz_id *ledger,
                        char out[static HUB_MAX_URL + 1]) {
  char id[YZ_ID_HEX + 1], pin[YZ_HASH_HEX + 1], next[1 + YZ_HASH_HEX + 1] = "";
  yz_to_hex(ledger->bytes, YZ_ID_LEN, id);
  yz_to_hex(hub->pin.bytes, YZ_HASH_LEN, pin);
  if (hub->has_next) {
    next[0] = ',';
    yz_to_hex(hub->next.bytes, YZ_HASH_LEN, next + 1);
  }
  (void)snprintf(out, HUB_MAX_URL + 1, "%s/ledger/%s#%s%s", hub->url, id, pin, next);
}
