/* What the parts of the real world share: world.c (clock, random source, whole files) and
 * world_files.c (files on a stick). */
#ifndef YIZHAN_SYNC_WORLD_PRIVATE_H
#define YIZHAN_SYNC_WORLD_PRIVATE_H

#include <yizhan/world.h>

/* Turns errno into an error about path. */
int world_fail(struct yz_error *err, int number, const char *path);
/* The folder that holds path, opened; *name points to path's last part. -1 and errno. */
int world_folder_of(const char *path, const char **name);
/* -1 and errno; 0 also where the file system cannot flush a folder. */
int world_flush_folder(int fd);
int world_write_all(int fd, const void *bytes, size_t n);
/* Gives temp its name; without replace only if nothing has it. -1 and errno. */
int world_publish(int folder, const char *temp, const char *name, int replace);

/* The functions of struct yz_world that world_files.c holds. */
int world_open_file(void *ctx, const char *path, bool past_cache, struct yz_file **out,
                    int64_t *size, struct yz_error *err);
int world_read_some(void *ctx, struct yz_file *file, void *bytes, size_t n, size_t *got,
                    struct yz_error *err);
int world_new_file(void *ctx, const char *path, struct yz_file **out, struct yz_error *err);
int world_write_some(void *ctx, struct yz_file *file, const void *bytes, size_t n,
                     struct yz_error *err);
int world_flush_file(void *ctx, struct yz_file *file, struct yz_error *err);
void world_close_file(void *ctx, struct yz_file *file);
int world_name_file(void *ctx, const char *from, const char *to, struct yz_error *err);
void world_drop_file(void *ctx, const char *path);
int world_each_file(void *ctx, const char *folder,
                    int (*fn)(void *arg, const char *name, bool plain), void *arg,
                    struct yz_error *err);

#endif
