/* Preloaded into the real program (and by that into its children): a disk that fails, or
 * power that goes, at the Nth call that puts something on disk. All is told by environment:
 *
 *   DISK_STATE  a file of 8 bytes or more: the count of such calls, shared with all children
 *   DISK_AT     the call that is met; 0 or absent: none, calls are counted only
 *   DISK_DO     kill   all processes of the session end by SIGKILL before the call
 *               tear   the same, but half of what is to be written is written
 *               eio    this one call fails by EIO
 *               full   this call and all later ones that take room fail by ENOSPC
 *               lie    this one call says that it was done, and is not
 *               int    all processes of the session get SIGINT, as from a keyboard
 *               term   the program, which began the session, gets SIGTERM
 *               crash  of its children's calls: who makes this one dies of SIGSEGV
 *               memory calls are not counted, but requests for memory are, and this one is refused
 *   DISK_SWIFT  calls that flush succeed and flush nothing: enough where only processes die
 *   DISK_LOG    a file to which every call is appended, before it is made, with its data (log_op)
 *   DISK_DEAF   in the log no file is flushed: what a program without fsync would leave
 *   DISK_EARLY  each COMMIT of SQLite's is put off until the next BEGIN or the end: success is
 *               said before it is true
 *
 * Calls: write, pwrite, writev to plain files, fsync, fdatasync, syncfs, rename, link, unlink,
 * ftruncate, fallocate, mkdir, rmdir, and open where it makes or empties a file. What is printed
 * is written at once, so that what was said before the end was said. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum act { GO, FAIL, SKIP, HALF };
enum { REGIONS = 64 };

static atomic_uint_fast64_t *calls;
static uint64_t at;
static const char *deed = "";
static bool swift, deaf, early, memory;
static int log_fd = -1;

static struct region {
  void *start;
  size_t len;
  int64_t from;
  uint64_t file;
} regions[REGIONS];

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* --- what is printed -------------------------------------------------------- */

static void log_op(const char *op, uint64_t file, int64_t from, const void *data, size_t n,
                   const char *path, const char *to);

static ssize_t say(void *cookie, const char *text, size_t n) {
  (void)cookie;
  log_op("said", 0, 0, text, n, "", "");
  for (size_t done = 0; done < n;) {
    ssize_t put = syscall(SYS_write, 1, text + done, n - done);
    if (put < 0) return 0;
    done += (size_t)put;
  }
  return (ssize_t)n;
}

