#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <string.h>

#include "node/import/charset.h"

/* Length of the valid UTF-8 sequence that p begins with; 0: it is not valid. */
static size_t sequence_len(const unsigned char *p, size_t left) {
  if (p[0] < 0x80) return 1;
  size_t len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
  if (p[0] < 0xc2 || p[0] > 0xf4 || left < len) return 0;
  for (size_t i = 1; i < len; i++)
    if ((p[i] & 0xc0) != 0x80) return 0;
  bool too_long = (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xf0 && p[1] < 0x90);
  bool surrogate = p[0] == 0xed && p[1] > 0x9f;
  bool too_large = p[0] == 0xf4 && p[1] > 0x8f;
  return too_long || surrogate || too_large ? 0 : len;
}

/* What a file is when it is looked at as UTF-8. */
struct look {
  size_t valid;   /* sequences beyond ASCII */
  size_t invalid; /* bytes that fit nowhere */
  size_t first;   /* where the first of them is; the length when there is none */
};

static struct look look_at(const unsigned char *bytes, size_t len) {
  struct look l = {.first = len};
  for (size_t at = 0; at < len;) {
    size_t n = sequence_len(bytes + at, len - at);
    if (n > 1) l.valid++;
    if (n == 0 && l.invalid++ == 0) l.first = at;
    at += n == 0 ? 1 : n;
  }
  return l;
}

static size_t line_at(const unsigned char *bytes, size_t len) {
  size_t line = 1;
  for (size_t i = 0; i < len; i++) line += bytes[i] == '\n';
  return line;
}

static int bad_byte(struct yz_error *err, size_t line) {
  return yz_fail(err, YZ_E_FORMAT,
                 YZ_N_("A character of the file is damaged. Save it again as UTF-8."), "line %zu",
                 line);
}

static int take_utf8(const unsigned char *bytes, size_t len, struct yz_buf *out,
                     struct yz_error *err) {
  struct look l = look_at(bytes, len);
  if (yz_buf_append(out, bytes, l.first) != 0) return yz_no_memory(err);
  return l.first == len ? 0 : bad_byte(err, line_at(bytes, l.first));
}

/* Converts all that is left of *in; the line of what was made tells where it stops. */
static int convert_all(iconv_t cd, char *in, size_t left, struct yz_buf *out,
                       struct yz_error *err) {
  size_t begin = out->len;
  char piece[4096];
  for (bool more = true; more;) {
    char *to = piece;
    size_t room = sizeof piece;
    errno = 0;
    more = iconv(cd, &in, &left, &to, &room) == (size_t)-1;
    int why = errno;
    if (yz_buf_append(out, piece, sizeof piece - room) != 0) return yz_no_memory(err);
    if (more && why != E2BIG) return bad_byte(err, line_at(out->data + begin, out->len - begin));
  }
  return 0;
}

static int convert(const char *from, const unsigned char *bytes, size_t len, struct yz_buf *out,
                   struct yz_error *err) {
  iconv_t cd = iconv_open("UTF-8", from);
  if (cd == (iconv_t)-1)
    return yz_fail(err, YZ_E_INPUT,
                   YZ_N_("This machine cannot read the file's characters. Save it as UTF-8."), "%s",
                   from);
  int rc = convert_all(cd, (char *)bytes, len, out, err);
  iconv_close(cd);
  return rc;
}

int charset_to_utf8(const void *bytes, size_t len, struct yz_buf *out, struct yz_error *err) {
  const unsigned char *p = bytes;
  if (len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) return take_utf8(p + 3, len - 3, out, err);
  if (len >= 2 && memcmp(p, "\xff\xfe", 2) == 0)
    return convert("UTF-16LE", p + 2, len - 2, out, err);
  if (len >= 2 && memcmp(p, "\xfe\xff", 2) == 0)
    return convert("UTF-16BE", p + 2, len - 2, out, err);
  struct look l = look_at(p, len);
  /* In GB18030 few pairs happen to be UTF-8, and far more bytes are not. */
  if (l.invalid == 0 || l.valid > 4 * l.invalid) return take_utf8(p, len, out, err);
  return convert("GB18030", p, len, out, err);
}
