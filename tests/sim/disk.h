/* The disks of all PCs, in memory: SQLite's files by a VFS of its own ("sim", the default
 * one), the program's other files by the table of functions and by stand-ins for the few
 * calls of the C library that it makes on paths below DISK_ROOT.
 *
 * A write is in the file at once, as others see it, and safe only after a flush. When the
 * power goes, each page (4 KiB) written since the last flush of its file is kept or put back,
 * by chance, and so is the file's length; names (rename, unlink) hold at once. When a process
 * is killed all it wrote stays. Either happens at the nth step of the process that acts: from
 * then on every step of it fails and changes nothing. */
#ifndef YIZHAN_TESTS_SIM_DISK_H
#define YIZHAN_TESTS_SIM_DISK_H

#include "chance.h"

#include <yizhan/buf.h>
#include <yizhan/error.h>
#include <yizhan/world.h>

#define DISK_ROOT "/sim/"

/* Registers the VFS; random: what SQLite draws from; now_ms: its clock. */
void disk_init(struct chance *random, int64_t (*now_ms)(void));

/* The process that acts from now on dies at its nth step; 0: it does not. */
void disk_set_fuse(int64_t steps);
/* Steps made since. */
int64_t disk_steps(void);
/* One step of the process that acts: false when it is dead. */
bool disk_step(void);
bool disk_dead(void);

/* Of the files whose path begins so: what was not flushed is kept or lost by chance. */
void disk_power_cut(const char *prefix, struct chance *c);
/* Is all that they hold flushed? */
bool disk_is_safe(const char *prefix);
/* All files that begin so are gone. */
void disk_remove(const char *prefix);
/* Calls fn with the name of each file in a folder; non-zero stops and is returned. fn may remove
 * it. */
int disk_each(const char *folder, int (*fn)(void *arg, const char *name, bool plain), void *arg);
/* Calls fn with each file below a folder that holds anything, and with what it holds. */
void disk_each_bytes(const char *prefix,
                     void (*fn)(void *arg, const char *path, const void *bytes, size_t n),
                     void *arg);
/* Files as they are, under another prefix. */
void disk_copy(const char *from, const char *to);

int disk_read_file(const char *path, size_t max, struct yz_buf *out, struct yz_error *err);
int disk_write_file(const char *path, const void *bytes, size_t n, bool replace,
                    struct yz_error *err);
/* Is it a folder that something lies in? */
bool disk_holds(const char *folder);
/* In parts, as on a stick (disk_files.c): as the table of functions has them (yizhan/world.h). */
int disk_open_file(const char *path, struct yz_file **out, int64_t *size, struct yz_error *err);
int disk_new_file(const char *path, struct yz_file **out, struct yz_error *err);
int disk_read_some(struct yz_file *f, void *bytes, size_t n, size_t *got, struct yz_error *err);
int disk_write_some(struct yz_file *f, const void *bytes, size_t n, struct yz_error *err);
int disk_flush_file(struct yz_file *f, struct yz_error *err);
void disk_close_file(struct yz_file *f);
int disk_name_file(const char *from, const char *to, struct yz_error *err);
/* Bytes; 0: there is none. */
int64_t disk_length(const char *path);
/* It ends after so many. */
void disk_cut(const char *path, size_t len);
/* What tells a file from a copy of it; 0: there is none. */
uint64_t disk_identity(const char *path);

#endif
