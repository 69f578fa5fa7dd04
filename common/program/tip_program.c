#include "tip_program.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tip_cli_main.h"
#include "tip_conf.h"
#include "tip_endpoint.h"
#include "tip_inspect.h"
#include "tip_link_child.h"
#include "tip_process.h"
#include "tip_secret.h"
#include "tip_survey.h"

enum {
    VERIFY_MS_MAX = 60 * 60 * 1000,
    VERIFY_BYTES_MAX = 128 * 1024 * 1024,
    NOTE_SIZE = 300,
    FULL_PERCENT = 90
};

int tip_program_main(const struct tip_cli_program *program, int argc,
                     char **argv)
{
    enum tip_err err;

    if (argc == 2 && strcmp(argv[1], "link-child") == 0) {
        return tip_link_child_main(TIP_PROCESS_CHILD_FD);
    }
    err = tip_process_harden();
    if (err == TIP_OK) {
        err = tip_seal_init();
    }
    if (err != TIP_OK) {
        (void)fprintf(stderr, "error: %s (%s)\n", tip_err_text(err),
                      tip_err_name(err));
        return (int)tip_exit_of(err);
    }
    return tip_cli_main(program, argc, argv);
}

enum tip_err tip_program_addresses(const char *list,
                                   struct tip_program_addresses *out)
{
    struct tip_program_addresses addresses = {.count = 0};
    struct tip_endpoint endpoint;
    int64_t count;

    if (!tip_endpoints_count(list, &count)) {
        return TIP_EINVAL;
    }
    if (count > TIP_PROGRAM_ADDRESSES_MAX) {
        return TIP_ETOOBIG;
    }
    while (tip_endpoints_get(list, addresses.count, &endpoint) == TIP_OK) {
        bool is_v6 = strchr(endpoint.host, ':') != NULL;

        (void)snprintf(addresses.texts[addresses.count],
                       TIP_PROGRAM_ADDRESS_SIZE, "tcp://%s%s%s:%" PRIu16,
                       is_v6 ? "[" : "", endpoint.host, is_v6 ? "]" : "",
                       endpoint.port);
        addresses.count++;
    }
    *out = addresses;
    return TIP_OK;
}

const struct tip_cli_option tip_program_init_options[1] = {
    {.name = "dev",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "Keep the vault key in a file beside the store. For trying out: "
             "whoever takes the disk has both."}};

const struct tip_cli_argument tip_program_bundle_arguments[1] = {
    {.name = "FILE",
     .spec = {.type = TIP_SPEC_PATH},
     .file = TIP_CLI_FILE_IN,
     .help = "The bundle."}};

struct tip_home_opts tip_program_home_opts(const struct tip_conf *conf)
{
    return (struct tip_home_opts){
        .dir = tip_conf_text(conf, TIP_PROGRAM_CONF_DIR),
        .credential = tip_conf_text(conf, TIP_PROGRAM_CONF_VAULT),
        .limit_bytes = (uint64_t)tip_conf_number(conf, TIP_PROGRAM_CONF_SIZE)};
}

void tip_program_say_vault(struct tip_reply *reply, bool is_dev)
{
    if (is_dev) {
        tip_reply_note(reply, TIP_REPLY_WARNING,
                       "The vault key lies beside the store (--dev): whoever "
                       "takes the disk has both.");
    }
}

void tip_program_warn(struct tip_reply *reply, const char *format, ...)
{
    char note[NOTE_SIZE];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(note, sizeof note, format, args);
    va_end(args);
    tip_reply_note(reply, TIP_REPLY_WARNING, "%s", note);
    tip_reply_exit(reply, TIP_EXIT_DEGRADED);
}

/* Of what saves may fill. */
static uint64_t percent_of(const struct tip_store_usage *usage)
{
    uint64_t part = (usage->limit_bytes - usage->reserve_bytes) / 100;

    return part == 0 ? 0 : (usage->used_bytes + part / 2) / part;
}

void tip_program_say_disk(struct tip_reply *reply,
                          const struct tip_store_usage *usage)
{
    tip_reply_size(reply, "store_used_bytes", (int64_t)usage->used_bytes);
    tip_reply_size(reply, "store_limit_bytes", (int64_t)usage->limit_bytes);
    tip_reply_integer(reply, "store_percent", (int64_t)percent_of(usage));
}

bool tip_program_is_nearly_full(const struct tip_store_usage *usage)
{
    uint64_t room = usage->limit_bytes - usage->reserve_bytes;

    return usage->used_bytes / FULL_PERCENT > room / 100;
}

