#include "wire_forms.h"

#include <assert.h>

#include "tip_wire_channel.h"
#include "tip_wire_checkpoint.h"
#include "tip_wire_ctl.h"
#include "tip_wire_down.h"
#include "tip_wire_header.h"
#include "tip_wire_record.h"
#include "tip_wire_session.h"
#include "tip_wire_set.h"
#include "tip_wire_up.h"

enum { ORIGIN = 212, OFFICE = 7, FIRST = 20000, SETS = 3, ITEMS = 4 };

static const struct tip_frame_header up_header = {
    .origin = ORIGIN, .first = FIRST, .count = SETS};
static const struct tip_frame_header down_header = {
    .origin = ORIGIN, .is_down = true, .first = FIRST, .count = 1};

static void must(enum tip_err err)
{
    assert(err == TIP_OK);
    (void)err;
}

static void make_set(const struct wire_desk *desk, struct wire_random *random,
                     struct tip_buf *buf)
{
    const struct tip_change_set set = wire_random_set(random);

    (void)desk;
    must(tip_wire_set_encode(&set, buf));
}

static enum tip_err again_set(const struct wire_desk *desk,
                              struct tip_bytes bytes, struct tip_buf *buf,
                              bool *out_is_read)
{
    struct tip_change_set set;
    enum tip_err err = tip_wire_set_decode(bytes, desk->arena, &set);

    *out_is_read = err == TIP_OK;
    return err == TIP_OK ? tip_wire_set_encode(&set, buf) : err;
}

/* A record in which some cells have three siblings; or one that was erased. */
static struct tip_record contested(struct wire_random *random)
{
    struct tip_record record = wire_random_record(random);
    struct tip_change_set set = wire_random_set(random);
    struct tip_record dead;
    size_t count;
    const struct tip_change *changes = tip_change_set_part(&set, 0, &count);

    for (unsigned i = 0; i < 3 && changes != NULL; i++) {
        struct tip_write write;

        set.origin = 100 + i;
        set.base = 0;
        write =
            tip_write_of(&set, wire_random_commit(random), TIP_VERDICT_GOOD);
        must(tip_record_apply(&record, &write, changes, count, random->arena,
                              &dead));
    }
    if (tip_property_once_in(random->property, 4)) {
        tip_record_erase(&record, wire_random_commit(random),
                         tip_property_number(random->property, 43));
    }
    return record;
}

static void make_record(const struct wire_desk *desk,
                        struct wire_random *random, struct tip_buf *buf)
{
    static const uint64_t overlay[] = {5, 6, 300};
    struct tip_wire_record value = {.record = contested(random)};

    (void)desk;
    if (value.record.erased == 0) {
        value.overlay = overlay;
        value.overlay_count = (size_t)tip_property_below(random->property, 4);
    }
    must(tip_wire_record_encode(&value, buf));
}

static enum tip_err again_record(const struct wire_desk *desk,
                                 struct tip_bytes bytes, struct tip_buf *buf,
                                 bool *out_is_read)
{
    struct tip_wire_record value;
    enum tip_err err = tip_wire_record_decode(bytes, desk->arena, &value);

    *out_is_read = err == TIP_OK;
    return err == TIP_OK ? tip_wire_record_encode(&value, buf) : err;
}

static void make_dead(const struct wire_desk *desk, struct wire_random *random,
                      struct tip_buf *buf)
{
    struct tip_property *p = random->property;
    bool is_refused = tip_property_once_in(p, 2);
    struct tip_wire_dead dead = {
        .origin = (uint32_t)(1 + tip_property_number(p, 31)),
        .seq = is_refused ? 0 : 1 + tip_property_number(p, 62),
        .commit = wire_random_commit(random),
        .record = wire_random_record(random)};

    (void)desk;
    if (is_refused) {
        dead.refused_by = tip_bytes_text("salma");
        dead.reason = tip_bytes_text("a test");
    }
    must(tip_wire_dead_encode(&dead, buf));
}

static enum tip_err again_dead(const struct wire_desk *desk,
                               struct tip_bytes bytes, struct tip_buf *buf,
                               bool *out_is_read)
{
    struct tip_wire_dead dead;
    enum tip_err err = tip_wire_dead_decode(bytes, desk->arena, &dead);

    *out_is_read = err == TIP_OK;
    return err == TIP_OK ? tip_wire_dead_encode(&dead, buf) : err;
}

