/* Import files read as the program reads them: characters made UTF-8, rows, cells tidied,
 * times understood. */
#ifndef YIZHAN_TESTS_FUZZ_ROWS_H
#define YIZHAN_TESTS_FUZZ_ROWS_H

#include "node/import/rows.h"

typedef int (*rows_reader)(const struct import_reader *r, const char *text, size_t len,
                           struct yz_error *err);
void rows_read(rows_reader read, const uint8_t *data, size_t size);

#endif