void tip_program_say_scrubbing(struct tip_reply *reply, uint32_t records)
{
    tip_reply_integer(reply, "records", records);
    tip_reply_note(reply, TIP_REPLY_INFO,
                   "The store is read, some of it each second. Next: status; "
                   "once last_scrub is later than now, it says all that was "
                   "found.");
}

void tip_program_say_rot(struct tip_reply *reply,
                         const struct tip_survey_report *report)
{
    tip_reply_list_begin(reply, "rotten_first");
    for (size_t i = 0; i < TIP_SURVEY_NAMED && i < report->count; i++) {
        const struct tip_survey_finding *found = &report->first[i];
        char text[TIP_INSPECT_SENTENCE_SIZE];

        tip_inspect_say(found->kind, found->a, found->b, text);
        tip_reply_row_begin(reply);
        tip_reply_text(reply, "finding", text);
        tip_reply_row_end(reply);
    }
    tip_reply_list_end(reply);
}

void tip_program_say_scrub(struct tip_reply *reply, uint32_t next, uint32_t end,
                           const struct tip_survey_report *rest)
{
    if (next == 0 || end <= 1) {
        tip_reply_none(reply, "scrub_read");
        tip_reply_none(reply, "scrub_of");
    } else {
        tip_reply_integer(reply, "scrub_read", (int64_t)next - 1);
        tip_reply_integer(reply, "scrub_of", (int64_t)end - 1);
    }
    tip_reply_integer(reply, "rotten", (int64_t)rest->count);
}

static const char *table_name(enum tip_table table)
{
    static const char *const names[TIP_TABLE_COUNT] = {
        "meta",      "record", "history", "outbox", "frame_up", "frame_down",
        "channel",   "commit", "held",    "office", "origin",   "figure",
        "catalogue", "invite", "holding", "ruling", "erasure"};

    return (unsigned)table < TIP_TABLE_COUNT ? names[table] : "unknown";
}

static void say_damage(struct tip_reply *reply,
                       const struct tip_store_verify_report *report)
{
    tip_reply_integer(reply, "damaged", (int64_t)report->damaged_count);
    tip_reply_boolean(reply, "went_back", report->went_back);
    tip_reply_boolean(reply, "free_list_damaged", report->is_free_list_damaged);
    tip_reply_boolean(reply, "is_complete",
                      report->end == TIP_STORE_VERIFY_DONE);
    tip_reply_list_begin(reply, "damaged_tables");
    for (int i = 0; i < TIP_TABLE_COUNT; i++) {
        if (report->is_table_damaged[i]) {
            tip_reply_row_begin(reply);
            tip_reply_text(reply, "table", table_name((enum tip_table)i));
            tip_reply_row_end(reply);
        }
    }
    tip_reply_list_end(reply);
}

enum tip_err tip_program_verify_store(struct tip_request *request,
                                      struct tip_reply *reply)
{
    const struct tip_home_opts opts = tip_program_home_opts(request->conf);
    struct tip_store_verify_report report;
    enum tip_err err = tip_home_verify(&opts, VERIFY_MS_MAX, &report);

    if (err == TIP_OK || err == TIP_ESTORE_DAMAGED) {
        tip_reply_integer(reply, "sound", (int64_t)report.sound_count);
        say_damage(reply, &report);
    }
    return err;
}

static void found(void *context, enum tip_inspect_kind kind, uint64_t a,
                  uint64_t b)
{
    struct tip_reply *reply = context;
    char text[TIP_INSPECT_SENTENCE_SIZE];

    if (tip_reply_has_room(reply)) {
        tip_inspect_say(kind, a, b, text);
        tip_reply_row_begin(reply);
        tip_reply_text(reply, "finding", text);
        tip_reply_row_end(reply);
    }
}

enum tip_err tip_program_verify_content(struct tip_store *store,
                                        tip_program_look_fn *look, void *state,
                                        struct tip_reply *reply)
{
    struct tip_arena arena;
    struct tip_inspect check = {
        .arena = &arena, .found = found, .context = reply};
    enum tip_err err = tip_store_begin(store, TIP_TXN_READ, &check.txn);

    if (err != TIP_OK) {
        return err;
    }
    tip_arena_init(&arena, VERIFY_BYTES_MAX);
    tip_reply_list_begin(reply, "findings");
    err = look(&check, state);
    tip_reply_list_end(reply);
    tip_reply_integer(reply, "found", (int64_t)check.found_count);
    tip_txn_abort(check.txn);
    tip_arena_deinit(&arena);
    return err == TIP_OK && check.found_count != 0 ? TIP_ESTORE_DAMAGED : err;
}
