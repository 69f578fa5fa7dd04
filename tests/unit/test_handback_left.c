/* What an office has left of the frames of a hub that was put back is believed
 * as far as the hub had said it, and what is gone of it was erased. The office
 * is in other hands. */
#include "erasing.h"
#include "hub_engine_internal.h"
#include "hub_recovery.h"
#include "hub_torn.h"
#include "star_offices.h"
#include "tip_contents.h"
#include "tip_envelope.h"
#include "tip_wire_down.h"

#define OK(call) assert_int_equal((call), TIP_OK)

enum { ITEMS_MAX = 64, CHANGES_MAX = 16, ARENA_BYTES_MAX = 32 * 1024 * 1024 };

/* A frame of the hub at Néma, of which something was erased. */
struct left {
    struct star *star;
    struct hub_channel *channel; /* At the hub. */
    struct tip_arena arena;
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    struct tip_down_body body; /* Its items are those below. */
    struct tip_item *items;    /* ITEMS_MAX, in the arena. */
    struct tip_change changes[CHANGES_MAX];
};

/* What whoever has the office makes of that. */
typedef void forge_fn(struct left *left);

static struct tip_item *room_for_items(struct left *left)
{
    struct tip_item *items =
        tip_arena_alloc_array(&left->arena, ITEMS_MAX, sizeof *items);

    assert_non_null(items);
    return items;
}

static struct tip_item *find_set(struct left *left)
{
    for (size_t i = 0; i < left->body.item_count; i++) {
        if (left->items[i].kind == TIP_ITEM_SET) {
            return &left->items[i];
        }
    }
    fail_msg("nothing is left that can be forged");
    return NULL;
}

static void say_otherwise(struct left *left)
{
    struct tip_change_set *set = &find_set(left)->set;

    assert_true(set->change_count <= CHANGES_MAX);
    memcpy(left->changes, set->changes,
           set->change_count * sizeof *set->changes);
    left->changes[set->change_count - 1].value = (struct tip_value){
        .kind = TIP_VALUE_TEXT, .bytes = tip_bytes_text("never said")};
    set->changes = left->changes;
}

static void say_more(struct left *left)
{
    struct tip_item more = *find_set(left);

    assert_true(left->body.item_count < ITEMS_MAX);
    more.set.seq++;
    more.commit++;
    left->items[left->body.item_count++] = more;
}

static void say_who_else_wrote_it(struct left *left)
{
    struct tip_change_set *set = &find_set(left)->set;

    set->author = tip_bytes_text("somebody");
}

static void say_a_reason(struct left *left)
{
    find_set(left)->set.reason = tip_bytes_text("never given");
}

/* …and give it for erased, as the office does what was. */
static void leave_out(struct left *left)
{
    const struct tip_down_body was = left->body;
    struct tip_item *stay = room_for_items(left);
    struct tip_item *out = find_set(left);
    size_t count = 0;

    for (size_t i = 0; i < was.item_count; i++) {
        if (&left->items[i] != out) {
            stay[count++] = left->items[i];
        }
    }
    left->body.items = stay;
    left->body.item_count = count;
    left->body.gone = TIP_BYTES_NONE;
    OK(tip_contents_lose(&was, &left->arena, &left->body));
}

static void leave_out_in_silence(struct left *left)
{
    left->body.gone = TIP_BYTES_NONE;
}

static void presume_what_never_was(struct left *left)
{
    assert_true(left->body.has_checkpoint);
    left->body.checkpoint.control += 1000;
}

static forge_fn *const forgeries[] = {
    say_otherwise, say_more,  say_who_else_wrote_it,
    say_a_reason,  leave_out, leave_out_in_silence,
};

/* Frame @index of the channel as Néma keeps it, in memory of the arena. */
static struct tip_bytes kept(struct left *left, uint64_t index)
{
    struct fake_store *store = left->star->nodes[NEMA].store;
    struct tip_bytes frame, copy;
    struct tip_txn *txn;

