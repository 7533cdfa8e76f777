/* The other side's branches, as we last saw them: refs/heads/log/<id> there is
 * refs/remote/log/<id> here, keys/ and files/ likewise. Other names are not looked at. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync/git/git.h"

static const char heads[] = "refs/heads/", remote[] = "refs/remote/";
enum { KINDS = 3 };
static const char *const kinds[KINDS] = {"log/", "keys/", "files/"};

static bool is_id(const char *name) {
  return strlen(name) == YZ_ID_HEX && strspn(name, "0123456789abcdef") == YZ_ID_HEX;
}

bool yz_git_tracking_name(const char *ref, char out[static YZ_MAX_REF + 1]) {
  size_t n = strlen(heads);
  if (strncmp(ref, heads, n) != 0) return false;
  const char *rest = ref + n, *slash = strchr(rest, '/');
  size_t kind = 0;
  while (kind < KINDS && strncmp(rest, kinds[kind], strlen(kinds[kind])) != 0) kind++;
  if (kind == KINDS || !is_id(slash + 1)) return false;
  (void)snprintf(out, YZ_MAX_REF + 1, "%s%s", remote, rest);
  return true;
}

bool yz_git_is_files(const char *ref) {
  return strncmp(ref, "refs/heads/files/", 17) == 0 || strncmp(ref, "refs/remote/files/", 18) == 0;
}

bool yz_git_is_news(struct yz_ledger *l, const struct yz_git_ref *theirs) {
  char ours[YZ_MAX_REF + 1];
  git_oid now;
  if (!yz_git_tracking_name(theirs->name, ours)) return false;
  return git_reference_name_to_id(&now, l->repo, ours) < 0 || !git_oid_equal(&now, &theirs->tip);
}

int yz_git_remember(struct yz_ledger *l, const struct yz_git_ref *theirs, struct yz_error *err) {
  char ours[YZ_MAX_REF + 1];
  git_reference *r = NULL;
  if (!yz_git_is_news(l, theirs) || !yz_git_tracking_name(theirs->name, ours)) return 0;
  int rc = git_reference_create(&r, l->repo, ours, &theirs->tip, 1, NULL);
  git_reference_free(r);
  return rc < 0 ? yz_git_fail(err, rc, ours) : 0;
}

/* One line a branch, by the name that it has at its own side. */
static int print_lines(const struct yz_reflist *list, size_t skip, struct yz_buf *out) {
  char name[YZ_MAX_REF + 1], tracking[YZ_MAX_REF + 1], hex[YZ_OID_HEX + 1];
  int rc = yz_buf_puts(out, "yizhan-branches-v1\n");
  for (size_t i = 0; rc == 0 && i < list->n; i++) {
    (void)snprintf(name, sizeof name, "%s%s", heads, list->refs[i].name + skip);
    if (yz_git_tracking_name(name, tracking))
      rc = yz_buf_printf(out, "%s %s\n", name, git_oid_tostr(hex, sizeof hex, &list->refs[i].tip));
  }
  return rc;
}

int yz_ledger_branches_print(struct yz_ledger *l, const char *prefix,
                             char out[static YZ_BRANCHES_PRINT], struct yz_error *err) {
  struct yz_reflist list = {0};
  struct yz_buf lines = {0};
  struct yz_hash hash;
  int rc = yz_reflist_read(l->repo, prefix, &list, err);
  if (rc == 0 && print_lines(&list, strlen(prefix), &lines) != 0) rc = yz_git_no_memory(err);
  if (rc == 0) {
    yz_sha256(&(struct yz_part){lines.data, lines.len}, 1, &hash);
    yz_to_hex(hash.bytes, (YZ_BRANCHES_PRINT - 1) / 2, out);
  }
  yz_buf_finish(&lines);
  yz_reflist_finish(&list);
  return rc;
}

int yz_git_remembered(struct yz_ledger *l, struct yz_reflist *out, struct yz_error *err) {
  struct yz_reflist ours = {0};
  char name[YZ_MAX_REF + 1];
  int rc = yz_reflist_read(l->repo, remote, &ours, err);
  for (size_t i = 0; rc == 0 && i < ours.n; i++) {
    (void)snprintf(name, sizeof name, "%s%s", heads, ours.refs[i].name + strlen(remote));
    rc = yz_reflist_add(out, name, &ours.refs[i].tip, err);
  }
  yz_reflist_finish(&ours);
  return rc;
}

static int by_text(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Removes of ours, of this part, what is not among the other side's sorted names. Someone may have
 * put thousands there. */
static int forget_gone(struct yz_ledger *l, const struct yz_reflist *ours, bool files,
                       const char **names, size_t n, struct yz_error *err) {
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < ours->n; i++) {
    if (yz_git_is_files(ours->refs[i].name) != files) continue;
    char name[YZ_MAX_REF + 1];
    const char *key = name;
    (void)snprintf(name, sizeof name, "%s%s", heads, ours->refs[i].name + strlen(remote));
    if (n == 0 || bsearch(&key, names, n, sizeof *names, by_text) == NULL)
      rc = yz_ledger_delete_ref(l, ours->refs[i].name, err);
  }
  return rc;
}

int yz_git_forget(struct yz_ledger *l, const struct yz_reflist *theirs, bool files,
                  struct yz_error *err) {
  struct yz_reflist ours = {0};
  const char **names = calloc(theirs->n + 1, sizeof *names);
  if (names == NULL) return yz_git_no_memory(err);
  int rc = yz_reflist_read(l->repo, remote, &ours, err);
  for (size_t i = 0; i < theirs->n; i++) names[i] = theirs->refs[i].name;
  if (theirs->n > 0) qsort(names, theirs->n, sizeof *names, by_text);
  if (rc == 0) rc = forget_gone(l, &ours, files, names, theirs->n, err);
  yz_reflist_finish(&ours);
  free(names);
  return rc;
}

int yz_git_track(struct yz_ledger *l, const struct yz_reflist *theirs, bool files,
                 struct yz_error *err) {
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < theirs->n; i++) rc = yz_git_remember(l, &theirs->refs[i], err);
  return rc == 0 ? yz_git_forget(l, theirs, files, err) : rc;
}