__attribute__((constructor)) static void begin(void) {
  const char *state = getenv("DISK_STATE"), *log = getenv("DISK_LOG");
  if (state == NULL) return;
  int fd = (int)syscall(SYS_openat, AT_FDCWD, state, O_RDWR | O_CLOEXEC);
  if (fd < 0) abort();
  calls = (void *)syscall(SYS_mmap, NULL, sizeof *calls, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (calls == MAP_FAILED) abort();
  (void)syscall(SYS_close, fd);
  at = getenv("DISK_AT") != NULL ? strtoull(getenv("DISK_AT"), NULL, 10) : 0;
  if (getenv("DISK_DO") != NULL) deed = getenv("DISK_DO");
  swift = getenv("DISK_SWIFT") != NULL;
  deaf = getenv("DISK_DEAF") != NULL;
  early = getenv("DISK_EARLY") != NULL;
  if (log != NULL)
    log_fd =
        (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  FILE *out = fopencookie(NULL, "w", (cookie_io_functions_t){.write = say});
  if (out == NULL) abort();
  (void)setvbuf(out, NULL, _IOLBF, 4096);
  stdout = out;
  memory = strcmp(deed, "memory") == 0;
}

/* --- the log ------------------------------------------------------------------ */

/* One line (what, file's number, place, bytes, path, other path; by tabs), then the bytes. */
static void log_op(const char *op, uint64_t file, int64_t from, const void *data, size_t n,
                   const char *path, const char *to) {
  char head[2 * PATH_MAX + 128];
  if (log_fd < 0) return;
  int len = snprintf(head, sizeof head, "%s\t%llu\t%lld\t%zu\t%s\t%s\n", op,
                     (unsigned long long)file, (long long)from, n, path, to);
  struct iovec parts[] = {{head, (size_t)len}, {(void *)(uintptr_t)data, n}};
  if (syscall(SYS_writev, log_fd, parts, 2) != (long)((size_t)len + n)) abort();
}

/* Resolves what is relative; the file itself need not be there. */
static const char *whole(int folder, const char *path, char out[PATH_MAX]) {
  char link[64];
  if (path[0] == '/') return path;
  if (folder == AT_FDCWD) {
    if (getcwd(out, PATH_MAX) == NULL) abort();
  } else {
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t n = readlink(link, out, PATH_MAX - 1);
    if (n < 0) abort();
    out[n] = '\0';
  }
  size_t len = strlen(out);
  (void)snprintf(out + len, PATH_MAX - len, "/%s", path);
  return out;
}

static void log_paths(const char *op, int a, const char *from, int b, const char *to) {
  char x[PATH_MAX], y[PATH_MAX];
  int was = errno;
  if (log_fd >= 0) log_op(op, 0, 0, NULL, 0, whole(a, from, x), to != NULL ? whole(b, to, y) : "");
  errno = was;
}

static bool plain(int fd, struct stat *st) {
  return calls != NULL && fstat(fd, st) == 0 && S_ISREG(st->st_mode);
}

/* A file that has just come to be, or may have. */
static int log_made(int fd, int folder, const char *path) {
  struct stat st;
  char x[PATH_MAX];
  int was = errno;
  if (fd >= 0 && log_fd >= 0 && plain(fd, &st))
    log_op("made", st.st_ino, st.st_size, NULL, 0, whole(folder, path, x), "");
  errno = was;
  return fd;
}

/* --- the moment ----------------------------------------------------------------- */

static void end_all(void) {
  (void)kill(-getsid(0), SIGKILL);
  (void)kill(0, SIGKILL);
  (void)kill(getpid(), SIGKILL);
}

/* What becomes of this call. room: it takes some of the disk. */
static enum act meet(bool room) {
  if (calls == NULL || memory) return GO;
  if (strcmp(deed, "crash") == 0 && getpid() == getsid(0)) return GO;
  uint64_t n = atomic_fetch_add(calls, 1) + 1;
  if (at == 0 || n < at) return GO;
  if (n > at && strcmp(deed, "full") != 0) return GO;
  if (strcmp(deed, "lie") == 0) return SKIP;
  if (strcmp(deed, "int") == 0) return (void)kill(0, SIGINT), GO;
  if (strcmp(deed, "term") == 0) return (void)kill(getsid(0), SIGTERM), GO;
  if (strcmp(deed, "crash") == 0) return (void)raise(SIGSEGV), GO;
  if (strcmp(deed, "tear") == 0 && room) return HALF;
  if (strcmp(deed, "kill") == 0 || strcmp(deed, "tear") == 0) end_all();
  if (strcmp(deed, "full") == 0 && !room) return GO;
  errno = strcmp(deed, "full") == 0 ? ENOSPC : EIO;
  return FAIL;
}

/* --- writing ------------------------------------------------------------------------ */

static ssize_t put(int fd, const void *bytes, size_t n, int64_t from) {
  struct stat st;
  bool here = from < 0;
  if (!plain(fd, &st) || fd == 1 || fd == 2)
    return here ? syscall(SYS_write, fd, bytes, n) : syscall(SYS_pwrite64, fd, bytes, n, from);
  enum act act = meet(true);
  if (act == FAIL) return -1;
  if (act == SKIP) return (ssize_t)n;
  if (act == HALF) n /= 2;
  if (here) from = fcntl(fd, F_GETFL) & O_APPEND ? st.st_size : lseek(fd, 0, SEEK_CUR);
  log_op("write", st.st_ino, from, bytes, n, "", "");
  ssize_t done =
      here ? syscall(SYS_write, fd, bytes, n) : syscall(SYS_pwrite64, fd, bytes, n, from);
  if (act == HALF) end_all();
  return done;
}

ssize_t write(int fd, const void *bytes, size_t n) {
  return put(fd, bytes, n, -1);
}
ssize_t pwrite(int fd, const void *bytes, size_t n, off_t from) {
  return put(fd, bytes, n, from);
}
ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t from) {
  return put(fd, bytes, n, from);
}
ssize_t writev(int fd, const struct iovec *parts, int n) {
  struct stat st;
  ssize_t total = 0;
  if (!plain(fd, &st)) return syscall(SYS_writev, fd, parts, n);
  for (int i = 0; i < n; i++) {
    ssize_t done = put(fd, parts[i].iov_base, parts[i].iov_len, -1);
    if (done < 0) return total > 0 ? total : -1;
    total += done;
  }
  return total;
}

static int set_length(int fd, int64_t length) {
  struct stat st;
  if (plain(fd, &st)) {
    enum act act = meet(length > st.st_size);
    if (act == HALF) end_all();
    if (act != GO) return act == SKIP ? 0 : -1;
    log_op("length", st.st_ino, length, NULL, 0, "", "");
  }
  return (int)syscall(SYS_ftruncate, fd, length);
}

int ftruncate(int fd, off_t length) {
  return set_length(fd, length);
}
int ftruncate64(int fd, off64_t length) {
  return set_length(fd, length);
}
int fallocate(int fd, int mode, off_t from, off_t n) {
  enum act act = meet(true);
  if (act == HALF) end_all();
  if (act != GO) return act == SKIP ? 0 : -1;
  return (int)syscall(SYS_fallocate, fd, mode, from, n);
}

/* Pages written through memory are logged when they are let go. */
static void *map(void *addr, size_t n, int prot, int flags, int fd, int64_t from) {
  struct stat st;
  void *start = (void *)syscall(SYS_mmap, addr, n, prot, flags, fd, from);
  if (start == MAP_FAILED || log_fd < 0 || (prot & PROT_WRITE) == 0 || (flags & MAP_SHARED) == 0 ||
      !plain(fd, &st))
    return start;
  for (int i = 0; i < REGIONS; i++)
    if (regions[i].start == NULL) {
      regions[i] = (struct region){start, n, from, st.st_ino};
      return start;
    }
  abort();
}
void *mmap(void *addr, size_t n, int prot, int flags, int fd, off_t from) {
  return map(addr, n, prot, flags, fd, from);
}
void *mmap64(void *addr, size_t n, int prot, int flags, int fd, off64_t from) {
  return map(addr, n, prot, flags, fd, from);
}
int munmap(void *start, size_t n) {
  for (int i = 0; i < REGIONS && log_fd >= 0; i++)
    if (start != NULL && regions[i].start == start) {
      log_op("write", regions[i].file, regions[i].from, start, regions[i].len, "", "");
      regions[i].start = NULL;
    }
  return (int)syscall(SYS_munmap, start, n);
}

/* --- flushing ----------------------------------------------------------------------- */

static int flush(int fd, long call, const char *op) {
  char link[64], path[PATH_MAX];
  struct stat st;
  enum act act = meet(false);
  if (act != GO) return act == FAIL ? -1 : 0;
  if (log_fd >= 0 && !deaf && fstat(fd, &st) == 0) {
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    path[n < 0 ? 0 : n] = '\0';
    log_op(S_ISDIR(st.st_mode) && *op == 'f' ? "folder" : op, st.st_ino, 0, NULL, 0, path, "");
  }
  return swift ? 0 : (int)syscall(call, fd);
}

int fsync(int fd) {
  return flush(fd, SYS_fsync, "flush");
}
int fdatasync(int fd) {
  return flush(fd, SYS_fdatasync, "flush");
}
int syncfs(int fd) {
  return flush(fd, SYS_syncfs, "all");
}

/* --- names ---------------------------------------------------------------------------- */

/* Each is met, logged and done. */
#define NAMES(act_room, op, a, from, b, to, call)                                                  \
  do {                                                                                             \
    enum act act = meet(act_room);                                                                 \
    if (act == HALF) end_all();                                                                    \
    if (act != GO) return act == SKIP ? 0 : -1;                                                    \
    int done = (int)(call);                                                                        \
    if (done == 0) log_paths(op, a, from, b, to);                                                  \
    return done;                                                                                   \
  } while (0)

int rename(const char *from, const char *to) {
  NAMES(true, "rename", AT_FDCWD, from, AT_FDCWD, to, syscall(SYS_rename, from, to));
}
int renameat(int a, const char *from, int b, const char *to) {
  NAMES(true, "rename", a, from, b, to, syscall(SYS_renameat2, a, from, b, to, 0));
}
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
  NAMES(true, "rename", a, from, b, to, syscall(SYS_renameat2, a, from, b, to, flags));
}
int link(const char *from, const char *to) {
  NAMES(true, "link", AT_FDCWD, from, AT_FDCWD, to, syscall(SYS_link, from, to));
}
int linkat(int a, const char *from, int b, const char *to, int flags) {
  NAMES(true, "link", a, from, b, to, syscall(SYS_linkat, a, from, b, to, flags));
}
int unlink(const char *path) {
  NAMES(false, "unlink", AT_FDCWD, path, 0, NULL, syscall(SYS_unlink, path));
}
int unlinkat(int folder, const char *path, int flags) {
  NAMES(false, "unlink", folder, path, 0, NULL, syscall(SYS_unlinkat, folder, path, flags));
}
int rmdir(const char *path) {
  NAMES(false, "unlink", AT_FDCWD, path, 0, NULL, syscall(SYS_rmdir, path));
}
int mkdir(const char *path, mode_t mode) {
  NAMES(true, "folder-made", AT_FDCWD, path, 0, NULL, syscall(SYS_mkdir, path, mode));
}

