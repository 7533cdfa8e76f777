/* Commits and their signatures, as bytes (yz_commit_head_parse, yz_commit_signed_by,
 * yz_sshsig_verify; FORMAT.md §10). The input is a commit; one without its gpgsig, which is
 * signed here; and an armoured signature. */
#include "tests/fuzz/fuzz.h"

#include "sync/git/git.h"

static const struct sample *node(void) {
  return fuzz_sample('n');
}

/* What comes behind a commit's opening lines and people: NULL where that is not there. */
static const char *behind_people(const char *text, size_t len) {
  const char *line = memmem(text, len, "\ncommitter ", 11);
  const char *lf = line ? memchr(line + 1, '\n', len - (size_t)(line + 1 - text)) : NULL;
  return lf ? lf + 1 : NULL;
}

/* The time of a commit that holds; false where it is past what we write. */
static bool seconds_of(const char *text, int64_t *out) {
  const char *at = strstr(text, "@yizhan.invalid> ");
  *out = at ? strtoll(at + 17, NULL, 10) : -1;
  return *out >= 0 && *out < INT64_MAX / 1000;
}

/* A commit that holds is the one that we write of what it says. */
static void hold_form(const char *raw, size_t len) {
  struct yz_commit_head head;
  struct yz_oid parents[8];
  struct yz_buf again = {0};
  int64_t seconds;

  FUZZ_HOLDS(len <= YZ_GIT_MAX_COMMIT && yz_commit_head_parse(raw, len, &head));
  char *text = malloc(len + 1);
  FUZZ_HOLDS(text);
  memcpy(text, raw, len);
  text[len] = '\0';
  FUZZ_HOLDS(strlen(text) == len);
  char *message = strstr(text, "-----END SSH SIGNATURE-----\n\n");
  FUZZ_HOLDS(message);
  message += 29;
  size_t n = strlen(message);
  if (n > 0 && head.n_parents <= 8 && seconds_of(text, &seconds)) {
    message[n - 1] = '\0';
    for (size_t i = 0; i < head.n_parents; i++) {
      git_oid parent = yz_commit_head_parent(&head, i);
      parents[i] = yz_oid_of(&parent);
    }
    FUZZ_HOLDS(yz_git_compose(&head.tree, parents, head.n_parents, message, seconds * 1000,
                              node()->seed, &again, NULL) == 0);
    FUZZ_HOLDS(again.len == len && memcmp(again.data, raw, len) == 0);
  }
  yz_buf_finish(&again);
  free(text);
}

static void read_exactly(const void *data, size_t size) {
  char *raw = fuzz_copy(data, size);
  struct yz_commit_head head;

  if (yz_commit_head_parse(raw, size, &head)) {
    FUZZ_HOLDS(head.len <= size && head.len == 46 + 48 * head.n_parents);
    for (size_t i = 0; i < head.n_parents; i++) (void)yz_commit_head_parent(&head, i);
  }
  if (yz_commit_signed_by(raw, size, &node()->key)) hold_form(raw, size);
  FUZZ_HOLDS(!yz_commit_signed_by(raw, size, &node()->box_key));
  free(raw);
}

/* With the signature put where it belongs. */
static void read_signed(const uint8_t *data, size_t size) {
  const char *text = (const char *)data, *behind = behind_people(text, size), *at;
  struct yz_buf armour = {0}, commit = {0};
  size_t head = behind ? (size_t)(behind - text) : 0;

  if (!behind) return;
  FUZZ_HOLDS(yz_sshsig_sign(node()->seed, data, size, &armour) == 0);
  FUZZ_HOLDS(yz_buf_append(&commit, data, head) == 0 && yz_buf_puts(&commit, "gpgsig") == 0);
  for (at = (char *)armour.data; *at; at = strchr(at, '\n') + 1)
    FUZZ_HOLDS(yz_buf_printf(&commit, " %.*s\n", (int)strcspn(at, "\n"), at) == 0);
  FUZZ_HOLDS(yz_buf_append(&commit, behind, size - head) == 0);
  read_exactly(commit.data, commit.len);
  yz_buf_finish(&armour);
  yz_buf_finish(&commit);
}

static void read_armour(const uint8_t *data, size_t size) {
  char *armour = fuzz_copy(data, size);
  (void)yz_sshsig_verify(&node()->key, "x", 1, armour, size);
  free(armour);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  read_exactly(data, size);
  read_signed(data, size);
  read_armour(data, size);
  return 0;
}
