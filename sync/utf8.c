/* What is a character (RFC 3629, table 3-7 of Unicode: no surrogates, nothing overlong). */
#include "utf8.h"

size_t yz_utf8_length(const char *text, size_t left) {
  const unsigned char *s = (const unsigned char *)text;
  static const struct {
    unsigned char lead_min, lead_max, second_min, second_max;
    size_t length;
  } forms[] = {
      {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
      {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
      {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
  };
  if (s[0] < 0x80) return 1;
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
