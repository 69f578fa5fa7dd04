#include "figures_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tip_catalogue_load.h"
#include "tip_random.h"
#include "tip_random_sodium.h"
#include "tip_secret.h"

enum {
    ARENA_BYTES = 64 * 1024 * 1024, /* Of a group of new cases. */
    TYPE = 20,
    FIELDS = 16 /* From 16: the date; codes from 17 to 26. */
};

#define LIMIT_BYTES (UINT64_C(2) << 30)

static const char settings[] = "name,version,default_language\nbench,1,en\n";
static const char survey[] = "type,name,number,class,label::en\n"
                             "begin group,case,20,,\n"
                             "date,opened,16,,\n"
                             "select_one kind,kind,17,,\n"
                             "select_one kind,sex,18,,\n"
                             "select_one kind,age,19,,\n"
                             "select_one kind,c1,20,,\n"
                             "select_one kind,c2,21,,\n"
                             "select_one kind,c3,22,,\n"
                             "select_one kind,c4,23,,\n"
                             "select_one kind,c5,24,,\n"
                             "select_one kind,c6,25,,\n"
                             "select_one kind,c7,26,,\n"
                             "reference,victim,27,,\n"
                             "integer,n1,28,,\n"
                             "integer,n2,29,,\n"
                             "integer,n3,30,,\n"
                             "text,note,31,fact,\n"
                             "end group,,,,\n";

#define HEAD \
    "number,name,type,condition,measure,period,period_field,dimensions\n"
#define DASHBOARD "1,dashboard,case,,count,quarter,opened,kind sex age\n"

const char figures_load_one[] = HEAD DASHBOARD;
const char figures_load_sixteen[] = HEAD DASHBOARD
    "2,i2,case,${kind} = 'k1',count,quarter,opened,sex\n"
    "3,i3,case,${kind} = 'k2' and ${sex} = 'k1',count,quarter,opened,age\n"
    "4,i4,case,,count,none,,c1\n"
    "5,i5,case,,count,none,,c2\n"
    "6,i6,case,,count,none,,c3\n"
    "7,i7,case,,count,none,,c4\n"
    "8,i8,case,,count,none,,c5\n"
    "9,i9,case,,count,none,,c6\n"
    "10,i10,case,,count,none,,c7\n"
    "11,i11,case,,sum n1,tip_year,opened,\n"
    "12,i12,case,,sum n2,year,opened,sex\n"
    "13,i13,case,${n3} >= 18,count,month,opened,\n"
    "14,i14,case,,count,year,opened,kind sex\n"
    "15,i15,case,${c1} = 'k1' or ${c2} = 'k1',count,quarter,opened,\n"
    "16,i16,case,,count,quarter,opened,age\n";
const char figures_load_people[] =
    HEAD "1,people,case,,distinct victim,quarter,opened,kind\n";

void must(enum tip_err err)
{
    if (err != TIP_OK) {
        (void)fprintf(stderr, "bench_figures: %s\n", tip_err_text(err));
        exit(EXIT_FAILURE);
    }
}

/* SplitMix64. */
static uint32_t draw(struct bench *bench, uint32_t below)
{
    uint64_t z = bench->state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)(((z ^ (z >> 31)) >> 32) * below >> 32);
}

/* Twelve codes for every field. */
static const char *make_choices(void)
{
    static char choices[512];
    int size = snprintf(choices, sizeof choices, "list_name,name,number\n");

    for (int i = 1; i <= 12; i++) {
        size += snprintf(choices + size, sizeof choices - (size_t)size,
                         "kind,k%d,%d\n", i, i);
    }
    return choices;
}

static void load_catalogue(struct bench *bench, const char *indicators)
{
    const struct tip_catalogue_file files[] = {
        {tip_bytes_text("settings.csv"), tip_bytes_text(settings)},
        {tip_bytes_text("survey.csv"), tip_bytes_text(survey)},
        {tip_bytes_text("choices.csv"), tip_bytes_text(make_choices())},
        {tip_bytes_text("indicators.csv"), tip_bytes_text(indicators)}};
    struct tip_problems problems = {0};

    must(tip_catalogue_load(files, sizeof files / sizeof *files, &problems,
                            &bench->catalogue));
}

static void begin(struct bench *bench)
{
    must(tip_store_begin(bench->store, TIP_TXN_WRITE, &bench->txn));
}

void commit(struct bench *bench)
{
    if (bench->figures != NULL) {
        must(tip_figures_settle(bench->figures, bench->txn));
    }
    must(tip_txn_commit(bench->txn));
    if (bench->figures != NULL) {
        tip_figures_ended(bench->figures, true);
    }
    begin(bench);
}

/* A store of its own, with figures by @indicators, NULL: none. */
void start(struct bench *bench, const char *indicators)
{
    char dir[512];
    struct tip_store_lmdb_opts store_opts = {
        .dir = dir,
        .limit_bytes = LIMIT_BYTES,
        .sealer = tip_vault_sealer(bench->vault)};
    struct tip_figures_opts opts = {.random = bench->random};

    (void)snprintf(dir, sizeof dir, "%s/%u", bench->dir, bench->runs++);
    must(tip_store_lmdb_open(&store_opts, &bench->opened));
    bench->store = tip_store_lmdb_base(bench->opened);
    bench->state = 1;
    bench->commit = 0;
    bench->figures = NULL;
    begin(bench);
    must(tip_record_table_open(&bench->records, bench->txn, bench->random,
                               NULL));
    if (indicators != NULL) {
        load_catalogue(bench, indicators);
        opts.catalogue = bench->catalogue;
        must(tip_figures_open(&opts, bench->txn, &bench->figures));
    }
    commit(bench);
}

