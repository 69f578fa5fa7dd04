/* Private to this folder: the words a condition is made of. */
#ifndef TIP_CONDITION_LEX_H
#define TIP_CONDITION_LEX_H

#include <stddef.h>
#include <stdint.h>

#include "tip_bytes.h"

enum tip_token_kind {
    TIP_TOKEN_END,
    TIP_TOKEN_NUMBER,
    TIP_TOKEN_TEXT,  /* Without its quotes. */
    TIP_TOKEN_FIELD, /* Without ${ and }. */
    TIP_TOKEN_SELF,  /* "." */
    TIP_TOKEN_WORD,  /* A function, or and, or, div, mod. */
    TIP_TOKEN_SIGN,  /* One of ( ) , + - * = != < <= > >= */
    TIP_TOKEN_BAD
};

struct tip_token {
    enum tip_token_kind kind;
    size_t at; /* Character offset in the text, from 1. */
    struct tip_bytes text;
    int64_t number;
    const char *fault; /* Why it is bad. */
};

/** Read the token at byte *@position of @text and go past it. */
struct tip_token tip_token_next(struct tip_bytes text, size_t *position);

#endif /* TIP_CONDITION_LEX_H */
