/* What a file is, by its first bytes: what its name or its sender says of it does not count. Pure.
 *
 * Known are photos (JPEG, PNG, GIF, WebP, HEIC), scans (PDF) and sound (Ogg with Opus, Vorbis,
 * Speex or FLAC; MP3, AAC, M4A, AMR, WAV): what phones and scanners make, and nothing that a
 * browser would run. */
#ifndef YIZHAN_NODE_SNIFF_H
#define YIZHAN_NODE_SNIFF_H

#include <stdbool.h>
#include <stddef.h>

/* "image/jpeg" and its like; NULL: none of these. n: the file's first bytes, some hundred where it
 * has so many. */
const char *sniff_media(const unsigned char *bytes, size_t n);

/* How the name of such a file ends: ".jpg" and its like; ".bin" of a kind that is not known. A name
 * that ends so already, or as others of that kind do, has its ending; a file that is opened by
 * another would be run by what its name says. */
const char *sniff_ending(const char *media);
bool sniff_has_ending(const char *name, const char *media);

/* Does a photo carry what its camera wrote beside the picture (Exif): often when and where it was
 * taken? */
bool sniff_tells(const unsigned char *bytes, size_t n);

#endif
