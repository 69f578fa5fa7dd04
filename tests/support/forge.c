#include "forge.h"

#include <string.h>

#include "tip_envelope.h"
#include "tip_test.h"
#include "tip_wire_down.h"
#include "tip_wire_session.h"
#include "tip_wire_up.h"

#define OK(call) assert_int_equal((call), TIP_OK)

static void init(struct forge *forge, struct star *star)
{
    *forge = (struct forge){.star = star};
    OK(tip_codec_new(TIP_CODEC_LEVEL, &forge->codec));
}

void forge_feed(struct forge *forge, struct star *star, size_t i)
{
    init(forge, star);
    forge->keys = star->nodes[i].keys;
    forge->header = (struct tip_frame_header){
        .origin = star->nodes[i].identity.origin, .first = 1};
    tip_frame_key_derive(&star->nodes[i].identity.office_secret, TIP_CHAIN_UP,
                         &forge->key);
    tip_envelope_start(&forge->header, &forge->head);
}

void forge_channel(struct forge *forge, struct star *star, size_t i)
{
    init(forge, star);
    forge->keys = star->keys;
    forge->header =
        (struct tip_frame_header){.origin = HUB_ORIGIN,
                                  .is_down = true,
                                  .channel = star->nodes[i].identity.office,
                                  .generation = 1,
                                  .first = 1,
                                  .count = 1};
    tip_frame_key_derive(&star->nodes[i].identity.office_secret, TIP_CHAIN_DOWN,
                         &forge->key);
    tip_envelope_start(&forge->header, &forge->head);
}

void forge_deinit(struct forge *forge)
{
    tip_codec_free(forge->codec);
}

/* Put @packed behind the newest frame and into a message. */
void forge_body(struct forge *forge, struct tip_bytes packed)
{
    uint8_t memory[TIP_FRAME_BYTES_MAX];
    struct tip_message message = {.kind = TIP_MESSAGE_FRAME};
    struct tip_buf buf, out;
    struct tip_head head;

    forge->star->prng.base.fill(&forge->star->prng.base, forge->header.salt,
                                sizeof forge->header.salt);
    tip_buf_init(&buf, memory, sizeof memory);
    OK(tip_envelope_close(forge->keys, &forge->key, &forge->header,
                          &forge->head, packed, &buf, &head));
    OK(tip_buf_finish(&buf, &message.frame));
    tip_buf_init(&out, forge->message, sizeof forge->message);
    OK(tip_wire_message_encode(&message, &out));
    forge->size = out.size;
    forge->head = head;
    forge->header.first = head.number + 1;
}

void forge_sets(struct forge *forge, struct tip_change_set *sets, size_t count)
{
    struct tip_up_body body = {.sets = sets, .set_count = count};
    uint8_t memory[TIP_FRAME_BYTES_MAX];
    struct tip_bytes packed;
    struct tip_buf buf;

    for (size_t i = 0; i < count; i++) {
        sets[i].origin = forge->header.origin;
        sets[i].seq = forge->header.first + i;
    }
    forge->header.count = (uint32_t)count;
    tip_buf_init(&buf, memory, sizeof memory);
    OK(tip_wire_up_encode(forge->codec, &body, &buf,
                          &forge->header.dictionary));
    OK(tip_buf_finish(&buf, &packed));
    forge_body(forge, packed);
}

void forge_down(struct forge *forge, const struct tip_down_body *body)
{
    uint8_t memory[TIP_FRAME_BYTES_MAX];
    struct tip_bytes packed;
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    OK(tip_wire_down_encode(forge->codec, body, &buf,
                            &forge->header.dictionary));
    OK(tip_buf_finish(&buf, &packed));
    forge_body(forge, packed);
}

void forge_to_hub(struct forge *forge, size_t i)
{
    hub_engine_receive(forge->star->hub, forge->star->nodes[i].identity.origin,
                       tip_bytes(forge->message, forge->size));
}

void forge_to_node(struct forge *forge, size_t i)
{
    node_engine_receive(forge->star->nodes[i].engine,
                        tip_bytes(forge->message, forge->size));
}

void forge_say(struct forge *forge, struct tip_talk *talk,
               const struct tip_message *message)
{
    struct tip_buf out;

    tip_buf_init(&out, forge->message, sizeof forge->message);
    OK(tip_talk_write(talk, message, &out));
    forge->size = out.size;
}