    OK(tip_store_begin(&store->base, TIP_TXN_READ, &txn));
    OK(tip_txn_get(txn, TIP_TABLE_FRAME_DOWN,
                   TIP_KEY(left->channel->row.channel, index), &frame));
    OK(tip_arena_copy(&left->arena, frame, &copy));
    tip_txn_abort(txn);
    return copy;
}

static void open_left(struct left *left)
{
    OK(hub_handback_open(left->star->hub, left->channel, &left->header,
                         &left->parts, &left->arena, &left->body));
    assert_true(left->body.item_count < ITEMS_MAX);
    left->items = room_for_items(left);
    memcpy(left->items, left->body.items,
           left->body.item_count * sizeof *left->items);
    left->body.items = left->items;
}

static enum tip_err hand_back(struct left *left, struct tip_bytes frame)
{
    enum tip_err err = hub_handback_frame(
        left->star->hub, hub_engine_origin(left->star->hub, STAR_ORIGIN_FIRST),
        frame);

    OK(hub_engine_flush(left->star->hub));
    return err;
}

/* The frame as @forge makes it, signed by Néma. */
static enum tip_err hand_back_forged(struct left *left, forge_fn *forge)
{
    static uint8_t packed_memory[TIP_FRAME_BYTES_MAX],
        memory[TIP_FRAME_BYTES_MAX];
    struct tip_frame_header header = left->header;
    struct tip_bytes packed;
    struct tip_buf buf;

    open_left(left);
    forge(left);
    tip_buf_init(&buf, packed_memory, sizeof packed_memory);
    OK(tip_wire_down_encode(left->star->hub->codec, &left->body, &buf,
                            &header.dictionary));
    OK(tip_buf_finish(&buf, &packed));
    header.salt[0]++;
    tip_buf_init(&buf, memory, sizeof memory);
    OK(tip_envelope_redact(left->star->nodes[NEMA].keys, &left->channel->key,
                           &left->parts, &header, packed, &buf));
    return hand_back(left, tip_bytes(memory, buf.size));
}

/* How far Néma has @channel. */
static uint64_t last_of(struct star *star, uint32_t channel)
{
    struct tip_channel_position have[3];
    struct tip_head feed;
    uint64_t last = 0;

    node_engine_position(star->nodes[NEMA].engine, &feed, have, NULL);
    for (size_t i = 0; i < 3; i++) {
        last = have[i].channel == channel ? have[i].head.number : last;
    }
    return last;
}

/* Nothing that is forged of @left is taken. */
static void assert_none_is_taken(struct left *left)
{
    for (size_t i = 0; i < sizeof forgeries / sizeof *forgeries; i++) {
        assert_int_equal(hand_back_forged(left, forgeries[i]), TIP_ESIGNATURE);
    }
    if (left->body.has_checkpoint) {
        assert_int_equal(hand_back_forged(left, presume_what_never_was),
                         TIP_ESIGNATURE);
    }
}

/* Hand back all that Néma has of @channel. Where something of a frame was
 * erased and a change-set is left, nothing that is forged is taken, and what is
 * left is. *out_forged: how many there were. */
static void hand_all_back(struct star *star, uint32_t channel,
                          size_t *out_forged)
{
    static struct left left;

    left = (struct left){.star = star,
                         .channel = hub_engine_channel(star->hub, channel)};
    tip_arena_init(&left.arena, ARENA_BYTES_MAX);
    *out_forged = 0;
    while (left.channel->row.head.number < last_of(star, channel)) {
        struct tip_bytes frame = kept(&left, left.channel->row.head.number + 1);

        OK(tip_envelope_read(frame, &left.parts, &left.header));
        if (tip_wire_frame_is_redacted(&left.parts)) {
            assert_none_is_taken(&left);
            ++*out_forged;
        }
        OK(hand_back(&left, frame));
        tip_arena_clear(&left.arena);
    }
    tip_arena_deinit(&left.arena);
}

