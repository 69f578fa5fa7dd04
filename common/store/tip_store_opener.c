#include "tip_lmdb_txn.h"
#include "tip_sealer.h"
#include "tip_store_dump.h"

void tip_store_opener_init(struct tip_store_opener *opener,
                           struct tip_sealer *sealer)
{
    opener->sealer = sealer;
    tip_arena_init(&opener->plain, TIP_STORE_BORROWED_BYTES_MAX);
}

void tip_store_opener_deinit(struct tip_store_opener *opener)
{
    tip_arena_deinit(&opener->plain);
}

enum tip_err tip_store_opener_look(struct tip_store_opener *opener,
                                   const struct tip_store_entry *entry)
{
    uint8_t aad[TIP_LMDB_AAD_SIZE];
    uint8_t *plain;

    if ((unsigned)entry->table >= TIP_TABLE_COUNT ||
        entry->sealed.size < TIP_SEALER_OVERHEAD ||
        entry->sealed.size > TIP_STORE_VALUE_BYTES_MAX + TIP_SEALER_OVERHEAD) {
        return TIP_ESTORE_DAMAGED;
    }
    tip_arena_clear(&opener->plain);
    plain = tip_arena_alloc(&opener->plain,
                            entry->sealed.size - TIP_SEALER_OVERHEAD + 1);
    if (plain == NULL) {
        return TIP_ENOMEM;
    }
    tip_lmdb_aad(entry->table, entry->key, aad);
    return tip_sealer_open(opener->sealer, TIP_BYTES_OF(aad), entry->sealed,
                           plain);
}
