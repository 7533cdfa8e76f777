/* Packet lines (four hex digits of length, which count themselves; "0000" ends the list):
 *
 *   old name (40 hex digits) SP new name (40) SP ref [NUL capabilities] [LF] */
#include "pushed.h"

#include <string.h>
#include <unistd.h>
#include <yizhan/crypto.h>
#include <zlib.h>

enum { HEAD = 4, NAMES = 40 + 1 + 40 + 1 };

ssize_t pushed_head(int body, bool gzip, char out[static PUSHED_MAX_BYTES]) {
  enum { WINDOW = 15, EITHER = 32 }; /* as git's own http-backend takes it */
  unsigned char packed[PUSHED_MAX_BYTES];
  z_stream z = {.next_in = packed, .next_out = (unsigned char *)out, .avail_out = PUSHED_MAX_BYTES};
  ssize_t n = pread(body, gzip ? packed : (unsigned char *)out, PUSHED_MAX_BYTES, 0);
  if (n < 0 || !gzip) return n;
  z.avail_in = (uInt)n;
  if (inflateInit2(&z, WINDOW + EITHER) != Z_OK) return -1;
  int rc = inflate(&z, Z_SYNC_FLUSH);
  n = (ssize_t)z.total_out;
  (void)inflateEnd(&z);
  return rc == Z_OK || rc == Z_STREAM_END ? n : -1;
}

static bool read_length(const char *at, size_t *len) {
  unsigned char two[2];
  if (!yz_from_hex(at, HEAD, two, sizeof two)) return false;
  *len = (size_t)two[0] << 8 | two[1];
  return true;
}

/* refs/heads/log/<id>, keys/<id> or files/<id>, and nothing after it. */
static bool read_ref(const char *ref, size_t len, struct yz_id *log, bool *keys) {
  static const char *const kinds[] = {"refs/heads/log/", "refs/heads/keys/", "refs/heads/files/"};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    size_t n = strlen(kinds[i]);
    if (len != n + YZ_ID_HEX || memcmp(ref, kinds[i], n) != 0) continue;
    *keys = *keys && i == 1;
    return yz_from_hex(ref + n, YZ_ID_HEX, log->bytes, YZ_ID_LEN);
  }
  return false;
}

static bool read_command(const char *line, size_t len, struct yz_id *log, bool *keys) {
  if (len <= NAMES || line[40] != ' ' || line[81] != ' ') return false;
  const char *ref = line + NAMES;
  size_t n = strnlen(ref, len - NAMES);
  if (n > 0 && ref[n - 1] == '\n') n--;
  return read_ref(ref, n, log, keys);
}

bool pushed_read(const char *bytes, size_t len, struct yz_id logs[static PUSHED_MAX_REFS],
                 size_t *n, bool *keys) {
  *n = 0;
  *keys = true;
  for (size_t at = 0, line; len - at >= HEAD; at += line) {
    if (!read_length(bytes + at, &line)) return false;
    if (line == 0) return true;
    if (line < HEAD || line > len - at || *n == PUSHED_MAX_REFS ||
        !read_command(bytes + at + HEAD, line - HEAD, &logs[*n], keys))
      return false;
    (*n)++;
  }
  return false;
}
