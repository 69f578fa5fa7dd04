#include "tip_backup_mark.h"

#include <string.h>

#include "tip_home.h"
#include "tip_state_row.h"

enum { MADE_FORMAT = 2, RESTORED_FORMAT = 1 };

static void put_point(struct tip_buf *buf, struct tip_backup_point point)
{
    tip_buf_put_u32(buf, point.restore_count);
    tip_buf_put_u64(buf, point.commit_count);
}

static struct tip_backup_point get_point(struct tip_reader *reader)
{
    struct tip_backup_point point;

    point.restore_count = tip_reader_get_u32(reader);
    point.commit_count = tip_reader_get_u64(reader);
    return point;
}

enum tip_err tip_backup_made_get(struct tip_txn *txn,
                                 struct tip_backup_made *out_made)
{
    struct tip_backup_made made;
    struct tip_reader reader;
    enum tip_err err =
        tip_state_row_get(txn, TIP_TABLE_META, TIP_KEY(TIP_HOME_ROW_BACKUP, 0),
                          MADE_FORMAT, &reader);

    if (err != TIP_OK) {
        return err;
    }
    made.point = get_point(&reader);
    made.made_ms = tip_reader_get_u64(&reader);
    made.commit = tip_reader_get_u64(&reader);
    made.seq = tip_reader_get_u64(&reader);
    made.verified_ms = tip_reader_get_u64(&reader);
    err = tip_state_row_finish(&reader);
    if (err == TIP_OK) {
        *out_made = made;
    }
    return err;
}

enum tip_err tip_backup_made_write(const struct tip_backup_made *made,
                                   uint8_t out[TIP_BACKUP_ROW_BYTES_MAX],
                                   struct tip_bytes *out_row)
{
    struct tip_buf buf;

    tip_buf_init(&buf, out, TIP_BACKUP_ROW_BYTES_MAX);
    tip_buf_put_u8(&buf, MADE_FORMAT);
    put_point(&buf, made->point);
    tip_buf_put_u64(&buf, made->made_ms);
    tip_buf_put_u64(&buf, made->commit);
    tip_buf_put_u64(&buf, made->seq);
    tip_buf_put_u64(&buf, made->verified_ms);
    return tip_buf_finish(&buf, out_row);
}

enum tip_err tip_backup_made_put(struct tip_txn *txn,
                                 const struct tip_backup_made *made)
{
    uint8_t memory[TIP_BACKUP_ROW_BYTES_MAX];
    struct tip_bytes row;
    enum tip_err err = tip_backup_made_write(made, memory, &row);

    return err == TIP_OK ? tip_txn_put(txn, TIP_TABLE_META,
                                       TIP_KEY(TIP_HOME_ROW_BACKUP, 0), row)
                         : err;
}

enum tip_err tip_backup_restored_get(struct tip_txn *txn,
                                     struct tip_backup_restored *out_restored)
{
    struct tip_backup_restored restored;
    struct tip_bytes name;
    struct tip_reader reader;
    enum tip_err err = tip_state_row_get(txn, TIP_TABLE_META,
                                         TIP_KEY(TIP_HOME_ROW_RESTORED, 0),
                                         RESTORED_FORMAT, &reader);

    if (err != TIP_OK) {
        return err;
    }
    memset(&restored, 0, sizeof restored);
    restored.id = tip_reader_get_u64(&reader);
    restored.count = tip_reader_get_u32(&reader);
    restored.made_ms = tip_reader_get_u64(&reader);
    restored.point = get_point(&reader);
    restored.restored_ms = tip_reader_get_u64(&reader);
    name = tip_reader_get_sized(&reader);
    err = tip_state_row_finish(&reader);
    if (err == TIP_OK && name.size >= sizeof restored.second_person) {
        err = TIP_ESTORE_DAMAGED;
    }
    if (err == TIP_OK) {
        memcpy(restored.second_person, name.data, name.size);
        *out_restored = restored;
    }
    return err;
}

enum tip_err
tip_backup_restored_write(const struct tip_backup_restored *restored,
                          uint8_t out[TIP_BACKUP_ROW_BYTES_MAX],
                          struct tip_bytes *out_row)
{
    struct tip_buf buf;

    tip_buf_init(&buf, out, TIP_BACKUP_ROW_BYTES_MAX);
    tip_buf_put_u8(&buf, RESTORED_FORMAT);
    tip_buf_put_u64(&buf, restored->id);
    tip_buf_put_u32(&buf, restored->count);
    tip_buf_put_u64(&buf, restored->made_ms);
    put_point(&buf, restored->point);
    tip_buf_put_u64(&buf, restored->restored_ms);
    tip_buf_put_sized(&buf, tip_bytes_text(restored->second_person));
    return tip_buf_finish(&buf, out_row);
}

enum tip_err tip_backup_point_get(struct tip_txn *txn, uint64_t commit_count,
                                  struct tip_backup_point *out)
{
    struct tip_backup_restored restored;
    enum tip_err err = tip_backup_restored_get(txn, &restored);

    if (err != TIP_OK && err != TIP_ENOTFOUND) {
        return err;
    }
    *out = (struct tip_backup_point){.restore_count =
                                         err == TIP_OK ? restored.count : 0,
                                     .commit_count = commit_count};
    return TIP_OK;
}

struct tip_backup_marks tip_backup_marks_get(struct tip_txn *txn)
{
    struct tip_backup_marks marks;

    if (tip_backup_made_get(txn, &marks.made) != TIP_OK) {
        memset(&marks.made, 0, sizeof marks.made);
    }
    if (tip_backup_restored_get(txn, &marks.restored) != TIP_OK) {
        memset(&marks.restored, 0, sizeof marks.restored);
    }
    return marks;
}
