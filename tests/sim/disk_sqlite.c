/* SQLite's files, locks and shared memory. All connections are in one process and act one
 * after another, so locks are always granted. */
#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "disk_private.h"

struct handle {
  sqlite3_file base;
  struct disk_file *file;
  bool temporary;
};

static struct chance *random_source;
static int64_t (*clock_ms)(void);

static struct disk_file *file_of(sqlite3_file *f) {
  return ((struct handle *)f)->file;
}

static int x_close(sqlite3_file *f) {
  struct disk_file *file = file_of(f);
  if (((struct handle *)f)->temporary && !file->gone) disk_unlink(file);
  disk_let_go(file);
  return SQLITE_OK;
}

static int x_read(sqlite3_file *f, void *out, int n, sqlite3_int64 at) {
  const struct disk_file *file = file_of(f);
  if (disk_dead()) return SQLITE_IOERR_READ;
  size_t have = (size_t)at < file->len ? file->len - (size_t)at : 0;
  if (have > (size_t)n) have = (size_t)n;
  if (have > 0) memcpy(out, file->bytes + at, have);
  if (have == (size_t)n) return SQLITE_OK;
  memset((char *)out + have, 0, (size_t)n - have);
  return SQLITE_IOERR_SHORT_READ;
}

static int x_write(sqlite3_file *f, const void *bytes, int n, sqlite3_int64 at) {
  if (!disk_step()) return SQLITE_IOERR_WRITE;
  disk_write(file_of(f), bytes, (size_t)n, (size_t)at);
  return SQLITE_OK;
}

static int x_truncate(sqlite3_file *f, sqlite3_int64 len) {
  if (!disk_step()) return SQLITE_IOERR_TRUNCATE;
  disk_truncate(file_of(f), (size_t)len);
  return SQLITE_OK;
}

static int x_sync(sqlite3_file *f, int flags) {
  (void)flags;
  if (!disk_step()) return SQLITE_IOERR_FSYNC;
  disk_flush(file_of(f));
  return SQLITE_OK;
}

static int x_size(sqlite3_file *f, sqlite3_int64 *out) {
  *out = (sqlite3_int64)file_of(f)->len;
  return SQLITE_OK;
}

static int x_lock(sqlite3_file *f, int level) {
  (void)f, (void)level;
  return SQLITE_OK;
}

static int x_check_lock(sqlite3_file *f, int *out) {
  (void)f;
  *out = 0;
  return SQLITE_OK;
}

static int x_control(sqlite3_file *f, int op, void *arg) {
  (void)f, (void)op, (void)arg;
  return SQLITE_NOTFOUND;
}

static int x_sector_size(sqlite3_file *f) {
  (void)f;
  return DISK_PAGE;
}

static int x_characteristics(sqlite3_file *f) {
  (void)f;
  return 0;
}

static int x_shm_map(sqlite3_file *f, int region, int size, int extend, void volatile **out) {
  struct disk_file *file = file_of(f);
  assert(region < DISK_SHM_REGIONS);
  if (file->shm[region] == NULL && extend) file->shm[region] = calloc(1, (size_t)size);
  *out = file->shm[region];
  return SQLITE_OK;
}

static int x_shm_lock(sqlite3_file *f, int at, int n, int flags) {
  (void)f, (void)at, (void)n, (void)flags;
  return SQLITE_OK;
}

static void x_shm_barrier(sqlite3_file *f) {
  (void)f;
}

static int x_shm_unmap(sqlite3_file *f, int delete_flag) {
  struct disk_file *file = file_of(f);
  (void)delete_flag;
  for (int i = 0; i < DISK_SHM_REGIONS && file->opens == 1; i++) {
    free(file->shm[i]);
    file->shm[i] = NULL;
  }
  return SQLITE_OK;
}

static const sqlite3_io_methods methods = {.iVersion = 2,
                                           .xClose = x_close,
                                           .xRead = x_read,
                                           .xWrite = x_write,
                                           .xTruncate = x_truncate,
                                           .xSync = x_sync,
                                           .xFileSize = x_size,
                                           .xLock = x_lock,
                                           .xUnlock = x_lock,
                                           .xCheckReservedLock = x_check_lock,
                                           .xFileControl = x_control,
                                           .xSectorSize = x_sector_size,
                                           .xDeviceCharacteristics = x_characteristics,
                                           .xShmMap = x_shm_map,
                                           .xShmLock = x_shm_lock,
                                           .xShmBarrier = x_shm_barrier,
                                           .xShmUnmap = x_shm_unmap};

