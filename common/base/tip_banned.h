/*
 * Functions nobody here may call; the build includes this before every file.
 *
 * Each is an old source of overflows, races or silent truncation. Their own
 * headers come first, because the compiler would refuse the declarations too.
 */
#ifndef TIP_BANNED_H
#define TIP_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets
#pragma GCC poison strtok atoi atol atoll atof tmpnam mktemp rand srand
#pragma GCC poison alloca gmtime localtime ctime asctime

#endif /* TIP_BANNED_H */
