#include "terms.h"
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum kind { APART, LATIN, DENSE };

/* Reads one character; bytes that are no UTF-8 are read one by one as U+FFFD. */
static size_t read_char(const unsigned char *s, size_t left, uint32_t *out) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  size_t n = s[0] < 0x80 ? 1 : s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : s[0] >= 0xc2 ? 2 : 0;
  uint32_t c = n == 1 ? s[0] : n == 0 ? 0 : s[0] & (0xffu >> (n + 1));
  bool whole = n > 0 && n <= left && s[0] < 0xf5;
  for (size_t i = 1; whole && i < n; i++) {
    whole = (s[i] & 0xc0) == 0x80;
    c = c << 6 | (s[i] & 0x3fu);
  }
  if (!whole || c < least[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) {
    *out = 0xfffd;
    return 1;
  }
  *out = c;
  return n;
}

static uint32_t fold_char(uint32_t c) {
  if (c >= 0xff01 && c <= 0xff5e) c -= 0xff01 - 0x21;
  if (c == 0x3000) c = ' ';
  return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static size_t write_char(uint32_t c, char out[static 4]) {
  if (c < 0x80) {
    out[0] = (char)c;
    return 1;
  }
  size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  for (size_t i = n - 1; i > 0; i--, c >>= 6) out[i] = (char)(0x80 | (c & 0x3f));
  out[0] = (char)((0xf0u << (4 - n)) | c);
  return n;
}

/* Blanks of any width, none too, and marks of direction. */
static bool is_unseen(uint32_t c) {
  return c <= ' ' || c == 0xa0 || (c >= 0x2000 && c <= 0x200f) || c == 0x202f || c == 0x205f ||
         c == 0x2060 || c == 0x3000 || c == 0xfeff;
}

static int fold(const char *text, size_t len, bool seen_alone, struct yz_buf *out) {
  const unsigned char *s = (const unsigned char *)text;
  int rc = yz_buf_append(out, "", 0);
  for (size_t i = 0; rc == 0 && i < len;) {
    uint32_t c;
    char bytes[4];
    i += read_char(s + i, len - i, &c);
    if ((c >= 0x300 && c <= 0x36f) || (seen_alone && is_unseen(c))) continue;
    rc = yz_buf_append(out, bytes, write_char(fold_char(c), bytes));
  }
  return rc;
}

int terms_fold(const char *text, size_t len, struct yz_buf *out) {
  return fold(text, len, false, out);
}

int terms_name(const char *text, size_t len, struct yz_buf *out) {
  return fold(text, len, true, out);
}

/* What stands between words: what is neither ASCII letter nor digit, spaces and
 * punctuation of Latin, Chinese and their vertical and half-width forms. Letters
 * whose scripts write words apart without our knowing how (Tibetan, Uyghur) and
 * all the rest, private characters too, are searched like Chinese. */
static enum kind kind_of(uint32_t c) {
  static const struct {
    uint32_t from, to;
    enum kind kind;
  } ranges[] = {
      {0, '0' - 1, APART},     {'0', '9', LATIN},         {'9' + 1, 'A' - 1, APART},
      {'A', 'Z', LATIN},       {'Z' + 1, 'a' - 1, APART}, {'a', 'z', LATIN},
      {'z' + 1, 0xbf, APART},  {0xc0, 0xd6, LATIN},       {0xd7, 0xd7, APART},
      {0xd8, 0xf6, LATIN},     {0xf7, 0xf7, APART},       {0xf8, 0x24f, LATIN},
      {0x1e00, 0x1eff, LATIN}, {0x2000, 0x206f, APART},   {0x3000, 0x3004, APART},
      {0x3008, 0x3020, APART}, {0x3030, 0x3030, APART},   {0xfe10, 0xfe1f, APART},
      {0xfe30, 0xfe6f, APART}, {0xff00, 0xff0f, APART},   {0xff5f, 0xff65, APART},
      {0xfff9, 0xffff, APART},
  };
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
    if (c >= ranges[i].from && c <= ranges[i].to) return ranges[i].kind;
  return DENSE;
}

/* Reading a text run by run: consecutive characters of one kind. */
struct run {
  const unsigned char *at;
  size_t len;
  enum kind kind;
};

static bool next_run(const unsigned char **at, const unsigned char *end, struct run *out) {
  *out = (struct run){.at = *at};
  while (*at < end) {
    uint32_t c;
    size_t n = read_char(*at, (size_t)(end - *at), &c);
    if (out->len == 0) out->kind = kind_of(c);
    if (kind_of(c) != out->kind) break;
    out->len += n;
    *at += n;
  }
  return out->len > 0;
}

static char *put_hex(uint32_t c, char *out) {
  for (int shift = 20; shift >= 0; shift -= 4) *out++ = "0123456789abcdef"[c >> shift & 0xf];
  return out;
}

static int put_dense(struct yz_buf *out, uint32_t a, uint32_t b) {
  char term[14] = "_";
  char *end = put_hex(a, term + 1);
  if (b != 0) end = put_hex(b, end);
  *end++ = ' ';
  return yz_buf_append(out, term, (size_t)(end - term));
}

/* last: also the last character alone, where something may follow it. */
static int put_pairs(const struct run *r, bool last, struct yz_buf *out) {
  uint32_t before = 0, c;
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < r->len; before = c) {
    i += read_char(r->at + i, r->len - i, &c);
    if (before != 0) rc = put_dense(out, before, c);
  }
  return rc == 0 && last ? put_dense(out, before, 0) : rc;
}

