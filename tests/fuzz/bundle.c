/* The header of a bundle (yz_unbundle_feed; FORMAT.md §17), at a ledger in memory that has one
 * commit, called "@" in the input. Where the header holds a folder would be made for the pack,
 * which is git's to read; here there is none. */
#include "tests/fuzz/fuzz.h"

#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>

#include "sync/git/git.h"

static struct {
  struct yz_ledger l;
  char commit[YZ_OID_HEX + 1];
} here;

static void start(void) {
  static const char commit[] = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"
                               "author a <a@a> 1 +0000\ncommitter a <a@a> 1 +0000\n\na\n";
  git_odb_backend *store;
  git_oid id;
  if (here.l.repo) return;
  here.l.path = (char *)(uintptr_t) "/dev/null/none";
  FUZZ_HOLDS(git_libgit2_init() > 0 && git_odb_new(&here.l.odb) == 0);
  FUZZ_HOLDS(git_mempack_new(&store) == 0 && git_odb_add_backend(here.l.odb, store, 1) == 0);
  FUZZ_HOLDS(git_repository_wrap_odb(&here.l.repo, here.l.odb) == 0);
  FUZZ_HOLDS(git_odb_write(&id, here.l.odb, commit, sizeof commit - 1, GIT_OBJECT_COMMIT) == 0);
  git_oid_tostr(here.commit, sizeof here.commit, &id);
}

/* --- its form, by its letters ------------------------------------------------- */

static bool hex(const char *at, size_t n, char end) {
  return strspn(at, "0123456789abcdef") == n && at[n] == end;
}

/* A line of a commit that is needed, or of a branch; NULL: it is neither. */
static const char *line_end(const char *at, bool *branch, bool *missing) {
  static const char log[] = " refs/heads/log/", keys[] = " refs/heads/keys/";
  *branch = *at != '-';
  at += !*branch;
  if (!hex(at, YZ_OID_HEX, *branch ? ' ' : '\n')) return NULL;
  if (!*branch) {
    *missing = *missing || strncmp(at, here.commit, YZ_OID_HEX) != 0;
    return at + YZ_OID_HEX + 1;
  }
  at += YZ_OID_HEX;
  if (strncmp(at, log, sizeof log - 1) == 0)
    at += sizeof log - 1;
  else if (strncmp(at, keys, sizeof keys - 1) == 0)
    at += sizeof keys - 1;
  else
    return NULL;
  return hex(at, YZ_ID_HEX, '\n') ? at + YZ_ID_HEX + 1 : NULL;
}

/* text ends with a zero byte behind its n. */
static int verdict(const char *text, size_t n) {
  static const char first[] = YZ_BUNDLE_FIRST_LINE;
  const char *end = memmem(text, n, "\n\n", 2), *at = text;
  size_t header = end ? (size_t)(end - text) + 2 : n, branches = 0;
  bool branch, missing = false, begun = false;
  if (header > YZ_LIMIT(1024 * 1024, 4096)) return YZ_E_FORMAT;
  if (!end || n < header + 12) return 0;
  const unsigned char *pack = (const unsigned char *)text + header;
  size_t objects = 0;
  for (size_t i = 8; i < 12; i++) objects = objects << 8 | pack[i];
  if (memcmp(pack, "PACK", 4) != 0 || objects == 0 || objects > n / 9) return YZ_E_FORMAT;
  if (strncmp(at, first, sizeof first - 1) != 0) return YZ_E_FORMAT;
  for (at += sizeof first - 1; at <= end;) {
    at = line_end(at, &branch, &missing);
    if (at == NULL || (begun && !branch)) return YZ_E_FORMAT;
    if (missing) return YZ_E_NOT_FOUND;
    begun = branch;
    branches += branch;
    if (branches > YZ_LIMIT(4096, 8)) return YZ_E_FORMAT;
  }
  return branches == 0 ? YZ_E_FORMAT : YZ_E_IO; /* there is no folder for the pack */
}

static int feed(const char *bytes, size_t size, size_t piece) {
  struct yz_unbundle *u;
  int rc = yz_unbundle_begin(&u, &here.l, "refs/parcel/", (int64_t)size, NULL);
  FUZZ_HOLDS(rc == 0);
  for (size_t at = 0; rc == 0 && at < size; at += piece) {
    size_t n = piece < size - at ? piece : size - at;
    char *some = fuzz_copy(bytes + at, n);
    rc = yz_unbundle_feed(u, some, n, NULL);
    free(some);
  }
  FUZZ_HOLDS(!yz_unbundle_known(u));
  yz_unbundle_finish(u);
  return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct yz_buf text = {0};
  start();
  for (size_t i = 0; i < size; i++)
    FUZZ_HOLDS((data[i] == '@' ? yz_buf_append(&text, here.commit, YZ_OID_HEX)
                               : yz_buf_append(&text, &data[i], 1)) == 0);
  FUZZ_HOLDS(yz_buf_append(&text, "", 1) == 0);
  const char *bytes = (char *)text.data;
  int rc = verdict(bytes, text.len - 1);
  FUZZ_HOLDS(feed(bytes, text.len - 1, text.len) == rc);
  FUZZ_HOLDS(feed(bytes, text.len - 1, 1) == rc || size < 2);
  yz_buf_finish(&text);
  return 0;
}
