/* The program's language: Chinese or English. Messages are English sentences
 * in the sources, marked with _() where they are shown, YZ_N_() or N_() where
 * they only lie in a table, n_() where they speak of a number of things; po/zh_CN.po holds the
 * Chinese. */
#ifndef YIZHAN_NODE_I18N_H
#define YIZHAN_NODE_I18N_H

#include <libintl.h>

#include <yizhan/error.h>

#define _(text) gettext(text)
#define N_(text) text
/* Of a number of things: what is said of one, and of any other number. */
#define n_(one, many, number) ngettext(one, many, (unsigned long)(number))

/* Chooses the language, once, before any thread starts: "zh", "en" or NULL.
 * NULL asks the environment: YIZHAN_LANG, or else the first of LC_ALL,
 * LC_MESSAGES, LANG that is set; what begins with zh means Chinese, all else
 * English. Chinese needs no locale of the machine, only the program's catalogue
 * in ../share/locale beside the program's folder; without it, English. Numbers
 * stay as in C. YZ_E_INPUT for another lang; then nothing was changed. */
int i18n_init(const char *lang) YZ_MUST_CHECK;

#endif
