/* The road over ssh: a real sshd on loopback, and servers that misbehave.
 *
 * The test listens itself and starts "sshd -i" for each connection, so there is
 * no port to guess and nothing to wait for. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/sync/git/kit.h"

#define SSHD "/usr/sbin/sshd"
#define REMOTE_LOG "refs/remote/log/" KIT_ID

struct post {
  struct kit *k;
  char other[TMP_PATH], config[TMP_PATH], home[TMP_PATH], url[2 * TMP_PATH];
  int listener, port;
  pid_t server;
};

static void write_text(const char *dir, const char *name, const char *text) {
  char path[TMP_PATH];
  tmp_join(path, dir, name);
  tmp_write(path, text, strlen(text));
}

static char *read_text(const char *dir, const char *name) {
  char path[TMP_PATH];
  struct yz_buf b = {0};
  tmp_join(path, dir, name);
  tmp_read(path, &b);
  return (char *)b.data;
}

static void must_run(const char *const words[]) {
  struct run r = {0};
  run(&r, NULL, words);
  if (r.status != 0) fail_msg("%s: %s", words[0], (const char *)r.err.data);
  run_finish(&r);
}

static void make_key(const char *dir, const char *name) {
  char path[TMP_PATH];
  tmp_join(path, dir, name);
  must_run((const char *[]){"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", path,
                            NULL});
}

static void listen_on_loopback(struct post *p) {
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t n = sizeof at;
  const int small = 4096;
  p->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_int_equal(setsockopt(p->listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
  assert_int_equal(bind(p->listener, (struct sockaddr *)&at, sizeof at), 0);
  assert_int_equal(listen(p->listener, 8), 0);
  assert_int_equal(getsockname(p->listener, (struct sockaddr *)&at, &n), 0);
  p->port = ntohs(at.sin_port);
  const struct passwd *me = getpwuid(getuid());
  assert_non_null(me);
  snprintf(p->url, sizeof p->url, "ssh://%s@127.0.0.1:%d%s", me->pw_name, p->port, p->other);
}

/* The port is forwarded by the test's own hand, so one key file and one line tell
 * who may come in, and that only git may be run. SHLVL: what whoever runs the test
 * has in their ~/.bashrc is none of it, and took longer than all else. */
static void write_settings(struct post *p) {
  struct yz_buf text = {0};
  const char *dir = p->k->dir;
  make_key(dir, "host");
  char *key = read_text(p->home, ".ssh/id_ed25519.pub"), *host = read_text(dir, "host.pub");
  assert_int_equal(
      yz_buf_printf(&text, "restrict,command=\"git-shell -c \\\"$SSH_ORIGINAL_COMMAND\\\"\" %s",
                    key),
      0);
  write_text(dir, "allowed", (char *)text.data);
  yz_buf_clear(&text);
  assert_int_equal(
      yz_buf_printf(&text,
                    "HostKey %s/host\nAuthorizedKeysFile %s/allowed\nStrictModes no\n"
                    "PasswordAuthentication no\nKbdInteractiveAuthentication no\n"
                    "UsePAM no\nPidFile none\nLogLevel QUIET\nPermitRootLogin prohibit-password\n"
                    "SetEnv SHLVL=2\n",
                    dir, dir),
      0);
  write_text(dir, "sshd_config", (char *)text.data);
  yz_buf_clear(&text);
  assert_int_equal(yz_buf_printf(&text, "[127.0.0.1]:%d %s", p->port, host), 0);
  write_text(p->home, ".ssh/known_hosts", (char *)text.data);
  yz_buf_finish(&text);
  free(host);
  free(key);
}

static int start(void **state) {
  struct post *p = calloc(1, sizeof *p);
  char *home = tmp_create(), ssh[TMP_PATH];
  struct yz_ledger *l = NULL;
  if (p == NULL || setenv("HOME", home, 1) || unsetenv("SSH_AUTH_SOCK")) return -1;
  snprintf(p->home, sizeof p->home, "%s", home);
  free(home);
  tmp_join(ssh, p->home, ".ssh");
  if (mkdir(ssh, 0700) || kit_start((void **)&p->k)) return -1;
  make_key(ssh, "id_ed25519");
  tmp_join(p->other, p->k->dir, "other.git");
  tmp_join(p->config, p->k->dir, "sshd_config");
  if (yz_ledger_open(&l, p->other, true, NULL)) return -1;
  yz_ledger_destroy(l);
  listen_on_loopback(p);
  write_settings(p);
  *state = p;
  return 0;
}