static int put_latin(const struct run *r, struct yz_buf *out) {
  int rc = yz_buf_append(out, r->at, r->len);
  return rc == 0 ? yz_buf_append(out, " ", 1) : rc;
}

int terms_index(const char *folded, size_t len, struct yz_buf *out) {
  const unsigned char *at = (const unsigned char *)folded, *end = at + len;
  struct run r;
  int rc = yz_buf_append(out, "", 0);
  while (rc == 0 && next_run(&at, end, &r)) {
    if (r.kind == DENSE) rc = put_pairs(&r, true, out);
    if (r.kind == LATIN) rc = put_latin(&r, out);
  }
  return rc;
}

static bool one_char(const struct run *r) {
  uint32_t c;
  return read_char(r->at, r->len, &c) == r->len;
}

/* A word's runs up to what stands apart, as a phrase of terms in quotes. Terms
 * hold no quotes: nothing people type is read as a query's syntax. */
static int put_phrase(struct run r, const unsigned char **at, const unsigned char *end,
                      struct yz_buf *out) {
  int rc = yz_buf_puts(out, out->len > 0 ? " AND \"" : "\"");
  for (bool more = true; rc == 0 && more;) {
    struct run next;
    const unsigned char *ahead = *at;
    more = next_run(&ahead, end, &next) && next.kind != APART;
    bool open = !more && (r.kind == LATIN || one_char(&r));
    rc = r.kind == LATIN ? put_latin(&r, out) : put_pairs(&r, more || open, out);
    if (rc == 0 && !more) rc = yz_buf_puts(out, open ? "\" *" : "\"");
    if (more) {
      r = next;
      *at = ahead;
    }
  }
  return rc;
}

int terms_query(const char *folded, size_t len, struct yz_buf *out) {
  const unsigned char *at = (const unsigned char *)folded, *end = at + len;
  struct run r;
  int rc = yz_buf_append(out, "", 0);
  for (size_t words = 0; rc == 0 && next_run(&at, end, &r);) {
    if (r.kind == APART) continue;
    rc = ++words > TERMS_MAX_WORDS ? YZ_E_LIMIT : put_phrase(r, &at, end, out);
  }
  return rc;
}

bool terms_occur(const char *text, const char *search) {
  char word[TERMS_MAX_QUERY + 1];
  size_t len;
  for (; *(search += strspn(search, " \t\n")) != '\0'; search += len) {
    len = strcspn(search, " \t\n");
    memcpy(word, search, len);
    word[len] = '\0';
    if (strstr(text, word) == NULL) return false;
  }
  return true;
}