static void make_item(const struct wire_desk *desk, struct wire_random *random,
                      struct tip_buf *buf)
{
    uint64_t kind = 1 + tip_property_below(random->property, TIP_ITEM_ROLL);
    struct tip_item item;

    (void)desk;
    do { /* Each as often as the others. */
        item = wire_random_item(random);
    } while (item.kind != (enum tip_item_kind)kind);
    must(tip_wire_channel_encode(&item, buf));
}

static enum tip_err again_item(const struct wire_desk *desk,
                               struct tip_bytes bytes, struct tip_buf *buf,
                               bool *out_is_read)
{
    struct tip_item item;
    enum tip_err err = tip_wire_channel_decode(bytes, desk->arena, &item);

    *out_is_read = err == TIP_OK;
    return err == TIP_OK ? tip_wire_channel_encode(&item, buf) : err;
}

static void make_control(const struct wire_desk *desk,
                         struct wire_random *random, struct tip_buf *buf)
{
    const struct tip_ctl control = wire_random_ctl(random);

    (void)desk;
    must(tip_wire_ctl_encode(&control, buf));
}

static enum tip_err again_control(const struct wire_desk *desk,
                                  struct tip_bytes bytes, struct tip_buf *buf,
                                  bool *out_is_read)
{
    struct tip_ctl control;
    enum tip_err err = tip_wire_ctl_decode(bytes, &control);

    (void)desk;
    *out_is_read = err == TIP_OK;
    return err == TIP_OK ? tip_wire_ctl_encode(&control, buf) : err;
}

static void make_checkpoint(const struct wire_desk *desk,
                            struct wire_random *random, struct tip_buf *buf)
{
    struct tip_down_body body;

    (void)desk;
    do {
        body = wire_random_down(random, 0);
    } while (!body.has_checkpoint);
    must(tip_wire_checkpoint_put(buf, &body.checkpoint));
}

static enum tip_err again_checkpoint(const struct wire_desk *desk,
                                     struct tip_bytes bytes,
                                     struct tip_buf *buf, bool *out_is_read)
{
    struct tip_checkpoint checkpoint;
    size_t before = buf->size;
    struct tip_bytes done;
    enum tip_err err = tip_wire_checkpoint_get(bytes, desk->arena, &checkpoint);

    *out_is_read = err == TIP_OK;
    if (err == TIP_OK) {
        err = tip_wire_checkpoint_put(buf, &checkpoint);
    }
    /* Part of a body: its caller asks whether there was room. */
    if (err == TIP_OK) {
        err = tip_buf_finish(buf, &done);
    }
    if (err != TIP_OK) {
        buf->size = before;
    }
    assert(err != TIP_OK ||
           buf->size - before <= tip_wire_checkpoint_bytes_max(&checkpoint));
    return err;
}

static void make_header(const struct wire_desk *desk,
                        struct wire_random *random, struct tip_buf *buf)
{
    const struct tip_frame_header header = wire_random_header(random);

    (void)desk;
    must(tip_wire_header_encode(&header, buf));
}

static enum tip_err again_header(const struct wire_desk *desk,
                                 struct tip_bytes bytes, struct tip_buf *buf,
                                 bool *out_is_read)
{
    struct tip_frame_header header;
    enum tip_err err = tip_wire_header_decode(bytes, &header);

    (void)desk;
    *out_is_read = err == TIP_OK;
    return err == TIP_OK ? tip_wire_header_encode(&header, buf) : err;
}

static void make_frame(const struct wire_desk *desk, struct wire_random *random,
                       struct tip_buf *buf)
{
    uint8_t bytes[TIP_WIRE_SIGNATURE_SIZE];
    struct tip_wire_frame frame = {.header = tip_bytes(bytes, 9),
                                   .body = tip_bytes(bytes + 20, 17),
                                   .signature = TIP_BYTES_OF(bytes)};

    (void)desk;
    wire_random_fill(random, bytes, sizeof bytes);
    if (tip_property_once_in(random->property, 2)) {
        frame.past = (struct tip_wire_past){
            .header = tip_bytes(bytes + 1, 10),
            .body_hash = tip_bytes(bytes + 7, TIP_WIRE_BODY_HASH_SIZE),
            .signature = TIP_BYTES_OF(bytes)};
    }
    must(tip_wire_frame_join(&frame, buf));
}

