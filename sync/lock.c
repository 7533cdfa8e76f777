#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include <yizhan/world.h>

enum { STEP_MIN_MS = 1, STEP_MAX_MS = 50 };

/* flock has no timeout, so it is asked again and again, ever more seldom. */
static int wait_for(int fd, int64_t wait_ms) {
  const struct yz_world *world = yz_world_real();
  int64_t start = world->ticks_ms(world->ctx), step_ms = STEP_MIN_MS;
  while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) return -1;
    int64_t left_ms = wait_ms - (world->ticks_ms(world->ctx) - start);
    if (left_ms <= 0) {
      errno = EWOULDBLOCK;
      return -1;
    }
    if (step_ms > left_ms) step_ms = left_ms;
    struct timespec pause = {.tv_nsec = step_ms * 1000000};
    (void)nanosleep(&pause, NULL);
    step_ms = step_ms * 2 < STEP_MAX_MS ? step_ms * 2 : STEP_MAX_MS;
  }
  return 0;
}

int yz_lock_acquire(struct yz_lock *lock, const char *path, int64_t wait_ms, struct yz_error *err) {
  lock->fd = -1;
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
  if (fd < 0) {
    if (errno == ENOSPC || errno == EDQUOT)
      return yz_fail(err, YZ_E_FULL,
                     YZ_N_("The disk is full. Free some space on it, then try again."), "%s", path);
    return yz_fail(err, YZ_E_IO,
                   YZ_N_("The lock file cannot be opened. Check that its folder is there and that "
                         "this user may write in it."),
                   "%s", path);
  }
  if (wait_for(fd, wait_ms) == 0) {
    lock->fd = fd;
    return 0;
  }
  int number = errno;
  (void)close(fd);
  if (number == EWOULDBLOCK)
    return yz_fail(err, YZ_E_BUSY,
                   YZ_N_("Another program is at work here. Wait until it is done, then try again."),
                   "%s", path);
  return yz_fail(err, YZ_E_IO,
                 YZ_N_("The lock file cannot be locked. Keep the data on a disk of this machine."),
                 "%s", path);
}

void yz_lock_release(struct yz_lock *lock) {
  if (lock == NULL || lock->fd < 0) return;
  /* Unlocked by word, since a forked child may hold the same open file. */
  (void)flock(lock->fd, LOCK_UN);
  (void)close(lock->fd);
  lock->fd = -1;
}
