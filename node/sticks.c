#include "sticks.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  MOUNTS_MAX = 4096,
  LINE_MAX_BYTES = 16384,
  NOT_OURS = 64, /* a child's exit status: there is no such folder, */
  LOST = 65,     /* what was written is not there */
  LOCK_MS = 2000
};
static const char FOLDER[] = "YIZHAN";

/* One that is mounted. */
struct mount {
  int id;
  bool seen, early, there; /* visited; mounted before this began; in the table as last read */
  char *path, *device;     /* device NULL: of no disk */
};

struct loop {
  const struct sticks *s;
  struct mount *mounts;
  size_t n;
  struct yz_lock lock;
  int signals, table;
  pid_t child; /* 0: none */
  char folder[STICKS_PATH];
};

/* --- what is mounted: /proc/self/mountinfo ---------------------------------------- */

/* Spaces and the like stand as \040 there. */
static void unescape(char *text) {
  char *to = text;
  for (const char *at = text; *at != '\0';) {
    if (at[0] == '\\' && at[1] >= '0' && at[1] <= '3' && at[2] >= '0' && at[2] <= '7' &&
        at[3] >= '0' && at[3] <= '7') {
      *to++ = (char)((at[1] - '0') << 6 | (at[2] - '0') << 3 | (at[3] - '0'));
      at += 4;
    } else {
      *to++ = *at++;
    }
  }
  *to = '\0';
}

/* "36 35 98:0 / /media/stick rw,noatime … - vfat /dev/sdb1 rw": words 1, 5, and behind the dash. */
static bool read_line(char *line, int *id, char **path, char **type, char **device) {
  char *rest = NULL, *words[5], *dash = strstr(line, " - ");
  if (dash == NULL) return false;
  *dash = '\0';
  for (int i = 0; i < 5; i++) {
    words[i] = strtok_r(i == 0 ? line : NULL, " ", &rest);
    if (words[i] == NULL) return false;
  }
  *id = (int)strtol(words[0], NULL, 10);
  *path = words[4];
  *type = strtok_r(dash + 3, " \n", &rest);
  *device = *type != NULL ? strtok_r(NULL, " \n", &rest) : NULL;
  if (*device == NULL) return false;
  unescape(*path);
  unescape(*device);
  return true;
}

/* A disk, one in memory or one that a program serves: what else there is holds nobody's files, or
 * lies behind a network. */
static bool is_disk(const char *type, const char *device) {
  return strncmp(device, "/dev/", 5) == 0 || strcmp(type, "tmpfs") == 0 ||
         strncmp(type, "fuse", 4) == 0;
}

static int note(struct loop *l, int id, const char *path, const char *type, const char *device,
                bool early) {
  for (size_t i = 0; i < l->n; i++)
    if (l->mounts[i].id == id && strcmp(l->mounts[i].path, path) == 0) {
      l->mounts[i].there = true;
      return 0;
    }
  if (l->n == MOUNTS_MAX || !is_disk(type, device) || strcmp(path, "/") == 0 ||
      strlen(path) + sizeof FOLDER >= STICKS_PATH)
    return 0;
  struct mount *grown = reallocarray(l->mounts, l->n + 1, sizeof *grown);
  if (grown == NULL) return -1;
  l->mounts = grown;
  bool disk = strncmp(device, "/dev/", 5) == 0;
  struct mount m = {.id = id, .early = early, .there = true, .path = strdup(path)};
  m.device = disk ? strdup(device) : NULL;
  if (m.path == NULL || (disk && m.device == NULL)) {
    free(m.path);
    free(m.device);
    return -1;
  }
  l->mounts[l->n++] = m;
  return 0;
}

static void forget_gone(struct loop *l) {
  size_t kept = 0;
  for (size_t i = 0; i < l->n; i++) {
    if (l->mounts[i].there) {
      l->mounts[kept++] = l->mounts[i];
      continue;
    }
    free(l->mounts[i].path);
    free(l->mounts[i].device);
  }
  l->n = kept;
}

static void read_table(struct loop *l, bool early) {
  FILE *f = fopen("/proc/self/mountinfo", "re");
  char *line = malloc(LINE_MAX_BYTES), *path, *type, *device;
  int id, rc = f == NULL || line == NULL;
  for (size_t i = 0; i < l->n; i++) l->mounts[i].there = rc != 0;
  while (rc == 0 && fgets(line, LINE_MAX_BYTES, f) != NULL)
    if (read_line(line, &id, &path, &type, &device)) rc = note(l, id, path, type, device, early);
  for (size_t i = 0; rc != 0 && i < l->n; i++) l->mounts[i].there = true;
  forget_gone(l);
  free(line);
  if (f != NULL) (void)fclose(f);
}

/* --- one visit, in a child --------------------------------------------------------- */

static bool below(const char *path, const char *folder) {
  size_t n = strlen(folder);
  return strncmp(path, folder, n) == 0 && path[n] == '/';
}

static bool is_sticks_place(const char *path) {
  return below(path, "/media") || below(path, "/run/media") || below(path, "/mnt");
}

