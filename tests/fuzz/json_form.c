/* FORMAT.md §1 once more, by hand: RFC 8259 with integers within ±2^53 alone, names of
 * printable ASCII, strings of valid UTF-8 without control characters but LF and tab, nested
 * at most eight deep. That no name stands twice is not looked at. */
#include "tests/fuzz/fuzz.h"

struct form {
  const unsigned char *at, *end;
  int levels;
};

static bool value(struct form *f);

static int peek(const struct form *f) {
  return f->at < f->end ? *f->at : -1;
}

static bool take(struct form *f, char c) {
  if (peek(f) != c) return false;
  f->at++;
  return true;
}

static void blanks(struct form *f) {
  while (peek(f) == ' ' || peek(f) == '\t' || peek(f) == '\n' || peek(f) == '\r') f->at++;
}

static bool word(struct form *f, const char *text) {
  while (*text)
    if (!take(f, *text++)) return false;
  return true;
}

static bool digit(int c) {
  return c >= '0' && c <= '9';
}

static bool number(struct form *f) {
  uint64_t n = 0;
  (void)take(f, '-');
  if (!digit(peek(f))) return false;
  bool zero = peek(f) == '0';
  for (int digits = 0; digit(peek(f)); digits++) {
    if (digits > 16 || (zero && digits > 0)) return false;
    n = n * 10 + (uint64_t)(*f->at++ - '0');
  }
  return n <= UINT64_C(9007199254740992) && peek(f) != '.' && peek(f) != 'e' && peek(f) != 'E';
}

static bool hex4(struct form *f, unsigned *out) {
  *out = 0;
  for (int i = 0; i < 4; i++) {
    int c = peek(f);
    const char *digits = "0123456789abcdef", *d = NULL;
    if (c > 0) d = strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
    if (!d) return false;
    *out = *out * 16 + (unsigned)(d - digits);
    f->at++;
  }
  return true;
}

/* Behind "\u": a code point, of one or of two escapes. */
static bool escaped(struct form *f, unsigned *out) {
  unsigned low;
  if (!hex4(f, out)) return false;
  if (*out >= 0xdc00 && *out < 0xe000) return false;
  if (*out < 0xd800 || *out >= 0xe000) return true;
  if (!take(f, '\\') || !take(f, 'u') || !hex4(f, &low) || low < 0xdc00 || low >= 0xe000)
    return false;
  *out = 0x10000 + ((*out - 0xd800) << 10) + (low - 0xdc00);
  return true;
}

static bool escape(struct form *f, unsigned *out) {
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  int c = peek(f);
  if (take(f, 'u')) return escaped(f, out);
  const char *which = c > 0 ? strchr(from, c) : NULL;
  if (!which) return false;
  f->at++;
  *out = (unsigned char)to[which - from];
  return true;
}

static bool utf8(struct form *f, unsigned *out) {
  unsigned first = *f->at++;
  size_t more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
  static const unsigned least[] = {0, 0x80, 0x800, 0x10000};
  if (first >= 0x80 && (first < 0xc0 || first > 0xf7)) return false;
  *out = more == 0 ? first : first & (0x3fu >> more);
  for (size_t i = 0; i < more; i++) {
    if (f->at == f->end || (*f->at & 0xc0) != 0x80) return false;
    *out = *out << 6 | (*f->at++ & 0x3fu);
  }
  return *out >= least[more] && *out <= 0x10ffff && (*out < 0xd800 || *out > 0xdfff);
}

static bool string(struct form *f, bool name) {
  if (!take(f, '"')) return false;
  while (!take(f, '"')) {
    unsigned c;
    if (f->at == f->end) return false;
    bool bare = !take(f, '\\');
    if (bare ? !utf8(f, &c) : !escape(f, &c)) return false;
    if (bare && c < 0x20) return false;
    if (c < 0x20 ? c != '\n' && c != '\t' : c >= 0x7f && c <= 0x9f) return false;
    if (name && (c < 0x20 || c > 0x7e)) return false;
  }
  return true;
}

static bool list(struct form *f, char begin, char end, bool named) {
  (void)take(f, begin);
  if (++f->levels > 8) return false;
  blanks(f);
  if (!take(f, end)) {
    do {
      blanks(f);
      if (named && !string(f, true)) return false;
      blanks(f);
      if (named && !take(f, ':')) return false;
      if (!value(f)) return false;
      blanks(f);
    } while (take(f, ','));
    if (!take(f, end)) return false;
  }
  f->levels--;
  return true;
}

static bool value(struct form *f) {
  blanks(f);
  switch (peek(f)) {
  case '{':
    return list(f, '{', '}', true);
  case '[':
    return list(f, '[', ']', false);
  case '"':
    return string(f, false);
  case 't':
    return word(f, "true");
  case 'f':
    return word(f, "false");
  case 'n':
    return word(f, "null");
  default:
    return number(f);
  }
}

bool fuzz_is_json(const char *text, size_t len) {
  struct form f = {(const unsigned char *)text, (const unsigned char *)text + len, 0};
  blanks(&f);
  bool outer = peek(&f) == '{' || peek(&f) == '[';
  if (!outer || !value(&f)) return false;
  blanks(&f);
  return f.at == f.end;
}
