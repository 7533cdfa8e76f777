#include "qr.h"

#include <errno.h>
#include <qrencode.h>
#include <stdbool.h>

/* So many light modules lie around (ISO/IEC 18004). */
enum { QUIET = 4 };

static bool is_dark(const QRcode *code, int x, int y) {
  if (x < 0 || y < 0 || x >= code->width || y >= code->width) return false;
  return (code->data[y * code->width + x] & 1) != 0;
}

/* Two rows of modules make one of characters, which are twice as high as wide. */
static int draw_line(const QRcode *code, int y, struct yz_buf *out) {
  static const char *const halves[] = {" ", "\u2584", "\u2580", "\u2588"};
  int rc = yz_buf_puts(out, "\033[30;107m");
  for (int x = -QUIET; rc == 0 && x < code->width + QUIET; x++)
    rc = yz_buf_puts(out, halves[2 * is_dark(code, x, y) + is_dark(code, x, y + 1)]);
  return rc != 0 ? rc : yz_buf_puts(out, "\033[0m\n");
}

int qr_draw(const char *text, struct yz_buf *out, struct yz_error *err) {
  QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
  int rc = 0;
  if (code == NULL && errno == ERANGE)
    return yz_fail(err, YZ_E_LIMIT, YZ_N_("This is too long for a QR code; use the file."), NULL);
  if (code == NULL) return yz_no_memory(err);
  for (int y = -QUIET; rc == 0 && y < code->width + QUIET; y += 2) rc = draw_line(code, y, out);
  QRcode_free(code);
  return rc != 0 ? yz_no_memory(err) : 0;
}
