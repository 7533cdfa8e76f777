#include "last_words.h"
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

/* A signal's handler is given nothing of ours. */
static const char *to_say;

/* Then the signal does what it did before. */
static void say(int signal) {
  (void)!write(STDERR_FILENO, to_say, strlen(to_say));
  (void)raise(signal);
}

static void mind(int signal) {
  struct sigaction now;
  if (sigaction(signal, NULL, &now) != 0 || (now.sa_flags & SA_SIGINFO) != 0 ||
      now.sa_handler != SIG_DFL)
    return;
  now.sa_handler = say;
  now.sa_flags = (int)(SA_RESETHAND | SA_NODEFER);
  (void)sigaction(signal, &now, NULL);
}

void last_words(const char *words) {
  to_say = words;
  mind(SIGSEGV);
  mind(SIGBUS);
  mind(SIGABRT);
}
