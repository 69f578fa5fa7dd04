/* Bundles: a node's frames from a stick, and its channels to it. */
#include "hub_program.h"
#include "hub_retire.h"
#include "tip_carry.h"
#include "tip_desk.h"
#include "tip_reader.h"
#include "tip_store.h"

enum { CHANNELS = 3 /* What an office obeys, its own, and REF. */ };

struct bundle_job {
    struct tip_carry_job carry; /* First member, so the casts are valid. */
    struct hub_program *hub;
    struct hub_device device; /* Whose bundle it is. */
    uint32_t channels[CHANNELS];
    uint64_t next[CHANNELS]; /* Indexes to export. */
    size_t channel;          /* The one that is exported. */
};

/* Row 17: the index of a channel up to which a device said to be, in its newest
 * bundle. lo: origin, channel. */
static struct tip_key position_key(uint32_t origin, uint32_t channel)
{
    return TIP_KEY(TIP_HOME_ROW_POSITION, (uint64_t)origin << 32 | channel);
}

static uint64_t load_position(struct hub_engine *engine, uint32_t origin,
                              uint32_t channel)
{
    struct tip_reader reader;
    struct tip_bytes row;
    struct tip_txn *txn;
    uint64_t index = 0;
    enum tip_err err = hub_engine_txn(engine, &txn);

    if (err == TIP_OK) {
        err = tip_txn_get(txn, TIP_TABLE_META, position_key(origin, channel),
                          &row);
    }
    if (err == TIP_OK) {
        tip_reader_init(&reader, row);
        index = tip_reader_get_u64(&reader);
    }
    return index;
}

static enum tip_err store_position(struct hub_engine *engine, uint32_t origin,
                                   const struct tip_channel_position *position)
{
    uint8_t memory[8];
    struct tip_txn *txn;
    struct tip_buf buf;
    enum tip_err err = hub_engine_write_txn(engine, &txn);

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u64(&buf, position->head.number);
    return err == TIP_OK ? tip_txn_put(txn, TIP_TABLE_META,
                                       position_key(origin, position->channel),
                                       TIP_BYTES_OF(memory))
                         : err;
}

static const struct hub_device *find(const struct hub_program *hub,
                                     uint32_t origin)
{
    const struct hub_device *device;

    for (size_t i = 0; (device = hub_engine_device(hub->engine, i)) != NULL;
         i++) {
        if (device->origin == origin) {
            return device;
        }
    }
    return NULL;
}

static enum tip_err maker(struct tip_carrier *self,
                          const struct tip_bundle_head *head,
                          struct tip_box_public *out_maker)
{
    struct bundle_job *job = (struct bundle_job *)self;
    const struct hub_device *device = find(job->hub, head->origin);

    if (head->side != TIP_SESSION_NODE || device == NULL) {
        return TIP_EBUNDLE_OTHER;
    }
    if (device->is_revoked) {
        return TIP_EACCESS;
    }
    job->device = *device;
    *out_maker = device->keys.box;
    return TIP_OK;
}

/* How far the device said to have @channel, by link or stick. */
static uint64_t load_known(struct hub_engine *engine, uint32_t origin,
                           uint32_t channel)
{
    uint64_t told = load_position(engine, origin, channel);
    uint64_t live = hub_engine_known(engine, origin, channel);

    return live > told ? live : told;
}

/* The node says how far it has channel @i. What it held when it had less than
 * it said since counts no more. */
static enum tip_err take_channel(struct hub_engine *engine,
                                 const struct tip_bundle_head *head, size_t i)
{
    const struct tip_channel_position *position = &head->channels[i];
    bool differs = position->agreement == TIP_AGREEMENT_DIFFERS;
    bool is_old = position->head.number <
                  load_known(engine, head->origin, position->channel);
    enum tip_err err = store_position(engine, head->origin, position);

    return err == TIP_OK && !is_old
               ? hub_engine_hear_channel(engine, head->origin, position,
                                         differs ? &head->parts[i] : NULL)
               : err;
}

/* From where the node is the next bundle to it begins. Who only ever sends a
 * stick is not silent. */
static enum tip_err take_head(struct tip_carrier *self,
                              const struct tip_bundle_head *head)
{
    struct bundle_job *job = (struct bundle_job *)self;
    enum tip_err err = TIP_OK;

    hub_engine_hear(job->hub->engine, head->origin, head->made_ms,
                    head->feed.number);
    for (size_t i = 0; i < head->channel_count && err == TIP_OK; i++) {
        err = take_channel(job->hub->engine, head, i);
    }
    return err;
}

static enum tip_err take_frame(struct tip_carrier *self, struct tip_bytes frame)
{
    struct bundle_job *job = (struct bundle_job *)self;

    return hub_engine_import_frame(job->hub->engine, job->device.origin, frame);
}

static enum tip_err next_frame(struct tip_carrier *self,
                               struct tip_bytes *out_frame)
{
    struct bundle_job *job = (struct bundle_job *)self;
    enum tip_err err = TIP_ENOTFOUND;

    while (err == TIP_ENOTFOUND && job->channel < CHANNELS) {
        err = hub_engine_export_frame(job->hub->engine,
                                      job->channels[job->channel],
                                      job->next[job->channel], out_frame);
        if (err == TIP_ENOTFOUND) {
            job->channel++;
        }
    }
    if (err == TIP_OK) {
        job->next[job->channel]++;
    }
    return err;
}

