#include "tip_enrol.h"

#include <string.h>

#include "tip_armour.h"
#include "tip_hash.h"
#include "tip_reader.h"
#include "tip_secret.h"
#include "tip_utf8.h"

/* A copied line that went missing is told before anybody looks for a wrong
 * key; it is no protection. */
enum { VERSION = 0, CHECK_SIZE = 8 };

static void put_device(struct tip_buf *buf,
                       const struct tip_device_public *device)
{
    tip_buf_put(buf, TIP_BYTES_OF(device->sign.bytes));
    tip_buf_put(buf, TIP_BYTES_OF(device->box.bytes));
    tip_buf_put(buf, TIP_BYTES_OF(device->curve.bytes));
}

static void get_device(struct tip_reader *reader,
                       struct tip_device_public *out_device)
{
    tip_reader_copy(reader, out_device->sign.bytes, TIP_PUBLIC_SIZE);
    tip_reader_copy(reader, out_device->box.bytes, TIP_PUBLIC_SIZE);
    tip_reader_copy(reader, out_device->curve.bytes, TIP_PUBLIC_SIZE);
}

/* A line of text into @size bytes with a terminator. */
static void get_text(struct tip_reader *reader, char *out, size_t size)
{
    struct tip_bytes text = tip_reader_get_sized(reader);

    if (text.size >= size || !tip_utf8_valid(text, TIP_UTF8_LINE)) {
        reader->failed = true;
        return;
    }
    if (text.size != 0) {
        memcpy(out, text.data, text.size);
    }
    out[text.size] = '\0';
}

void tip_invitation_write(const struct tip_invitation *invitation,
                          const char *words, struct tip_buf *out)
{
    uint8_t memory[TIP_ENROL_BYTES_MAX];
    struct tip_hash hash;
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, VERSION);
    tip_buf_put_u64(&buf, invitation->number);
    tip_buf_put_u64(&buf, invitation->expires_ms);
    tip_buf_put_u32(&buf, invitation->office);
    tip_buf_put_u32(&buf, invitation->origin);
    tip_buf_put_u32(&buf, invitation->key_epoch);
    tip_buf_put_u32(&buf, invitation->hub_origin);
    tip_buf_put(&buf, TIP_BYTES_OF(invitation->secret.bytes));
    put_device(&buf, &invitation->hub);
    tip_buf_put(&buf, TIP_BYTES_OF(invitation->registrar.bytes));
    tip_buf_put_sized(&buf, tip_bytes_text(invitation->name));
    tip_buf_put_sized(&buf, tip_bytes_text(invitation->addresses));
    tip_hash_make(TIP_HASH_CONTENT, tip_bytes(buf.data, buf.size), &hash);
    tip_buf_put(&buf, tip_bytes(hash.bytes, CHECK_SIZE));
    tip_armour_write("INVITATION", words, tip_bytes(buf.data, buf.size), out);
    tip_secret_wipe(memory, sizeof memory);
}

static bool is_whole(struct tip_bytes bytes)
{
    struct tip_hash hash;

    if (bytes.size < CHECK_SIZE) {
        return false;
    }
    tip_hash_make(TIP_HASH_CONTENT,
                  tip_bytes(bytes.data, bytes.size - CHECK_SIZE), &hash);
    return memcmp(hash.bytes, bytes.data + bytes.size - CHECK_SIZE,
                  CHECK_SIZE) == 0;
}

static enum tip_err parse_invitation(struct tip_bytes bytes,
                                     struct tip_invitation *out)
{
    struct tip_reader reader;
    bool known;

    if (!is_whole(bytes)) {
        return TIP_EMALFORMED;
    }
    tip_reader_init(&reader, tip_bytes(bytes.data, bytes.size - CHECK_SIZE));
    known = tip_reader_get_u8(&reader) == VERSION;
    out->number = tip_reader_get_u64(&reader);
    out->expires_ms = tip_reader_get_u64(&reader);
    out->office = tip_reader_get_u32(&reader);
    out->origin = tip_reader_get_u32(&reader);
    out->key_epoch = tip_reader_get_u32(&reader);
    out->hub_origin = tip_reader_get_u32(&reader);
    tip_reader_copy(&reader, out->secret.bytes, sizeof out->secret.bytes);
    get_device(&reader, &out->hub);
    tip_reader_copy(&reader, out->registrar.bytes, sizeof out->registrar.bytes);
    get_text(&reader, out->name, sizeof out->name);
    get_text(&reader, out->addresses, sizeof out->addresses);
    return known ? tip_reader_finish(&reader) : TIP_EMALFORMED;
}

