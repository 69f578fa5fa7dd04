/* Which offices there are: rows of TIP_TABLE_OFFICE, hi the office. */
#include "hub_program.h"
#include "tip_buf.h"
#include "tip_enrol.h"
#include "tip_reader.h"
#include "tip_store.h"
#include "tip_utf8.h"

/* lo 0 is the name, any other the origin of a device with what vouches for it.
 */
enum {
    LO_NAME = 0,
    DEVICE_BYTES_MAX = 8 + TIP_CERTIFICATE_SIZE + TIP_OFFICE_KEY_SIZE
};

struct tip_bytes hub_office_name(struct hub_engine *engine, uint32_t office)
{
    struct tip_bytes name;
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(engine, &txn);

    if (err == TIP_OK) {
        err =
            tip_txn_get(txn, TIP_TABLE_OFFICE, TIP_KEY(office, LO_NAME), &name);
    }
    return err == TIP_OK ? name : TIP_BYTES_NONE;
}

enum tip_err hub_office_find(struct hub_engine *engine, struct tip_bytes name,
                             uint32_t *out_office)
{
    struct tip_key key = TIP_KEY(0, 0);
    struct tip_bytes row;
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(engine, &txn);

    while (err == TIP_OK) {
        err = tip_txn_seek(txn, TIP_TABLE_OFFICE, TIP_SEEK_AT_OR_AFTER, key,
                           &key, &row);
        if (err == TIP_OK && key.lo == LO_NAME && tip_bytes_equal(row, name)) {
            *out_office = (uint32_t)key.hi;
            return TIP_OK;
        }
        key = tip_key_next(key);
    }
    return err;
}

enum tip_err hub_office_store(struct hub_engine *engine, uint32_t office,
                              uint32_t origin, const char *name,
                              struct tip_bytes certificate,
                              struct tip_bytes office_key)
{
    uint8_t memory[DEVICE_BYTES_MAX];
    struct tip_bytes row;
    struct tip_txn *txn;
    struct tip_buf buf;
    enum tip_err err = hub_engine_write_txn(engine, &txn);

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_sized(&buf, certificate);
    tip_buf_put_sized(&buf, office_key);
    if (err == TIP_OK) {
        err = tip_buf_finish(&buf, &row);
    }
    if (err == TIP_OK) {
        err = tip_txn_put(txn, TIP_TABLE_OFFICE, TIP_KEY(office, LO_NAME),
                          tip_bytes_text(name));
    }
    return err == TIP_OK ? tip_txn_put(txn, TIP_TABLE_OFFICE,
                                       TIP_KEY(office, origin), row)
                         : err;
}

/* What vouches for a device, as hub_office_store() wrote it. */
static enum tip_err check_device(struct tip_bytes row)
{
    struct tip_bytes certificate, office_key;
    struct tip_reader reader;

    tip_reader_init(&reader, row);
    certificate = tip_reader_get_sized(&reader);
    office_key = tip_reader_get_sized(&reader);
    return tip_reader_finish(&reader) == TIP_OK &&
                   certificate.size == TIP_CERTIFICATE_SIZE &&
                   office_key.size == TIP_OFFICE_KEY_SIZE
               ? TIP_OK
               : TIP_ESTORE_DAMAGED;
}

enum tip_err hub_office_check(struct tip_txn *txn, struct tip_key key)
{
    struct tip_bytes row;
    enum tip_err err = tip_txn_get(txn, TIP_TABLE_OFFICE, key, &row);

    if (err != TIP_OK || key.lo != LO_NAME) {
        return err != TIP_OK ? err : check_device(row);
    }
    return row.size > 0 && row.size < TIP_ENROL_NAME_SIZE &&
                   tip_utf8_valid(row, 0)
               ? TIP_OK
               : TIP_ESTORE_DAMAGED;
}
