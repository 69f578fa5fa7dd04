#include "tip_condition_lex.h"

#include <stdbool.h>
#include <string.h>

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static struct tip_token bad(const char *fault)
{
    return (struct tip_token){.kind = TIP_TOKEN_BAD, .fault = fault};
}

static struct tip_token lex_number(struct tip_bytes text, size_t *position)
{
    int64_t number = 0;
    size_t start = *position;
    size_t end = start;

    while (end < text.size && is_digit(text.data[end])) {
        if (__builtin_mul_overflow(number, (int64_t)10, &number) ||
            __builtin_add_overflow(number, (int64_t)(text.data[end] - '0'),
                                   &number)) {
            return bad("This number is too large.");
        }
        end++;
    }
    *position = end;
    if (end < text.size && text.data[end] == '.') {
        return bad("Only whole numbers are kept: write it without decimals.");
    }
    return (struct tip_token){.kind = TIP_TOKEN_NUMBER,
                              .text = tip_bytes(text.data + start, end - start),
                              .number = number};
}

static struct tip_token lex_text(struct tip_bytes text, size_t *position)
{
    uint8_t quote = text.data[*position];
    size_t start = *position + 1;
    size_t end = start;

    while (end < text.size && text.data[end] != quote) {
        end++;
    }
    if (end == text.size) {
        return bad("This text has no closing quotation mark.");
    }
    *position = end + 1;
    return (struct tip_token){.kind = TIP_TOKEN_TEXT,
                              .text =
                                  tip_bytes(text.data + start, end - start)};
}

static struct tip_token lex_field(struct tip_bytes text, size_t *position)
{
    size_t start = *position + 2;
    size_t end = start;

    while (end < text.size && text.data[end] != '}') {
        end++;
    }
    if (start > text.size || text.data[start - 1] != '{' || end == text.size) {
        return bad("A field is written ${name}.");
    }
    *position = end + 1;
    return (struct tip_token){.kind = TIP_TOKEN_FIELD,
                              .text =
                                  tip_bytes(text.data + start, end - start)};
}

static struct tip_token lex_word(struct tip_bytes text, size_t *position)
{
    size_t start = *position;
    size_t end = start;

    while (end < text.size &&
           (is_letter(text.data[end]) || is_digit(text.data[end]) ||
            (text.data[end] == '-' && end + 1 < text.size &&
             is_letter(text.data[end + 1])))) {
        end++;
    }
    *position = end;
    return (struct tip_token){.kind = TIP_TOKEN_WORD,
                              .text =
                                  tip_bytes(text.data + start, end - start)};
}

static struct tip_token lex_sign(struct tip_bytes text, size_t *position)
{
    static const char *const signs[] = {"!=", "<=", ">=", "=", "<", ">",
                                        "(",  ")",  ",",  "+", "-", "*"};

    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t size = strlen(signs[i]);

        if (text.size - *position >= size &&
            memcmp(text.data + *position, signs[i], size) == 0) {
            *position += size;
            return (struct tip_token){.kind = TIP_TOKEN_SIGN,
                                      .text = tip_bytes_text(signs[i])};
        }
    }
    return bad("This character means nothing here.");
}

static struct tip_token lex(struct tip_bytes text, size_t *position)
{
    uint8_t byte;

    if (*position == text.size) {
        return (struct tip_token){.kind = TIP_TOKEN_END};
    }
    byte = text.data[*position];
    if (is_digit(byte)) {
        return lex_number(text, position);
    }
    if (is_letter(byte)) {
        return lex_word(text, position);
    }
    if (byte == '\'' || byte == '"') {
        return lex_text(text, position);
    }
    if (byte == '$') {
        return lex_field(text, position);
    }
    if (byte == '.') {
        ++*position;
        return (struct tip_token){.kind = TIP_TOKEN_SELF};
    }
    return lex_sign(text, position);
}

/* Characters, not bytes: a person counts letters. */
static size_t character_at(struct tip_bytes text, size_t position)
{
    size_t count = 1;

    for (size_t i = 0; i < position; i++) {
        count += (text.data[i] & 0xc0) != 0x80;
    }
    return count;
}

struct tip_token tip_token_next(struct tip_bytes text, size_t *position)
{
    struct tip_token token;
    size_t at;

    while (*position < text.size &&
           (text.data[*position] == ' ' || text.data[*position] == '\n' ||
            text.data[*position] == '\t')) {
        ++*position;
    }
    at = character_at(text, *position);
    token = lex(text, position);
    token.at = at;
    return token;
}
