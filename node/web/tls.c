#include "tls.h"

#include <arpa/inet.h>
#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>

/* The key in use, and the one that is to follow it where the setting says so. */
static const char NAME[] = "tls.key", NEXT[] = "tls.next", HAS_NEXT[] = "tls_next";

static int fail(struct yz_error *err, int rc) {
  return rc == GNUTLS_E_SUCCESS
             ? 0
             : yz_fail(err, YZ_E_INTERNAL, YZ_N_("The hub's TLS key cannot be used."), "%s",
                       gnutls_strerror(rc));
}

/* --- the key --------------------------------------------------------------- */

static int put_key(struct node *n, const char *name, gnutls_x509_privkey_t key,
                   struct yz_error *err) {
  gnutls_datum_t pem = {0};
  int rc = fail(err, gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &pem));
  struct yz_secret *secret = rc == 0 ? yz_secret_create(pem.size) : NULL;
  if (rc == 0 && secret == NULL) rc = yz_no_memory(err);
  if (rc == 0) {
    memcpy(secret->bytes, pem.data, pem.size);
    rc = store_put_secret(n->store, name, secret, err);
  }
  if (pem.data != NULL) yz_wipe(pem.data, pem.size);
  gnutls_free(pem.data);
  yz_secret_destroy(secret);
  return rc;
}

/* P-256: what the villages' libgit2 (mbedTLS) takes and is cheap for a weak PC. */
static int make(struct node *n, const char *name, struct yz_error *err) {
  gnutls_x509_privkey_t key = NULL;
  int rc = fail(err, gnutls_x509_privkey_init(&key));
  if (rc == 0)
    rc = fail(err, gnutls_x509_privkey_generate(
                       key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0));
  if (rc == 0) rc = put_key(n, name, key, err);
  gnutls_x509_privkey_deinit(key);
  return rc;
}

int tls_make_key(struct node *n, struct yz_error *err) {
  struct yz_secret *there = NULL;
  int rc = store_get_secret(n->store, NAME, &there, err);
  yz_secret_destroy(there);
  return rc == YZ_E_NOT_FOUND ? make(n, NAME, err) : rc;
}

int tls_make_next(struct node *n, struct yz_error *err) {
  int rc = make(n, NEXT, err);
  return rc == 0 ? store_put_setting(n->store, HAS_NEXT, "1", err) : rc;
}

int tls_use_next(struct node *n, struct yz_error *err) {
  struct yz_secret *next = NULL;
  int rc = store_get_secret(n->store, NEXT, &next, err);
  if (rc == 0) rc = store_put_secret(n->store, NAME, next, err);
  yz_secret_destroy(next);
  return rc == 0 ? store_put_setting(n->store, HAS_NEXT, "", err) : rc;
}

static int has_next(struct node *n, bool *out, struct yz_error *err) {
  struct yz_buf said = {0};
  int rc = store_get_setting(n->store, HAS_NEXT, &said, err);
  *out = rc == 0 && said.len > 0;
  yz_buf_finish(&said);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

/* --- the certificate --------------------------------------------------------- */

static int name_host(gnutls_x509_crt_t crt, const char *host) {
  unsigned char address[16];
  unsigned size = inet_pton(AF_INET, host, address) == 1    ? 4
                  : inet_pton(AF_INET6, host, address) == 1 ? 16
                                                            : 0;
  return size > 0 ? gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, address, size,
                                                         GNUTLS_FSAN_SET)
                  : gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, host,
                                                         (unsigned)strlen(host), GNUTLS_FSAN_SET);
}

/* Never too early and never too late: clocks are wrong. */
static int fill(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, const char *host) {
  static const unsigned char serial[] = {1};
  static const char name[] = "yizhan";
  int rc = gnutls_x509_crt_set_version(crt, 3);
  if (rc == 0) rc = gnutls_x509_crt_set_serial(crt, serial, sizeof serial);
  if (rc == 0)
    rc = gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, name, sizeof name - 1);
  if (rc == 0) rc = gnutls_x509_crt_set_activation_time(crt, 0);
  if (rc == 0)
    rc = gnutls_x509_crt_set_expiration_time(crt, GNUTLS_X509_NO_WELL_DEFINED_EXPIRATION);
  if (rc == 0) rc = name_host(crt, host);
  if (rc == 0) rc = gnutls_x509_crt_set_key(crt, key);
  return rc == 0 ? gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256,
                                         GNUTLS_PRIVKEY_FLAG_REPRODUCIBLE)
                 : rc;
}

static int make_print(gnutls_x509_crt_t crt, struct yz_hash *print) {
  size_t n = sizeof print->bytes;
  return gnutls_x509_crt_get_fingerprint(crt, GNUTLS_DIG_SHA256, print->bytes, &n);
}

static int make_pin(gnutls_x509_crt_t crt, struct yz_hash *pin) {
  gnutls_pubkey_t key = NULL;
  gnutls_datum_t der = {0};
  int rc = gnutls_pubkey_init(&key);
  if (rc == 0) rc = gnutls_pubkey_import_x509(key, crt, 0);
  if (rc == 0) rc = gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, &der);
  if (rc == 0) yz_sha256(&(struct yz_part){der.data, der.size}, 1, pin);
  gnutls_free(der.data);
  gnutls_pubkey_deinit(key);
  return rc;
}

