#include "listen.h"

#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

bool listen_read(const char *text, char address[static LISTEN_MAX_ADDRESS + 1], uint16_t *port) {
  const char *colon = strrchr(text, ':');
  char *end = NULL;
  if (colon == NULL || colon[1] < '0' || colon[1] > '9') return false;
  long number = strtol(colon + 1, &end, 10);
  bool six = text[0] == '[' && colon - text > 2 && colon[-1] == ']';
  size_t n = (size_t)(colon - text) - (six ? 2 : 0);
  if (*end != '\0' || number > UINT16_MAX || n > LISTEN_MAX_ADDRESS) return false;
  memcpy(address, text + six, n);
  address[n] = '\0';
  *port = (uint16_t)number;
  return true;
}

void listen_hold(sigset_t *ends) {
  (void)sigemptyset(ends);
  (void)sigaddset(ends, SIGINT);
  (void)sigaddset(ends, SIGTERM);
  (void)pthread_sigmask(SIG_BLOCK, ends, NULL);
}

void listen_wait(const sigset_t *ends) {
  int which;
  (void)sigwait(ends, &which);
}

bool listen_is_here(const char *address) {
  return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

/* Where the desktop has no way of its own the address was said. */
void listen_show(const char *url) {
  char program[] = "xdg-open";
  char *const argv[] = {program, (char *)(uintptr_t)url, NULL};
  posix_spawnattr_t how;
  sigset_t none;
  pid_t child;
  (void)sigemptyset(&none);
  (void)posix_spawnattr_init(&how);
  (void)posix_spawnattr_setsigmask(&how, &none);
  (void)posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK);
  int failed = posix_spawnp(&child, program, NULL, &how, argv, environ);
  (void)posix_spawnattr_destroy(&how);
  if (failed != 0) cli_note(_("No browser could be started here. Open it, and go to %s\n"), url);
}
