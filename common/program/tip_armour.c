#include "tip_armour.h"

#include <stdio.h>
#include <string.h>

enum { MARK_SIZE = 64, LINE_GROUPS = 16 /* Of four characters. */ };

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void put_mark(const char *which, const char *label, struct tip_buf *out)
{
    char mark[MARK_SIZE];

    (void)snprintf(mark, sizeof mark, "-----%s TIP %s-----\n", which, label);
    tip_buf_put(out, tip_bytes_text(mark));
}

/* Up to three bytes as four characters. */
static void put_group(struct tip_bytes bytes, struct tip_buf *out)
{
    uint32_t bits = 0;

    for (size_t i = 0; i < 3; i++) {
        bits = bits << 8 | (i < bytes.size ? bytes.data[i] : 0);
    }
    for (size_t i = 0; i < 4; i++) {
        uint8_t digit = (uint8_t)digits[bits >> (18 - 6 * i) & 63];

        tip_buf_put_u8(out, i <= bytes.size ? digit : '=');
    }
}

void tip_armour_write(const char *label, const char *words,
                      struct tip_bytes bytes, struct tip_buf *out)
{
    tip_buf_put(out, tip_bytes_text(words));
    put_mark("BEGIN", label, out);
    for (size_t i = 0; i < bytes.size; i += 3) {
        size_t size = bytes.size - i < 3 ? bytes.size - i : 3;

        put_group(tip_bytes(bytes.data + i, size), out);
        if ((i / 3 + 1) % LINE_GROUPS == 0 && i + 3 < bytes.size) {
            tip_buf_put_u8(out, '\n');
        }
    }
    tip_buf_put_u8(out, '\n');
    put_mark("END", label, out);
}

/* Where @mark begins in @text; its size if nowhere. */
static size_t find(struct tip_bytes text, const char *mark)
{
    const uint8_t *at = text.size == 0
                            ? NULL
                            : memmem(text.data, text.size, mark, strlen(mark));

    return at == NULL ? text.size : (size_t)(at - text.data);
}

/* The bytes between the marks. */
static enum tip_err cut_out(const char *label, struct tip_bytes text,
                            struct tip_bytes *out_inner)
{
    char mark[MARK_SIZE];
    size_t start, end;

    (void)snprintf(mark, sizeof mark, "-----BEGIN TIP %s-----", label);
    start = find(text, mark) + strlen(mark);
    if (start > text.size) {
        return TIP_EMALFORMED;
    }
    text = tip_bytes(text.data + start, text.size - start);
    (void)snprintf(mark, sizeof mark, "-----END TIP %s-----", label);
    end = find(text, mark);
    if (end == text.size) {
        return TIP_EMALFORMED;
    }
    *out_inner = tip_bytes(text.data, end);
    return TIP_OK;
}

static bool is_blank(uint8_t letter)
{
    return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n';
}

enum tip_err tip_armour_read(const char *label, struct tip_bytes text,
                             struct tip_buf *out)
{
    struct tip_bytes inner, bytes;
    uint32_t bits = 0;
    size_t count = 0, padding = 0;
    enum tip_err err = cut_out(label, text, &inner);

    for (size_t i = 0; err == TIP_OK && i < inner.size; i++) {
        const char *digit = memchr(digits, inner.data[i], sizeof digits - 1);

        if (is_blank(inner.data[i])) {
            continue;
        }
        padding += inner.data[i] == '=' ? 1 : 0;
        if ((digit == NULL) != (padding > 0)) {
            return TIP_EMALFORMED;
        }
        bits = bits << 6 | (digit == NULL ? 0 : (uint32_t)(digit - digits));
        if (++count % 4 == 0) {
            uint8_t group[] = {(uint8_t)(bits >> 16), (uint8_t)(bits >> 8),
                               (uint8_t)bits};

            if (padding > 2) {
                return TIP_EMALFORMED;
            }
            tip_buf_put(out, tip_bytes(group, 3 - padding));
        }
    }
    if (err == TIP_OK && (count % 4 != 0 || padding > 2)) {
        err = TIP_EMALFORMED;
    }
    return err != TIP_OK ? err : tip_buf_finish(out, &bytes);
}
