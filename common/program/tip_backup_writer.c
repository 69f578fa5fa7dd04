#include <assert.h>
#include <string.h>

#include "tip_backup_format.h"

/* A part lies in the writer's memory behind room for the chain's hash. */
static uint8_t *part_of(struct tip_backup_writer *writer)
{
    return writer->memory + TIP_HASH_SIZE;
}

static void part_begin(struct tip_backup_writer *writer)
{
    tip_buf_init(&writer->part, part_of(writer) + TIP_BACKUP_PART_HEAD_SIZE,
                 TIP_BACKUP_PART_BYTES_MAX);
}

/* Give the part its head and take it into the chain. */
static struct tip_bytes part_end(struct tip_backup_writer *writer,
                                 enum tip_backup_kind kind)
{
    const size_t size = TIP_BACKUP_PART_HEAD_SIZE + writer->part.size;
    struct tip_buf head;

    tip_buf_init(&head, part_of(writer), TIP_BACKUP_PART_HEAD_SIZE);
    tip_buf_put_u32(&head, (uint32_t)(writer->part.size + 1));
    tip_buf_put_u8(&head, (uint8_t)kind);
    tip_backup_chain(&writer->chain, writer->memory, size);
    part_begin(writer);
    return tip_bytes(part_of(writer), size);
}

static enum tip_err put_sealed(struct tip_backup_writer *writer,
                               const char *name, struct tip_bytes plain)
{
    uint8_t sealed[TIP_BACKUP_HEAD_SEALED > TIP_BACKUP_END_SEALED
                       ? TIP_BACKUP_HEAD_SEALED
                       : TIP_BACKUP_END_SEALED];
    enum tip_err err =
        tip_sealer_seal(writer->sealer, tip_bytes_text(name), plain, sealed);

    if (err == TIP_OK) {
        tip_buf_put(&writer->part,
                    tip_bytes(sealed, plain.size + TIP_SEALER_OVERHEAD));
    }
    return err;
}

/* The hash in the head's part is of the start of the file and the sealed head.
 */
static void put_check(struct tip_backup_writer *writer,
                      const uint8_t start[TIP_BACKUP_START_SIZE])
{
    uint8_t bytes[TIP_BACKUP_START_SIZE + TIP_BACKUP_HEAD_SEALED];
    struct tip_hash hash;

    memcpy(bytes, start, TIP_BACKUP_START_SIZE);
    memcpy(bytes + TIP_BACKUP_START_SIZE, writer->part.data,
           TIP_BACKUP_HEAD_SEALED);
    tip_hash_make(TIP_HASH_CONTENT, TIP_BYTES_OF(bytes), &hash);
    tip_buf_put(&writer->part, TIP_BYTES_OF(hash.bytes));
}

enum tip_err tip_backup_begin(struct tip_backup_writer *writer,
                              struct tip_sealer *sealer,
                              const struct tip_backup_head *head,
                              struct tip_bytes *out_bytes)
{
    uint8_t start[TIP_BACKUP_START_SIZE];
    uint8_t plain[TIP_BACKUP_HEAD_SIZE];
    struct tip_bytes part;
    enum tip_err err;

    writer->sealer = sealer;
    memset(writer->counts, 0, sizeof writer->counts);
    tip_backup_start(head->may_be_damaged, start);
    tip_hash_make(TIP_HASH_CONTENT, TIP_BYTES_OF(start), &writer->chain);
    tip_backup_head_put(head, plain);
    part_begin(writer);
    err = put_sealed(writer, "backup head", TIP_BYTES_OF(plain));
    if (err != TIP_OK) {
        return err;
    }
    put_check(writer, start);
    part = part_end(writer, TIP_BACKUP_HEAD);
    memmove(part_of(writer) + TIP_BACKUP_START_SIZE, part.data, part.size);
    memcpy(part_of(writer), start, sizeof start);
    *out_bytes = tip_bytes(part_of(writer), sizeof start + part.size);
    return TIP_OK;
}

enum tip_err tip_backup_add(struct tip_backup_writer *writer,
                            const struct tip_store_entry *entry,
                            struct tip_bytes *out_bytes)
{
    struct tip_bytes none;

    tip_buf_put_u8(&writer->part,
                   (uint8_t)((unsigned)entry->table |
                             (entry->is_damaged ? TIP_BACKUP_IS_DAMAGED : 0)));
    tip_buf_put_u64(&writer->part, entry->key.hi);
    tip_buf_put_u64(&writer->part, entry->key.lo);
    tip_buf_put_sized(&writer->part, entry->sealed);
    writer->counts[entry->table]++;
    *out_bytes = TIP_BYTES_NONE;
    if (writer->part.size >= TIP_BACKUP_PART_TARGET) {
        enum tip_err err = tip_buf_finish(&writer->part, &none);

        if (err != TIP_OK) {
            return err;
        }
        *out_bytes = part_end(writer, TIP_BACKUP_ENTRIES);
    }
    return TIP_OK;
}

struct tip_bytes tip_backup_rest(struct tip_backup_writer *writer)
{
    return writer->part.size == 0 ? TIP_BYTES_NONE
                                  : part_end(writer, TIP_BACKUP_ENTRIES);
}

enum tip_err tip_backup_end(struct tip_backup_writer *writer,
                            struct tip_bytes *out_bytes)
{
    uint8_t plain[TIP_BACKUP_END_SIZE];
    enum tip_err err;

    assert(writer->part.size == 0);
    tip_backup_end_put(&writer->chain, writer->counts, plain);
    err = put_sealed(writer, "backup end", TIP_BYTES_OF(plain));
    if (err == TIP_OK) {
        *out_bytes = part_end(writer, TIP_BACKUP_END);
    }
    return err;
}
