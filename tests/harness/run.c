/* The program's input and output are unnamed files, not pipes: nobody waits for
 * anybody, whatever it reads or writes. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <tests/harness/run.h>
#include <unistd.h>

static _Noreturn void broken(const char *what) {
  fprintf(stderr, "harness: cannot %s: %s\n", what, strerror(errno));
  abort();
}

static FILE *unnamed_file(const void *bytes, size_t n) {
  FILE *f = tmpfile();
  if (!f || fcntl(fileno(f), F_SETFD, FD_CLOEXEC) < 0) broken("make a file");
  if (n > 0 && fwrite(bytes, 1, n, f) != n) broken("write a file");
  if (fflush(f)) broken("write a file");
  rewind(f);
  return f;
}

static _Noreturn void become(const struct run_how *how, const char *const argv[],
                             FILE *const files[static 3]) {
  for (int i = 0; i < 3; i++)
    if (dup2(fileno(files[i]), i) < 0) _exit(126);
  if (how->dir && chdir(how->dir)) _exit(126);
  for (const char *const *e = how->env; e && *e; e++)
    if (putenv((char *)*e)) _exit(126);
  execvp(argv[0], (char *const *)argv);
  dprintf(2, "harness: cannot run %s: %s\n", argv[0], strerror(errno));
  _exit(127);
}

static void take(FILE *f, struct yz_buf *out) {
  char some[16384];
  size_t n;
  rewind(f);
  yz_buf_clear(out);
  if (yz_buf_puts(out, "")) broken("keep output");
  while ((n = fread(some, 1, sizeof some, f)) > 0)
    if (yz_buf_append(out, some, n)) broken("keep output");
  if (ferror(f)) broken("read output");
  fclose(f);
}

static int wait_for(pid_t child) {
  int status;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) broken("wait for a process");
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void run(struct run *r, const struct run_how *how, const char *const argv[]) {
  const struct run_how plainly = {0};
  if (!how) how = &plainly;
  FILE *files[3] = {unnamed_file(how->in, how->in_len), unnamed_file(NULL, 0),
                    unnamed_file(NULL, 0)};
  fflush(NULL);
  pid_t child = fork();
  if (child < 0) broken("start a process");
  if (child == 0) become(how, argv, files);
  r->status = wait_for(child);
  fclose(files[0]);
  take(files[1], &r->out);
  take(files[2], &r->err);
}

void run_finish(struct run *r) {
  if (!r) return;
  yz_buf_finish(&r->out);
  yz_buf_finish(&r->err);
}
