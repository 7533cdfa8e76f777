#include <stddef.h>
#include <string.h>

#include "tidy.h"

static const char ideographic_space[] = "\xE3\x80\x80";

/* Bytes of the blank that text begins with; 0: none. */
static size_t blank_at(const char *text) {
  if (*text == ' ' || *text == '\t' || *text == '\n') return 1;
  return strncmp(text, ideographic_space, 3) == 0 ? 3 : 0;
}

static size_t trimmed_end(const char *text, size_t len) {
  for (;;) {
    if (len > 0 && blank_at(text + len - 1) == 1)
      len--;
    else if (len >= 3 && blank_at(text + len - 3) == 3)
      len -= 3;
    else
      return len;
  }
}

/* One character of *from to *to, tidied. */
static void step(const char **from, char **to, bool lines) {
  unsigned char c = (unsigned char)**from, next = (unsigned char)(*from)[1];
  size_t n = 1;
  if (c == '\r') {
    if (next == '\n') n = 2;
    c = '\n';
  }
  bool c1 = c == 0xC2 && next >= 0x80 && next <= 0x9F;
  bool control = c1 || c == 0x7F || (c < 0x20 && c != '\n' && c != '\t');
  if (c1) n = 2;
  if (control || (!lines && (c == '\n' || c == '\t'))) c = ' ';
  *(*to)++ = (char)c;
  *from += n;
}

void tidy_cell(char *text, bool lines) {
  const char *from = text;
  char *to = text;
  while (*from != '\0') step(&from, &to, lines);
  size_t len = trimmed_end(text, (size_t)(to - text)), skip = 0, n;
  text[len] = '\0';
  while ((n = blank_at(text + skip)) > 0) skip += n;
  memmove(text, text + skip, len - skip + 1);
}

/* One character, of n bytes in UTF-8, in hexadecimal digits: 200B to 200F, 2028 to 202E, 2060 to
 * 206F, FEFF, 061C, 00AD. */
static bool is_steering(const unsigned char *c, size_t n) {
  if (n == 2) return (c[0] == 0xD8 && c[1] == 0x9C) || (c[0] == 0xC2 && c[1] == 0xAD);
  if (n != 3) return false;
  if (c[0] == 0xEF) return c[1] == 0xBB && c[2] == 0xBF;
  if (c[0] != 0xE2) return false;
  if (c[1] == 0x80) return (c[2] >= 0x8B && c[2] <= 0x8F) || (c[2] >= 0xA8 && c[2] <= 0xAE);
  return c[1] == 0x81 && c[2] >= 0xA0 && c[2] <= 0xAF;
}

/* Likewise: 00A0, 2000 to 200A, 202F, 205F, which look like a blank, and blanks. */
static bool looks_blank(const char *text, size_t n) {
  const unsigned char *c = (const unsigned char *)text;
  if (blank_at(text) > 0) return true;
  if (n == 2) return c[0] == 0xC2 && c[1] == 0xA0;
  if (n != 3 || c[0] != 0xE2) return false;
  return c[1] == 0x80 ? c[2] <= 0x8A || c[2] == 0xAF : c[1] == 0x81 && c[2] == 0x9F;
}

void tidy_name(char *text) {
  const char *from = text;
  char *to = text;
  tidy_cell(text, false);
  while (*from != '\0') {
    size_t n = 1;
    while (((unsigned char)from[n] & 0xC0) == 0x80) n++;
    bool blank = looks_blank(from, n), again = blank && to > text && to[-1] == ' ';
    if (blank && !again) *to++ = ' ';
    if (!blank && !is_steering((const unsigned char *)from, n)) {
      memmove(to, from, n);
      to += n;
    }
    from += n;
  }
  *to = '\0';
  tidy_cell(text, false);
}

bool tidy_is_blank(const char *text) {
  char c = ' ', *to = &c;
  while (*text != '\0' && c == ' ') {
    size_t n = blank_at(text);
    text += n;
    if (n == 0) step(&text, &to, false);
    to = &c;
  }
  return c == ' ';
}

const char *tidy_file(const char *text, char out[static TIDY_FILE]) {
  size_t at = 0;
  while (*text != '\0') {
    size_t n = 1;
    while (((unsigned char)text[n] & 0xC0) == 0x80) n++;
    bool bad = *text == '/' || *text == '\\' || is_steering((const unsigned char *)text, n);
    if (at + (bad ? 1 : n) >= TIDY_FILE) break;
    memcpy(out + at, bad ? "_" : text, bad ? 1 : n);
    at += bad ? 1 : n;
    text += n;
  }
  out[at] = '\0';
  tidy_cell(out, false);
  if (out[0] == '\0') memcpy(out, "-", sizeof "-");
  return out;
}

static bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

const char *tidy_title(const char *text, char out[static TIDY_TITLE]) {
  size_t len = 0, line = strcspn(text, "\n"), characters = 0;
  for (; len < line; len++) {
    bool begins = ((unsigned char)text[len] & 0xC0) != 0x80;
    if (begins && ++characters > 40) break;
  }
  size_t cut = len;
  if (len < line && is_word(text[len]))
    while (cut > 0 && is_word(text[cut - 1])) cut--;
  if (cut == 0) cut = len;
  cut = trimmed_end(text, cut);
  memcpy(out, text, cut);
  out[cut] = '\0';
  return out;
}