static int stop(void **state) {
  struct post *p = *state;
  if (p->server > 0) {
    (void)kill(p->server, SIGKILL);
    (void)waitpid(p->server, NULL, 0);
  }
  (void)close(p->listener);
  tmp_destroy(strdup(p->home));
  kit_stop((void **)&p->k);
  free(p);
  return 0;
}

/* One sshd a connection. */
static _Noreturn void serve(struct post *p) {
  (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
  (void)signal(SIGCHLD, SIG_IGN);
  for (;;) {
    int fd = accept(p->listener, NULL, NULL);
    if (fd < 0) _exit(1);
    if (fork() == 0) {
      (void)signal(SIGCHLD, SIG_DFL);
      if (dup2(fd, 0) < 0 || dup2(fd, 1) < 0) _exit(1);
      execl(SSHD, SSHD, "-i", "-e", "-f", p->config, (char *)NULL);
      _exit(1);
    }
    (void)close(fd);
  }
}

/* Skips, saying why, where sshd cannot run. */
static void need_sshd(struct post *p) {
  struct run r = {0};
  run(&r, NULL, (const char *[]){SSHD, "-t", "-f", p->config, NULL});
  if (r.status != 0) {
    print_message("skipped: no sshd here: %s\n", (const char *)r.err.data);
    run_finish(&r);
    skip();
  }
  run_finish(&r);
  p->server = fork();
  assert_true(p->server >= 0);
  if (p->server == 0) serve(p);
}

static void there_and_back(void **state) {
  struct post *p = *state;
  struct yz_error err = {0};
  struct yz_ledger *third = NULL;
  char path[TMP_PATH];
  struct yz_oid now, keys = kit_put(p->k, p->k->l, KIT_KEYS, "1/1.json", "key"),
                     log = kit_put(p->k, p->k->l, KIT_LOG, "1/1.jsonl", "one");
  need_sshd(p);
  struct yz_push pushes[] = {kit_push(KIT_KEYS, true), kit_push(KIT_LOG, false)};
  struct yz_road up = {.url = p->url}, down = {.url = p->url};
  kit_ok(yz_ledger_push(p->k->l, &up, pushes, 2, &err), &err);
  assert_false(pushes[0].rejected || pushes[1].rejected);
  kit_is_at(p->other, KIT_KEYS, &keys);
  kit_is_at(p->other, KIT_LOG, &log);
  kit_fsck(p->other);
  assert_true(up.bytes_up > 1000 && up.bytes_up < 20000);
  assert_true(up.bytes_down > 500 && up.bytes_down < 20000);
  log = kit_put(p->k, p->k->l, KIT_LOG, "1/2.jsonl", "two");
  kit_ok(yz_ledger_push(p->k->l, &up, pushes, 2, &err), &err);
  kit_is_at(p->other, KIT_LOG, &log);
  tmp_join(path, p->k->dir, "third.git");
  kit_ok(yz_ledger_open(&third, path, true, &err), &err);
  for (int i = 0; i < 2; i++) kit_ok(yz_ledger_fetch(third, &down, &err), &err);
  kit_ok(yz_ledger_ref(third, REMOTE_LOG, &now, &err), &err);
  assert_memory_equal(&now, &log, sizeof now);
  assert_true(down.bytes_down > 1000 && down.bytes_up > 500);
  struct yz_oid next = kit_put(p->k, p->k->l, KIT_LOG, "1/3.jsonl", "three");
  kit_ok(yz_ledger_push(p->k->l, &up, &pushes[1], 1, &err), &err);
  kit_ok(yz_ledger_fetch(third, &down, &err), &err);
  kit_ok(yz_ledger_ref(third, REMOTE_LOG, &now, &err), &err);
  assert_memory_equal(&now, &next, sizeof now);
  yz_ledger_destroy(third);
  kit_fsck(path);
}

static void hook(struct post *p, const char *name, const char *text) {
  char path[TMP_PATH], below[64];
  snprintf(below, sizeof below, "hooks/%s", name);
  tmp_join(path, p->other, "hooks");
  (void)mkdir(path, 0700);
  write_text(p->other, below, text);
  tmp_join(path, p->other, below);
  assert_int_equal(chmod(path, 0700), 0);
}

/* The server takes keys and refuses the log: each push says so. */
static void a_hook_refuses_one(void **state) {
  struct post *p = *state;
  struct yz_error err = {0};
  struct yz_oid keys = kit_put(p->k, p->k->l, KIT_KEYS, "1/1.json", "key");
  kit_put(p->k, p->k->l, KIT_LOG, "1/1.jsonl", "one");
  need_sshd(p);
  hook(p, "update", "#!/bin/sh\ncase $1 in refs/heads/log/*) exit 1;; esac\n");
  struct yz_push pushes[] = {kit_push(KIT_KEYS, true), kit_push(KIT_LOG, false)};
  assert_int_equal(yz_ledger_push(p->k->l, &(struct yz_road){.url = p->url}, pushes, 2, &err),
                   YZ_E_REFUSED);
  assert_false(pushes[0].rejected);
  assert_true(pushes[1].rejected);
  assert_non_null(strstr(pushes[1].why, "hook declined"));
  assert_non_null(strstr(err.subject, KIT_LOG));
  kit_is_at(p->other, KIT_KEYS, &keys);
  hook(p, "pre-receive", "#!/bin/sh\nexit 1\n");
  hook(p, "update", "#!/bin/sh\n");
  kit_put(p->k, p->k->l, KIT_KEYS, "1/2.json", "key");
  assert_int_equal(yz_ledger_push(p->k->l, &(struct yz_road){.url = p->url}, pushes, 2, NULL),
                   YZ_E_REFUSED);
  assert_true(pushes[0].rejected && pushes[1].rejected);
  kit_is_at(p->other, KIT_KEYS, &keys);
}

static void only_forward_unless_forced(void **state) {
  struct post *p = *state;
  struct yz_error err = {0};
  struct yz_ledger *l = NULL;
  need_sshd(p);
  kit_ok(yz_ledger_open(&l, p->other, false, &err), &err);
  struct yz_oid theirs = kit_put(p->k, l, KIT_LOG, "a", "theirs"),
                ours = kit_put(p->k, p->k->l, KIT_LOG, "a", "ours");
  yz_ledger_destroy(l);
  struct yz_push push = kit_push(KIT_LOG, false);
  assert_int_equal(yz_ledger_push(p->k->l, &(struct yz_road){.url = p->url}, &push, 1, NULL),
                   YZ_E_REFUSED);
  assert_true(push.rejected);
  kit_is_at(p->other, KIT_LOG, &theirs);
  push.force = true;
  kit_ok(yz_ledger_push(p->k->l, &(struct yz_road){.url = p->url}, &push, 1, &err), &err);
  kit_is_at(p->other, KIT_LOG, &ours);
}

static void a_server_that_is_not_known_is_refused(void **state) {
  struct post *p = *state;
  struct yz_error err = {0};
  char line[256];
  need_sshd(p);
  write_text(p->home, ".ssh/known_hosts", "");
  assert_int_equal(yz_ledger_fetch(p->k->l, &(struct yz_road){.url = p->url}, &err), YZ_E_KEY);
  make_key(p->k->dir, "another");
  char *key = read_text(p->k->dir, "another.pub");
  snprintf(line, sizeof line, "[127.0.0.1]:%d %.120s", p->port, key);
  write_text(p->home, ".ssh/known_hosts", line);
  assert_int_equal(yz_ledger_fetch(p->k->l, &(struct yz_road){.url = p->url}, NULL), YZ_E_KEY);
  free(key);
}

static void without_a_key_nobody_comes_in(void **state) {
  struct post *p = *state;
  struct yz_error err = {0};
  char path[TMP_PATH];
  need_sshd(p);
  tmp_join(path, p->home, ".ssh/id_ed25519");
  assert_int_equal(unlink(path), 0);
  assert_int_equal(yz_ledger_fetch(p->k->l, &(struct yz_road){.url = p->url}, &err), YZ_E_KEY);
  assert_string_equal(err.subject, p->url);
}

/* One that lies in memory alone, and that the server's keeper has by what allowed-signers says. */
static void the_nodes_own_key_may_come_in(void **state) {
  struct post *p = *state;
  struct yz_error err = {0};
  struct yz_buf public = {0};
  char path[TMP_PATH];
  struct yz_oid tip = kit_put(p->k, p->k->l, KIT_LOG, "a", "x");
  struct yz_push push = kit_push(KIT_LOG, false);
  struct yz_road road = {.url = p->url, .seed = p->k->seed};
  need_sshd(p);
  tmp_join(path, p->home, ".ssh/id_ed25519");
  assert_int_equal(unlink(path), 0);
  assert_int_equal(yz_ledger_push(p->k->l, &road, &push, 1, &err), YZ_E_KEY);
  assert_int_equal(yz_ssh_public(&p->k->key, &public), 0);
  write_text(p->k->dir, "allowed", (const char *)public.data);
  kit_ok(yz_ledger_push(p->k->l, &road, &push, 1, &err), &err);
  kit_is_at(p->other, KIT_LOG, &tip);
  /* Behind others that are not let in. */
  make_key(p->home, ".ssh/id_ed25519");
  kit_ok(yz_ledger_fetch(p->k->l, &road, &err), &err);
  yz_buf_finish(&public);
}

/* The key lies with the agent alone. */
static void an_agent_may_hold_the_key(void **state) {
  struct post *p = *state;
  struct yz_error err = {0};
  struct run r = {0};
  char key[TMP_PATH], sock[TMP_PATH];
  struct yz_oid tip = kit_put(p->k, p->k->l, KIT_LOG, "a", "x");
  need_sshd(p);
  tmp_join(key, p->home, ".ssh/id_ed25519");
  tmp_join(sock, p->home, "agent");
  run(&r, NULL, (const char *[]){"ssh-agent", "-s", "-a", sock, NULL});
  const char *pid = strstr((const char *)r.out.data, "SSH_AGENT_PID=");
  assert_non_null(pid);
  pid_t agent = (pid_t)strtol(pid + strlen("SSH_AGENT_PID="), NULL, 10);
  assert_true(agent > 1);
  run_finish(&r);
  assert_int_equal(setenv("SSH_AUTH_SOCK", sock, 1), 0);
  must_run((const char *[]){"ssh-add", "-q", key, NULL});
  assert_int_equal(unlink(key), 0);
  struct yz_push push = kit_push(KIT_LOG, false);
  int rc = yz_ledger_push(p->k->l, &(struct yz_road){.url = p->url}, &push, 1, &err);
  assert_int_equal(kill(agent, SIGTERM), 0);
  kit_ok(rc, &err);
  kit_is_at(p->other, KIT_LOG, &tip);
}

static void no_such_ledger_there(void **state) {
  struct post *p = *state;
  struct yz_error err = {0};
  char url[sizeof p->url + 8];
  need_sshd(p);
  snprintf(url, sizeof url, "%s.gone", p->url);
  assert_int_equal(yz_ledger_fetch(p->k->l, &(struct yz_road){.url = url}, &err), YZ_E_NETWORK);
}

static int64_t now_ms(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void a_silent_server_is_left(void **state) {
  struct post *p = *state;
  struct yz_error err = {0};
  struct yz_push push = kit_push(KIT_LOG, false);
  kit_put(p->k, p->k->l, KIT_LOG, "a", "x");
  struct yz_road road = {.url = p->url, .stall_ms = 1500};
  int64_t from = now_ms();
  assert_int_equal(yz_ledger_fetch(p->k->l, &road, &err), YZ_E_NETWORK);
  assert_in_range(now_ms() - from, 1500, 15000);
  assert_string_equal(err.subject, p->url);
  assert_int_equal(yz_ledger_push(p->k->l, &road, &push, 1, NULL), YZ_E_NETWORK);
  assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
  kit_put(p->k, p->k->l, KIT_LOG, "b", "y");
}

static void nobody_listens(void **state) {
  struct post *p = *state;
  struct yz_error err = {0};
  (void)close(p->listener);
  assert_int_equal(yz_ledger_fetch(p->k->l, &(struct yz_road){.url = p->url}, &err), YZ_E_NETWORK);
}

/* Once connected, the children of the test but this one are killed. */
static _Noreturn void killer(struct post *p, pid_t parent) {
  char path[64], list[256];
  int fd = accept(p->listener, NULL, NULL);
  snprintf(path, sizeof path, "/proc/%d/task/%d/children", parent, parent);
  FILE *f = fopen(path, "r");
  if (fd < 0 || f == NULL || fgets(list, sizeof list, f) == NULL) _exit(1);
  for (char *word = strtok(list, " "); word != NULL; word = strtok(NULL, " "))
    if (strtol(word, NULL, 10) != getpid()) (void)kill((pid_t)strtol(word, NULL, 10), SIGKILL);
  _exit(0);
}

static void a_killed_child_is_no_more_than_a_cut(void **state) {
  struct post *p = *state;
  struct yz_error err = {0};
  int status;
  pid_t parent = getpid(), pid = fork();
  if (pid == 0) killer(p, parent);
  int64_t from = now_ms();
  assert_int_equal(yz_ledger_fetch(p->k->l, &(struct yz_road){.url = p->url}, &err), YZ_E_NETWORK);
  assert_in_range(now_ms() - from, 0, 30000);
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_int_equal(status, 0);
  kit_put(p->k, p->k->l, KIT_LOG, "a", "x");
  kit_fsck(p->k->path);
}

/* A link of 20 KiB a second: what the other side sends passes at once, what we
 * send in portions. */
static _Noreturn void slow_link(struct post *p) {
  int ours[2], fd = accept(p->listener, NULL, NULL);
  char bytes[4096];
  (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (fd < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, ours) < 0) _exit(1);
  if (fork() == 0) {
    if (dup2(ours[1], 0) < 0 || dup2(ours[1], 1) < 0) _exit(1);
    (void)close(ours[0]);
    execl(SSHD, SSHD, "-i", "-e", "-f", p->config, (char *)NULL);
    _exit(1);
  }
  (void)close(ours[1]);
  int64_t next = now_ms();
  for (;;) {
    int64_t wait = next - now_ms();
    struct pollfd both[] = {{ours[0], POLLIN, 0}, {wait > 0 ? -1 : fd, POLLIN, 0}};
    if (poll(both, 2, wait > 0 ? (int)wait : -1) < 0) _exit(1);
    for (int i = 0; i < 2; i++) {
      if (both[i].revents == 0) continue;
      ssize_t n = read(both[i].fd, bytes, sizeof bytes);
      if (n <= 0 || write(i == 0 ? fd : ours[0], bytes, (size_t)n) != n) _exit(0);
      if (i == 1) next = now_ms() + n * 1000 / (20 * 1024);
    }
  }
}

/* The push takes several times as long as silence may last. */
static void a_slow_link_is_not_a_silent_one(void **state) {
  struct post *p = *state;
  struct yz_error err = {0};
  size_t n = 160 * 1024;
  struct yz_hash h = {{0}};
  need_sshd(p);
  unsigned char *noise = malloc(n);
  assert_non_null(noise);
  for (size_t i = 0; i < n; i += sizeof h) {
    yz_sha256(&(struct yz_part){&h, sizeof h}, 1, &h);
    memcpy(noise + i, &h, sizeof h);
  }
  struct yz_oid tip = kit_commit(p->k, p->k->l, NULL, "a", noise, n, 0);
  kit_ok(yz_ledger_move_ref(p->k->l, KIT_LOG, NULL, &tip, &err), &err);
  assert_int_equal(kill(p->server, SIGKILL), 0);
  assert_int_equal(waitpid(p->server, NULL, 0), p->server);
  p->server = fork();
  if (p->server == 0) slow_link(p);
  struct yz_push push = kit_push(KIT_LOG, false);
  struct yz_road road = {.url = p->url, .stall_ms = 2500};
  int64_t from = now_ms();
  kit_ok(yz_ledger_push(p->k->l, &road, &push, 1, &err), &err);
  assert_true(now_ms() - from > 2 * road.stall_ms);
  assert_true(road.bytes_up > (int64_t)n);
  kit_is_at(p->other, KIT_LOG, &tip);
  free(noise);
}

/* Root's sshd wants a folder that only a running system has: in a view of the
 * file system of our own it can have one. Where that is not to be had it skips. */
static void make_run_folder(void) {
  if (geteuid() != 0 || access("/run/sshd", F_OK) == 0 || unshare(CLONE_NEWNS) != 0) return;
  if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
      mount("none", "/run", "tmpfs", 0, "mode=0755") == 0)
    (void)mkdir("/run/sshd", 0755);
}

int main(void) {
  make_run_folder();
#define T(f) cmocka_unit_test_setup_teardown(f, start, stop)
  const struct CMUnitTest tests[] = {
      T(there_and_back),
      T(a_hook_refuses_one),
      T(only_forward_unless_forced),
      T(a_server_that_is_not_known_is_refused),
      T(without_a_key_nobody_comes_in),
      T(the_nodes_own_key_may_come_in),
      T(an_agent_may_hold_the_key),
      T(no_such_ledger_there),
      T(a_silent_server_is_left),
      T(nobody_listens),
      T(a_killed_child_is_no_more_than_a_cut),
      T(a_slow_link_is_not_a_silent_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
