/* What an office hands back to a hub that was put back is believed on the hub's
 * own word. */
#include "hub_torn.h"
#include "restored.h"
#include "tip_envelope.h"

enum { FRAME_BYTES_MAX = 64 * 1024 };

/* The first frame of @channel at Néma, of which it says that something was
 * erased. */
static void forge(struct star *star, uint32_t channel,
                  struct tip_wire_frame *out_parts,
                  struct tip_frame_header *out_header)
{
    static uint8_t memory[FRAME_BYTES_MAX], copied[FRAME_BYTES_MAX];
    static const struct tip_frame_key key;
    static const uint8_t left[] = {1, 2, 3};
    struct tip_bytes frame;
    struct tip_key at;
    struct tip_txn *txn;
    struct tip_buf buf;

    OK(tip_store_begin(&star->nodes[NEMA].store->base, TIP_TXN_READ, &txn));
    OK(tip_txn_seek(txn, TIP_TABLE_FRAME_DOWN, TIP_SEEK_AT_OR_AFTER,
                    TIP_KEY(channel, 1), &at, &frame));
    assert_int_equal(at.hi, channel);
    assert_true(frame.size <= sizeof copied);
    memcpy(copied, frame.data, frame.size);
    tip_txn_abort(txn);
    OK(tip_envelope_read(tip_bytes(copied, frame.size), out_parts, out_header));
    tip_buf_init(&buf, memory, sizeof memory);
    OK(tip_envelope_redact(star->nodes[NEMA].keys, &key, out_parts, out_header,
                           TIP_BYTES_OF(left), &buf));
    OK(tip_envelope_read(tip_bytes(buf.data, buf.size), out_parts, out_header));
}

static enum tip_err verified(struct star *star, uint32_t channel)
{
    const struct hub_origin *device =
        hub_engine_origin(star->hub, STAR_ORIGIN_FIRST);
    struct tip_head previous = {.number = 0}, head;
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    bool is_proven;

    forge(star, channel, &parts, &header);
    return hub_handback_verify(star->hub, device, &header, &parts, &previous,
                               &head, &is_proven);
}

static void test_no_office_has_a_word_in_the_control_log(void **state)
{
    struct star *star = *state;
    struct tip_id id = add(star, NEMA, 1);
    uint64_t commit;

    star_run(star);
    OK(hub_engine_erase(star->hub, &id, 0, &commit));
    OK(hub_engine_flush(star->hub));
    star_run(star);
    assert_int_equal(verified(star, STAR_OFFICE_FIRST), TIP_OK);
    assert_int_equal(verified(star, TIP_CHANNEL_CTL), TIP_ESIGNATURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_no_office_has_a_word_in_the_control_log),
    };

    return cmocka_run_group_tests_name("handback", tests, NULL, NULL);
}
