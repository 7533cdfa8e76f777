/* The hub's TLS key, and the certificate and pin made of it. */
#ifndef YIZHAN_NODE_WEB_TLS_H
#define YIZHAN_NODE_WEB_TLS_H

#include "../node.h"

/* Makes the key where there is none, in the caller's transaction. It lies in the store, so a
 * backup has it, and villages know a restored hub again. */
int tls_make_key(struct node *n, struct yz_error *err) YZ_MUST_CHECK;

/* In the caller's transaction: makes a key that is to follow, over one that was made before; puts
 * it in the place of the present one. */
int tls_make_next(struct node *n, struct yz_error *err) YZ_MUST_CHECK;
int tls_use_next(struct node *n, struct yz_error *err) YZ_MUST_CHECK;

/* The key and a certificate for it, as PEM; the certificate is made anew each time, the same one,
 * and names `host`, for those who look at more than the pin. finish wipes. */
struct tls {
  char *key, *certificate;
  struct yz_hash pin, next; /* SHA-256 of the public key (SubjectPublicKeyInfo); of the next one */
  struct yz_hash print;     /* of the certificate (DER): what browsers show */
  bool has_next;
};
int tls_load(struct node *n, const char *host, struct tls *out, struct yz_error *err) YZ_MUST_CHECK;
/* Puts a certificate and its key, as PEM, from elsewhere in the place of those in *t. YZ_E_INPUT:
 * they are none, or do not belong together; *t is as it was. */
int tls_replace(struct tls *t, const struct yz_buf *certificate, const struct yz_buf *key,
                struct yz_error *err) YZ_MUST_CHECK;
void tls_finish(struct tls *t);

#endif
