#include "tip_backup_format.h"

#include <string.h>

void tip_backup_start(bool may_be_damaged, uint8_t out[TIP_BACKUP_START_SIZE])
{
    struct tip_buf buf;

    tip_buf_init(&buf, out, TIP_BACKUP_START_SIZE);
    tip_buf_put(&buf, tip_bytes_text("TIPBACK0"));
    tip_buf_put_u32(&buf, may_be_damaged ? TIP_BACKUP_FORMAT_DAMAGED
                                         : TIP_BACKUP_FORMAT);
}

void tip_backup_chain(struct tip_hash *chain, uint8_t *memory, size_t size)
{
    memcpy(memory, chain->bytes, sizeof chain->bytes);
    tip_hash_make(TIP_HASH_CONTENT,
                  tip_bytes(memory, sizeof chain->bytes + size), chain);
}

bool tip_backup_is_later(struct tip_backup_point a, struct tip_backup_point b)
{
    return a.restore_count != b.restore_count
               ? a.restore_count > b.restore_count
               : a.commit_count > b.commit_count;
}

void tip_backup_head_put(const struct tip_backup_head *head,
                         uint8_t out[TIP_BACKUP_HEAD_SIZE])
{
    struct tip_buf buf;

    tip_buf_init(&buf, out, TIP_BACKUP_HEAD_SIZE);
    tip_buf_put(&buf, tip_bytes(head->program, sizeof head->program));
    tip_buf_put(&buf, TIP_BYTES_OF(head->device.bytes));
    tip_buf_put_u32(&buf, head->office);
    tip_buf_put_u32(&buf, head->origin);
    tip_buf_put_u32(&buf, head->generation);
    tip_buf_put_u64(&buf, head->commit);
    tip_buf_put_u64(&buf, head->seq);
    tip_buf_put_u64(&buf, head->made_ms);
    tip_buf_put_u32(&buf, head->point.restore_count);
    tip_buf_put_u64(&buf, head->point.commit_count);
    tip_buf_put_u64(&buf, head->entry_count);
    tip_buf_put_u64(&buf, head->used_bytes);
}

enum tip_err tip_backup_head_get(const uint8_t bytes[TIP_BACKUP_HEAD_SIZE],
                                 struct tip_backup_head *out_head)
{
    struct tip_backup_head head;
    struct tip_reader reader;

    memset(&head, 0, sizeof head);
    tip_reader_init(&reader, tip_bytes(bytes, TIP_BACKUP_HEAD_SIZE));
    tip_reader_copy(&reader, head.program, sizeof head.program);
    tip_reader_copy(&reader, head.device.bytes, sizeof head.device.bytes);
    head.office = tip_reader_get_u32(&reader);
    head.origin = tip_reader_get_u32(&reader);
    head.generation = tip_reader_get_u32(&reader);
    head.commit = tip_reader_get_u64(&reader);
    head.seq = tip_reader_get_u64(&reader);
    head.made_ms = tip_reader_get_u64(&reader);
    head.point.restore_count = tip_reader_get_u32(&reader);
    head.point.commit_count = tip_reader_get_u64(&reader);
    head.entry_count = tip_reader_get_u64(&reader);
    head.used_bytes = tip_reader_get_u64(&reader);
    if (tip_reader_finish(&reader) != TIP_OK ||
        memchr(head.program, '\0', sizeof head.program) == NULL) {
        return TIP_EBACKUP;
    }
    *out_head = head;
    return TIP_OK;
}

void tip_backup_end_put(const struct tip_hash *chain,
                        const uint64_t counts[TIP_TABLE_COUNT],
                        uint8_t out[TIP_BACKUP_END_SIZE])
{
    struct tip_buf buf;

    tip_buf_init(&buf, out, TIP_BACKUP_END_SIZE);
    tip_buf_put(&buf, TIP_BYTES_OF(chain->bytes));
    tip_buf_put_u8(&buf, TIP_TABLE_COUNT);
    for (int i = 0; i < TIP_TABLE_COUNT; i++) {
        tip_buf_put_u64(&buf, counts[i]);
    }
}

bool tip_backup_end_says(struct tip_bytes plain, const struct tip_hash *chain,
                         const uint64_t counts[TIP_TABLE_COUNT])
{
    uint8_t hash[TIP_HASH_SIZE] = {0};
    struct tip_reader reader;
    bool is_said;
    uint8_t tables;

    tip_reader_init(&reader, plain);
    tip_reader_copy(&reader, hash, sizeof hash);
    is_said = memcmp(hash, chain->bytes, sizeof hash) == 0;
    tables = tip_reader_get_u8(&reader);
    for (int i = 0; i < TIP_TABLE_COUNT; i++) {
        is_said = is_said &&
                  counts[i] == (i < tables ? tip_reader_get_u64(&reader) : 0);
    }
    return is_said && tip_reader_finish(&reader) == TIP_OK;
}
