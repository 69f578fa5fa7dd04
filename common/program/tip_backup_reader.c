#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tip_backup_format.h"
#include "tip_file.h"
#include "tip_spool.h"

/* What the file gives is all foreign until its end was read. */
static enum tip_err read_file(struct tip_backup_reader *reader, uint8_t *out,
                              size_t size)
{
    enum tip_err err = tip_spool_read(reader->fd, out, size);

    if (err == TIP_OK) {
        reader->bytes += size;
    }
    return err == TIP_ENOTFOUND || err == TIP_EMALFORMED ? TIP_EBACKUP : err;
}

/* Read a part into memory behind room for the chain's hash; @out_content is
 * what it has behind its kind. */
static enum tip_err read_part(struct tip_backup_reader *reader,
                              enum tip_backup_kind *out_kind,
                              struct tip_bytes *out_content)
{
    uint8_t *part = reader->memory + TIP_HASH_SIZE;
    struct tip_reader head;
    uint32_t size;
    enum tip_err err = read_file(reader, part, TIP_BACKUP_PART_HEAD_SIZE);

    if (err != TIP_OK) {
        return err;
    }
    tip_reader_init(&head, tip_bytes(part, TIP_BACKUP_PART_HEAD_SIZE));
    size = tip_reader_get_u32(&head);
    *out_kind = (enum tip_backup_kind)tip_reader_get_u8(&head);
    if (size < 2 || size - 1 > TIP_BACKUP_PART_BYTES_MAX) {
        return TIP_EBACKUP;
    }
    err = read_file(reader, part + TIP_BACKUP_PART_HEAD_SIZE, size - 1);
    *out_content = tip_bytes(part + TIP_BACKUP_PART_HEAD_SIZE, size - 1);
    return err;
}

static void chain_part(struct tip_backup_reader *reader,
                       struct tip_bytes content)
{
    tip_backup_chain(&reader->chain, reader->memory,
                     TIP_BACKUP_PART_HEAD_SIZE + content.size);
}

/* Is the head what was written? Then a vault that does not open it is another.
 */
static enum tip_err check_head(const uint8_t start[TIP_BACKUP_START_SIZE],
                               struct tip_bytes content)
{
    uint8_t bytes[TIP_BACKUP_START_SIZE + TIP_BACKUP_HEAD_SEALED];
    struct tip_hash hash;

    if (content.size != TIP_BACKUP_HEAD_SEALED + TIP_HASH_SIZE) {
        return TIP_EBACKUP;
    }
    memcpy(bytes, start, TIP_BACKUP_START_SIZE);
    memcpy(bytes + TIP_BACKUP_START_SIZE, content.data, TIP_BACKUP_HEAD_SEALED);
    tip_hash_make(TIP_HASH_CONTENT, TIP_BYTES_OF(bytes), &hash);
    return memcmp(hash.bytes, content.data + TIP_BACKUP_HEAD_SEALED,
                  sizeof hash.bytes) == 0
               ? TIP_OK
               : TIP_EBACKUP;
}

static enum tip_err open_head(struct tip_backup_reader *reader,
                              struct tip_bytes content)
{
    uint8_t plain[TIP_BACKUP_HEAD_SIZE];
    enum tip_err err;

    if (tip_sealer_open(reader->sealer, tip_bytes_text("backup head"),
                        tip_bytes(content.data, TIP_BACKUP_HEAD_SEALED),
                        plain) != TIP_OK) {
        return TIP_ESTORE_KEY;
    }
    err = tip_backup_head_get(plain, &reader->head);
    reader->head.may_be_damaged = reader->may_be_damaged;
    return err;
}

static enum tip_err read_start(struct tip_backup_reader *reader,
                               uint8_t out_start[TIP_BACKUP_START_SIZE])
{
    uint8_t expected[TIP_BACKUP_START_SIZE];
    const size_t magic_size = TIP_BACKUP_START_SIZE - 4;
    enum tip_err err = read_file(reader, out_start, TIP_BACKUP_START_SIZE);

    tip_backup_start(false, expected);
    if (err == TIP_OK && memcmp(out_start, expected, magic_size) != 0) {
        err = TIP_EBACKUP;
    }
    reader->may_be_damaged =
        memcmp(out_start, expected, TIP_BACKUP_START_SIZE) != 0;
    tip_backup_start(reader->may_be_damaged, expected);
    if (err == TIP_OK &&
        memcmp(out_start, expected, TIP_BACKUP_START_SIZE) != 0) {
        err = TIP_ESTORE_NEWER;
    }
    if (err == TIP_OK) {
        tip_hash_make(TIP_HASH_CONTENT,
                      tip_bytes(out_start, TIP_BACKUP_START_SIZE),
                      &reader->chain);
    }
    return err;
}

