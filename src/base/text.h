/* Catalogues: what a person reads, in Chinese and in English.
 *
 * The English sentence in the source is the key; i18n/zh.po holds the Chinese, compiled into the
 * binary by the build. A sentence without a translation is shown in English, and script/lint fails. */
#ifndef HUMIAO_BASE_TEXT_H
#define HUMIAO_BASE_TEXT_H

enum language { LANGUAGE_ZH, LANGUAGE_EN };

/* Marks a sentence for the catalogue where it cannot be looked up yet. */
#define N_(msgid) msgid

/* The sentence in that language; never NULL. The result lives as long as the program. */
const char *text_in(enum language language, const char *msgid) __attribute__((format_arg(2)));

/* The language asked for by HUMIAO_LANG, LC_ALL, LC_MESSAGES or LANG, the first that is set and
 * names one: "en…" is English, and everything else Chinese. */
enum language text_language_of_environment(void);

#endif
