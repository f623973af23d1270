/* Functions that nobody in this house calls, each with what to call instead. The compiler takes this
 * file before every other (`-include`), so that a call does not build; script/lint looks as well.
 *
 *    strcpy strcat sprintf    the buffer's size is not known to them: snprintf, memcpy
 *    strtok gmtime localtime  keep hidden state: slices; day.h, gmtime_r
 *    rand                     is neither random nor the same everywhere: access/random.h, own state
 *    mktemp                   a name that another can take: mkstemp
 *    system popen             a shell between us and the program
 *    atoi                     takes every text for a number: strtol with its checks
 */
#ifndef HUMIAO_BASE_BANNED_H
#define HUMIAO_BASE_BANNED_H

/* Their own declarations must have been read before the names go. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Some are macros already, where a C library checks sizes by macros. */
#undef strcpy
#undef strcat
#undef sprintf
#undef strtok
#undef gmtime
#undef localtime
#undef rand
#undef mktemp
#undef system
#undef popen
#undef atoi

#define strcpy(...) banned_use_memcpy_or_snprintf
#define strcat(...) banned_use_memcpy_or_snprintf
#define sprintf(...) banned_use_snprintf
#define strtok(...) banned_use_slices
#define gmtime(...) banned_use_gmtime_r
#define localtime(...) banned_use_day_today
#define rand() banned_use_a_generator_of_your_own
#define mktemp(...) banned_use_mkstemp
#define system(...) banned_no_shell
#define popen(...) banned_no_shell
#define atoi(...) banned_use_strtol

#endif