static enum tip_err read_head(struct tip_backup_reader *reader)
{
    uint8_t start[TIP_BACKUP_START_SIZE];
    struct tip_bytes content;
    enum tip_backup_kind kind;
    enum tip_err err = read_start(reader, start);

    if (err == TIP_OK) {
        err = read_part(reader, &kind, &content);
    }
    if (err == TIP_OK && kind != TIP_BACKUP_HEAD) {
        err = TIP_EBACKUP;
    }
    if (err == TIP_OK) {
        err = check_head(start, content);
    }
    if (err == TIP_OK) {
        err = open_head(reader, content);
    }
    if (err == TIP_OK) {
        chain_part(reader, content);
    }
    return err;
}

enum tip_err tip_backup_open(struct tip_backup_reader *reader, const char *path,
                             struct tip_sealer *sealer)
{
    enum tip_err err;

    memset(reader->counts, 0, sizeof reader->counts);
    reader->bytes = reader->count = 0;
    reader->sealer = sealer;
    tip_reader_init(&reader->part, TIP_BYTES_NONE);
    reader->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (reader->fd < 0) {
        return tip_file_err(errno);
    }
    err = read_head(reader);
    if (err != TIP_OK) {
        tip_backup_close(reader);
    }
    return err;
}

/* The end says what all before it must have been; nothing may follow. */
static enum tip_err prove(struct tip_backup_reader *reader,
                          struct tip_bytes content)
{
    uint8_t plain[TIP_BACKUP_END_SIZE];
    struct tip_bytes end;
    uint8_t more;

    if (content.size < TIP_SEALER_OVERHEAD ||
        content.size > TIP_BACKUP_END_SEALED ||
        tip_sealer_open(reader->sealer, tip_bytes_text("backup end"), content,
                        plain) != TIP_OK) {
        return TIP_EBACKUP;
    }
    end = tip_bytes(plain, content.size - TIP_SEALER_OVERHEAD);
    if (!tip_backup_end_says(end, &reader->chain, reader->counts) ||
        reader->count != reader->head.entry_count) {
        return TIP_EBACKUP;
    }
    return tip_spool_read(reader->fd, &more, 1) == TIP_ENOTFOUND ? TIP_ENOTFOUND
                                                                 : TIP_EBACKUP;
}

/* Make sure that an entry is left in the part. */
static enum tip_err fetch(struct tip_backup_reader *reader)
{
    struct tip_bytes content;
    enum tip_backup_kind kind;
    enum tip_err err;

    if (reader->part.rest.size > 0) {
        return TIP_OK;
    }
    err = read_part(reader, &kind, &content);
    if (err != TIP_OK) {
        return err;
    }
    if (kind == TIP_BACKUP_END) {
        return prove(reader, content);
    }
    if (kind != TIP_BACKUP_ENTRIES) {
        return TIP_EBACKUP;
    }
    chain_part(reader, content);
    tip_reader_init(&reader->part, content);
    return TIP_OK;
}

enum tip_err tip_backup_next(struct tip_backup_reader *reader,
                             struct tip_store_entry *out_entry)
{
    struct tip_store_entry entry;
    uint8_t table;
    enum tip_err err = fetch(reader);

    if (err != TIP_OK) {
        return err;
    }
    table = tip_reader_get_u8(&reader->part);
    entry.key.hi = tip_reader_get_u64(&reader->part);
    entry.key.lo = tip_reader_get_u64(&reader->part);
    entry.sealed = tip_reader_get_sized(&reader->part);
    entry.is_damaged =
        reader->may_be_damaged && (table & TIP_BACKUP_IS_DAMAGED) != 0;
    table =
        entry.is_damaged ? (uint8_t)(table & ~TIP_BACKUP_IS_DAMAGED) : table;
    if (reader->part.failed || table >= TIP_TABLE_COUNT) {
        return TIP_EBACKUP;
    }
    entry.table = (enum tip_table)table;
    reader->counts[table]++;
    reader->count++;
    *out_entry = entry;
    return TIP_OK;
}

void tip_backup_close(struct tip_backup_reader *reader)
{
    (void)close(reader->fd);
}
