#include "tip_display.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tip_utf8.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* As bytes: in a literal they would turn the source itself around. */
static const uint8_t isolate_begin[] = {0xe2, 0x81, 0xa8}; /* U+2068 */
static const uint8_t isolate_end[] = {0xe2, 0x81, 0xa9};   /* U+2069 */

struct range {
    uint32_t first;
    uint32_t last;
};

/* Our own short tables instead of wcwidth(): that one depends on the locale of
 * whoever calls, and in the C locale knows no Arabic at all. */
static const struct range marks[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x0610, 0x061a},
    {0x064b, 0x065f}, {0x0670, 0x0670}, {0x06d6, 0x06dc}, {0x06df, 0x06e4},
    {0x06e7, 0x06e8}, {0x06ea, 0x06ed}, {0x08d3, 0x08ff}, {0x1ab0, 0x1aff},
    {0x1dc0, 0x1dff}, {0x200b, 0x200d}, {0x2060, 0x2064}, {0x20d0, 0x20ff},
    {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}};

static const struct range wide[] = {
    {0x1100, 0x115f}, {0x2e80, 0xa4cf},   {0xac00, 0xd7a3},
    {0xf900, 0xfaff}, {0xfe30, 0xfe6f},   {0xff00, 0xff60},
    {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd}};

static const struct range right_to_left[] = {{0x0590, 0x08ff},
                                             {0xfb1d, 0xfdff},
                                             {0xfe70, 0xfefc},
                                             {0x10800, 0x10fff},
                                             {0x1e800, 0x1efff}};

/* Marks, embeddings, overrides and isolates: invisible, and able to show an
 * address or an amount backwards. */
static const struct range steering[] = {
    {0x061c, 0x061c}, {0x200e, 0x200f}, {0x202a, 0x202e}, {0x2066, 0x2069}};

#define IS_IN(ranges, code) \
    (in_ranges(ranges, sizeof(ranges) / sizeof *(ranges), code))

static bool in_ranges(const struct range *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

/* One character as it is shown. */
struct glyph {
    struct tip_bytes bytes; /* UTF-8. */
    uint32_t code;
};

/* Length of the character whose first byte is @lead, in valid UTF-8. */
static size_t length_of(uint8_t lead)
{
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xe0) {
        return 2;
    }
    return lead < 0xf0 ? 3 : 4;
}

static uint32_t code_of(struct tip_bytes bytes)
{
    static const uint8_t lead_masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t code = bytes.data[0] & lead_masks[bytes.size];

    for (size_t i = 1; i < bytes.size; i++) {
        code = code << 6 | (bytes.data[i] & 0x3fu);
    }
    return code;
}

/* Takes characters off a text; valid bytes are looked at once. */
struct glyphs {
    struct tip_bytes rest;
    size_t valid_size; /* So much of the rest is known to be text. */
};

static bool glyph_next(struct glyphs *glyphs, struct glyph *out_glyph)
{
    struct tip_bytes *rest = &glyphs->rest;
    size_t size = 1;

    if (rest->size == 0) {
        return false;
    }
    if (glyphs->valid_size == 0) {
        glyphs->valid_size = tip_utf8_bad_at(*rest, TIP_UTF8_LINE);
    }
    if (glyphs->valid_size > 0) {
        size = length_of(rest->data[0]);
        out_glyph->bytes = tip_bytes(rest->data, size);
        out_glyph->code = code_of(out_glyph->bytes);
        glyphs->valid_size -= size;
    } else if (strchr("\t\n\r", rest->data[0]) != NULL && rest->data[0] != 0) {
        *out_glyph = (struct glyph){tip_bytes_text(" "), ' '};
    } else {
        *out_glyph = (struct glyph){tip_bytes_text(REPLACEMENT), 0xfffd};
    }
    rest->data += size;
    rest->size -= size;
    return true;
}

size_t tip_display_width(struct tip_bytes text)
{
    struct glyphs glyphs = {.rest = text};
    struct glyph glyph;
    size_t width = 0;

    while (glyph_next(&glyphs, &glyph)) {
        if (IS_IN(steering, glyph.code) || IS_IN(marks, glyph.code)) {
            continue;
        }
        width += IS_IN(wide, glyph.code) ? 2 : 1;
    }
    return width;
}

static bool runs_right_to_left(struct tip_bytes text)
{
    struct glyphs glyphs = {.rest = text};
    struct glyph glyph;

    while (glyph_next(&glyphs, &glyph)) {
        if (IS_IN(right_to_left, glyph.code)) {
            return true;
        }
    }
    return false;
}

void tip_display_put(struct tip_out *out, struct tip_bytes text, bool isolate)
{
    struct glyphs glyphs = {.rest = text};
    struct glyph glyph;

    isolate = isolate && runs_right_to_left(text);
    if (isolate) {
        tip_out_bytes(out, TIP_BYTES_OF(isolate_begin));
    }
    while (glyph_next(&glyphs, &glyph)) {
        if (!IS_IN(steering, glyph.code)) {
            tip_out_bytes(out, glyph.bytes);
        }
    }
    if (isolate) {
        tip_out_bytes(out, TIP_BYTES_OF(isolate_end));
    }
}

/* Write a run of text with @special characters behind a backslash. */
static void escaped_put(struct tip_out *out, struct tip_bytes text,
                        const char *special)
{
    for (size_t i = 0; i < text.size; i++) {
        if (strchr(special, text.data[i]) != NULL) {
            tip_out_char(out, '\\');
        }
        tip_out_char(out, (char)text.data[i]);
    }
}

/* A byte that is not text: the short name of a control character where the
 * form has one, else @format of its number, else the replacement. */
static void odd_byte_put(struct tip_out *out, uint8_t byte, bool json)
{
    static const char names[] = "\tt\nn\rr";
    const char *name = byte == 0 ? NULL : strchr(names, byte);

    if (name != NULL && byte < 0x20) {
        tip_out_char(out, '\\');
        tip_out_char(out, name[1]);
    } else if (byte < 0x80 && json) {
        tip_out_format(out, "\\u%04x", byte);
    } else {
        tip_out_text(out, REPLACEMENT);
    }
}

static void quoted_put(struct tip_out *out, struct tip_bytes text, bool json)
{
    while (text.size > 0) {
        size_t size = tip_utf8_bad_at(text, TIP_UTF8_LINE);

        escaped_put(out, tip_bytes(text.data, size), json ? "\"\\" : "\\");
        if (size < text.size) {
            odd_byte_put(out, text.data[size++], json);
        }
        text.data += size;
        text.size -= size;
    }
}

void tip_display_put_json(struct tip_out *out, struct tip_bytes text)
{
    quoted_put(out, text, true);
}

void tip_display_put_tsv(struct tip_out *out, struct tip_bytes text)
{
    quoted_put(out, text, false);
}

size_t tip_display_columns(bool is_terminal)
{
    const char *told = secure_getenv("COLUMNS");
    struct winsize size = {.ws_col = 0};
    unsigned long count = told == NULL ? 0 : strtoul(told, NULL, 10);

    if (count > 0 || !is_terminal ||
        ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) {
        return count;
    }
    return size.ws_col;
}
