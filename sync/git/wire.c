/* Bytes on the wire, as the kernel counts them (TCP_INFO). libgit2 tells of
 * progress only every 100 KiB, and of nothing while a push drains out of the
 * socket's buffer, which on a slow link takes minutes. */
#include <linux/tcp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "sync/git/git.h"

enum { MAX_FD = 4096, LOOK_EVERY_S = 1 };

static bool tcp_info(int fd, struct tcp_info *info) {
  socklen_t n = sizeof *info;
  *info = (struct tcp_info){0};
  return getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, &n) == 0;
}

void yz_wire_bytes(int64_t *up, int64_t *down) {
  struct tcp_info info;
  *up = *down = 0;
  for (int fd = 0; fd < MAX_FD; fd++) {
    if (!tcp_info(fd, &info)) continue;
    *up += (int64_t)info.tcpi_bytes_acked;
    *down += (int64_t)info.tcpi_bytes_received;
  }
}

/* The port stands at one place in addresses of either kind. */
static bool leads_to(int fd, int port) {
  struct sockaddr_in6 peer = {0};
  socklen_t n = sizeof peer;
  if (getpeername(fd, (struct sockaddr *)&peer, &n) != 0) return true; /* to nowhere, any more */
  return ntohs(peer.sin6_port) == port;
}

bool yz_wire_leads_to(int port) {
  struct tcp_info info;
  for (int fd = 0; fd < MAX_FD; fd++)
    if (tcp_info(fd, &info) && !leads_to(fd, port)) return false;
  return true;
}

void yz_wire_hang_up(void) {
  struct tcp_info info;
  for (int fd = 0; fd < MAX_FD; fd++)
    if (tcp_info(fd, &info)) (void)shutdown(fd, SHUT_RDWR);
}

void yz_wire_close_inherited(void) {
  struct tcp_info info;
  for (int fd = 0; fd < MAX_FD; fd++)
    if (tcp_info(fd, &info)) (void)close(fd);
}

static void *watch(void *arg) {
  struct yz_transfer *t = arg;
  const struct timespec pause = {.tv_sec = LOOK_EVERY_S};
  int64_t last = 0;
  for (;;) {
    int64_t up, down;
    yz_wire_bytes(&up, &down);
    if (up + down > last) {
      last = up + down;
      yz_transfer_count(t, up, down);
      yz_transfer_tick(t);
    }
    (void)nanosleep(&pause, NULL);
  }
  return NULL;
}

int yz_wire_watch(struct yz_transfer *t) {
  pthread_t thread;
  sigset_t all, before;
  (void)sigfillset(&all);
  if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0) return -1;
  int rc = pthread_create(&thread, NULL, watch, t);
  if (rc == 0) (void)pthread_detach(thread);
  (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
  return rc == 0 ? 0 : -1;
}
