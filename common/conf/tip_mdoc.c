#include "tip_mdoc.h"

#include <string.h>

enum { LINE_BYTES_MAX = 72 };

/* A hyphen in a manual is a minus that can be copied; a backslash is text. */
static void char_put(struct tip_out *out, char c)
{
    if (c == '\\') {
        tip_out_text(out, "\\e");
    } else if (c == '-') {
        tip_out_text(out, "\\-");
    } else {
        tip_out_char(out, c);
    }
}

static bool ends_sentence(const char *word, size_t length)
{
    return length > 1 && strchr(".!?", word[length - 1]) != NULL;
}

void tip_mdoc_text(struct tip_out *out, const char *text)
{
    size_t column = 0;

    for (const char *at = text + strspn(text, " \n"); *at != '\0';) {
        size_t length = strcspn(at, " \n");

        if (column > 0 && column + length > LINE_BYTES_MAX) {
            tip_out_char(out, '\n');
            column = 0;
        }
        if (column > 0) {
            tip_out_char(out, ' ');
        } else if (*at == '.' || *at == '\'') {
            tip_out_text(out, "\\&");
        }
        for (size_t i = 0; i < length; i++) {
            char_put(out, at[i]);
        }
        column += length + 1;
        if (ends_sentence(at, length)) {
            tip_out_char(out, '\n');
            column = 0;
        }
        at += length;
        at += strspn(at, " \n");
    }
    if (column > 0) {
        tip_out_char(out, '\n');
    }
}

void tip_mdoc_word(struct tip_out *out, const char *word)
{
    tip_out_char(out, '"');
    /* Two letters could be the name of a macro, punctuation is moved about. */
    tip_out_text(out, "\\&");
    for (; *word != '\0'; word++) {
        if (*word == '"') {
            tip_out_text(out, "\\(dq");
        } else {
            char_put(out, *word);
        }
    }
    tip_out_char(out, '"');
}