static int v_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out_flags) {
  static unsigned temporaries;
  struct handle *h = (struct handle *)f;
  char temporary[32];
  (void)vfs;
  h->base.pMethods = NULL;
  h->temporary = name == NULL;
  if (name == NULL) {
    (void)sqlite3_snprintf(sizeof temporary, temporary, "/tmp/%u", temporaries++);
    name = temporary;
  }
  h->file = disk_find(name);
  if (h->file == NULL) {
    if ((flags & SQLITE_OPEN_CREATE) == 0 || !disk_step()) return SQLITE_CANTOPEN;
    h->file = disk_make(name);
  }
  h->file->opens++;
  h->base.pMethods = &methods;
  if (out_flags != NULL) *out_flags = flags;
  return SQLITE_OK;
}

static int v_delete(sqlite3_vfs *vfs, const char *name, int flush_folder) {
  (void)vfs, (void)flush_folder;
  struct disk_file *file = disk_find(name);
  if (!disk_step()) return SQLITE_IOERR_DELETE;
  if (file == NULL) return SQLITE_IOERR_DELETE_NOENT;
  disk_unlink(file);
  return SQLITE_OK;
}

static int v_access(sqlite3_vfs *vfs, const char *name, int flags, int *out) {
  (void)vfs, (void)flags;
  *out = disk_find(name) != NULL;
  return SQLITE_OK;
}

static int v_full_path(sqlite3_vfs *vfs, const char *name, int n, char *out) {
  (void)vfs;
  (void)sqlite3_snprintf(n, out, "%s", name);
  return SQLITE_OK;
}

static int v_random(sqlite3_vfs *vfs, int n, char *out) {
  (void)vfs;
  chance_fill(random_source, out, (size_t)n);
  return n;
}

static int v_sleep(sqlite3_vfs *vfs, int us) {
  (void)vfs;
  return us;
}

static int v_now64(sqlite3_vfs *vfs, sqlite3_int64 *out) {
  (void)vfs;
  *out = clock_ms() + 210866760000000LL; /* Julian day 0 to 1970 */
  return SQLITE_OK;
}

static int v_now(sqlite3_vfs *vfs, double *out) {
  sqlite3_int64 ms;
  int rc = v_now64(vfs, &ms);
  *out = (double)ms / 86400000.0;
  return rc;
}

static int v_error(sqlite3_vfs *vfs, int n, char *out) {
  (void)vfs, (void)n, (void)out;
  return 0;
}

/* A short WAL: in memory a checkpoint costs less than the memory that it saves. */
int __real_sqlite3_open_v2(const char *name, sqlite3 **out, int flags, const char *vfs);
int __wrap_sqlite3_open_v2(const char *name, sqlite3 **out, int flags, const char *vfs);

int __wrap_sqlite3_open_v2(const char *name, sqlite3 **out, int flags, const char *vfs) {
  int rc = __real_sqlite3_open_v2(name, out, flags, vfs);
  return rc == SQLITE_OK ? sqlite3_wal_autocheckpoint(*out, 64) : rc;
}

void disk_init(struct chance *random, int64_t (*now_ms)(void)) {
  static sqlite3_vfs vfs = {.iVersion = 2,
                            .szOsFile = sizeof(struct handle),
                            .mxPathname = 255,
                            .zName = "sim",
                            .xOpen = v_open,
                            .xDelete = v_delete,
                            .xAccess = v_access,
                            .xFullPathname = v_full_path,
                            .xRandomness = v_random,
                            .xSleep = v_sleep,
                            .xCurrentTime = v_now,
                            .xGetLastError = v_error,
                            .xCurrentTimeInt64 = v_now64};
  random_source = random;
  clock_ms = now_ms;
  /* One thread: nothing is locked, and no memory counted. */
  int rc = sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
  if (rc == SQLITE_OK) rc = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  if (rc == SQLITE_OK) rc = sqlite3_vfs_register(&vfs, 1);
  assert(rc == SQLITE_OK);
  (void)rc;
}
