#include "sim_forge.h"

#include <string.h>

#include "sim_check.h"
#include "tip_envelope.h"
#include "tip_frame_row.h"
#include "tip_wire_up.h"

static const struct node_identity *identity_of(const struct sim *sim)
{
    return &sim->offices[sim->liar.party].identity;
}

void sim_forge_begin(struct sim *sim, struct sim_forged *forged)
{
    const struct node_identity *identity = identity_of(sim);
    uint32_t generation;

    forged->size = 0;
    forged->header = (struct tip_frame_header){.origin = identity->origin,
                                               .key_epoch = identity->key_epoch,
                                               .count = 1,
                                               .catalogue = 1};
    sim_require(sim, SIM_HUB,
                hub_engine_feed(sim->hub.engine, identity->origin, &generation,
                                &forged->previous) == TIP_OK,
                "the hub knows its offices");
    forged->header.first = forged->previous.number + 1;
}

/* The change-sets of a frame as the wire wants them. */
struct pack {
    struct tip_change_set sets[SIM_LIES_MAX];
    struct tip_record_ref refs[SIM_LIES_MAX][SIM_LIE_PARTS];
    struct tip_change changes[SIM_LIES_MAX]
                             [SIM_LIE_PARTS * SIM_CONTENT_CHANGES];
};

static void lay_out(struct pack *pack, size_t i, const struct sim_lie *lie)
{
    struct tip_change_set *set = &pack->sets[i];

    *set = (struct tip_change_set){.base = lie->base,
                                   .stamp = lie->stamp,
                                   .author = tip_bytes_text("nobody"),
                                   .records = pack->refs[i],
                                   .record_count = lie->count,
                                   .changes = pack->changes[i]};
    for (size_t p = 0; p < lie->count; p++) {
        const struct sim_content *content = &lie->parts[p].content;

        pack->refs[i][p] = lie->parts[p].ref;
        for (size_t c = 0; c < content->count; c++) {
            pack->changes[i][set->change_count] = content->changes[c];
            pack->changes[i][set->change_count++].record = (uint32_t)p;
        }
    }
}

static struct tip_codec *codec_new(struct sim *sim)
{
    struct tip_codec *codec = NULL;

    sim_require(sim, sim->liar.party, tip_codec_new(0, &codec) == TIP_OK,
                "there is memory");
    return codec;
}

bool sim_forge_pack(struct sim *sim, struct sim_forged *forged,
                    const struct sim_lie *lies, size_t count,
                    struct tip_buf *buf)
{
    static struct pack pack;
    struct tip_up_body body = {.sets = pack.sets, .set_count = count};
    struct tip_codec *codec = codec_new(sim);
    bool fits;

    for (size_t i = 0; i < count; i++) {
        lay_out(&pack, i, &lies[i]);
        pack.sets[i].origin = forged->header.origin;
        pack.sets[i].seq = forged->header.first + i;
    }
    forged->header.count = (uint32_t)count;
    fits = tip_wire_up_encode(codec, &body, buf, &forged->header.dictionary) ==
           TIP_OK;
    tip_codec_free(codec);
    return fits;
}

bool sim_forge_close(struct sim *sim, struct sim_forged *forged,
                     struct tip_bytes body)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_LIES];
    struct tip_frame_key key;
    struct tip_bytes frame;
    struct tip_head head;
    struct tip_buf buf;

    prng->base.fill(&prng->base, forged->header.salt,
                    sizeof forged->header.salt);
    tip_frame_key_derive(&identity_of(sim)->office_secret, TIP_CHAIN_UP, &key);
    tip_buf_init(&buf, forged->message + 1, sizeof forged->message - 1);
    if (tip_envelope_close(sim->offices[sim->liar.party].machine.keys, &key,
                           &forged->header, &forged->previous, body, &buf,
                           &head) != TIP_OK ||
        tip_buf_finish(&buf, &frame) != TIP_OK) {
        return false;
    }
    forged->message[0] = TIP_MESSAGE_FRAME;
    forged->size = 1 + frame.size;
    return true;
}

enum tip_err sim_forge_read(struct sim *sim, const struct sim_forged *forged,
                            struct tip_bytes body)
{
    struct tip_wire_sender sender = {.header = &forged->header,
                                     .office = identity_of(sim)->office};
    struct tip_codec *codec = codec_new(sim);
    struct tip_up_body read;
    enum tip_err err;

    tip_arena_clear(&sim->arena);
    err = tip_wire_up_decode(codec, &sender, body, &sim->arena, &read);
    tip_codec_free(codec);
    return err;
}

bool sim_forge_find(struct sim *sim, uint64_t seq, struct sim_forged *out)
{
    struct tip_txn *txn = sim_check_reading(sim, SIM_HUB);
    uint32_t origin = identity_of(sim)->origin;
    struct tip_wire_frame parts;
    struct tip_bytes frame, before;
    struct tip_head head;
    uint64_t first, start;

    if (tip_frame_row_find(txn, origin, seq, &first, &head, &frame) != TIP_OK ||
        tip_envelope_read(frame, &parts, &out->header) != TIP_OK ||
        frame.size >= sizeof out->message) {
        return false;
    }
    out->message[0] = TIP_MESSAGE_FRAME;
    memcpy(out->message + 1, frame.data, frame.size);
    out->size = 1 + frame.size;
    tip_envelope_start(&out->header, &out->previous);
    return first == 1 || tip_frame_row_find(txn, origin, first - 1, &start,
                                            &out->previous, &before) == TIP_OK;
}
