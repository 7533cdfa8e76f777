/* What a file is, by its first bytes; a name says nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "node/sniff.h"

#define BYTES(text) text, sizeof(text) - 1
#define PAGE "OggS\0\2\0\0\0\0\0\0\0\0\1\2\3\4\0\0\0\0\5\6\7\10\1\23"
static const struct {
  const char *media, *bytes;
  size_t n;
} files[] = {
    {"image/jpeg", BYTES("\xff\xd8\xff\xe1\0\x10"
                         "Exif\0\0")},
    {"image/png", BYTES("\x89PNG\r\n\x1a\n\0\0\0\rIHDR")},
    {"image/gif", BYTES("GIF89a\1\0\1\0")},
    {"image/webp", BYTES("RIFF\x24\0\0\0WEBPVP8 ")},
    {"image/heic", BYTES("\0\0\0\x18"
                         "ftypheic\0\0\0\0mif1heic")},
    {"application/pdf", BYTES("%PDF-1.4\n")},
    {"audio/ogg", BYTES(PAGE "OpusHead\1\1")},
    {"audio/ogg", BYTES(PAGE "\1vorbis")},
    {"audio/mp4", BYTES("\0\0\0\x20"
                        "ftypM4A \0\0\0\0")},
    {"audio/amr", BYTES("#!AMR\n")},
    {"audio/wav", BYTES("RIFF\x24\0\0\0WAVEfmt ")},
    {"audio/mpeg", BYTES("ID3\3\0\0\0\0\0\0")},
    {"audio/mpeg", BYTES("\xff\xfb\x90\x64")},
    {"audio/aac", BYTES("\xff\xf1\x50\x80")},
    /* What a browser would run, or a PC; films; and what only begins like one. */
    {NULL, BYTES("<html><script>alert(1)</script>")},
    {NULL, BYTES("<?xml version=\"1.0\"?><svg onload=\"x\">")},
    {NULL, BYTES("MZ\x90\0\3")},
    {NULL, BYTES("\x7f"
                 "ELF\2\1\1")},
    {NULL, BYTES("PK\3\4")},
    {NULL, BYTES(PAGE "\x80theora")},
    {NULL, BYTES("\0\0\0\x18"
                 "ftypmp42\0\0\0\0")},
    {NULL, BYTES("RIFF\x24\0\0\0AVI LIST")},
    {NULL, BYTES("\xff\xfe"
                 "a\0b\0")},
    {NULL, BYTES("\xff\xfb\xf0\x64")}, /* no such bit rate */
    {NULL, BYTES("\xff\xd8")},
    {NULL, BYTES("")},
};

static void each_is_what_it_begins_as(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    const char *media = sniff_media((const unsigned char *)files[i].bytes, files[i].n);
    if ((media == NULL) != (files[i].media == NULL) ||
        (media != NULL && strcmp(media, files[i].media) != 0))
      fail_msg("file %zu is %s", i, media != NULL ? media : "nothing");
  }
}

static void cut_short_it_is_nothing_else(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    for (size_t n = 0; n < files[i].n; n++) {
      const char *media = sniff_media((const unsigned char *)files[i].bytes, n);
      if (media != NULL) assert_string_equal(media, files[i].media);
    }
}

static void what_a_camera_wrote_is_seen(void **state) {
  (void)state;
  assert_true(sniff_tells((const unsigned char *)files[0].bytes, files[0].n));
  assert_false(sniff_tells((const unsigned char *)files[1].bytes, files[1].n));
}

static void each_has_an_ending(void **state) {
  static const struct {
    const char *name, *media;
    bool has;
  } names[] = {{"a.jpg", "image/jpeg", true},
               {"a.JPEG", "image/jpeg", true},
               {"scan.html", "application/pdf", false},
               {"a.pdf.exe", "application/pdf", false},
               {"pdf", "application/pdf", false},
               {"a.mp3", "audio/ogg", false},
               {"a.bin", "x/unknown", true},
               {"a.html", "text/html", false}};
  (void)state;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    assert_int_equal(sniff_has_ending(names[i].name, names[i].media), names[i].has);
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    if (files[i].media != NULL) assert_string_not_equal(sniff_ending(files[i].media), ".bin");
  assert_string_equal(sniff_ending("text/html"), ".bin");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_is_what_it_begins_as),
      cmocka_unit_test(cut_short_it_is_nothing_else),
      cmocka_unit_test(what_a_camera_wrote_is_seen),
      cmocka_unit_test(each_has_an_ending),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