void stop(struct bench *bench)
{
    tip_txn_abort(bench->txn);
    tip_record_table_close(&bench->records);
    tip_store_lmdb_close(bench->opened);
    if (bench->figures != NULL) {
        tip_figures_close(bench->figures);
        tip_catalogue_free(bench->catalogue);
    }
}

static struct tip_value draw_value(struct bench *bench, uint32_t field)
{
    struct tip_value value = {.kind = TIP_VALUE_CODE};
    uint32_t person;

    if (field == 16) {
        value.kind = TIP_VALUE_DATE;
        value.date.day = 18262 + (int32_t)draw(bench, 6 * 365);
    } else if (field == 18) {
        value.code = 1 + draw(bench, 4);
    } else if (field == 19) {
        value.code = 1 + draw(bench, 6);
    } else if (field < 27) {
        value.code = 1 + draw(bench, 12);
    } else if (field == 27) {
        value.kind = TIP_VALUE_REFERENCE;
        person = draw(bench, 500000);
        memset(&value.reference, 7, sizeof value.reference);
        memcpy(value.reference.bytes, &person, sizeof person);
    } else if (field < 31) {
        value.kind = TIP_VALUE_INTEGER;
        value.integer = draw(bench, 60);
    } else {
        value.kind = TIP_VALUE_TEXT;
        value.bytes = tip_bytes_text("dossier 123456");
    }
    return value;
}

static struct tip_write next_write(struct bench *bench, uint32_t office)
{
    bench->commit++;
    return (struct tip_write){.origin = office,
                              .office = office,
                              .seq = bench->commit,
                              .commit = bench->commit,
                              .base = bench->commit - 1,
                              .stamp = {bench->commit},
                              .author = tip_bytes_text("clerk")};
}

/* A new case in bench->arena. */
struct tip_wire_record make_record(struct bench *bench)
{
    uint32_t office = 2 + draw(bench, OFFICES);
    struct tip_write write = next_write(bench, office);
    struct tip_change changes[FIELDS];
    uint8_t tail[TIP_ID_RANDOM_SIZE];
    struct tip_wire_record stored = {.overlay = NULL};
    struct tip_record dead;
    struct tip_id id;

    bench->random->fill(bench->random, tail, sizeof tail);
    id = tip_id_make(bench->commit, tail);
    tip_record_init(&stored.record, &id, TYPE, office);
    stored.record.birth_commit = bench->commit;
    for (uint32_t i = 0; i < FIELDS; i++) {
        changes[i] = (struct tip_change){.field = 16 + i,
                                         .value = draw_value(bench, 16 + i)};
    }
    must(tip_record_apply(&stored.record, &write, changes, FIELDS,
                          &bench->arena, &dead));
    return stored;
}

void tell(struct bench *bench, const struct tip_record *before,
          const struct tip_record *after)
{
    if (bench->figures != NULL) {
        must(tip_figures_changed(bench->figures, before, after));
    }
}

void add_record(struct bench *bench)
{
    struct tip_wire_record stored = make_record(bench);
    uint32_t ordinal;

    must(tip_record_table_add(&bench->records, bench->txn, &stored, &ordinal));
    tell(bench, NULL, &stored.record);
    tip_arena_clear(&bench->arena);
}

void edit_record(struct bench *bench, uint32_t records)
{
    uint32_t ordinal = 1 + draw(bench, records);
    uint32_t field = 16 + draw(bench, 11);
    const struct tip_change change = {.field = field,
                                      .value = draw_value(bench, field)};
    struct tip_wire_record stored;
    struct tip_record before, dead;
    struct tip_write write;

    must(tip_record_table_load(&bench->records, bench->txn, ordinal,
                               &bench->arena, &stored));
    before = stored.record;
    write = next_write(bench, stored.record.maker);
    must(tip_record_apply(&stored.record, &write, &change, 1, &bench->arena,
                          &dead));
    must(tip_record_table_put(&bench->records, bench->txn, ordinal, &stored,
                              true));
    must(tip_record_table_bury(&bench->records, bench->txn, ordinal, &dead,
                               &write));
    tell(bench, &before, &stored.record);
    tip_arena_clear(&bench->arena);
}

void bench_init(struct bench *bench)
{
    const char *parent = getenv("TMPDIR") == NULL ? "." : getenv("TMPDIR");
    char key[512];

    must(tip_seal_init());
    (void)snprintf(bench->dir, sizeof bench->dir, "%s/bench-figures-XXXXXX",
                   parent);
    if (mkdtemp(bench->dir) == NULL) {
        must(TIP_EIO);
    }
    bench->random = tip_random_sodium();
    tip_arena_init(&bench->arena, ARENA_BYTES);
    (void)snprintf(key, sizeof key, "%s/key", bench->dir);
    must(tip_vault_create_file(key, bench->random));
    must(tip_vault_open_file(key, &bench->vault));
}