/* NULL: no memory. What it is made of need not end with a zero. */
static char *text_of(const void *bytes, size_t n) {
  char *text = malloc(n + 1);
  if (text == NULL) return NULL;
  memcpy(text, bytes, n);
  text[n] = '\0';
  return text;
}

static int make_certificate(const gnutls_datum_t *pem, const char *host, struct tls *out) {
  gnutls_x509_privkey_t key = NULL;
  gnutls_x509_crt_t crt = NULL;
  gnutls_datum_t text = {0};
  int rc = gnutls_x509_privkey_init(&key);
  if (rc == 0) rc = gnutls_x509_privkey_import(key, pem, GNUTLS_X509_FMT_PEM);
  if (rc == 0) rc = gnutls_x509_crt_init(&crt);
  if (rc == 0) rc = fill(crt, key, host);
  if (rc == 0) rc = make_pin(crt, &out->pin);
  if (rc == 0) rc = make_print(crt, &out->print);
  if (rc == 0) rc = gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &text);
  if (rc == 0) out->certificate = text_of(text.data, text.size);
  gnutls_free(text.data);
  gnutls_x509_crt_deinit(crt);
  gnutls_x509_privkey_deinit(key);
  return rc;
}

static int load(struct node *n, const char *name, const char *host, struct tls *out,
                struct yz_error *err) {
  struct yz_secret *key = NULL;
  int rc = store_get_secret(n->store, name, &key, err);
  if (rc == YZ_E_NOT_FOUND)
    return yz_fail(err, rc,
                   YZ_N_("This hub has no address yet; say it with `yizhan hub config url`."), "%s",
                   n->dir);
  if (rc != 0) return rc;
  const gnutls_datum_t pem = {key->bytes, (unsigned)key->len};
  rc = fail(err, make_certificate(&pem, host, out));
  if (rc == 0) out->key = text_of(key->bytes, key->len);
  if (rc == 0 && (out->key == NULL || out->certificate == NULL)) rc = yz_no_memory(err);
  yz_secret_destroy(key);
  return rc;
}

int tls_load(struct node *n, const char *host, struct tls *out, struct yz_error *err) {
  struct tls next = {0};
  *out = (struct tls){0};
  int rc = load(n, NAME, host, out, err);
  if (rc == 0) rc = has_next(n, &out->has_next, err);
  if (rc == 0 && out->has_next) rc = load(n, NEXT, host, &next, err);
  out->next = next.pin;
  tls_finish(&next);
  if (rc != 0) tls_finish(out);
  return rc;
}

/* --- from elsewhere -------------------------------------------------------------- */

static bool belongs(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key) {
  unsigned char of_crt[YZ_HASH_LEN], of_key[YZ_HASH_LEN];
  size_t n = sizeof of_crt, m = sizeof of_key;
  return gnutls_x509_crt_get_key_id(crt, GNUTLS_KEYID_USE_SHA256, of_crt, &n) == 0 &&
         gnutls_x509_privkey_get_key_id(key, GNUTLS_KEYID_USE_SHA256, of_key, &m) == 0 && n == m &&
         memcmp(of_crt, of_key, n) == 0;
}

/* Of several certificates the first is the server's own. */
static bool look_at(const struct yz_buf *certificate, const struct yz_buf *key, struct tls *out) {
  const gnutls_datum_t crt_pem = {certificate->data, (unsigned)certificate->len};
  const gnutls_datum_t key_pem = {key->data, (unsigned)key->len};
  gnutls_x509_privkey_t own = NULL;
  gnutls_x509_crt_t crt = NULL;
  bool good = gnutls_x509_crt_init(&crt) == 0 && gnutls_x509_privkey_init(&own) == 0 &&
              gnutls_x509_crt_import(crt, &crt_pem, GNUTLS_X509_FMT_PEM) == 0 &&
              gnutls_x509_privkey_import2(own, &key_pem, GNUTLS_X509_FMT_PEM, NULL, 0) == 0 &&
              belongs(crt, own) && make_pin(crt, &out->pin) == 0 &&
              make_print(crt, &out->print) == 0;
  if (crt != NULL) gnutls_x509_crt_deinit(crt);
  if (own != NULL) gnutls_x509_privkey_deinit(own);
  return good;
}

int tls_replace(struct tls *t, const struct yz_buf *certificate, const struct yz_buf *key,
                struct yz_error *err) {
  struct tls other = {.next = t->next, .has_next = t->has_next};
  if (!look_at(certificate, key, &other))
    return yz_fail(err, YZ_E_INPUT,
                   YZ_N_("These are no certificate and its key in PEM, or they do not belong "
                         "together."),
                   NULL);
  other.certificate = text_of(certificate->data, certificate->len);
  other.key = text_of(key->data, key->len);
  if (other.certificate == NULL || other.key == NULL) {
    tls_finish(&other);
    return yz_no_memory(err);
  }
  tls_finish(t);
  *t = other;
  return 0;
}

void tls_finish(struct tls *t) {
  if (t->key != NULL) yz_wipe(t->key, strlen(t->key));
  free(t->key);
  free(t->certificate);
  *t = (struct tls){0};
}
