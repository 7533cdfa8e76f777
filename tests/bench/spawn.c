/* A program as whoever waits for it sees it. */
#include "bench.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { ROUNDS_MAX = 100 };

static pid_t start(char **command, int out) {
  posix_spawn_file_actions_t actions;
  pid_t pid;
  need(posix_spawn_file_actions_init(&actions) == 0, "memory");
  (void)posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  need(posix_spawnp(&pid, command[0], &actions, NULL, command, environ) == 0, command[0]);
  (void)posix_spawn_file_actions_destroy(&actions);
  return pid;
}

static void run(char **command, double *seconds, int64_t *peak_bytes) {
  struct rusage used;
  char bytes[65536];
  int fds[2], status;
  need(pipe2(fds, O_CLOEXEC) == 0, "pipe");
  double from = now_s();
  pid_t pid = start(command, fds[1]);
  (void)close(fds[1]);
  ssize_t n = read(fds[0], bytes, sizeof bytes);
  *seconds = now_s() - from;
  while (n > 0) n = read(fds[0], bytes, sizeof bytes);
  need(wait4(pid, &status, 0, &used) == pid && status == 0, command[0]);
  (void)close(fds[0]);
  int64_t peak = (int64_t)used.ru_maxrss * 1024;
  if (peak > *peak_bytes) *peak_bytes = peak;
}

void spawn(int rounds, char **command) {
  double seconds[ROUNDS_MAX];
  int64_t peak = 0;
  need(rounds > 0 && rounds <= ROUNDS_MAX, "counting the rounds");
  for (int i = 0; i < rounds; i++) run(command, &seconds[i], &peak);
  print_json(
      json_pack("{s:o, s:I}", "seconds", rounds_json(seconds, rounds), "peak", (json_int_t)peak));
}
