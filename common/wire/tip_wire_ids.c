#include "tip_wire_ids.h"

enum {
    TIME_SIZE = 6,
    /* Ids come from others too, who may choose them to collide. */
    PROBES_MAX = 16
};

enum tip_err tip_wire_ids_init(struct tip_wire_ids *ids, size_t count_max,
                               bool finds, struct tip_arena *arena)
{
    *ids = (struct tip_wire_ids){.count_max = count_max};
    ids->ids = tip_arena_alloc_array(arena, count_max, sizeof *ids->ids);
    if (ids->ids == NULL) {
        return TIP_ENOMEM;
    }
    if (!finds) {
        return TIP_OK;
    }
    ids->slot_count = 16;
    while (ids->slot_count < 2 * count_max) {
        ids->slot_count *= 2;
    }
    ids->slots =
        tip_arena_alloc_array(arena, ids->slot_count, sizeof *ids->slots);
    return ids->slots == NULL ? TIP_ENOMEM : TIP_OK;
}

static size_t home(const struct tip_wire_ids *ids, const struct tip_id *id)
{
    uint64_t tail;

    memcpy(&tail, id->bytes + sizeof id->bytes - sizeof tail, sizeof tail);
    return (size_t)((tail * UINT64_C(0x9e3779b97f4a7c15)) >> 32) &
           (ids->slot_count - 1);
}

size_t tip_wire_ids_find(struct tip_wire_ids *ids, const struct tip_id *id)
{
    size_t at = home(ids, id);

    for (size_t i = 0; i < PROBES_MAX; i++) {
        uint32_t *slot = &ids->slots[(at + i) & (ids->slot_count - 1)];

        if (*slot == 0) {
            *slot = (uint32_t)ids->count + 1;
            break;
        }
        if (tip_id_equal(&ids->ids[*slot - 1], id)) {
            return ids->count - (*slot - 1);
        }
    }
    ids->ids[ids->count++] = *id;
    return 0;
}

uint64_t tip_wire_id_time(const struct tip_id *id)
{
    uint64_t time = 0;

    for (size_t i = 0; i < TIME_SIZE; i++) {
        time = time << 8 | id->bytes[i];
    }
    return time;
}

struct tip_bytes tip_wire_id_tail(const struct tip_id *id)
{
    return tip_bytes(id->bytes + TIME_SIZE, TIP_ID_SIZE - TIME_SIZE);
}
