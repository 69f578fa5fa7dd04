#include "tip_out.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

static void fail(struct tip_out *out)
{
    out->failed = true;
    out->is_closed = errno == EPIPE;
    out->is_full = errno == ENOSPC || errno == EDQUOT;
}

void tip_out_bytes(struct tip_out *out, struct tip_bytes bytes)
{
    if (out->failed || bytes.size == 0) {
        return;
    }
    if (fwrite(bytes.data, 1, bytes.size, out->file) != bytes.size) {
        fail(out);
    }
    tip_checksum_add(&out->sum, bytes);
}

void tip_out_text(struct tip_out *out, const char *text)
{
    tip_out_bytes(out, tip_bytes_text(text));
}

void tip_out_char(struct tip_out *out, char c)
{
    tip_out_bytes(out, tip_bytes(&c, 1));
}

void tip_out_format(struct tip_out *out, const char *format, ...)
{
    va_list args;

    if (out->failed) {
        return;
    }
    va_start(args, format);
    if (vfprintf(out->file, format, args) < 0) {
        fail(out);
    }
    va_end(args);
}

void tip_out_repeat(struct tip_out *out, const char *text, size_t count)
{
    for (; count > 0; count--) {
        tip_out_text(out, text);
    }
}

enum tip_err tip_out_finish(struct tip_out *out)
{
    if (fflush(out->file) != 0 && !out->failed) {
        fail(out);
    }
    if (out->failed) {
        return out->is_full ? TIP_ENOROOM : TIP_EIO;
    }
    return TIP_OK;
}
