/* The pin of a certificate: SHA-256 over its SubjectPublicKeyInfo (RFC 5280), as curl's
 * --pinnedpubkey and RFC 7469 have it. Of the certificate itself nothing counts: whoever has the
 * key is the server, whatever the dates say.
 *
 *   Certificate { TBSCertificate { [0] version, serial, signature, issuer, validity, subject,
 *                                  SubjectPublicKeyInfo, … }, … } */
#include "sync/git/git.h"

enum { SEQUENCE = 0x30, INTEGER = 0x02, VERSION = 0xa0 };

struct der {
  const unsigned char *at;
  size_t left;
};

/* The next element, if it has this tag: the whole of it, and what is inside. */
static bool take(struct der *in, unsigned tag, struct der *whole, struct der *inside) {
  size_t len, head = 2;
  if (in->left < 2 || in->at[0] != tag) return false;
  len = in->at[1];
  if (len > 0x82) return false;
  if (len >= 0x80) {
    size_t n = len - 0x80;
    if (n == 0 || in->left < 2 + n) return false;
    for (len = 0; head < 2 + n; head++) len = len << 8 | in->at[head];
  }
  if (in->left - head < len) return false;
  *whole = (struct der){in->at, head + len};
  *inside = (struct der){in->at + head, len};
  in->at += head + len;
  in->left -= head + len;
  return true;
}

bool yz_pin_of(const void *certificate, size_t len, struct yz_hash *out) {
  static const unsigned before[] = {INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE};
  struct der all = {certificate, len}, whole, inside, fields, skipped;
  if (!take(&all, SEQUENCE, &whole, &inside) || !take(&inside, SEQUENCE, &whole, &fields))
    return false;
  (void)take(&fields, VERSION, &whole, &skipped);
  for (size_t i = 0; i < sizeof before / sizeof *before; i++)
    if (!take(&fields, before[i], &whole, &skipped)) return false;
  if (!take(&fields, SEQUENCE, &whole, &skipped)) return false;
  const struct yz_part part = {whole.at, whole.left};
  yz_sha256(&part, 1, out);
  return true;
}
