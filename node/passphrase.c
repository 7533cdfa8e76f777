#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "i18n.h"
#include "passphrase.h"

/* The first line of n bytes as a secret. */
static int first_line(const unsigned char *bytes, size_t n, const char *subject,
                      struct yz_secret **out, struct yz_error *err) {
  const unsigned char *end = memchr(bytes, '\n', n);
  if (end != NULL) n = (size_t)(end - bytes);
  if (n > 0 && bytes[n - 1] == '\r') n--;
  if (n == 0)
    return yz_fail(err, YZ_E_INPUT, YZ_N_("The passphrase is empty. Choose one."), "%s", subject);
  if (n > PASSPHRASE_MAX || memchr(bytes, '\0', n) != NULL)
    return yz_fail(
        err, YZ_E_INPUT,
        YZ_N_("The passphrase is longer than 1024 bytes, or is no text. Choose another."), "%s",
        subject);
  struct yz_secret *s = yz_secret_create(n + 1);
  if (s == NULL) return yz_no_memory(err);
  memcpy(s->bytes, bytes, n);
  s->bytes[n] = '\0';
  *out = s;
  return 0;
}

int passphrase_read(const struct yz_world *world, const char *path, struct yz_secret **out,
                    struct yz_error *err) {
  struct yz_buf b = {0};
  /* Room first, so that no copy is left behind by growing. */
  unsigned char room[PASSPHRASE_MAX + 64] = {0};
  int rc = yz_buf_append(&b, room, sizeof room) != 0 ? yz_no_memory(err) : 0;
  yz_buf_clear(&b);
  if (rc == 0) rc = world->read_file(world->ctx, path, PASSPHRASE_MAX + 2, &b, err);
  if (rc == 0) rc = first_line(b.data, b.len, path, out, err);
  if (b.data != NULL) yz_wipe(b.data, b.cap);
  yz_buf_finish(&b);
  return rc;
}

static void say(int tty, const char *text) {
  (void)!write(tty, text, strlen(text));
}

/* One line, typed without echo. Keys that end programs are read like others, so
 * that the terminal cannot be left without echo; ^C then means: no answer. */
static int ask(int tty, const char *prompt, struct yz_secret **out, struct yz_error *err) {
  struct termios was, silent;
  struct yz_secret *line = yz_secret_create(PASSPHRASE_MAX + 2);
  ssize_t n = 0;
  int rc;
  if (line == NULL) return yz_no_memory(err);
  if (tcgetattr(tty, &was) != 0) {
    rc = yz_fail(err, YZ_E_IO, YZ_N_("The terminal cannot be asked for a passphrase."), NULL);
    goto done;
  }
  silent = was;
  silent.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
  /* Silence first: an answer typed as soon as the question shows must not be dropped. */
  (void)tcsetattr(tty, TCSAFLUSH, &silent);
  say(tty, prompt);
  do n = read(tty, line->bytes, line->len);
  while (n < 0 && errno == EINTR);
  (void)tcsetattr(tty, TCSAFLUSH, &was);
  say(tty, "\n");
  if (n > 0 && memchr(line->bytes, 3, (size_t)n) != NULL) n = 0;
  rc = first_line(line->bytes, n > 0 ? (size_t)n : 0, "", out, err);
done:
  yz_secret_destroy(line);
  return rc;
}

static int open_terminal(struct yz_error *err) {
  int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (tty >= 0) return tty;
  return yz_fail(err, YZ_E_INPUT,
                 YZ_N_("There is no terminal to ask for the passphrase. Give it with "
                       "--passphrase-file."),
                 NULL);
}

int passphrase_ask(const char *prompt, struct yz_secret **out, struct yz_error *err) {
  int tty = open_terminal(err);
  if (tty < 0) return tty;
  int rc = ask(tty, prompt, out, err);
  (void)close(tty);
  return rc;
}

static bool same(const struct yz_secret *a, const struct yz_secret *b) {
  return a != NULL && b != NULL && a->len == b->len && yz_equal(a->bytes, b->bytes, a->len);
}

int passphrase_ask_new(struct yz_secret **out, struct yz_error *err) {
  struct yz_secret *first = NULL, *second = NULL;
  int tty = open_terminal(err);
  if (tty < 0) return tty;
  int rc = ask(tty, _("New passphrase: "), &first, err);
  if (rc == 0) rc = ask(tty, _("The same again: "), &second, err);
  if (rc == 0 && !same(first, second))
    rc = yz_fail(err, YZ_E_INPUT, YZ_N_("The two were not the same. Nothing was changed."), NULL);
  if (rc == 0) {
    *out = first;
    first = NULL;
  }
  (void)close(tty);
  yz_secret_destroy(first);
  yz_secret_destroy(second);
  return rc;
}