enum tip_err tip_invitation_read(struct tip_bytes letter,
                                 struct tip_invitation *out_invitation)
{
    struct tip_invitation invitation = {.number = 0};
    uint8_t memory[TIP_ENROL_BYTES_MAX];
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, memory, sizeof memory);
    err = tip_armour_read("INVITATION", letter, &buf);
    if (err == TIP_OK) {
        err = parse_invitation(tip_bytes(buf.data, buf.size), &invitation);
    }
    if (err == TIP_OK) {
        *out_invitation = invitation;
    }
    tip_secret_wipe(memory, sizeof memory);
    tip_secret_wipe(&invitation, sizeof invitation);
    return err;
}

/* Message and tag as a letter. */
static void write_letter(const char *label, const char *words,
                         const struct tip_invite_secret *secret,
                         enum tip_invite_side side, uint64_t number,
                         struct tip_buf *message, struct tip_buf *out)
{
    struct tip_invite_tag tag;

    tip_invite_tag_make(secret, side, number,
                        tip_bytes(message->data, message->size), &tag);
    tip_buf_put(message, TIP_BYTES_OF(tag.bytes));
    tip_armour_write(label, words, tip_bytes(message->data, message->size),
                     out);
}

/* The opposite; @out_reader stands at the first byte of the message. */
static enum tip_err read_letter(const char *label, struct tip_bytes text,
                                struct tip_enrol_letter *letter,
                                struct tip_reader *out_reader)
{
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, letter->memory, sizeof letter->memory);
    err = tip_armour_read(label, text, &buf);
    if (err == TIP_OK && buf.size < TIP_INVITE_TAG_SIZE) {
        err = TIP_EMALFORMED;
    }
    if (err != TIP_OK) {
        return err;
    }
    letter->message = tip_bytes(buf.data, buf.size - TIP_INVITE_TAG_SIZE);
    memcpy(letter->tag.bytes, buf.data + letter->message.size,
           TIP_INVITE_TAG_SIZE);
    tip_reader_init(out_reader, letter->message);
    return tip_reader_get_u8(out_reader) == VERSION ? TIP_OK : TIP_EMALFORMED;
}

void tip_enrol_request_write(const struct tip_enrol_request *request,
                             const struct tip_invite_secret *secret,
                             const char *words, struct tip_buf *out)
{
    uint8_t memory[TIP_ENROL_BYTES_MAX];
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, VERSION);
    tip_buf_put_u64(&buf, request->number);
    put_device(&buf, &request->device);
    tip_buf_put(&buf, TIP_BYTES_OF(request->office_key));
    tip_buf_put(&buf, TIP_BYTES_OF(request->operational));
    write_letter("REQUEST", words, secret, TIP_INVITE_REQUEST, request->number,
                 &buf, out);
}

enum tip_err tip_enrol_request_read(struct tip_bytes text,
                                    struct tip_enrol_letter *out_letter,
                                    struct tip_enrol_request *out_request)
{
    struct tip_enrol_request request = {.number = 0};
    struct tip_reader reader;
    enum tip_err err = read_letter("REQUEST", text, out_letter, &reader);

    if (err != TIP_OK) {
        return err;
    }
    request.number = tip_reader_get_u64(&reader);
    get_device(&reader, &request.device);
    tip_reader_copy(&reader, request.office_key, sizeof request.office_key);
    tip_reader_copy(&reader, request.operational, sizeof request.operational);
    err = tip_reader_finish(&reader);
    if (err == TIP_OK) {
        *out_request = request;
    }
    return err;
}

