/*
 * Functions nobody here may call; the build includes this before every file.
 *
 * Each is an old source of overflows, races, silent truncation or commands run
 * by a shell. Their own headers come first, because the compiler would refuse
 * the declarations too. It follows that a file cannot define _GNU_SOURCE for
 * itself: tip_library(... SYSTEM) does.
 */
#ifndef TIP_BANNED_H
#define TIP_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Macros in glibc or under clang's _FORTIFY_SOURCE; poisoning one is a
 * warning. */
#undef alloca
#undef sprintf
#undef vsprintf

#pragma GCC poison strcpy strcat strncpy strncat stpcpy sprintf vsprintf gets
#pragma GCC poison scanf sscanf fscanf vscanf vsscanf vfscanf
#pragma GCC poison strtok atoi atol atoll atof tmpnam tempnam mktemp rand srand
#pragma GCC poison alloca gmtime localtime localtime_r mktime ctime asctime
#pragma GCC poison system popen

#endif /* TIP_BANNED_H */
