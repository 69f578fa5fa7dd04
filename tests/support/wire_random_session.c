/* Random headers and session messages. */
#include <string.h>

#include "wire_random.h"

struct tip_frame_header wire_random_header(struct wire_random *random)
{
    struct tip_property *p = random->property;
    struct tip_frame_header header = {
        .format = TIP_FORMAT,
        .origin = (uint32_t)(1 + tip_property_number(p, 31)),
        .is_down = tip_property_once_in(p, 2),
        .first = 1 + tip_property_number(p, 62),
        .count = 1,
        .key_epoch = (uint32_t)tip_property_number(p, 32),
        .dictionary = (uint32_t)tip_property_number(p, 32),
        .catalogue = (uint32_t)tip_property_number(p, 32),
    };

    if (header.is_down) {
        header.channel = (uint32_t)tip_property_number(p, 32);
        header.generation = (uint32_t)tip_property_number(p, 20);
        header.has_contents = tip_property_once_in(p, 2);
    } else {
        header.count =
            (uint32_t)(1 + tip_property_below(p, TIP_FRAME_SETS_MAX));
    }
    wire_random_fill(random, header.salt, sizeof header.salt);
    if (header.has_contents) {
        wire_random_fill(random, header.contents, sizeof header.contents);
    }
    return header;
}

static struct tip_head random_head(struct wire_random *random)
{
    struct tip_head head = {.number =
                                tip_property_number(random->property, 64)};

    if (!tip_property_once_in(random->property, 3)) {
        wire_random_fill(random, head.hash, sizeof head.hash);
    }
    return head;
}

static struct tip_channel_position random_position(struct wire_random *random)
{
    struct tip_property *p = random->property;

    return (struct tip_channel_position){
        .channel = (uint32_t)tip_property_number(p, 32),
        .generation = (uint32_t)tip_property_number(p, 32),
        .head = random_head(random),
        .checkpoint = tip_property_number(p, 64),
        .agreement = (enum tip_agreement)tip_property_below(p, 3)};
}

static struct tip_health random_health(struct tip_property *p)
{
    return (struct tip_health){
        .clock_ms = tip_property_number(p, 64),
        .catalogue = (uint32_t)tip_property_number(p, 32),
        .saved = tip_property_number(p, 64),
        .waiting_ms = tip_property_number(p, 64),
        .waiting_bytes = tip_property_number(p, 64),
        .records = tip_property_number(p, 64),
        .erased = tip_property_number(p, 64),
        .keeps_erased = tip_property_once_in(p, 2),
        .disk_used_bytes = tip_property_number(p, 64),
        .disk_limit_bytes = tip_property_number(p, 64),
        .backup_ms = tip_property_number(p, 64),
        .scrub_ms = tip_property_number(p, 64),
        .starts_day = (uint32_t)tip_property_number(p, 32),
        .cuts_day = (uint32_t)tip_property_number(p, 32),
        .goodput_bps = tip_property_number(p, 64),
        .heartbeat_ms = (uint32_t)tip_property_number(p, 32),
        .outage_ms = tip_property_number(p, 64),
        .outage_cause = (uint32_t)tip_property_number(p, 32),
        .troubles = (uint32_t)tip_property_number(p, 32),
        .rot = {.count = tip_property_number(p, 64),
                .kind = (uint32_t)tip_property_number(p, 32),
                .a = tip_property_number(p, 64),
                .b = tip_property_number(p, 64)},
        .verified_ms = tip_property_number(p, 64),
        .restores = (uint32_t)tip_property_number(p, 32),
        .restored_ms = tip_property_number(p, 64)};
}

static struct tip_hello random_hello(struct wire_random *random)
{
    struct tip_property *p = random->property;
    struct tip_hello hello = {
        .format = TIP_FORMAT,
        .origin = (uint32_t)(1 + tip_property_number(p, 31)),
        .generation = (uint32_t)tip_property_number(p, 32),
        .confirmed = random_head(random),
        .newest = random_head(random),
        .channel_count = (size_t)tip_property_below(p, TIP_CHANNELS_MAX + 1),
        .health = random_health(p),
        .version = tip_bytes_text("0.1.0"),
        .credit_bytes = tip_property_number(p, 64),
    };