static int open_at(int folder, const char *path, int flags, mode_t mode) {
  struct stat st;
  bool there = fstatat(folder, path, &st, 0) == 0;
  bool makes = (flags & O_CREAT) != 0 && !there && (flags & O_TMPFILE) != O_TMPFILE;
  bool empties = (flags & O_TRUNC) != 0 && there && S_ISREG(st.st_mode);
  if (calls == NULL || (!makes && !empties))
    return (int)syscall(SYS_openat, folder, path, flags, mode);
  enum act act = meet(makes);
  if (act == HALF) end_all();
  if (act == FAIL) return -1;
  if (empties) log_op("length", st.st_ino, 0, NULL, 0, "", "");
  return log_made((int)syscall(SYS_openat, folder, path, flags, mode), folder, path);
}

#define MODE(flags, mode)                                                                          \
  mode_t mode = 0;                                                                                 \
  if (((flags) & (O_CREAT | O_TMPFILE)) != 0) {                                                    \
    va_list more;                                                                                  \
    va_start(more, flags);                                                                         \
    mode = va_arg(more, mode_t);                                                                   \
    va_end(more);                                                                                  \
  }

int open(const char *path, int flags, ...) {
  MODE(flags, mode)
  return open_at(AT_FDCWD, path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  MODE(flags, mode)
  return open_at(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}
int openat(int folder, const char *path, int flags, ...) {
  MODE(flags, mode)
  return open_at(folder, path, flags, mode);
}
int openat64(int folder, const char *path, int flags, ...) {
  MODE(flags, mode)
  return open_at(folder, path, flags | O_LARGEFILE, mode);
}
int __open_2(const char *path, int flags) {
  return open_at(AT_FDCWD, path, flags, 0);
}
int __open64_2(const char *path, int flags) {
  return open_at(AT_FDCWD, path, flags | O_LARGEFILE, 0);
}
int creat(const char *path, mode_t mode) {
  return open_at(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}
int mkostemps(char *name, int suffix, int flags) {
  enum act act = meet(true);
  if (act == HALF) end_all();
  if (act == FAIL) return -1;
  return log_made(REAL(mkostemps)(name, suffix, flags), AT_FDCWD, name);
}

/* --- memory ---------------------------------------------------------------------------- */

/* The names under which the C library has its own. */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

static bool refused(void) {
  if (!memory || atomic_fetch_add(calls, 1) + 1 != at) return false;
  errno = ENOMEM;
  return true;
}

void *malloc(size_t n) {
  return refused() ? NULL : __libc_malloc(n);
}
void *calloc(size_t n, size_t size) {
  return refused() ? NULL : __libc_calloc(n, size);
}
void *realloc(void *p, size_t n) {
  return refused() ? NULL : __libc_realloc(p, n);
}

/* --- success before its time --------------------------------------------------------- */

/* As sqlite3.h has them. */
struct sqlite3;
struct sqlite3_stmt;
int sqlite3_exec(struct sqlite3 *db, const char *sql, void *fn, void *arg, char **said);
int sqlite3_close(struct sqlite3 *db);
int sqlite3_step(struct sqlite3_stmt *stmt);
const char *sqlite3_sql(struct sqlite3_stmt *stmt);
struct sqlite3 *sqlite3_db_handle(struct sqlite3_stmt *stmt);
enum { SQLITE_DONE = 101 };

static struct sqlite3 *owing;

/* What sqlite3_exec steps is stepped for good. */
static void settle(void) {
  struct sqlite3 *db = owing;
  owing = NULL;
  early = false;
  if (db != NULL) (void)REAL(sqlite3_exec)(db, "COMMIT", NULL, NULL, NULL);
  early = true;
}

int sqlite3_step(struct sqlite3_stmt *stmt) {
  const char *sql = early ? REAL(sqlite3_sql)(stmt) : NULL;
  if (sql != NULL && strcmp(sql, "COMMIT") == 0) {
    owing = REAL(sqlite3_db_handle)(stmt);
    return SQLITE_DONE;
  }
  if (sql != NULL && strncmp(sql, "BEGIN", 5) == 0) settle();
  return REAL(sqlite3_step)(stmt);
}

int sqlite3_close(struct sqlite3 *db) {
  if (db != NULL && db == owing) settle();
  return REAL(sqlite3_close)(db);
}
