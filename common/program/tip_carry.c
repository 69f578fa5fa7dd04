#include "tip_carry.h"

#include <stdlib.h>
#include <unistd.h>

#include "tip_conf.h"
#include "tip_program.h"
#include "tip_random_sodium.h"
#include "tip_reader.h"
#include "tip_secret.h"
#include "tip_spool.h"

enum {
    SLICE_BYTES = 16 * 1024, /* Of a file, in one piece of the reply. */
    /* In one call, so that others get their turn: some milliseconds. */
    PARTS_PROVED = 32,
    PARTS_TAKEN = 4
};

enum tip_err tip_carry_out_begin(struct tip_carry_out *export,
                                 const struct tip_bundle_head *head,
                                 const struct tip_box_public *recipient)
{
    tip_buf_init(&export->out, export->memory, sizeof export->memory);
    return tip_bundle_begin(&export->writer, export->carrier->keys, head,
                            recipient, tip_random_sodium(), &export->out);
}

/* Say what is made; TIP_EAGAIN when there is no room. */
static enum tip_err drain(struct tip_carry_out *export, struct tip_reply *reply)
{
    while (export->sent < export->out.size) {
        size_t size = export->out.size - export->sent;

        if (!tip_reply_has_room(reply)) {
            return TIP_EAGAIN;
        }
        size = size < SLICE_BYTES ? size : SLICE_BYTES;
        tip_reply_data(reply, tip_bytes(export->memory + export->sent, size));
        export->sent += size;
    }
    tip_buf_clear(&export->out);
    export->sent = 0;
    return TIP_OK;
}

static enum tip_err add_next(struct tip_carry_out *export)
{
    struct tip_bytes frame;
    enum tip_err err = export->carrier->next_frame(export->carrier, &frame);

    if (err == TIP_OK) {
        return tip_bundle_add(&export->writer, frame, &export->out);
    }
    if (err == TIP_ENOTFOUND) {
        export->has_ended = true;
        return tip_bundle_end(&export->writer, &export->out);
    }
    return err;
}

enum tip_err tip_carry_out_step(struct tip_carry_out *export,
                                struct tip_reply *reply)
{
    enum tip_err err = drain(export, reply);

    while (err == TIP_OK && !export->has_ended) {
        err = add_next(export);
        if (err == TIP_OK) {
            err = drain(export, reply);
        }
    }
    return err;
}

/* Read the file from its start again. */
static enum tip_err reopen(struct tip_carry_in *import)
{
    uint8_t start[TIP_BUNDLE_START_SIZE];
    enum tip_err err = tip_spool_rewind(import->fd);

    if (err == TIP_OK) {
        err = tip_spool_read(import->fd, start, sizeof start);
    }
    if (err == TIP_ENOTFOUND || err == TIP_EMALFORMED) {
        return TIP_EBUNDLE;
    }
    return err == TIP_OK
               ? tip_bundle_open(&import->reader, import->carrier->keys,
                                 TIP_BYTES_OF(start))
               : err;
}

/* A film that is on the stick too must not fill the disk before it is refused.
 */
static enum tip_err append(struct tip_carry_in *import, struct tip_bytes piece)
{
    enum tip_err err = tip_spool_write(import->fd, piece);

    import->bytes += piece.size;
    if (err == TIP_OK && !import->is_ours &&
        import->bytes >= TIP_BUNDLE_START_SIZE) {
        err = reopen(import);
        import->is_ours = err == TIP_OK;
    }
    return err;
}

static enum tip_err keep(struct tip_carry_in *import,
                         struct tip_request *request)
{
    const char *dir = tip_conf_text(request->conf, TIP_PROGRAM_CONF_DIR);
    struct tip_input input;
    enum tip_err err =
        import->fd < 0 ? tip_spool_open(dir, &import->fd) : TIP_OK;

    if (err != TIP_OK) {
        return err;
    }
    while ((err = tip_request_input(request, &input)) == TIP_OK) {
        err = append(import, input.bytes);
        if (err != TIP_OK) {
            return err;
        }
    }
    if (err != TIP_ENOTFOUND) {
        return err;
    }
    import->phase = TIP_CARRY_PROVING;
    return reopen(import);
}

static enum tip_err read_part(struct tip_carry_in *import,
                              enum tip_bundle_kind *out_kind,
                              struct tip_bytes *out_content)
{
    uint8_t length[TIP_BUNDLE_LENGTH_SIZE];
    struct tip_reader reader;
    uint32_t size = 0;
    enum tip_err err = tip_spool_read(import->fd, length, sizeof length);

