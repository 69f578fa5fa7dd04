#include "hub_invite.h"
#include "hub_past.h"
#include "hub_program.h"
#include "tip_armour.h"
#include "tip_inspect.h"
#include "tip_secret.h"

static enum tip_err check_office(struct tip_txn *txn, enum tip_table table,
                                 struct tip_key key, struct tip_arena *arena)
{
    struct hub_line_hours line = {.office = key.hi};
    struct hub_past past;

    (void)table;
    (void)arena;
    if (key.lo == HUB_PAST_ROW) {
        return hub_past_load(txn, key.hi, &past);
    }
    return key.lo == HUB_LINE_ROW ? hub_line_load(txn, &line)
                                  : hub_office_check(txn, key);
}

/* The letter that was given out. */
static enum tip_err check_approval(struct tip_txn *txn, uint64_t number,
                                   struct tip_arena *arena)
{
    struct tip_bytes letter;
    struct tip_buf buf;
    uint8_t *memory;
    enum tip_err err = hub_invite_load_approval(txn, number, &letter);

    if (err != TIP_OK) {
        return err;
    }
    memory = tip_arena_alloc(arena, letter.size + 1);
    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&buf, memory, letter.size + 1);
    return tip_armour_read("APPROVAL", letter, &buf);
}

static enum tip_err check_invite(struct tip_txn *txn, enum tip_table table,
                                 struct tip_key key, struct tip_arena *arena)
{
    struct hub_invite invite;
    enum tip_err err;

    (void)table;
    if (key.lo != 0) {
        return check_approval(txn, key.hi, arena);
    }
    err = hub_invite_load(txn, key.hi, &invite);
    tip_secret_wipe(&invite, sizeof invite);
    return err;
}

enum tip_err hub_check_rows(struct tip_inspect *check)
{
    enum tip_err err = tip_inspect_rows(check, TIP_TABLE_OFFICE, check_office);

    return err == TIP_OK
               ? tip_inspect_rows(check, TIP_TABLE_INVITE, check_invite)
               : err;
}
