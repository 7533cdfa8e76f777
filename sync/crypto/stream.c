/* Sealed streams: crypto_secretstream_xchacha20poly1305.
 *
 *   chunk = tag(1, sealed) ‖ ciphertext ‖ MAC(16)
 *
 * libsodium draws a stream's header itself; here it comes from the caller's random source. Both
 * ends begin in the same state, so one that pushes may begin as one that pulls. */
#include <sodium.h>
#include <yizhan/crypto.h>

_Static_assert(YZ_STREAM_HEADER == crypto_secretstream_xchacha20poly1305_HEADERBYTES, "header");
_Static_assert(YZ_STREAM_OVERHEAD == crypto_secretstream_xchacha20poly1305_ABYTES, "overhead");
_Static_assert(YZ_BATCH_KEY_LEN == crypto_secretstream_xchacha20poly1305_KEYBYTES, "key");

struct yz_stream {
  crypto_secretstream_xchacha20poly1305_state state;
};

struct yz_stream *yz_stream_create(const unsigned char key[static YZ_BATCH_KEY_LEN],
                                   const unsigned char header[static YZ_STREAM_HEADER]) {
  struct yz_stream *s = sodium_malloc(sizeof *s);
  if (s == NULL) return NULL;
  if (crypto_secretstream_xchacha20poly1305_init_pull(&s->state, header, key) == 0) return s;
  sodium_free(s);
  return NULL;
}

void yz_stream_destroy(struct yz_stream *s) {
  sodium_free(s);
}

void yz_stream_push(struct yz_stream *s, const void *ad, size_t ad_len, const void *bytes,
                    size_t len, bool last, unsigned char *out) {
  unsigned char tag = last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
                           : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
  crypto_secretstream_xchacha20poly1305_push(&s->state, out, NULL, bytes, len, ad, ad_len, tag);
}

bool yz_stream_pull(struct yz_stream *s, const void *ad, size_t ad_len, const void *sealed,
                    size_t sealed_len, unsigned char *out, bool *last) {
  unsigned char tag = 0;
  if (crypto_secretstream_xchacha20poly1305_pull(&s->state, out, NULL, &tag, sealed, sealed_len, ad,
                                                 ad_len) != 0)
    return false;
  *last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
  return *last || tag == crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
}
