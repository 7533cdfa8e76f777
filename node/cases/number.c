/* Case numbers, read and written. What is read:
 *
 *   text = characters that fold (full-width forms, lower case) to A-Z and 0-9,
 *          with spaces and dashes of any kind anywhere between them
 *
 * Without its marks a number is prefix (code and letters), yy, counter, check.
 * Year and check have fixed widths, the counter has not, so a text without
 * dashes can have several readings: QS3260142K is QS3-26-0142-K, or QS-32-60142-K.
 * The check character covers the same characters in each and cannot tell. So:
 *   - a reading is valid when the prefix is 2*11 characters, those past the
 *     eighth letters; yy two digits; the counter four digits, or more and the
 *     first no zero (at most 18);
 *   - the valid reading counts that has most of the boundaries where marks stand;
 *   - of several, that with the shortest counter. */
#include <stdio.h>
#include <string.h>

#include "node/cases/number.h"

enum {
  MAX_TEXT = 200,
  MIN_CODE = 2,
  MAX_CODE = 8,
  MAX_LETTERS = 3,
  MIN_COUNTER = 4,
  MAX_COUNTER = 18,
  NOT_KNOWN = -1,
  MARK = ' '
};

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
  return c >= 'A' && c <= 'Z';
}

/* ISO 7064 MOD 37,36 over len characters of A-Z and 0-9. */
static char check_character(const char *body, size_t len) {
  size_t product = 36;
  for (size_t i = 0; i < len; i++) {
    size_t sum = (product + (size_t)(strchr(alphabet, body[i]) - alphabet)) % 36;
    product = (sum == 0 ? 36 : sum) * 2 % 37;
  }
  return alphabet[(37 - product) % 36];
}

void number_format(char out[static NUMBER_MAX], const char *code, const char *letter, int year,
                   int64_t counter) {
  if (strcmp(letter, "A") == 0) letter = "";
  char body[NUMBER_MAX];
  int yy = (year % 100 + 100) % 100;
  int len = snprintf(body, sizeof body, "%.8s%.3s%02d%04lld", code, letter, yy, (long long)counter);
  (void)snprintf(out, NUMBER_MAX, "%.8s%.3s-%02d-%04lld-%c", code, letter, yy, (long long)counter,
                 check_character(body, (size_t)len));
}

/* Takes one character of UTF-8 from text; its code point, or NOT_KNOWN for what
 * is no UTF-8 or longer than three bytes. */
static int take(const char **text, const char *end) {
  const unsigned char *p = (const unsigned char *)*text;
  size_t left = (size_t)(end - *text);
  size_t len = p[0] < 0x80                   ? 1
               : p[0] >= 0xc2 && p[0] < 0xe0 ? 2
               : p[0] >= 0xe0 && p[0] < 0xf0 ? 3
                                             : 0;
  if (len == 0 || len > left) return NOT_KNOWN;
  int c = len == 1 ? p[0] : len == 2 ? p[0] & 0x1f : p[0] & 0x0f;
  for (size_t i = 1; i < len; i++) {
    if ((p[i] & 0xc0) != 0x80) return NOT_KNOWN;
    c = c << 6 | (p[i] & 0x3f);
  }
  *text += len;
  return len == 3 && c < 0x800 ? NOT_KNOWN : c;
}

/* A character that a number or code is made of, MARK for a space or dash, or
 * NOT_KNOWN. */
static int fold(int c) {
  if (c >= 0xff01 && c <= 0xff5e) c -= 0xff01 - '!';
  if (c >= 'a' && c <= 'z') c += 'A' - 'a';
  if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return c;
  bool space = c == ' ' || c == '\t' || c == 0xa0 || c == 0x3000;
  bool dash = c == '-' || c == '_' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x30fc ||
              c == 0xfe58 || c == 0xfe63;
  return space || dash ? MARK : NOT_KNOWN;
}

/* A text without its marks, and where they stood: marked[i] before character i. */
struct bare {
  char text[MAX_TEXT + 1];
  bool marked[MAX_TEXT + 1];
  size_t len;
};

static bool squeeze(const char *text, size_t text_len, struct bare *out) {
  const char *end = text + text_len;
  *out = (struct bare){.len = 0};
  while (text < end) {
    int c = take(&text, end);
    c = c == NOT_KNOWN ? NOT_KNOWN : fold(c);
    if (c == NOT_KNOWN) return false;
    if (c == MARK)
      out->marked[out->len] = true;
    else
      out->text[out->len++] = (char)c;
  }
  return true;
}

