/* What the commands share that serve until they are told to end. */
#ifndef YIZHAN_NODE_CLI_LISTEN_H
#define YIZHAN_NODE_CLI_LISTEN_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

enum {
  LISTEN_MAX_ADDRESS = 63,
  LISTEN_PAGE_PORT = 8600,
  LISTEN_HUB_PAGE_PORT = 8601,
  LISTEN_PRACTICE_PORT = 8602
};
/* "1.2.3.4:8443", "[::1]:8443", ":8443" (address is "" then). */
bool listen_read(const char *text, char address[static LISTEN_MAX_ADDRESS + 1], uint16_t *port);

/* Before any thread starts: SIGINT and SIGTERM wait from now on, until listen_wait takes one. */
void listen_hold(sigset_t *ends);
void listen_wait(const sigset_t *ends);

/* Is it an address of this PC alone? */
bool listen_is_here(const char *address);
/* Shows a place in the desktop's own browser, or says that there is none. */
void listen_show(const char *url);

#endif