static enum tip_err job_begin(struct hub_program *hub,
                              struct tip_request *request,
                              struct bundle_job **out_job)
{
    const struct tip_carrier carrier = {.keys = hub->state.keys,
                                        .daemon = hub->host.daemon,
                                        .maker = maker,
                                        .take_head = take_head,
                                        .take_frame = take_frame,
                                        .next_frame = next_frame};
    enum tip_err err = tip_carry_job_new(request, sizeof **out_job, &carrier);

    if (err == TIP_OK) {
        *out_job = request->job;
        (*out_job)->hub = hub;
    }
    return err;
}

/* The device of --office that is in use. */
static enum tip_err choose_device(struct bundle_job *job,
                                  const struct tip_cli_call *call)
{
    const struct tip_cli_value *office = tip_cli_option(call, "office");
    const struct hub_device *device;
    uint32_t number;
    enum tip_err err;

    if (!office->is_given) {
        return TIP_EUSAGE;
    }
    err = tip_desk_office(job->hub->host.desk, tip_bytes_text(office->text),
                          &number);
    if (err != TIP_OK) {
        return err;
    }
    device = hub_engine_in_use(job->hub->engine, number);
    if (device == NULL) {
        return TIP_ENOTFOUND;
    }
    job->device = *device;
    return TIP_OK;
}

/* From where on each channel is exported: its own from where it begins for this
 * device. */
static enum tip_err choose_start(struct bundle_job *job, bool is_all)
{
    struct hub_engine *engine = job->hub->engine;
    uint32_t origin = job->device.origin;
    uint32_t generation;
    struct tip_head joined;
    enum tip_err err = hub_engine_joined(engine, origin, &generation, &joined);

    if (err != TIP_OK) {
        return err;
    }
    job->channels[0] = TIP_CHANNEL_CTL; /* The others presume it. */
    job->channels[1] = TIP_CHANNEL_REF;
    job->channels[2] = job->device.office;
    for (size_t i = 0; i < CHANNELS; i++) {
        uint64_t known =
            is_all ? 0 : load_known(engine, origin, job->channels[i]);

        if (job->channels[i] == job->device.office && known < joined.number) {
            known = joined.number;
        }
        job->next[i] = known + 1;
    }
    return TIP_OK;
}

static enum tip_err export_begin(struct hub_program *hub,
                                 const struct tip_cli_call *call,
                                 struct bundle_job *job)
{
    struct tip_bundle_head head = {.side = TIP_SESSION_HUB,
                                   .made_ms = hub->clock.now_ms(&hub->clock)};
    enum tip_err err = choose_device(job, call);

    /* What the head claims to have must be durable. */
    if (err == TIP_OK) {
        err = hub_engine_flush(hub->engine);
    }
    if (err == TIP_OK) {
        head.origin = job->device.origin;
        err = hub_engine_feed(hub->engine, head.origin, &head.generation,
                              &head.feed);
    }
    if (err != TIP_OK) {
        return err;
    }
    err = choose_start(job, tip_cli_option(call, "all")->is_given);
    if (err != TIP_OK) {
        return err;
    }
    return tip_carry_out_begin(&job->carry.out, &head, &job->device.keys.box);
}

/* A stick brings no frames of the hub back, and takes none there before. */
static void warn_of_restore(const struct bundle_job *job,
                            struct tip_reply *reply)
{
    struct hub_recovery recovery;

    hub_engine_recovery(job->hub->engine, &recovery);
    if (recovery.is_open) {
        tip_program_warn(reply,
                         "The hub takes back what it lost when it was "
                         "restored: until it has, it fills no stick for an "
                         "office, and what came on one is kept and not "
                         "merged.");
    } else if (hub_engine_is_owed(job->hub->engine, job->device.origin)) {
        tip_program_warn(reply,
                         "This office has not yet handed back what the hub "
                         "lost when it was restored, and a stick cannot: let "
                         "it connect once, from anywhere (the line of a "
                         "telephone will do). What came from it is kept and "
                         "not merged before, and no stick is filled for it.");
    }
}

enum tip_err hub_run_bundle_export(void *program, struct tip_request *request,
                                   struct tip_reply *reply)
{
    struct hub_program *hub = program;
    struct bundle_job *job = request->job;
    enum tip_err err = TIP_OK;

    if (job == NULL) {
        err = job_begin(hub, request, &job);
        if (err == TIP_OK) {
            err = export_begin(hub, request->call, job);
        }
        if (err == TIP_EUSAGE || err == TIP_EOFFICE || err == TIP_ENOTFOUND) {
            tip_reply_explain(reply, "--office must name an enrolled office");
        }
    }
    if (err == TIP_OK) {
        err = tip_carry_out_step(&job->carry.out, reply);
    }
    if (err == TIP_OK) {
        tip_reply_integer(reply, "office", job->device.office);
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "Next: carry the file to the office: tipnode bundle "
                       "import FILE. Only its device can open it.");
        warn_of_restore(job, reply);
    }
    return err;
}

enum tip_err hub_run_bundle_import(void *program, struct tip_request *request,
                                   struct tip_reply *reply)
{
    struct hub_program *hub = program;
    struct bundle_job *job = request->job;
    enum tip_err err = TIP_OK;

    if (job == NULL) {
        err = job_begin(hub, request, &job);
    }
    if (err == TIP_OK) {
        err = tip_carry_in_step(&job->carry.in, request, reply);
    }
    if (err == TIP_OK) {
        tip_reply_integer(reply, "office", job->device.office);
        tip_reply_integer(reply, "origin", job->device.origin);
        warn_of_restore(job, reply);
    }
    return err;
}