static void assert_nothing_forged(struct star *star, uint32_t channel)
{
    size_t forged;

    hand_all_back(star, TIP_CHANNEL_CTL, &forged);
    assert_int_equal(forged, 0);
    hand_all_back(star, channel, &forged);
    assert_int_equal(forged, 1);
    star_join(star, NEMA);
    star_join(star, ATAR);
    erasing_run(star);
    erasing_assert_agreement(star);
}

static void test_of_its_own_channel_an_office_says_nothing_new(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct tip_id other = erasing_somebody(star, "Salka");
    struct fake_store *backup = star_backup_hub(star);

    erasing_write_behind(star, &id, "Mariem", &other);
    erasing_then_restore(star, &id, backup);
    assert_nothing_forged(star, STAR_OFFICE_FIRST);
    erasing_assert_gone(star, &id, "Mariem");
}

/* Somebody whom the hub writes of for everybody. */
static struct tip_id publish(struct star *star, const char *name)
{
    const struct tip_change said = {
        .field = FAKE_LATEST + 1,
        .value = {.kind = TIP_VALUE_TEXT, .bytes = tip_bytes_text(name)}};

    return star_publish(star, &said);
}

static void test_of_what_is_for_everybody_no_office_says_anything(void **state)
{
    struct star *star = *state;
    struct fake_store *backup = star_backup_hub(star);
    struct tip_id id = publish(star, "Mariem");
    struct tip_id other = publish(star, "Salka");

    star_run(star);
    erasing_then_restore(star, &id, backup);
    assert_nothing_forged(star, TIP_CHANNEL_REF);
    assert_true(star_has(star, HUB, &other));
}

/* The control log says that it was erased, and comes first. */
static void test_what_is_gone_waits_for_the_control_log(void **state)
{
    struct star *star = *state;
    struct fake_store *backup = star_backup_hub(star);
    struct tip_id id = publish(star, "Mariem");
    struct left left = {.star = star};

    (void)publish(star, "Salka");
    star_run(star);
    erasing_then_restore(star, &id, backup);
    left.channel = hub_engine_channel(star->hub, TIP_CHANNEL_REF);
    tip_arena_init(&left.arena, ARENA_BYTES_MAX);
    assert_int_equal(
        hand_back(&left, kept(&left, left.channel->row.head.number + 1)),
        TIP_ESIGNATURE);
    tip_arena_deinit(&left.arena);
}

/* Two are erased one after the other, the second after the hub has taken back
 * what was left of the first; and it is put back once more. */
static void test_what_is_left_of_what_was_left_is_proven_too(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct tip_id next = erasing_somebody(star, "Fatou");
    struct tip_id other = erasing_somebody(star, "Salka");
    struct fake_store *backup = star_backup_hub(star);

    star_cut(star, NEMA);
    OK(erasing_write(star, ATAR, &id, FAKE_LATEST + 1, "Mariem, erased"));
    OK(erasing_write(star, ATAR, &other, FAKE_LATEST + 1, "Salka, left"));
    OK(erasing_write(star, ATAR, &next, FAKE_LATEST + 1, "Fatou, next"));
    star_run(star);
    star_join(star, NEMA);
    star_run(star);
    erasing_begin(star, &id);
    erasing_run(star);
    erasing_then_restore(star, &next, backup);
    assert_nothing_forged(star, STAR_OFFICE_FIRST);
    erasing_assert_gone(star, &id, "Mariem");
    erasing_assert_gone(star, &next, "Fatou");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_of_its_own_channel_an_office_says_nothing_new),
        STAR_TEST(test_of_what_is_for_everybody_no_office_says_anything),
        STAR_TEST(test_what_is_gone_waits_for_the_control_log),
        STAR_TEST(test_what_is_left_of_what_was_left_is_proven_too),
    };

    return cmocka_run_group_tests_name("handback_left", tests, NULL, NULL);
}
