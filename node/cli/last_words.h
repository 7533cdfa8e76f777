/* What a process says that is ended by a fault: memory that ran out inside libgit2, a file on a
 * disk that answers no more. It ends of it all the same, as if it was killed. */
#ifndef YIZHAN_CLI_LAST_WORDS_H
#define YIZHAN_CLI_LAST_WORDS_H

/* Once, after i18n_init and before any thread starts. words must last; they go to standard error.
 * Where something else minds such faults (a sanitizer) it is left to that. */
void last_words(const char *words);

#endif