    if (tip_property_once_in(p, 2)) {
        hello.newest = hello.confirmed;
    }
    for (size_t i = 0; i < hello.channel_count; i++) {
        hello.channels[i] = random_position(random);
    }
    wire_random_fill(random, hello.nonce, sizeof hello.nonce);
    return hello;
}

static struct tip_welcome random_welcome(struct wire_random *random)
{
    struct tip_property *p = random->property;
    struct tip_welcome welcome = {
        .generation = (uint32_t)tip_property_number(p, 32),
        .durable = random_head(random),
        .clock_ms = tip_property_number(p, 64),
        .catalogue = (uint32_t)tip_property_number(p, 32),
        .credit_bytes = tip_property_number(p, 64),
        .channel_count = (size_t)tip_property_below(p, TIP_CHANNELS_MAX + 1),
        .is_closed = tip_property_once_in(p, 2),
        .may_go_on = tip_property_once_in(p, 2),
        .has_stray = tip_property_once_in(p, 2),
        .hindrance = tip_property_once_in(p, 2) ? TIP_EHUB_FULL : TIP_OK};

    for (size_t i = 0; i < welcome.channel_count; i++) {
        welcome.channels[i] = random_position(random);
    }
    wire_random_fill(random, welcome.nonce, sizeof welcome.nonce);
    return welcome;
}

struct tip_message wire_random_message(struct wire_random *random)
{
    struct tip_property *p = random->property;
    struct tip_message message;

    memset(&message, 0, sizeof message);
    message.kind =
        (enum tip_message_kind)(1 + tip_property_below(p, TIP_MESSAGE_LOST));
    switch (message.kind) {
    case TIP_MESSAGE_HELLO:
        message.hello = random_hello(random);
        break;
    case TIP_MESSAGE_WELCOME:
        message.welcome = random_welcome(random);
        break;
    case TIP_MESSAGE_FRAME:
        message.frame = tip_bytes("\x0a\0a frame, as stored", 20);
        break;
    case TIP_MESSAGE_ACK:
        message.ack = (struct tip_ack){
            .generation = (uint32_t)tip_property_number(p, 32),
            .durable = random_head(random),
            .committed = tip_property_number(p, 64),
            .credit_bytes = tip_property_number(p, 64),
            .resend = tip_property_once_in(p, 2),
            .hindrance = tip_property_once_in(p, 2) ? TIP_EHUB_WAITS : TIP_OK};
        break;
    case TIP_MESSAGE_GOT:
        message.got =
            (struct tip_got){.position = random_position(random),
                             .credit_bytes = tip_property_number(p, 64),
                             .resend = tip_property_once_in(p, 2)};
        break;
    case TIP_MESSAGE_BYE:
        message.bye = TIP_EFORK;
        break;
    case TIP_MESSAGE_PARTS:
        message.parts.channel = (uint32_t)tip_property_number(p, 32);
        message.parts.number = tip_property_number(p, 64);
        wire_random_fill(random, message.parts.sums, sizeof message.parts.sums);
        break;
    case TIP_MESSAGE_RECALL:
        message.recall.seq = tip_property_number(p, 64);
        break;
    case TIP_MESSAGE_CONTINUE:
        message.go_on = (struct tip_continue){
            .head = random_head(random), .up_to = tip_property_number(p, 64)};
        wire_random_fill(random, message.go_on.token, TIP_TOKEN_SIZE);
        break;
    case TIP_MESSAGE_CONTINUED:
        message.continued = (struct tip_continued){
            .origin = (uint32_t)(1 + tip_property_number(p, 31)),
            .start = tip_property_number(p, 64),
            .up_to = tip_property_number(p, 64)};
        wire_random_fill(random, message.continued.token, TIP_TOKEN_SIZE);
        break;
    case TIP_MESSAGE_HEALTH:
        message.health = random_health(p);
        break;
    case TIP_MESSAGE_LOST:
        message.lost.is_feed = tip_property_once_in(p, 2);
        if (!message.lost.is_feed && tip_property_once_in(p, 2)) {
            message.lost.channel = (uint32_t)tip_property_number(p, 32);
        }
        message.lost.number = tip_property_number(p, 64);
        break;
    }
    return message;
}
