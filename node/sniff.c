#include "sniff.h"

#include <string.h>
#include <strings.h>

struct mark {
  size_t at;
  const char *bytes;
  size_t len;
};
#define MARK(at, text)                                                                             \
  { at, text, sizeof(text) - 1 }
#define NO_MARK                                                                                    \
  { 0, "", 0 }

/* Both marks, where there are two. */
static const struct {
  const char *media;
  struct mark first, second;
} kinds[] = {
    {"image/jpeg", MARK(0, "\xff\xd8\xff"), NO_MARK},
    {"image/png", MARK(0, "\x89PNG\r\n\x1a\n"), NO_MARK},
    {"image/gif", MARK(0, "GIF87a"), NO_MARK},
    {"image/gif", MARK(0, "GIF89a"), NO_MARK},
    {"image/webp", MARK(0, "RIFF"), MARK(8, "WEBP")},
    {"image/heic", MARK(4, "ftyp"), MARK(8, "heic")},
    {"image/heic", MARK(4, "ftyp"), MARK(8, "heix")},
    {"image/heic", MARK(4, "ftyp"), MARK(8, "mif1")},
    {"application/pdf", MARK(0, "%PDF-"), NO_MARK},
    {"audio/ogg", MARK(0, "OggS"), MARK(28, "OpusHead")},
    {"audio/ogg", MARK(0, "OggS"), MARK(28, "\x01vorbis")},
    {"audio/ogg", MARK(0, "OggS"), MARK(28, "Speex   ")},
    {"audio/ogg", MARK(0, "OggS"),
     MARK(28, "\x7f"
              "FLAC")},
    {"audio/mp4", MARK(4, "ftyp"), MARK(8, "M4A ")},
    {"audio/mp4", MARK(4, "ftyp"), MARK(8, "M4B ")},
    {"audio/amr", MARK(0, "#!AMR"), NO_MARK},
    {"audio/wav", MARK(0, "RIFF"), MARK(8, "WAVE")},
    {"audio/mpeg", MARK(0, "ID3"), NO_MARK},
};

static bool has(const unsigned char *bytes, size_t n, const struct mark *m) {
  return n >= m->at + m->len && memcmp(bytes + m->at, m->bytes, m->len) == 0;
}

/* The head of a frame (ISO 11172-3, ISO 13818-7): eleven bits set; then version, layer, and, for
 * MPEG, a bit rate and a sampling rate that there are. */
static const char *sniff_frame(const unsigned char *bytes, size_t n) {
  if (n < 4 || bytes[0] != 0xff || (bytes[1] & 0xe0) != 0xe0) return NULL;
  if ((bytes[1] & 0xf6) == 0xf0) return "audio/aac";
  unsigned version = bytes[1] >> 3 & 3, layer = bytes[1] >> 1 & 3;
  unsigned rate = bytes[2] >> 4, sampling = bytes[2] >> 2 & 3;
  bool is = version != 1 && layer == 1 && rate != 0 && rate != 15 && sampling != 3;
  return is ? "audio/mpeg" : NULL;
}

const char *sniff_media(const unsigned char *bytes, size_t n) {
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (has(bytes, n, &kinds[i].first) && has(bytes, n, &kinds[i].second)) return kinds[i].media;
  return sniff_frame(bytes, n);
}

bool sniff_tells(const unsigned char *bytes, size_t n) {
  return memmem(bytes, n, "Exif\0\0", 6) != NULL || memmem(bytes, n, "eXIf", 4) != NULL;
}

/* --- how names end ---------------------------------------------------------- */

/* The usual ending first. */
static const struct {
  const char *media, *endings[4];
} named[] = {
    {"image/jpeg", {".jpg", ".jpeg", ".jpe"}},
    {"image/png", {".png"}},
    {"image/gif", {".gif"}},
    {"image/webp", {".webp"}},
    {"image/heic", {".heic", ".heif"}},
    {"application/pdf", {".pdf"}},
    {"audio/ogg", {".ogg", ".oga", ".opus"}},
    {"audio/mp4", {".m4a", ".m4b", ".mp4"}},
    {"audio/amr", {".amr"}},
    {"audio/wav", {".wav"}},
    {"audio/mpeg", {".mp3"}},
    {"audio/aac", {".aac"}},
};
static const char *const unnamed[] = {".bin", NULL};

static const char *const *endings_of(const char *media) {
  for (size_t i = 0; i < sizeof named / sizeof *named; i++)
    if (strcmp(named[i].media, media) == 0) return named[i].endings;
  return unnamed;
}

const char *sniff_ending(const char *media) {
  return endings_of(media)[0];
}

bool sniff_has_ending(const char *name, const char *media) {
  const char *dot = strrchr(name, '.');
  for (const char *const *one = endings_of(media); dot != NULL && *one != NULL; one++)
    if (strcasecmp(dot, *one) == 0) return true;
  return false;
}