static enum tip_err again_frame(const struct wire_desk *desk,
                                struct tip_bytes bytes, struct tip_buf *buf,
                                bool *out_is_read)
{
    struct tip_wire_frame frame;
    enum tip_err err = tip_wire_frame_split(bytes, &frame);

    (void)desk;
    *out_is_read = err == TIP_OK;
    return err == TIP_OK ? tip_wire_frame_join(&frame, buf) : err;
}

static enum tip_err write_message(const struct tip_message *message,
                                  uint32_t counter, struct tip_bytes tag,
                                  struct tip_buf *buf)
{
    enum tip_err err = tip_wire_message_encode(message, buf);

    return err == TIP_OK && message->kind != TIP_MESSAGE_FRAME
               ? tip_wire_message_close(buf, counter, tag)
               : err;
}

static void make_message(const struct wire_desk *desk,
                         struct wire_random *random, struct tip_buf *buf)
{
    static const uint8_t tag[TIP_WIRE_TAG_SIZE] = {9, 8, 7};
    const struct tip_message message = wire_random_message(random);

    (void)desk;
    must(write_message(&message, 77, TIP_BYTES_OF(tag), buf));
}

static enum tip_err again_message(const struct wire_desk *desk,
                                  struct tip_bytes bytes, struct tip_buf *buf,
                                  bool *out_is_read)
{
    struct tip_wire_message parts;
    struct tip_message message;
    size_t before = buf->size;
    enum tip_err err = tip_wire_message_split(bytes, &parts);

    if (err == TIP_OK) {
        err = tip_wire_message_decode(parts.said, desk->arena, &message);
    }
    *out_is_read = err == TIP_OK;
    if (err == TIP_OK) {
        err = write_message(&message, parts.counter, parts.tag, buf);
    }
    if (err != TIP_OK) {
        buf->size = before; /* The trailer is written apart. */
    }
    return err;
}

static void make_up(const struct wire_desk *desk, struct wire_random *random,
                    struct tip_buf *buf)
{
    struct tip_change_set sets[SETS];
    const struct tip_up_body body = {.sets = sets, .set_count = SETS};
    uint32_t dictionary;

    for (size_t i = 0; i < SETS; i++) {
        sets[i] = wire_random_set(random);
        sets[i].origin = ORIGIN;
        sets[i].office = OFFICE;
        sets[i].seq = FIRST + i;
    }
    must(tip_wire_up_encode(desk->codec, &body, buf, &dictionary));
}

static enum tip_err again_up(const struct wire_desk *desk,
                             struct tip_bytes bytes, struct tip_buf *buf,
                             bool *out_is_read)
{
    const struct tip_wire_sender sender = {.header = &up_header,
                                           .office = OFFICE};
    struct tip_up_body body;
    uint32_t dictionary;
    enum tip_err err =
        tip_wire_up_decode(desk->codec, &sender, bytes, desk->arena, &body);

    *out_is_read = err == TIP_OK;
    return err == TIP_OK
               ? tip_wire_up_encode(desk->codec, &body, buf, &dictionary)
               : err;
}

static void make_down(const struct wire_desk *desk, struct wire_random *random,
                      struct tip_buf *buf)
{
    struct tip_down_body body;
    uint32_t dictionary;

    random->is_down = true;
    body = wire_random_down(random, ITEMS);
    must(tip_wire_down_encode(desk->codec, &body, buf, &dictionary));
}

static enum tip_err again_down(const struct wire_desk *desk,
                               struct tip_bytes bytes, struct tip_buf *buf,
                               bool *out_is_read)
{
    struct tip_down_body body;
    uint32_t dictionary;
    enum tip_err err = tip_wire_down_decode(desk->codec, &down_header, bytes,
                                            desk->arena, &body);

    *out_is_read = err == TIP_OK;
    return err == TIP_OK
               ? tip_wire_down_encode(desk->codec, &body, buf, &dictionary)
               : err;
}

const struct wire_form wire_forms[WIRE_FORM_COUNT] = {
    {"set", make_set, again_set},
    {"record", make_record, again_record},
    {"dead", make_dead, again_dead},
    {"item", make_item, again_item},
    {"control", make_control, again_control},
    {"checkpoint", make_checkpoint, again_checkpoint},
    {"header", make_header, again_header},
    {"frame", make_frame, again_frame},
    {"message", make_message, again_message},
    {"up", make_up, again_up},
    {"down", make_down, again_down},
};
