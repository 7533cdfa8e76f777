/* One connection over ssh:// or https:// by libgit2: who we are, who the other side is. */
#include <assert.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sync/git/remote.h"

/* Of a certificate, or of the host key of a server by ssh. */
static bool make_pin(git_cert *cert, struct yz_hash *pin) {
  const git_cert_x509 *x509 = (const git_cert_x509 *)(const void *)cert;
  const git_cert_hostkey *key = (const git_cert_hostkey *)(const void *)cert;
  if (cert->cert_type == GIT_CERT_X509) return yz_pin_of(x509->data, x509->len, pin);
  if (cert->cert_type != GIT_CERT_HOSTKEY_LIBSSH2 || (key->type & GIT_CERT_SSH_SHA256) == 0)
    return false;
  memcpy(pin->bytes, key->hash_sha256, sizeof pin->bytes);
  return true;
}

/* Where a pin is known, it alone says who is there. */
static bool is_pinned(const struct yz_address *to, git_cert *cert) {
  struct yz_hash pin;
  if (!make_pin(cert, &pin)) return false;
  for (size_t i = 0; i < to->n_pins; i++)
    if (yz_equal(&pin, &to->pins[i], sizeof pin)) return true;
  return false;
}

/* libgit2 follows a redirection within the same host, whatever it is told. By the hub there is none
 * at all; a git host may have names of its own for what it keeps, and a connection to another port
 * ends before anything is said there. */
static bool is_led_astray(const struct yz_address *to) {
  return yz_address_is_https(to) &&
         (yz_spare_is_sent_on() || !yz_wire_leads_to(yz_address_port(to)));
}

