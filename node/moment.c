#include "moment.h"

void moment_text(int64_t ms, int zone, char out[static MOMENT_MAX]) {
  int64_t part = ms % 1000;
  (void)when_format(ms - (part < 0 ? part + 1000 : part), zone, out);
}

json_t *moment_json(int64_t ms, int zone, int64_t none) {
  char text[MOMENT_MAX];
  if (ms == none) return json_null();
  moment_text(ms, zone, text);
  return text[0] != '\0' ? json_string(text) : json_null();
}