/* The folder on that file system itself, by no link; -1: there is none. */
static int open_folder(const char *path, bool make) {
  struct stat top, folder;
  int root = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (root < 0) return -1;
  if (make) (void)mkdirat(root, FOLDER, 0700);
  int fd = openat(root, FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  bool same =
      fd >= 0 && fstat(root, &top) == 0 && fstat(fd, &folder) == 0 && top.st_dev == folder.st_dev;
  (void)close(root);
  if (same) return fd;
  if (fd >= 0) (void)close(fd);
  return -1;
}

/* So that nothing is written to it any more. Who may not is not told: it may be pulled out all the
 * same, as all is on it. */
static void ask_unmount(const char *device) {
  char *const argv[] = {
      (char[]){"udisksctl"},      (char[]){"unmount"},       (char[]){"--no-user-interaction"},
      (char[]){"--block-device"}, (char *)(uintptr_t)device, NULL};
  char *const path[] = {(char[]){"PATH=/usr/sbin:/usr/bin:/sbin:/bin"}, NULL};
  posix_spawn_file_actions_t actions;
  pid_t pid;
  if (device == NULL || posix_spawn_file_actions_init(&actions) != 0) return;
  for (int fd = 0; fd < 3; fd++)
    (void)posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
  if (posix_spawnp(&pid, argv[0], &actions, NULL, argv, path) == 0)
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) continue;
  (void)posix_spawn_file_actions_destroy(&actions);
}

static _Noreturn void child(const struct loop *l, const struct mount *m, pid_t parent) {
  sigset_t none;
  (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
  (void)sigemptyset(&none);
  (void)sigprocmask(SIG_SETMASK, &none, NULL);
  if (getppid() != parent) _exit(NOT_OURS);
  bool make = l->s->any && !m->early && is_sticks_place(m->path);
  int fd = open_folder(m->path, make);
  if (fd < 0 || fchdir(fd) != 0) _exit(NOT_OURS);
  int status = l->s->visit(l->s->ctx, l->folder);
  (void)fflush(NULL);
  if (syncfs(fd) != 0 && errno != EROFS) status = LOST;
  (void)close(fd);
  if (chdir("/") == 0 && status != LOST) ask_unmount(m->device);
  _exit(status);
}

static void begin(struct loop *l, struct mount *m) {
  pid_t parent = getpid();
  m->seen = true;
  (void)snprintf(l->folder, sizeof l->folder, "%s/%s", m->path, FOLDER);
  (void)fflush(NULL);
  pid_t pid = fork();
  if (pid == 0) child(l, m, parent);
  if (pid > 0) l->child = pid;
}

static void begin_next(struct loop *l) {
  for (size_t i = 0; l->child == 0 && i < l->n; i++)
    if (!l->mounts[i].seen) begin(l, &l->mounts[i]);
}

static void end_child(struct loop *l) {
  int how = 0;
  pid_t pid = waitpid(l->child, &how, WNOHANG);
  if (l->child == 0 || pid == 0 || (pid < 0 && errno == EINTR)) return;
  l->child = 0;
  int status = WIFEXITED(how) ? WEXITSTATUS(how) : LOST;
  if (pid > 0 && status != NOT_OURS)
    l->s->ended(l->s->ctx, l->folder, status == LOST ? 1 : status, status == LOST);
}

/* --- the loop ------------------------------------------------------------------------ */

static bool is_over(struct loop *l) {
  struct signalfd_siginfo info;
  bool over = false;
  while (read(l->signals, &info, sizeof info) == sizeof info)
    over = over || info.ssi_signo != SIGCHLD;
  return over;
}

static int turn(struct loop *l, struct yz_error *err) {
  read_table(l, true);
  for (;;) {
    begin_next(l);
    struct pollfd p[] = {{.fd = l->signals, .events = POLLIN}, {.fd = l->table, .events = POLLPRI}};
    if (poll(p, 2, -1) < 0 && errno != EINTR)
      return yz_fail(err, YZ_E_IO, YZ_N_("The kernel does not let this process wait."), "%s",
                     strerror(errno));
    if (p[0].revents != 0 && is_over(l)) return 0;
    if (l->child != 0) end_child(l);
    if (p[1].revents != 0) read_table(l, false);
  }
}

static int set_up(struct loop *l, struct yz_error *err) {
  char *path = NULL;
  struct yz_error why = {0};
  sigset_t wanted;
  if (asprintf(&path, "%s/sticks.lock", l->s->dir) < 0) return yz_no_memory(err);
  int rc = yz_lock_acquire(&l->lock, path, LOCK_MS, &why);
  if (rc == YZ_E_BUSY)
    (void)yz_fail(err, rc, YZ_N_("Another yizhan watches for sticks here already."), "%s", path);
  else if (rc != 0)
    (void)yz_fail(err, rc, why.message, "%s", why.subject);
  free(path);
  if (rc != 0) return rc;
  (void)sigemptyset(&wanted);
  (void)sigaddset(&wanted, SIGINT);
  (void)sigaddset(&wanted, SIGTERM);
  (void)sigaddset(&wanted, SIGCHLD);
  (void)sigprocmask(SIG_BLOCK, &wanted, NULL);
  l->signals = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
  l->table = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
  if (l->signals >= 0 && l->table >= 0) return 0;
  return yz_fail(err, YZ_E_IO, YZ_N_("The kernel does not tell of what is mounted here."), NULL);
}

int sticks_run(const struct sticks *s, struct yz_error *err) {
  struct loop l = {.s = s, .lock = {-1}, .signals = -1, .table = -1};
  int rc = set_up(&l, err);
  if (rc == 0) rc = turn(&l, err);
  if (l.child != 0) {
    (void)kill(l.child, SIGTERM);
    while (waitpid(l.child, NULL, 0) < 0 && errno == EINTR) continue;
  }
  for (size_t i = 0; i < l.n; i++) l.mounts[i].there = false;
  forget_gone(&l);
  free(l.mounts);
  if (l.table >= 0) (void)close(l.table);
  if (l.signals >= 0) (void)close(l.signals);
  yz_lock_release(&l.lock);
  return rc;
}