void tip_enrol_approval_write(const struct tip_enrol_approval *approval,
                              const struct tip_invite_secret *secret,
                              const char *words, struct tip_buf *out)
{
    uint8_t memory[TIP_ENROL_BYTES_MAX];
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, VERSION);
    tip_buf_put_u64(&buf, approval->number);
    tip_buf_put_u32(&buf, approval->key_epoch);
    tip_buf_put_u64(&buf, approval->joined.number);
    tip_buf_put(&buf, TIP_BYTES_OF(approval->joined.hash));
    tip_buf_put_u32(&buf, approval->generation);
    tip_buf_put(&buf, TIP_BYTES_OF(approval->device));
    tip_buf_put(&buf, TIP_BYTES_OF(approval->hub));
    tip_buf_put(&buf, TIP_BYTES_OF(approval->ref));
    write_letter("APPROVAL", words, secret, TIP_INVITE_ANSWER, approval->number,
                 &buf, out);
}

enum tip_err tip_enrol_approval_read(struct tip_bytes text,
                                     struct tip_enrol_letter *out_letter,
                                     struct tip_enrol_approval *out_approval)
{
    struct tip_enrol_approval approval = {.number = 0};
    struct tip_reader reader;
    enum tip_err err = read_letter("APPROVAL", text, out_letter, &reader);

    if (err != TIP_OK) {
        return err;
    }
    approval.number = tip_reader_get_u64(&reader);
    approval.key_epoch = tip_reader_get_u32(&reader);
    approval.joined.number = tip_reader_get_u64(&reader);
    tip_reader_copy(&reader, approval.joined.hash, sizeof approval.joined.hash);
    approval.generation = tip_reader_get_u32(&reader);
    tip_reader_copy(&reader, approval.device, sizeof approval.device);
    tip_reader_copy(&reader, approval.hub, sizeof approval.hub);
    tip_reader_copy(&reader, approval.ref, sizeof approval.ref);
    err = tip_reader_finish(&reader);
    if (err == TIP_OK) {
        *out_approval = approval;
    }
    return err;
}

enum tip_err tip_enrol_letter_check(const struct tip_enrol_letter *letter,
                                    const struct tip_invite_secret *secret,
                                    enum tip_invite_side side, uint64_t number)
{
    return tip_invite_tag_check(secret, side, number, letter->message,
                                &letter->tag);
}

enum { BOX_CONTEXT_SIZE = 16 };

/* What a sealed secret belongs to: which way it goes, on which invitation. */
static struct tip_bytes box_context(uint8_t memory[BOX_CONTEXT_SIZE],
                                    enum tip_invite_side side, uint64_t number)
{
    struct tip_buf buf;

    tip_buf_init(&buf, memory, BOX_CONTEXT_SIZE);
    tip_buf_put_u8(&buf, side == TIP_INVITE_REQUEST ? 1 : 2);
    tip_buf_put_u64(&buf, number);
    return tip_bytes(buf.data, buf.size);
}

enum tip_err tip_enrol_seal(const struct tip_box_public *recipient,
                            enum tip_invite_side side, uint64_t number,
                            const struct tip_operational_secret *secret,
                            struct tip_random *random,
                            uint8_t out[TIP_ENROL_BOX_SIZE])
{
    uint8_t memory[BOX_CONTEXT_SIZE];

    return tip_box_seal(recipient, TIP_BOX_OPERATIONAL,
                        box_context(memory, side, number),
                        TIP_BYTES_OF(secret->bytes), random, out);
}

enum tip_err tip_enrol_open(const struct tip_device_keys *keys,
                            enum tip_invite_side side, uint64_t number,
                            const uint8_t box[TIP_ENROL_BOX_SIZE],
                            struct tip_operational_secret *out_secret)
{
    uint8_t memory[BOX_CONTEXT_SIZE];

    return tip_box_open(keys, TIP_BOX_OPERATIONAL,
                        box_context(memory, side, number),
                        tip_bytes(box, TIP_ENROL_BOX_SIZE), out_secret->bytes);
}

void tip_enrol_fingerprint(const struct tip_device_public *hub,
                           const struct tip_device_public *device,
                           char out_text[TIP_FINGERPRINT_TEXT_SIZE])
{
    const struct tip_device_public devices[] = {*hub, *device};
    enum tip_err err = tip_fingerprint_format(devices, 2, out_text);

    (void)err; /* Two devices are always within its limits. */
}
