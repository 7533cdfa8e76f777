/* What a server answers to a push beside the verdict (yz_git_read_reply; FORMAT.md §16), at a
 * ledger that knows no branch of the server's yet. The pack behind it is git's to read. */
#include "tests/fuzz/fuzz.h"

#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>

#include "sync/git/git.h"

static struct yz_ledger *ledger(void) {
  static struct yz_ledger l = {.path = (char *)(uintptr_t) "memory"};
  git_odb_backend *store;
  if (l.repo) return &l;
  FUZZ_HOLDS(git_libgit2_init() > 0 && git_odb_new(&l.odb) == 0 && git_mempack_new(&store) == 0);
  FUZZ_HOLDS(git_odb_add_backend(l.odb, store, 1) == 0);
  FUZZ_HOLDS(git_repository_wrap_odb(&l.repo, l.odb) == 0);
  return &l;
}

static bool hex(const char *at, size_t n, char end) {
  return strspn(at, "0123456789abcdef") == n && at[n] == end;
}

/* A line of §16, by its letters: where it ends; NULL: it is none. */
static const char *line_end(const char *at) {
  static const char log[] = "refs/heads/log/", keys[] = "refs/heads/keys/";
  if (strncmp(at, log, sizeof log - 1) == 0)
    at += sizeof log - 1;
  else if (strncmp(at, keys, sizeof keys - 1) == 0)
    at += sizeof keys - 1;
  else
    return NULL;
  if (!hex(at, YZ_ID_HEX, ' ')) return NULL;
  at += YZ_ID_HEX + 1;
  if (strspn(at, "0") < YZ_OID_HEX || at[YZ_OID_HEX] != ' ') return NULL;
  at += YZ_OID_HEX + 1;
  return hex(at, YZ_OID_HEX, '\n') ? at + YZ_OID_HEX + 1 : NULL;
}

/* Where the pack begins; 0: it is no reply. text ends with a zero byte behind its n. */
static size_t pack_of(const char *text, size_t n, size_t *branches) {
  static const char title[] = "yizhan-reply-v1\n";
  const char *at = text;
  *branches = 0;
  if (strncmp(at, title, sizeof title - 1) != 0) return 0;
  for (at += sizeof title - 1; at != NULL && *at != '\n'; at = line_end(at)) ++*branches;
  if (at == NULL || *branches == 0 || *branches > YZ_GIT_MAX_MOVED) return 0;
  size_t pack = (size_t)(at + 1 - text);
  return pack < n ? pack : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct yz_git_moved moved[YZ_GIT_MAX_MOVED];
  size_t count, pack, branches;
  char *bytes = fuzz_copy(data, size), *text = calloc(1, size + 1), name[YZ_MAX_REF + 1];
  FUZZ_HOLDS(text);
  if (size > 0) memcpy(text, data, size);
  size_t expected = pack_of(text, size, &branches);
  bool is = yz_git_read_reply(ledger(), bytes, size, moved, &count, &pack);
  FUZZ_HOLDS(is == (expected > 0));
  if (is) FUZZ_HOLDS(pack == expected && count == branches);
  for (size_t i = 0; is && i < count; i++) FUZZ_HOLDS(yz_git_tracking_name(moved[i].name, name));
  free(text);
  free(bytes);
  return 0;
}
