/* Addresses: FORMAT.md §16.
 *
 * A folder, file:///folder, ssh://host/folder or https://host/path; behind a server's stand
 * #PIN,PIN…, which are not sent but say which server it is. A git host's own may begin
 * https://user:token@. */
#include <stdlib.h>
#include <string.h>

#include "sync/git/git.h"

static int digit_of(char c) {
  static const char digits[] = "0123456789abcdef0123456789ABCDEF";
  const char *at = c == '\0' ? NULL : strchr(digits, c);
  return at == NULL ? -1 : (int)((at - digits) % 16);
}

/* %XX of a file:// URL. */
static bool decode(char *text) {
  char *to = text;
  for (const char *at = text; *at != '\0'; at++, to++) {
    *to = *at;
    if (*at != '%') continue;
    int high = digit_of(at[1]), low = high < 0 ? -1 : digit_of(at[2]);
    if (low < 0 || high + low == 0) return false;
    *to = (char)(high * 16 + low);
    at += 2;
  }
  *to = '\0';
  return true;
}

/* What begins with this scheme: what comes after it, else NULL. */
static const char *after(const char *url, const char *scheme) {
  size_t n = strlen(scheme);
  return strncmp(url, scheme, n) == 0 ? url + n : NULL;
}

static bool file_path(const char *rest, char **path) {
  const char *local = after(rest, "localhost/");
  if (local != NULL) rest = local - 1;
  *path = rest[0] == '/' ? strdup(rest) : NULL;
  return *path != NULL && decode(*path);
}

static bool read_pins(const char *text, struct yz_address *out) {
  for (;;) {
    size_t n = strcspn(text, ",");
    if (out->n_pins == YZ_MAX_PINS ||
        !yz_from_hex(text, n, out->pins[out->n_pins].bytes, YZ_HASH_LEN))
      return false;
    out->n_pins++;
    if (text[n] == '\0') return true;
    text += n + 1;
  }
}

/* What stands between https:// and @ is said to the server and to nobody else. */
static bool take_login(struct yz_address *out) {
  char *host = out->url + strlen("https://"), *at = memchr(host, '@', strcspn(host, "/"));
  if (at == NULL) return true;
  out->login = strndup(host, (size_t)(at - host));
  memmove(host, at + 1, strlen(at + 1) + 1);
  return out->login != NULL && decode(out->login) && strchr(out->login, ':') != NULL;
}

static bool server(const char *url, bool https, struct yz_address *out) {
  size_t n = strcspn(url, "#");
  out->url = strndup(url, n);
  return out->url != NULL && (url[n] == '\0' || read_pins(url + n + 1, out)) &&
         (!https || take_login(out));
}

int yz_address_parse(const char *text, struct yz_address *out, struct yz_error *err) {
  const char *file = after(text, "file://");
  bool https = after(text, "https://") != NULL, good = false;
  *out = (struct yz_address){0};
  if (https || after(text, "ssh://") != NULL)
    good = server(text, https, out);
  else if (file != NULL)
    good = file_path(file, &out->path);
  else if (text[0] != '\0' && strstr(text, "://") == NULL)
    good = (out->path = strdup(text)) != NULL;
  if (good) return 0;
  yz_address_finish(out);
  return yz_fail(
      err, YZ_E_INPUT,
      YZ_N_("This address cannot be used. Give a folder, file:///folder, "
            "ssh://host/folder or an https:// address, with # and pins behind if it has any."),
      "%s", https ? "https://" : text);
}

bool yz_address_is_https(const struct yz_address *a) {
  return a->url != NULL && after(a->url, "https://") != NULL;
}

void yz_address_finish(struct yz_address *a) {
  free(a->path);
  if (a->login != NULL) yz_wipe(a->login, strlen(a->login));
  free(a->login);
  free(a->url);
  *a = (struct yz_address){0};
}

int yz_road_check(const char *url, struct yz_error *err) {
  struct yz_address a;
  int rc = yz_address_parse(url, &a, err);
  yz_address_finish(&a);
  return rc;
}

int yz_address_port(const struct yz_address *a) {
  enum { HTTPS_PORT = 443 };
  const char *host = strstr(a->url, "//") + 2, *end = host + strcspn(host, "/");
  const char *colon = memrchr(host, ':', (size_t)(end - host));
  if (colon == NULL || memchr(colon, ']', (size_t)(end - colon)) != NULL) return HTTPS_PORT;
  return (int)strtol(colon + 1, NULL, 10);
}
