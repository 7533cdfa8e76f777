#include "reserve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIB ((int64_t)1 << 20)
static const int64_t BASE = 8 * MIB; /* beside the size of the store */
static const int64_t STEP = 4 * MIB; /* it grows by */
static const int64_t LOW = 64 * MIB; /* of free disk: what others need first */

static int64_t room_of(const struct yz_world *world, const char *dir, const char *name) {
  char *path = NULL;
  if (asprintf(&path, "%s/%s", dir, name) < 0) return 0;
  int64_t room = world->file_room(world->ctx, path);
  free(path);
  return room;
}

/* A reserve that cannot be made, or given up, is no reason to stop work: status says how large
 * it is. */
static void hold(const struct yz_world *world, const char *dir, int64_t bytes) {
  char *path = NULL;
  if (asprintf(&path, "%s/reserve", dir) < 0) return;
  (void)!world->hold_room(world->ctx, path, bytes, NULL);
  free(path);
}

void reserve_look(const struct yz_world *world, const char *dir, struct reserve *out) {
  int64_t store = room_of(world, dir, "yizhan.db");
  *out = (struct reserve){.held = room_of(world, dir, "reserve"),
                          .whole = store > 0 ? (BASE + store + STEP - 1) / STEP * STEP : 0,
                          .disk_free = world->disk_free(world->ctx, dir)};
  out->low = out->disk_free >= 0 && out->disk_free < LOW;
}

const char *reserve_class(int64_t disk_free, const char *last) {
  static const int64_t full = 4 * MIB;
  bool was_full = strcmp(last, "full") == 0, was_low = was_full || strcmp(last, "low") == 0;
  if (disk_free < 0) return "";
  if (disk_free < (was_full ? 4 * full : full)) return "full";
  return disk_free < (was_low ? 2 * LOW : LOW) ? "low" : "ok";
}

void reserve_keep(const struct yz_world *world, const char *dir) {
  struct reserve r;
  reserve_look(world, dir, &r);
  int64_t spare = r.disk_free - LOW, lacks = r.whole - r.held;
  if (lacks > spare) lacks = spare / STEP * STEP;
  if (lacks > 0) hold(world, dir, r.held + lacks);
}

void reserve_give(const struct yz_world *world, const char *dir, const char *where, int64_t need) {
  int64_t lacks = need - world->disk_free(world->ctx, where);
  if (lacks <= 0 || lacks > need) return;
  int64_t held = room_of(world, dir, "reserve");
  if (held > 0) hold(world, dir, held > lacks ? (held - lacks) / MIB * MIB : 0);
}
