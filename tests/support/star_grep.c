#include "star_grep.h"

#include <string.h>

#include "tip_envelope.h"
#include "tip_frame_row.h"
#include "tip_test.h"
#include "tip_wire_down.h"
#include "tip_wire_up.h"

#define OK(call) assert_int_equal((call), TIP_OK)

/* A store that is searched. */
struct search {
    struct star *star;
    struct tip_store *store;
    struct tip_codec *codec;
    struct tip_arena arena;
    struct tip_bytes text;
};

static struct search search_of(struct star *star, int i, const char *text)
{
    struct search search = {.star = star,
                            .store = i < 0 ? &star->store->base
                                           : &star->nodes[i].store->base,
                            .text = tip_bytes_text(text)};

    OK(tip_codec_new(TIP_CODEC_LEVEL, &search.codec));
    tip_arena_init(&search.arena, 64 << 20);
    return search;
}

static void search_deinit(struct search *search)
{
    tip_codec_free(search->codec);
    tip_arena_deinit(&search->arena);
}

static bool holds(struct tip_bytes text, struct tip_bytes bytes)
{
    for (size_t i = 0; i + text.size <= bytes.size; i++) {
        if (memcmp(bytes.data + i, text.data, text.size) == 0) {
            return true;
        }
    }
    return false;
}

static bool set_holds(struct tip_bytes text, const struct tip_change_set *set)
{
    bool found = holds(text, set->reason) || holds(text, set->author);

    for (size_t i = 0; i < set->change_count; i++) {
        const struct tip_value *value = &set->changes[i].value;

        found = found || ((value->kind == TIP_VALUE_TEXT ||
                           value->kind == TIP_VALUE_OPAQUE) &&
                          holds(text, value->bytes));
    }
    return found;
}

static struct tip_frame_key key_of(struct star *star,
                                   const struct tip_frame_header *header)
{
    const struct tip_operational_secret ref = {{7}};
    const struct tip_operational_secret *secret = &ref;
    struct tip_frame_key key;

    for (size_t i = 0; i < star->node_count; i++) {
        const struct node_identity *node = &star->nodes[i].identity;

        if (header->is_down ? header->channel == node->office
                            : header->origin == node->origin) {
            secret = &node->office_secret;
        }
    }
    tip_frame_key_derive(secret,
                         header->is_down ? TIP_CHAIN_DOWN : TIP_CHAIN_UP, &key);
    return key;
}

static bool down_holds(struct tip_bytes text, const struct tip_down_body *body)
{
    bool found = false;

    for (size_t i = 0; i < body->item_count; i++) {
        const struct tip_item *item = &body->items[i];

        found =
            found || set_holds(text, &item->set) ||
            holds(text, item->state.bytes) ||
            (item->kind == TIP_ITEM_RULING && holds(text, item->ruling.reason));
    }
    return found;
}

static bool frame_holds(struct search *search, struct tip_bytes frame)
{
    struct tip_frame_header header;
    struct tip_wire_sender sender = {.header = &header};
    struct tip_wire_frame parts;
    struct tip_frame_key key;
    struct tip_bytes packed;
    struct tip_down_body down;
    struct tip_up_body up;
    bool found = false;

    OK(tip_envelope_read(frame, &parts, &header));
    key = key_of(search->star, &header);
    OK(tip_envelope_open(&key, &header, &parts, &search->arena, &packed));
    if (header.is_down) {
        OK(tip_wire_down_decode(search->codec, &header, packed, &search->arena,
                                &down));
        return down_holds(search->text, &down);
    }
    OK(tip_wire_up_decode(search->codec, &sender, packed, &search->arena, &up));
    for (size_t i = 0; i < up.set_count; i++) {
        found = found || set_holds(search->text, &up.sets[i]);
    }
    return found;
}

static struct tip_bytes frame_of(enum tip_table table, struct tip_bytes row)
{
    struct tip_bytes frame = row;
    struct tip_head head;

    if (table == TIP_TABLE_FRAME_UP) {
        OK(tip_frame_row_read(row, &head, &frame));
    }
    return frame;
}

static size_t grep_table(struct search *search, struct tip_txn *txn,
                         enum tip_table table)
{
    bool is_frame =
        table == TIP_TABLE_FRAME_UP || table == TIP_TABLE_FRAME_DOWN;
    struct tip_key key = TIP_KEY(0, 0);
    struct tip_bytes row;
    size_t count = 0;

    while (tip_txn_seek(txn, table, TIP_SEEK_AT_OR_AFTER, key, &key, &row) ==
           TIP_OK) {
        if (holds(search->text, row) ||
            (is_frame && frame_holds(search, frame_of(table, row)))) {
            count++;
        }
        key = tip_key_next(key);
        tip_arena_clear(&search->arena);
        tip_txn_forget(txn);
    }
    return count;
}

size_t star_grep(struct star *star, int i, const char *text)
{
    struct search search = search_of(star, i, text);
    struct tip_txn *txn;
    size_t count = 0;

    OK(tip_store_begin(search.store, TIP_TXN_READ, &txn));
    for (int table = 0; table < TIP_TABLE_COUNT; table++) {
        count += grep_table(&search, txn, (enum tip_table)table);
    }
    tip_txn_abort(txn);
    search_deinit(&search);
    return count;
}

/* What a chain of one table is signed by. */
static const struct tip_sign_public *
signer_of(struct star *star, const struct tip_frame_header *header)
{
    const struct tip_device_keys *keys =
        header->is_down ? star->keys
                        : star->nodes[header->origin - STAR_ORIGIN_FIRST].keys;

    return &tip_device_keys_public(keys)->sign;
}

/* Check one frame behind @head; both the party and the frame's maker may have
 * erased something of it. */
static bool check_frame(struct star *star, int i, struct tip_bytes frame,
                        struct tip_head *head)
{
    const struct tip_device_keys *own =
        i < 0 ? star->keys : star->nodes[i].keys;
    struct tip_frame_header header;
    struct tip_wire_frame parts;

    OK(tip_envelope_read(frame, &parts, &header));
    if (header.first == 1) {
        tip_envelope_start(&header, head);
    }
    OK(tip_envelope_verify_left(signer_of(star, &header),
                                &tip_device_keys_public(own)->sign, &header,
                                &parts, head, head));
    return tip_wire_frame_is_redacted(&parts);
}

size_t star_verify_chains(struct star *star, int i)
{
    static const enum tip_table tables[] = {TIP_TABLE_FRAME_UP,
                                            TIP_TABLE_FRAME_DOWN};
    struct search search = search_of(star, i, "");
    struct tip_head head = {.number = 0};
    struct tip_txn *txn;
    size_t redacted = 0;

    OK(tip_store_begin(search.store, TIP_TXN_READ, &txn));
    for (size_t t = 0; t < 2; t++) {
        struct tip_key key = TIP_KEY(0, 0);
        struct tip_bytes row;

        while (tip_txn_seek(txn, tables[t], TIP_SEEK_AT_OR_AFTER, key, &key,
                            &row) == TIP_OK) {
            redacted +=
                check_frame(star, i, frame_of(tables[t], row), &head) ? 1 : 0;
            key = tip_key_next(key);
            tip_txn_forget(txn);
        }
    }
    tip_txn_abort(txn);
    search_deinit(&search);
    return redacted;
}
