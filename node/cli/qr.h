/* QR codes on a terminal. */
#ifndef YIZHAN_NODE_CLI_QR_H
#define YIZHAN_NODE_CLI_QR_H

#include <yizhan/buf.h>
#include <yizhan/error.h>

/* Appends lines that show the text as a QR code: dark on light, whatever the terminal's colours.
 * YZ_E_LIMIT: it is too long for one. */
int qr_draw(const char *text, struct yz_buf *out, struct yz_error *err) YZ_MUST_CHECK;

#endif