static int on_certificate(git_cert *cert, int valid, const char *host, void *payload) {
  struct yz_remote *s = payload;
  (void)host;
  if (is_led_astray(s->t->to)) return GIT_ECERTIFICATE;
  if (s->t->to->n_pins > 0) valid = is_pinned(s->t->to, cert);
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

/* Never on the disk; libgit2 wipes its copy. */
static int by_seed(git_credential **out, const char *user, const struct yz_secret *seed) {
  struct yz_secret *text = yz_ssh_private(seed);
  if (text == NULL) return GIT_EAUTH;
  int rc = git_credential_ssh_key_memory_new(out, user, NULL, (const char *)text->bytes, NULL);
  yz_secret_destroy(text);
  return rc;
}

/* Asked again after each refusal: the agent first, then the usual files, then the node's own key.
 */
static int on_credentials(git_credential **out, const char *url, const char *user, unsigned allowed,
                          void *payload) {
  static const char *const files[] = {"id_ed25519", "id_rsa"};
  struct yz_remote *s = payload;
  (void)url;
  if ((allowed & GIT_CREDENTIAL_USERNAME) != 0) return by_name(out);
  if ((allowed & GIT_CREDENTIAL_SSH_KEY) == 0 || user == NULL) return GIT_EAUTH;
  if (s->tried++ == 0 && getenv("SSH_AUTH_SOCK") != NULL)
    return git_credential_ssh_key_from_agent(out, user);
  while (s->tried_files < sizeof files / sizeof *files) {
    int rc = by_key_file(out, user, files[s->tried_files++]);
    if (rc != GIT_PASSTHROUGH) return rc;
  }
  if (s->t->seed == NULL || s->tried_own) return GIT_EAUTH;
  s->tried_own = true;
  return by_seed(out, user, s->t->seed);
}

static int on_received(const git_indexer_progress *stats, void *payload) {
  struct yz_remote *s = payload;
  yz_transfer_tick(s->t);
  s->received = stats->received_bytes;
  s->too_much |= s->received > YZ_GIT_MAX_RECEIVED;
  return s->too_much ? GIT_EUSER : 0;
}

static int on_word(const char *text, int len, void *payload) {
  struct yz_remote *s = payload;
  size_t n = len < 0 ? 0 : (size_t)len;
  yz_transfer_tick(s->t);
  s->words += n;
  s->too_much |= s->words > YZ_REMOTE_MAX_WORDS;
  if (s->too_much) return GIT_EUSER;
  if (s->reply.len > 0 || !yz_git_is_reply(text, n) || n > YZ_GIT_MAX_REPLY) return 0;
  return yz_buf_append(&s->reply, text, n) != 0 ? GIT_EUSER : 0;
}

static int on_packing(int stage, uint32_t current, uint32_t total, void *payload) {
  const struct yz_remote *s = payload;
  (void)stage, (void)current, (void)total;
  yz_transfer_tick(s->t);
  return 0;
}

static int on_sent(unsigned current, unsigned total, size_t bytes, void *payload) {
  const struct yz_remote *s = payload;
  (void)current, (void)total, (void)bytes;
  yz_transfer_tick(s->t);
  return 0;
}

git_remote_callbacks yz_remote_callbacks(struct yz_remote *s) {
  return (git_remote_callbacks){.version = GIT_REMOTE_CALLBACKS_VERSION,
                                .transport = s->t->pass == NULL ? NULL : yz_spare_transport,
                                .sideband_progress = on_word,
                                .credentials = on_credentials,
                                .certificate_check = on_certificate,
                                .transfer_progress = on_received,
                                .pack_progress = on_packing,
                                .push_transfer_progress = on_sent,
                                .payload = s};
}

/* What libgit2 begins with where it was sent on; the word itself may be in an address. */
static bool says_sent_on(const char *said) {
  static const char *const ways[] = {"redirect without location", "unexpected redirect",
                                     "cannot redirect from '", "too many redirects"};
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
    if (strncmp(said, ways[i], strlen(ways[i])) == 0) return true;
  return false;
}

/* Of an https server that is not the hub, or does not let us in. */
static int https_fail(const struct yz_remote *s, int rc, const char *said, struct yz_error *err) {
  if (yz_spare_is_sent_on() || says_sent_on(said))
    return yz_fail(err, YZ_E_NETWORK,
                   YZ_N_("What answers at this address sends on to another one, which is never "
                         "followed. If a sign-in page is in the way, sign in; else ask the "
                         "township for its address."),
                   "%.200s", s->t->to->url);
  if (s->stranger)
    return yz_fail(
        err, YZ_E_KEY,
        YZ_N_("What answers at this address is not the hub: its key is another one. Is a "
              "sign-in page in the way? If the hub has a new key, ask the township for "
              "its address anew and use `yizhan ledger move`."),
        "%.200s", s->t->to->url);
  s->t->turned_away = rc == GIT_EAUTH || strstr(said, "status code: 401") != NULL ||
                      strstr(said, "status code: 403") != NULL;
  if (s->t->turned_away && s->t->pass == NULL)
    return yz_fail(
        err, YZ_E_KEY,
        YZ_N_("This git host does not let this node in. Ask its keeper for a user and a token, "
              "write https://USER:TOKEN@HOST/PATH into a file and use `yizhan ledger move "
              "@FILE`."),
        "%.200s", s->t->to->url);
  if (s->t->turned_away)
    return yz_fail(err, YZ_E_KEY,
                   YZ_N_("The hub does not let this node in: it was revoked, or its invitation was "
                         "used by another one, or is over. Ask the township."),
                   "%.200s", s->t->to->url);
  s->t->busy = strstr(said, "status code: 429") != NULL;
  if (s->t->busy || strstr(said, "status code: 503") != NULL)
    return yz_fail(err, YZ_E_NETWORK,
                   YZ_N_("The hub has too much to do, or was asked too often. Try again in a few "
                         "minutes."),
                   "%.200s", s->t->to->url);
  return 0;
}

int yz_remote_fail(const struct yz_remote *s, int rc, struct yz_error *err) {
  const git_error *e = git_error_last();
  const char *said = e == NULL || e->message == NULL ? "" : e->message;
  int klass = e == NULL ? GIT_ERROR_NONE : e->klass;
  int refused = yz_address_is_https(s->t->to) ? https_fail(s, rc, said, err) : 0;
  if (refused < 0) return refused;
  if (s->stranger)
    return yz_fail(
        err, YZ_E_KEY,
        YZ_N_("This server's key is not known here, or is another one than before. Ask its "
              "keeper for the key, then connect once with ssh to accept it."),
        "%.200s", s->t->to->url);
  if (rc == GIT_EAUTH)
    return yz_fail(
        err, YZ_E_KEY,
        YZ_N_("The server did not accept an ssh key of this user. Ask its keeper to add the "
              "key."),
        "%.200s", s->t->to->url);
  if (s->too_much)
    return yz_fail(err, YZ_E_LIMIT,
                   YZ_N_("The other side sends far more at once than it should. Nothing of it was "
                         "taken. Look at what it holds."),
                   "%.200s", s->t->to->url);
  if (klass == GIT_ERROR_OS) {
    struct yz_error full = {0};
    if (yz_git_fail(&full, rc, s->t->to->url) == YZ_E_FULL)
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
      "%.120s: %.120s", s->t->to->url, said);
}

int yz_remote_say(struct yz_remote *s, const char *format, ...) {
  va_list args;
  assert(s->n_headers < YZ_REMOTE_HEADERS);
  va_start(args, format);
  int n = vasprintf(&s->headers[s->n_headers], format, args);
  va_end(args);
  s->n_headers += n >= 0;
  return n >= 0 ? 0 : YZ_E_MEMORY;
}

/* A git host's own: HTTP's Basic (RFC 7617), with the first request likewise. */
static int make_login(struct yz_remote *s) {
  const char *login = s->t->to->login;
  size_t n = strlen(login);
  char *coded = malloc(4 * (n / 3 + 1) + 1);
  if (coded == NULL) return YZ_E_MEMORY;
  yz_to_base64(login, n, coded);
  int rc = yz_remote_say(s, "Authorization: Basic %s", coded);
  yz_wipe(coded, strlen(coded));
  free(coded);
  return rc;
}

/* So that a hub which has nothing new need not list it all. */
static int say_known(struct yz_remote *s) {
  char known[YZ_BRANCHES_PRINT];
  int rc = yz_ledger_branches_print(s->t->l, "refs/remote/", known, NULL);
  return rc < 0 ? rc : yz_remote_say(s, "Yizhan-Known: %s", known);
}

/* The pass goes with the first request, so that no turn is lost to being asked for it. */
static int make_headers(struct yz_remote *s, git_direction direction) {
  if (s->t->to->login != NULL) return make_login(s);
  int rc = s->t->pass == NULL ? 0 : yz_remote_say(s, "Authorization: Bearer %s", s->t->pass);
  if (rc < 0 || s->t->pass == NULL) return rc;
  if (s->asks) return yz_remote_say(s, "Yizhan-Epoch: v1");
  if (direction == GIT_DIRECTION_PUSH) return yz_remote_say(s, "Yizhan-Reply: v1");
  return s->t->files ? 0 : say_known(s);
}

git_strarray yz_remote_headers(struct yz_remote *s) {
  return (git_strarray){s->headers, s->n_headers};
}

int yz_remote_connect(struct yz_remote *s, git_repository *repo, git_direction direction,
                      struct yz_error *err) {
  git_remote_create_options how = {.version = GIT_REMOTE_CREATE_OPTIONS_VERSION,
                                   .repository = repo,
                                   .flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF |
                                            GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC};
  if (yz_wire_watch(s->t) < 0 || make_headers(s, direction) < 0) return yz_git_no_memory(err);
  const git_remote_connect_options options = {.version = GIT_REMOTE_CONNECT_OPTIONS_VERSION,
                                              .callbacks = yz_remote_callbacks(s),
                                              .proxy_opts = {.version = GIT_PROXY_OPTIONS_VERSION},
                                              .follow_redirects = GIT_REMOTE_REDIRECT_NONE,
                                              .custom_headers = yz_remote_headers(s)};
  int rc = git_remote_create_with_opts(&s->remote, s->t->to->url, &how);
  if (rc == 0) rc = git_remote_connect_ext(s->remote, direction, &options);
  return rc < 0 ? yz_remote_fail(s, rc, err) : 0;
}

/* Did the hub answer that it is all as we remember it? */
static bool is_same(const struct yz_remote *s, const git_remote_head **heads, size_t n) {
  return s->t->pass != NULL && n == 1 && strcmp(heads[0]->name, "refs/same") == 0;
}

int yz_remote_list(struct yz_remote *s, struct yz_reflist *out, struct yz_error *err) {
  const git_remote_head **heads = NULL;
  char tracking[YZ_MAX_REF + 1];
  size_t n = 0;
  int rc = git_remote_ls(&heads, &n, s->remote);
  if (rc < 0) return yz_remote_fail(s, rc, err);
  if (is_same(s, heads, n)) {
    yz_transfer_same(s->t);
    return yz_git_remembered(s->t->l, out, err);
  }
  if (n > YZ_REMOTE_MAX_REFS)
    return yz_fail(
        err, YZ_E_LIMIT,
        YZ_N_("The other side shows more branches than any ledger has. Check the address."),
        "%.200s", s->t->to->url);
  for (size_t i = 0; rc == 0 && i < n; i++)
    if (yz_git_tracking_name(heads[i]->name, tracking))
      rc = yz_reflist_add(out, heads[i]->name, &heads[i]->oid, err);
  return rc;
}

bool yz_remote_epoch(struct yz_remote *s, int64_t *out) {
  static const char name[] = "refs/epoch/";
  const git_remote_head **heads = NULL;
  char *end;
  size_t n = 0;
  if (git_remote_ls(&heads, &n, s->remote) < 0 || n != 1 ||
      strncmp(heads[0]->name, name, strlen(name)) != 0)
    return false;
  *out = strtoll(heads[0]->name + strlen(name), &end, 10);
  return *out >= 0 && *end == '\0';
}

void yz_remote_finish(struct yz_remote *s) {
  int64_t up, down;
  yz_wire_bytes(&up, &down);
  if (up + down > 0) yz_transfer_count(s->t, up, down);
  git_remote_free(s->remote);
  for (size_t i = 0; i < s->n_headers; i++) free(s->headers[i]);
  yz_buf_finish(&s->reply);
  yz_transfer_settle(s->t);
}
