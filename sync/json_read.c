/* JSON texts from outside (RFC 8259), by the rules of FORMAT.md §1: depth ≤ 8, integers within
 * ±2^53, printable ASCII names, none twice, UTF-8 strings without control characters but LF and
 * tab. Read in one pass, each rule where it is met. The caller has bounded the size. */
#include "scan.h"
#include <stdlib.h>
#include <string.h>
#include <yizhan/record.h>

/* Length of the well-formed UTF-8 sequence at s, 0 if there is none (RFC 3629). */
static size_t utf8_length(const unsigned char *s, size_t left) {
  static const struct {
    unsigned char lead_min, lead_max, second_min, second_max;
    size_t length;
  } forms[] = {
      {0xe1, 0xec, 0x80, 0xbf, 3}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
      {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
      {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
  };
  for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
    if (s[0] < forms[f].lead_min || s[0] > forms[f].lead_max) continue;
    if (left < forms[f].length || s[1] < forms[f].second_min || s[1] > forms[f].second_max)
      return 0;
    for (size_t i = 2; i < forms[f].length; i++)
      if ((s[i] & 0xc0) != 0x80) return 0;
    return forms[f].length;
  }
  return 0;
}

/* The first byte that does not belong to a character which may stand in a string: not
 * U+0000–U+001F, U+007F–U+009F; nor, where it is quoted, what means something else there. */
static const unsigned char *skip_text(const unsigned char *s, const unsigned char *end,
                                      bool quoted) {
  while (s < end) {
    if (*s < 0x80) {
      if (*s < 0x20 || *s == 0x7f || (quoted && (*s == '"' || *s == '\\'))) break;
      s++;
      continue;
    }
    size_t n = utf8_length(s, (size_t)(end - s));
    if (n == 0 || (s[0] == 0xc2 && s[1] < 0xa0)) break;
    s += n;
  }
  return s;
}

bool yz_text_ok(const char *text, size_t len) {
  const unsigned char *s = (const unsigned char *)text, *end = s + len;
  while ((s = skip_text(s, end, false)) < end && (*s == '\n' || *s == '\t')) s++;
  return s == end;
}

struct reader {
  const unsigned char *at, *end;
  struct yz_buf text; /* of a string with escapes */
  int depth, rc;      /* rc: why it ended */
};

static bool refuse(struct reader *r, int rc) {
  r->rc = rc;
  return false;
}

static bool skip(struct reader *r, char c) {
  if (r->at == r->end || *r->at != (unsigned char)c) return false;
  r->at++;
  return true;
}

static void skip_space(struct reader *r) {
  while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r'))
    r->at++;
}

/* --- strings ------------------------------------------------------------------ */

static bool read_unit(struct reader *r, unsigned *out) {
  *out = 0;
  if (r->end - r->at < 4) return false;
  for (int i = 0; i < 4; i++) {
    unsigned c = *r->at++, letter = c | 0x20;
    if (c >= '0' && c <= '9')
      *out = *out << 4 | (c - '0');
    else if (letter >= 'a' && letter <= 'f')
      *out = *out << 4 | (letter - 'a' + 10);
    else
      return false;
  }
  return true;
}

/* The character after \u, where the second half of a pair may follow. */
static bool read_point(struct reader *r, unsigned *out) {
  unsigned low;
  if (!read_unit(r, out)) return false;
  if (*out < 0xd800 || *out > 0xdfff) return true;
  if (*out > 0xdbff || !skip(r, '\\') || !skip(r, 'u') || !read_unit(r, &low) || low < 0xdc00 ||
      low > 0xdfff)
    return false;
  *out = 0x10000 + ((*out - 0xd800) << 10 | (low - 0xdc00));
  return true;
}

static int put_point(struct yz_buf *out, unsigned point) {
  unsigned char s[4];
  size_t n = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  static const unsigned char leads[] = {0, 0xc0, 0xe0, 0xf0};
  for (size_t i = n; i-- > 1; point >>= 6) s[i] = (unsigned char)(0x80 | (point & 0x3f));
  s[0] = (unsigned char)(leads[n - 1] | point);
  return yz_buf_append(out, s, n);
}

/* What stands behind a backslash. Of control characters only LF and tab may. */
static bool read_escape(struct reader *r) {
  unsigned point = r->at < r->end ? *r->at++ : 0;
  if (point == 'n')
    point = '\n';
  else if (point == 't')
    point = '\t';
  else if (point == 'u' ? !read_point(r, &point) : point != '"' && point != '\\' && point != '/')
    return refuse(r, YZ_E_FORMAT);
  bool control =
      (point < 0x20 && point != '\n' && point != '\t') || (point >= 0x7f && point < 0xa0);
  if (control) return refuse(r, YZ_E_FORMAT);
  return put_point(&r->text, point) == 0 || refuse(r, YZ_E_MEMORY);
}

/* *out: in the text itself, or, where there are escapes, in r->text. */
static bool read_string(struct reader *r, const char **out, size_t *n) {
  yz_buf_clear(&r->text);
  for (;;) {
    const unsigned char *from = r->at;
    r->at = skip_text(r->at, r->end, true);
    size_t len = (size_t)(r->at - from);
    bool ends = skip(r, '"');
    *out = (const char *)from;
    *n = len;
    if (ends && r->text.len == 0) return true;
    if (yz_buf_append(&r->text, from, len) != 0) return refuse(r, YZ_E_MEMORY);
    *out = (const char *)r->text.data;
    *n = r->text.len;
    if (ends) return true;
    if (!skip(r, '\\')) return refuse(r, YZ_E_FORMAT);
    if (!read_escape(r)) return false;
  }
}

/* --- values --------------------------------------------------------------------- */

static json_t *read_value(struct reader *r);

/* NULL where memory ran out, or something that is told already. */
static json_t *made(struct reader *r, json_t *json) {
  if (json == NULL && r->rc == 0) r->rc = YZ_E_MEMORY;
  return json;
}

static json_t *read_number(struct reader *r) {
  bool negative = skip(r, '-');
  const unsigned char *from = r->at;
  json_int_t n = 0;
  while (r->at < r->end && *r->at >= '0' && *r->at <= '9' && n <= YZ_MAX_INT)
    n = n * 10 + (*r->at++ - '0');
  bool zeros = r->at - from > 1 && *from == '0';
  bool real = r->at < r->end && (*r->at == '.' || *r->at == 'e' || *r->at == 'E');
  if (r->at == from || zeros || real || n > YZ_MAX_INT) {
    (void)refuse(r, YZ_E_FORMAT);
    return NULL;
  }
  return made(r, json_integer(negative ? -n : n));
}

static json_t *read_word(struct reader *r) {
  static const char *const words[] = {"true", "false", "null"};
  for (int i = 0; i < 3; i++) {
    size_t n = strlen(words[i]);
    if ((size_t)(r->end - r->at) < n || memcmp(r->at, words[i], n) != 0) continue;
    r->at += n;
    return i == 2 ? json_null() : json_boolean(i == 0);
  }
  (void)refuse(r, YZ_E_FORMAT);
  return NULL;
}

static bool name_ok(const char *name, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (name[i] < 0x20 || name[i] > 0x7e) return false;
  return true;
}

/* One more member; a name that stands there already leaves the object no larger. */
static bool read_member(struct reader *r, json_t *object) {
  char *own = NULL;
  const char *name = NULL;
  size_t n = 0, before = json_object_size(object);
  bool ok = skip(r, '"') ? read_string(r, &name, &n) && (name_ok(name, n) || refuse(r, YZ_E_FORMAT))
                         : refuse(r, YZ_E_FORMAT);
  if (!ok) return false;
  /* The value's strings would take its place. */
  if (name == (const char *)r->text.data && (name = own = strndup(name, n)) == NULL)
    return refuse(r, YZ_E_MEMORY);
  skip_space(r);
  json_t *value = skip(r, ':') ? read_value(r) : NULL;
  if (value == NULL)
    ok = refuse(r, r->rc != 0 ? r->rc : YZ_E_FORMAT);
  else if (json_object_setn_new_nocheck(object, name, n, value) != 0)
    ok = refuse(r, YZ_E_MEMORY);
  else if (json_object_size(object) == before)
    ok = refuse(r, YZ_E_FORMAT);
  free(own);
  return ok;
}

static bool read_item(struct reader *r, json_t *array) {
  json_t *value = read_value(r);
  if (value == NULL) return false;
  return json_array_append_new(array, value) == 0 || refuse(r, YZ_E_MEMORY);
}

/* What stands between brackets, the first of which was read. */
static json_t *read_all(struct reader *r, json_t *out, char close,
                        bool (*read_one)(struct reader *r, json_t *out)) {
  if (out == NULL) return made(r, NULL);
  bool ok = ++r->depth <= YZ_MAX_DEPTH || refuse(r, YZ_E_LIMIT), more;
  skip_space(r);
  more = ok && !skip(r, close);
  while (more) {
    skip_space(r);
    ok = read_one(r, out);
    skip_space(r);
    more = ok && skip(r, ',');
    if (ok && !more && !skip(r, close)) ok = refuse(r, YZ_E_FORMAT);
  }
  r->depth--;
  if (ok) return out;
  json_decref(out);
  return NULL;
}

static json_t *read_text(struct reader *r) {
  const char *text;
  size_t n;
  return read_string(r, &text, &n) ? made(r, json_stringn_nocheck(text, n)) : NULL;
}

static json_t *read_value(struct reader *r) {
  skip_space(r);
  if (skip(r, '"')) return read_text(r);
  if (skip(r, '{')) return read_all(r, json_object(), '}', read_member);
  if (skip(r, '[')) return read_all(r, json_array(), ']', read_item);
  if (r->at < r->end && (*r->at == '-' || (*r->at >= '0' && *r->at <= '9'))) return read_number(r);
  return read_word(r);
}

int yz_json_parse(const char *text, size_t len, json_t **out, struct yz_error *err) {
  struct reader r = {.at = (const unsigned char *)text, .end = (const unsigned char *)text + len};
  skip_space(&r);
  *out = r.at < r.end && (*r.at == '{' || *r.at == '[') ? read_value(&r) : NULL;
  skip_space(&r);
  if (*out != NULL && r.at < r.end) {
    json_decref(*out);
    *out = NULL;
  }
  yz_buf_finish(&r.text);
  if (*out != NULL) return YZ_OK;
  if (r.rc == YZ_E_MEMORY) {
    json_lacks();
    return yz_no_memory(err);
  }
  if (r.rc == YZ_E_LIMIT)
    return yz_fail(err, YZ_E_LIMIT, YZ_N_("A text from outside is nested too deeply."), NULL);
  return yz_fail(
      err, YZ_E_FORMAT,
      YZ_N_("A text from outside is not valid JSON, or holds a number, name or character "
            "that is not allowed."),
      "%zu", (size_t)(r.at - (const unsigned char *)text));
}
