#include "sim_bundle.h"

#include "tip_reader.h"

/* A file that is read. */
struct reading {
    struct tip_bundle_reader bundle;
    struct tip_reader rest;
    size_t left;
};

enum tip_err sim_bundle_begin(struct sim_bundle *bundle,
                              struct sim_machine *machine,
                              const struct tip_bundle_head *head,
                              const struct tip_box_public *recipient)
{
    tip_buf_init(&bundle->buf, bundle->bytes, sizeof bundle->bytes);
    return tip_bundle_begin(&bundle->writer, machine->keys, head, recipient,
                            &machine->entropy.base, &bundle->buf);
}

bool sim_bundle_has_room(const struct sim_bundle *bundle)
{
    return bundle->buf.size + 4UL * TIP_BUNDLE_PART_BYTES_MAX <
           sizeof bundle->bytes;
}

static enum tip_err start(struct reading *reading,
                          const struct tip_device_keys *keys,
                          struct tip_bytes file)
{
    tip_reader_init(&reading->rest, file);
    reading->left = file.size;
    if (file.size < TIP_BUNDLE_START_SIZE) {
        return TIP_EBUNDLE;
    }
    reading->left -= TIP_BUNDLE_START_SIZE;
    return tip_bundle_open(
        &reading->bundle, keys,
        tip_reader_get(&reading->rest, TIP_BUNDLE_START_SIZE));
}

static enum tip_err next_part(struct reading *reading,
                              enum tip_bundle_kind *out_kind,
                              struct tip_bytes *out_content)
{
    uint32_t size;

    if (reading->left < TIP_BUNDLE_LENGTH_SIZE) {
        return TIP_EBUNDLE;
    }
    reading->left -= TIP_BUNDLE_LENGTH_SIZE;
    size = tip_reader_get_u32(&reading->rest);
    if (size > reading->left || size > TIP_BUNDLE_PART_BYTES_MAX) {
        return TIP_EBUNDLE;
    }
    reading->left -= size;
    return tip_bundle_part(&reading->bundle,
                           tip_reader_get(&reading->rest, size), out_kind,
                           out_content);
}

bool sim_bundle_prove(const struct tip_device_keys *keys, struct tip_bytes file,
                      enum tip_session_side side,
                      const struct tip_box_public *maker,
                      struct tip_bundle_head *out_head)
{
    static struct reading reading;
    enum tip_bundle_kind kind = TIP_BUNDLE_HEAD;
    struct tip_bytes content;
    enum tip_err err = start(&reading, keys, file);

    while (err == TIP_OK && kind != TIP_BUNDLE_END) {
        err = next_part(&reading, &kind, &content);
        if (err == TIP_OK && kind == TIP_BUNDLE_HEAD) {
            err = tip_bundle_head_read(content, out_head);
        }
    }
    return err == TIP_OK && reading.left == 0 &&
           tip_bundle_check(&reading.bundle, side, maker) == TIP_OK;
}

static enum tip_err take_frames(struct sim *sim, uint32_t party,
                                struct tip_bytes frames, sim_bundle_taker *take)
{
    struct tip_bytes frame;
    enum tip_err err;

    while ((err = tip_bundle_next(&frames, &frame)) == TIP_OK) {
        err = take(sim, party, frame);
        if (err != TIP_OK && err != TIP_EEXISTS) {
            return err;
        }
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

enum tip_err sim_bundle_take(struct sim *sim, uint32_t party,
                             const struct tip_device_keys *keys,
                             struct tip_bytes file, sim_bundle_taker *take)
{
    static struct reading reading;
    enum tip_bundle_kind kind = TIP_BUNDLE_HEAD;
    struct tip_bytes content;
    enum tip_err err = start(&reading, keys, file);

    while (err == TIP_OK && kind != TIP_BUNDLE_END) {
        err = next_part(&reading, &kind, &content);
        if (err == TIP_OK && kind == TIP_BUNDLE_FRAMES) {
            err = take_frames(sim, party, content, take);
        }
    }
    return err;
}

uint64_t sim_bundle_known(struct sim *sim, uint32_t party, uint32_t channel)
{
    uint64_t known =
        hub_engine_known(sim->hub.engine, sim->oracle.links[party], channel);

    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        const struct tip_channel_position *said =
            &sim->offices[party].carried[i];

        if (said->channel == channel && said->head.number > known) {
            known = said->head.number;
        }
    }
    return known;
}

enum tip_err sim_bundle_hear(struct sim *sim, uint32_t party,
                             const struct tip_bundle_head *head)
{
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < head->channel_count && err == TIP_OK; i++) {
        const struct tip_channel_position *position = &head->channels[i];
        bool is_old = position->head.number <
                      sim_bundle_known(sim, party, position->channel);

        sim->offices[party].carried[i] = *position;
        if (!is_old) {
            err = hub_engine_hear_channel(
                sim->hub.engine, head->origin, position,
                position->agreement == TIP_AGREEMENT_DIFFERS ? &head->parts[i]
                                                             : NULL);
        }
    }
    return err;
}