static bool all(bool (*is)(char), const char *text, size_t len) {
  size_t i = 0;
  while (i < len && is(text[i])) i++;
  return i == len;
}

/* Is it a number when its prefix and counter have these lengths? */
static bool readable(const struct bare *b, size_t prefix, size_t counter) {
  if (prefix < MIN_CODE || prefix > MAX_CODE + MAX_LETTERS) return false;
  if (prefix > MAX_CODE && !all(is_letter, b->text + MAX_CODE, prefix - MAX_CODE)) return false;
  if (counter > MIN_COUNTER && b->text[prefix + 2] == '0') return false;
  return all(is_digit, b->text + prefix, 2 + counter);
}

/* The reading of b that keeps most of its marks: how many (-1: there is none), and *prefix. */
static int best_reading(const struct bare *b, size_t *prefix) {
  int best = -1;
  *prefix = 0;
  for (size_t counter = MIN_COUNTER; counter <= MAX_COUNTER && counter + 3 < b->len; counter++) {
    size_t begins = b->len - 3 - counter;
    if (!readable(b, begins, counter)) continue;
    int boundaries = b->marked[begins] + b->marked[begins + 2];
    if (boundaries <= best) continue;
    best = boundaries;
    *prefix = begins;
  }
  return best;
}

static void write_out(const struct bare *b, size_t prefix, char out[static NUMBER_MAX]) {
  size_t body = b->len - 1;
  (void)snprintf(out, NUMBER_MAX, "%.*s-%.2s-%.*s-%c", (int)prefix, b->text, b->text + prefix,
                 (int)(body - prefix - 2), b->text + prefix + 2, b->text[body]);
}

int number_parse(const char *text, size_t text_len, char out[static NUMBER_MAX]) {
  struct bare b;
  size_t prefix;
  if (text_len > MAX_TEXT || !squeeze(text, text_len, &b) || best_reading(&b, &prefix) < 0)
    return -1;
  write_out(&b, prefix, out);
  return check_character(b.text, b.len - 1) == b.text[b.len - 1];
}

bool number_complete(const char *text, size_t text_len, char out[static NUMBER_MAX]) {
  struct bare b;
  size_t prefix;
  if (text_len >= MAX_TEXT || !squeeze(text, text_len, &b) || b.len == 0) return false;
  int as_it_is = best_reading(&b, &prefix);
  b.text[b.len] = check_character(b.text, b.len);
  b.len++;
  if (best_reading(&b, &prefix) <= as_it_is) return false;
  write_out(&b, prefix, out);
  return true;
}

bool number_code(const char *text, char out[static 9]) {
  struct bare b;
  size_t len = strnlen(text, MAX_TEXT + 1);
  if (len > MAX_TEXT || !squeeze(text, len, &b) || b.len < MIN_CODE || b.len > MAX_CODE)
    return false;
  for (size_t i = 0; i <= b.len; i++)
    if (b.marked[i]) return false;
  memcpy(out, b.text, b.len + 1);
  return true;
}

bool number_codes_clash(const char *a, const char *b) {
  size_t a_len = strlen(a), b_len = strlen(b);
  const char *longer = a_len > b_len ? a : b;
  size_t common = a_len < b_len ? a_len : b_len, rest = strlen(longer) - common;
  return memcmp(a, b, common) == 0 && rest <= MAX_LETTERS && all(is_letter, longer + common, rest);
}

static int least(int a, int b) {
  return a < b ? a : b;
}

int number_distance(const char *a, const char *b) {
  int rows[NUMBER_MAX + 1][NUMBER_MAX + 1];
  size_t a_len = strnlen(a, NUMBER_MAX), b_len = strnlen(b, NUMBER_MAX);
  for (size_t i = 0; i <= a_len; i++) {
    for (size_t j = 0; j <= b_len; j++) {
      if (i == 0 || j == 0) {
        rows[i][j] = (int)(i + j);
        continue;
      }
      int changed = a[i - 1] != b[j - 1];
      int d = least(rows[i - 1][j - 1] + changed, least(rows[i - 1][j], rows[i][j - 1]) + 1);
      bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      rows[i][j] = swapped ? least(d, rows[i - 2][j - 2] + 1) : d;
    }
  }
  return rows[a_len][b_len];
}
