#include "personal.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
  MAX_DIGITS = 18, /* of what is looked for */
  MAX_PARTS = 64,  /* of one run that are looked at */
  PHONE_PARTS = 3  /* 138 0013 8000; a day and a number beside it are more */
};

/* Digits that stand together, and where they end. */
struct part {
  char digits[MAX_DIGITS + 1];
  size_t n; /* more than MAX_DIGITS: too many to be any part of it */
};
/* Such parts with nothing but blanks and dashes between them. */
struct run {
  struct part parts[MAX_PARTS];
  size_t n;
};

/* --- characters --------------------------------------------------------- */

/* The character at *at, which moves on; 0 at the end. What is no UTF-8 is passed byte by byte. */
static uint32_t next(const char **at) {
  const unsigned char *s = (const unsigned char *)*at;
  size_t more = s[0] >= 0xf0 ? 3 : s[0] >= 0xe0 ? 2 : s[0] >= 0xc0 ? 1 : 0;
  uint32_t c = more == 0 ? s[0] : s[0] & (0x3fU >> more);
  if (s[0] == 0) return 0;
  for (size_t i = 1; i <= more; i++) {
    if ((s[i] & 0xc0) != 0x80) more = 0;
    c = c << 6 | (s[i] & 0x3f);
  }
  *at += 1 + more;
  return more == 0 ? s[0] : c;
}

/* '0' to '9' and 'X', however they are written; 0 for any other. */
static char digit_of(uint32_t c) {
  if (c >= 0xff01 && c <= 0xff5e) c -= 0xfee0;
  if (c >= '0' && c <= '9') return (char)c;
  return c == 'X' || c == 'x' ? 'X' : '\0';
}

static bool is_between(uint32_t c) {
  static const uint32_t others[] = {' ',    '\t',   '-',    '(',    ')',    '+',    '.',
                                    '_',    '/',    0xa0,   0xad,   0xb7,   0x2022, 0x202f,
                                    0x205f, 0x2060, 0x2212, 0x3000, 0x30fb, 0xfe63, 0xfeff,
                                    0xff08, 0xff09, 0xff0b, 0xff0d, 0xff0e, 0xff0f, 0xff3f};
  if (c >= 0x2000 && c <= 0x2015) return true; /* blanks, what is not seen, dashes */
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (c == others[i]) return true;
  return false;
}

/* --- numbers ------------------------------------------------------------ */

static bool all_digits(const char *text, size_t n) {
  return strspn(text, "0123456789") >= n;
}

static int two(const char *digits) {
  return (digits[0] - '0') * 10 + digits[1] - '0';
}

static bool is_id(const char *text, size_t n) {
  static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  if (n != MAX_DIGITS || !all_digits(text, MAX_DIGITS - 1) || text[0] == '0') return false;
  int century = two(text + 6), month = two(text + 10), day = two(text + 12);
  if (century < 18 || century > 20 || month < 1 || month > 12 || day < 1 || day > 31) return false;
  for (size_t i = 0; i < MAX_DIGITS - 1; i++) sum += weights[i] * (text[i] - '0');
  return text[MAX_DIGITS - 1] == "10X98765432"[sum % 11];
}

/* Without the country's code. */
static bool is_phone(const char *text, size_t n) {
  if (!all_digits(text, n)) return false;
  if (n == 11 && text[0] == '1' && text[1] >= '3') return true;
  bool city = text[0] == '0' && (text[1] == '1' || text[1] == '2');
  size_t area = city ? 3 : 4;
  if (text[0] != '0' || text[1] == '0' || (text[1] == '1' && text[2] != '0')) return false;
  return (n == area + 8 || (!city && n == area + 7)) && text[area] >= '2';
}

/* With it; an area code then has lost its 0. */
static bool is_phone_from_afar(const char *text, size_t n) {
  char home[MAX_DIGITS + 2] = "0";
  size_t code = strncmp(text, "0086", 4) == 0 ? 4 : strncmp(text, "86", 2) == 0 ? 2 : 0;
  if (code == 0 || n < code + 8 || n > MAX_DIGITS) return false;
  memcpy(home + 1, text + code, n - code);
  return is_phone(home + 1, n - code) || is_phone(home, n - code + 1);
}

/* What begins with a part of a run and ends with one. */
static unsigned look_from(const struct run *run, size_t first) {
  char text[MAX_DIGITS + 1] = "";
  size_t n = 0;
  unsigned found = 0;
  for (size_t i = first; i < run->n && n + run->parts[i].n <= MAX_DIGITS; i++) {
    memcpy(text + n, run->parts[i].digits, run->parts[i].n);
    n += run->parts[i].n;
    text[n] = '\0';
    size_t parts = i - first + 1;
    if (is_id(text, n)) found |= PERSONAL_ID;
    if (is_phone(text, n) && (parts <= PHONE_PARTS || parts == n)) found |= PERSONAL_PHONE;
    if (is_phone_from_afar(text, n) && (parts <= PHONE_PARTS + 1 || parts == n))
      found |= PERSONAL_PHONE;
  }
  return found;
}

static unsigned look(const struct run *run) {
  unsigned found = 0;
  for (size_t i = 0; i < run->n; i++) found |= look_from(run, i);
  return found;
}

unsigned personal_numbers(const char *text) {
  struct run run = {.n = 0};
  unsigned found = 0;
  bool within = false; /* a part goes on */
  for (const char *at = text;;) {
    uint32_t c = next(&at);
    char digit = digit_of(c);
    bool full = run.n == MAX_PARTS && !within;
    if (digit == '\0' || full || (digit == 'X' && run.n == 0)) {
      within = false;
      if (digit == '\0' && is_between(c)) continue;
      found |= look(&run);
      run.n = 0;
      if (c == 0) return found;
      if (digit == '\0' || digit == 'X') continue;
    }
    if (!within) run.parts[run.n++] = (struct part){.n = 0};
    struct part *part = &run.parts[run.n - 1];
    if (part->n < MAX_DIGITS) part->digits[part->n] = digit;
    part->n++;
    within = digit != 'X'; /* which stands at the end alone */
  }
}

/* --- what a record says -------------------------------------------------- */

static bool warn(json_t *warnings, const char *field, const char *kind) {
  return json_array_append_new(warnings,
                               json_pack("{s:s,s:s}", "field", field, "looks_like", kind)) == 0;
}

static bool add(json_t *warnings, const json_t *fields) {
  const char *name;
  json_t *value;
  bool ok = true;
  json_object_foreach((json_t *)(uintptr_t)fields, name, value) {
    const char *text = json_string_value(value);
    unsigned found = text != NULL ? personal_numbers(text) : 0;
    bool title = strcmp(name, "title") == 0;
    if (ok && title && (found & PERSONAL_PHONE) != 0) ok = warn(warnings, name, "telephone");
    if (ok && (found & PERSONAL_ID) != 0) ok = warn(warnings, name, "id-number");
  }
  return ok;
}

json_t *personal_warnings(const json_t *content) {
  json_t *warnings = json_array();
  if (warnings == NULL ||
      (add(warnings, content) && add(warnings, json_object_get(content, "fields"))))
    return warnings;
  json_decref(warnings);
  return NULL;
}

/* --- names ----------------------------------------------------------------- */

const char *personal_masked(const char *name, char out[static PERSONAL_MASKED]) {
  const char *first, *at = name;
  uint32_t c;
  if (name == NULL || name[0] == '\0') return name;
  do {
    first = at;
    c = next(&at);
  } while (is_between(c));
  size_t n = (size_t)(at - first);
  memcpy(out, first, n);
  memcpy(out + n, "**", 3);
  return out;
}
