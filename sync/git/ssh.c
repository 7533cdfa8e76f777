/* One connection over ssh:// by libgit2: who we are, who the other side is. */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sync/git/ssh.h"

static int on_certificate(git_cert *cert, int valid, const char *host, void *payload) {
  struct yz_ssh *s = payload;
  (void)cert, (void)host;
  s->stranger = !valid;
  return valid ? 0 : GIT_ECERTIFICATE;
}

static int by_key_file(git_credential **out, const char *user, const char *name) {
  char *file = NULL;
  const char *home = getenv("HOME");
  if (home == NULL || asprintf(&file, "%s/.ssh/%s", home, name) < 0) return GIT_PASSTHROUGH;
  int rc = access(file, R_OK) != 0 ? GIT_PASSTHROUGH
                                   : git_credential_ssh_key_new(out, user, NULL, file, NULL);
  free(file);
  return rc;
}

static int by_name(git_credential **out) {
  const struct passwd *me = getpwuid(getuid());
  return git_credential_username_new(out, me == NULL ? "git" : me->pw_name);
}

/* Asked again after each refusal: the agent first, then the usual files. */
static int on_credentials(git_credential **out, const char *url, const char *user, unsigned allowed,
                          void *payload) {
  static const char *const files[] = {"id_ed25519", "id_rsa"};
  struct yz_ssh *s = payload;
  (void)url;
  if ((allowed & GIT_CREDENTIAL_USERNAME) != 0) return by_name(out);
  if ((allowed & GIT_CREDENTIAL_SSH_KEY) == 0 || user == NULL) return GIT_EAUTH;
  if (s->tried++ == 0 && getenv("SSH_AUTH_SOCK") != NULL)
    return git_credential_ssh_key_from_agent(out, user);
  while (s->tried_files < sizeof files / sizeof *files) {
    int rc = by_key_file(out, user, files[s->tried_files++]);
    if (rc != GIT_PASSTHROUGH) return rc;
  }
  return GIT_EAUTH;
}

static int on_received(const git_indexer_progress *stats, void *payload) {
  struct yz_ssh *s = payload;
  yz_transfer_tick(s->t);
  s->too_much = stats->received_bytes > YZ_GIT_MAX_RECEIVED;
  return s->too_much ? GIT_EUSER : 0;
}

static int on_word(const char *text, int len, void *payload) {
  const struct yz_ssh *s = payload;
  (void)text, (void)len;
  yz_transfer_tick(s->t);
  return 0;
}

static int on_packing(int stage, uint32_t current, uint32_t total, void *payload) {
  const struct yz_ssh *s = payload;
  (void)stage, (void)current, (void)total;
  yz_transfer_tick(s->t);
  return 0;
}

static int on_sent(unsigned current, unsigned total, size_t bytes, void *payload) {
  const struct yz_ssh *s = payload;
  (void)current, (void)total, (void)bytes;
  yz_transfer_tick(s->t);
  return 0;
}

git_remote_callbacks yz_ssh_callbacks(struct yz_ssh *s) {
  return (git_remote_callbacks){.version = GIT_REMOTE_CALLBACKS_VERSION,
                                .sideband_progress = on_word,
                                .credentials = on_credentials,
                                .certificate_check = on_certificate,
                                .transfer_progress = on_received,
                                .pack_progress = on_packing,
                                .push_transfer_progress = on_sent,
                                .payload = s};
}

int yz_ssh_fail(const struct yz_ssh *s, int rc, struct yz_error *err) {
  const git_error *e = git_error_last();
  const char *said = e == NULL || e->message == NULL ? "" : e->message;
  int klass = e == NULL ? GIT_ERROR_NONE : e->klass;
  if (s->stranger)
    return yz_fail(
        err, YZ_E_KEY,
        YZ_N_("This server's key is not known here, or is another one than before. Ask its "
              "keeper for the key, then connect once with ssh to accept it."),
        "%.200s", s->t->url);
  if (rc == GIT_EAUTH)
    return yz_fail(
        err, YZ_E_KEY,
        YZ_N_("The server did not accept an ssh key of this user. Ask its keeper to add the "
              "key."),
        "%.200s", s->t->url);
  if (s->too_much)
    return yz_fail(err, YZ_E_LIMIT,
                   YZ_N_("The other side sends more than 1 GiB at once. Look at what it holds."),
                   "%.200s", s->t->url);
  if (klass == GIT_ERROR_OS) {
    struct yz_error full = {0};
    if (yz_git_fail(&full, rc, s->t->url) == YZ_E_FULL)
      return yz_fail(err, full.code, full.message, "%s", full.subject);
  }
  if (klass == GIT_ERROR_INDEXER || klass == GIT_ERROR_ZLIB)
    return yz_fail(
        err, YZ_E_FORMAT,
        YZ_N_("The other side sent something broken. Try again; if it comes again, it should "
              "check its ledger."),
        "%s", said);
  return yz_fail(
      err, YZ_E_NETWORK,
      YZ_N_("The other side was not reached, or hung up. Check the address and the link, then "
            "try again."),
      "%.120s: %.120s", s->t->url, said);
}

int yz_ssh_connect(struct yz_ssh *s, git_repository *repo, git_direction direction,
                   struct yz_error *err) {
  git_remote_create_options how = {.version = GIT_REMOTE_CREATE_OPTIONS_VERSION,
                                   .repository = repo,
                                   .flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF |
                                            GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC};
  git_remote_callbacks callbacks = yz_ssh_callbacks(s);
  if (yz_wire_watch(s->t) < 0) return yz_git_no_memory(err);
  int rc = git_remote_create_with_opts(&s->remote, s->t->url, &how);
  if (rc == 0) rc = git_remote_connect(s->remote, direction, &callbacks, NULL, NULL);
  return rc < 0 ? yz_ssh_fail(s, rc, err) : 0;
}

int yz_ssh_list(struct yz_ssh *s, struct yz_reflist *out, struct yz_error *err) {
  const git_remote_head **heads = NULL;
  char tracking[YZ_MAX_REF + 1];
  size_t n = 0;
  int rc = git_remote_ls(&heads, &n, s->remote);
  if (rc < 0) return yz_ssh_fail(s, rc, err);
  if (n > YZ_SSH_MAX_REFS)
    return yz_fail(
        err, YZ_E_LIMIT,
        YZ_N_("The other side shows more branches than any ledger has. Check the address."),
        "%.200s", s->t->url);
  for (size_t i = 0; rc == 0 && i < n; i++)
    if (yz_git_tracking_name(heads[i]->name, tracking))
      rc = yz_reflist_add(out, heads[i]->name, &heads[i]->oid, err);
  return rc;
}

void yz_ssh_finish(struct yz_ssh *s) {
  int64_t up, down;
  yz_wire_bytes(&up, &down);
  if (up + down > 0) yz_transfer_count(s->t, up, down);
  git_remote_free(s->remote);
  yz_transfer_settle(s->t);
}