    if (err == TIP_OK) {
        tip_reader_init(&reader, TIP_BYTES_OF(length));
        size = tip_reader_get_u32(&reader);
        err = size > sizeof import->part
                  ? TIP_EBUNDLE
                  : tip_spool_read(import->fd, import->part, size);
    }
    if (err == TIP_ENOTFOUND || err == TIP_EMALFORMED) {
        return TIP_EBUNDLE;
    }
    return err == TIP_OK
               ? tip_bundle_part(&import->reader, tip_bytes(import->part, size),
                                 out_kind, out_content)
               : err;
}

/* The end was read: nothing may follow, and the tag must be the maker's. */
static enum tip_err prove_end(struct tip_carry_in *import)
{
    uint8_t more;
    enum tip_err err = tip_spool_read(import->fd, &more, 1);

    if (err == TIP_OK) {
        return TIP_EBUNDLE;
    }
    if (err == TIP_ENOTFOUND) {
        err = tip_bundle_check(&import->reader, import->head.side,
                               &import->maker);
    }
    if (err == TIP_OK) {
        err = reopen(import);
    }
    import->phase = TIP_CARRY_TAKING;
    return err;
}

static enum tip_err prove(struct tip_carry_in *import)
{
    struct tip_carrier *carrier = import->carrier;
    struct tip_bytes content;
    enum tip_bundle_kind kind;
    enum tip_err err = TIP_OK;

    for (int i = 0; i < PARTS_PROVED && err == TIP_OK; i++) {
        err = read_part(import, &kind, &content);
        if (err == TIP_OK && kind == TIP_BUNDLE_HEAD) {
            err = tip_bundle_head_read(content, &import->head);
            if (err == TIP_OK) {
                err = carrier->maker(carrier, &import->head, &import->maker);
            }
        }
        if (err == TIP_OK && kind == TIP_BUNDLE_END) {
            return prove_end(import);
        }
    }
    tip_daemon_again(carrier->daemon);
    return err == TIP_OK ? TIP_EAGAIN : err;
}

static enum tip_err take_frames(struct tip_carry_in *import,
                                struct tip_bytes frames)
{
    struct tip_carrier *carrier = import->carrier;
    struct tip_bytes frame;
    enum tip_err err;

    while ((err = tip_bundle_next(&frames, &frame)) == TIP_OK) {
        err = carrier->take_frame(carrier, frame);
        if (err == TIP_OK) {
            import->taken++;
        } else if (err == TIP_EEXISTS) {
            import->known++;
        } else {
            return err;
        }
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

static enum tip_err take(struct tip_carry_in *import)
{
    struct tip_carrier *carrier = import->carrier;
    enum tip_bundle_kind kind = TIP_BUNDLE_HEAD;
    struct tip_bytes content;
    enum tip_err err = TIP_OK;

    for (int i = 0; i < PARTS_TAKEN && err == TIP_OK; i++) {
        err = read_part(import, &kind, &content);
        if (err != TIP_OK || kind == TIP_BUNDLE_END) {
            break;
        }
        err = kind == TIP_BUNDLE_HEAD
                  ? carrier->take_head(carrier, &import->head)
                  : take_frames(import, content);
    }
    import->ticket = tip_daemon_ticket(carrier->daemon);
    if (err == TIP_OK && kind == TIP_BUNDLE_END) {
        import->phase = TIP_CARRY_DONE;
    }
    return err == TIP_OK ? TIP_EAGAIN : err;
}

enum tip_err tip_carry_in_step(struct tip_carry_in *import,
                               struct tip_request *request,
                               struct tip_reply *reply)
{
    enum tip_err err =
        import->ticket == 0
            ? TIP_OK
            : tip_daemon_settled(import->carrier->daemon, import->ticket);

    if (err == TIP_OK && import->phase == TIP_CARRY_KEEPING) {
        err = keep(import, request);
    }
    if (err == TIP_OK && import->phase == TIP_CARRY_PROVING) {
        err = prove(import);
    }
    if (err == TIP_OK && import->phase == TIP_CARRY_TAKING) {
        err = take(import);
    }
    if (err == TIP_OK) {
        tip_reply_integer(reply, "frames", (int64_t)import->taken);
        tip_reply_integer(reply, "known", (int64_t)import->known);
        tip_reply_time(reply, "made", (int64_t)import->head.made_ms);
    }
    return err;
}

static void job_free(void *job)
{
    struct tip_carry_job *carry = job;

    if (carry->in.fd >= 0) {
        (void)close(carry->in.fd);
    }
    tip_secret_wipe(carry, carry->size);
    free(carry);
}

enum tip_err tip_carry_job_new(struct tip_request *request, size_t size,
                               const struct tip_carrier *carrier)
{
    struct tip_carry_job *carry = calloc(1, size);

    if (carry == NULL) {
        return TIP_ENOMEM;
    }
    carry->carrier = *carrier;
    carry->out.carrier = &carry->carrier;
    carry->in.carrier = &carry->carrier;
    carry->in.fd = -1;
    carry->size = size;
    request->job = carry;
    request->job_free = job_free;
    return TIP_OK;
}
