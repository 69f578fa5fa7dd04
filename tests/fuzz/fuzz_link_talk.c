/* Rule: a packet between main process and link child is refused, or written as
 * the same bytes; a setup and an allow-list end where they say. */
#include "fuzz.h"
#include "fuzz_part.h"
#include "tip_link_talk.h"

static uint8_t memory[TIP_LINK_TALK_BYTES_MAX];

static void try_setup(struct tip_bytes packet, struct tip_bytes payload)
{
    struct tip_link_setup setup;
    struct tip_buf buf;

    if (tip_link_talk_get_setup(payload, &setup) != TIP_OK) {
        return;
    }
    FUZZ_RULE(setup.endpoint_count <= TIP_LINK_ENDPOINTS_MAX);
    for (uint32_t i = 0; i < setup.endpoint_count; i++) {
        FUZZ_RULE(memchr(setup.endpoints[i], 0, TIP_LINK_ENDPOINT_SIZE));
    }
    tip_buf_init(&buf, memory, sizeof memory);
    FUZZ_RULE(tip_link_talk_put_setup(&setup, &buf) == TIP_OK);
    FUZZ_RULE(tip_bytes_equal(packet, tip_bytes(memory, buf.size)));
}

static void try_allow(struct tip_bytes payload)
{
    struct tip_link_entry entry;
    size_t count = 0;

    while (tip_link_talk_get_allow(payload, count, &entry) == TIP_OK) {
        count++;
        FUZZ_RULE(count * (4 + TIP_LINK_KEY_SIZE) <= payload.size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tip_bytes packet = tip_bytes(data, size);
    struct tip_link_talk talk;
    struct tip_buf buf;

    if (size > TIP_LINK_TALK_BYTES_MAX ||
        tip_link_talk_get(packet, &talk) != TIP_OK) {
        return 0;
    }
    fuzz_reached();
    FUZZ_RULE(memchr(talk.address, 0, sizeof talk.address) != NULL);
    if (talk.kind == TIP_LINK_TALK_SETUP) {
        try_setup(packet, talk.payload);
        return 0;
    }
    if (talk.kind == TIP_LINK_TALK_ALLOW) {
        try_allow(talk.payload);
        return 0;
    }
    tip_buf_init(&buf, memory, sizeof memory);
    FUZZ_RULE(tip_link_talk_put(&talk, &buf) == TIP_OK);
    FUZZ_RULE(tip_bytes_equal(packet, tip_bytes(memory, buf.size)));
    return 0;
}
