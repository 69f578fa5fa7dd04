/* Rule: a letter that is read is written and read the same. Input: 0 and a
 * letter as text; or 1 to 3 and what stands between the marks of an
 * invitation, a request or an approval. */
#include "fuzz.h"
#include "fuzz_part.h"
#include "tip_armour.h"
#include "tip_enrol.h"
#include "tip_secret.h"

static const struct tip_invite_secret secret = {{1}};
static uint8_t memory[4 * TIP_ENROL_LETTER_BYTES_MAX];

static void try_invitation(struct tip_bytes text)
{
    struct tip_invitation read, back;
    struct tip_buf buf;

    if (tip_invitation_read(text, &read) != TIP_OK) {
        return;
    }
    fuzz_reached();
    FUZZ_RULE(memchr(read.name, 0, sizeof read.name) != NULL);
    FUZZ_RULE(memchr(read.addresses, 0, sizeof read.addresses) != NULL);
    tip_buf_init(&buf, memory, sizeof memory);
    tip_invitation_write(&read, "For people.\n", &buf);
    FUZZ_RULE(!buf.failed);
    FUZZ_RULE(tip_invitation_read(tip_bytes(memory, buf.size), &back) ==
              TIP_OK);
    FUZZ_RULE(read.number == back.number && read.origin == back.origin);
    FUZZ_RULE(memcmp(&read.secret, &back.secret, sizeof read.secret) == 0);
    FUZZ_RULE(memcmp(&read.hub, &back.hub, sizeof read.hub) == 0);
    FUZZ_RULE(strcmp(read.name, back.name) == 0);
    FUZZ_RULE(strcmp(read.addresses, back.addresses) == 0);
}

static void try_request(struct tip_bytes text)
{
    struct tip_enrol_letter letter;
    struct tip_enrol_request read, back;
    struct tip_buf buf;

    if (tip_enrol_request_read(text, &letter, &read) != TIP_OK) {
        return;
    }
    fuzz_reached();
    tip_buf_init(&buf, memory, sizeof memory);
    tip_enrol_request_write(&read, &secret, "For people.\n", &buf);
    FUZZ_RULE(!buf.failed);
    FUZZ_RULE(tip_enrol_request_read(tip_bytes(memory, buf.size), &letter,
                                     &back) == TIP_OK);
    FUZZ_RULE(read.number == back.number);
    FUZZ_RULE(memcmp(&read.device, &back.device, sizeof read.device) == 0);
    FUZZ_RULE(tip_enrol_letter_check(&letter, &secret, TIP_INVITE_REQUEST,
                                     back.number) == TIP_OK);
    FUZZ_RULE(tip_enrol_letter_check(&letter, &secret, TIP_INVITE_ANSWER,
                                     back.number) == TIP_EMAC);
}

static void try_approval(struct tip_bytes text)
{
    struct tip_enrol_letter letter;
    struct tip_enrol_approval read, back;
    struct tip_buf buf;

    if (tip_enrol_approval_read(text, &letter, &read) != TIP_OK) {
        return;
    }
    fuzz_reached();
    tip_buf_init(&buf, memory, sizeof memory);
    tip_enrol_approval_write(&read, &secret, "For people.\n", &buf);
    FUZZ_RULE(!buf.failed);
    FUZZ_RULE(tip_enrol_approval_read(tip_bytes(memory, buf.size), &letter,
                                      &back) == TIP_OK);
    FUZZ_RULE(read.number == back.number && read.key_epoch == back.key_epoch);
    FUZZ_RULE(memcmp(read.device, back.device, sizeof read.device) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const labels[] = {"INVITATION", "REQUEST", "APPROVAL"};
    static uint8_t letter[2 * TIP_ENROL_LETTER_BYTES_MAX];
    struct tip_bytes rest = tip_bytes(data, size);
    uint8_t label = fuzz_take_u8(&rest) % 4;
    struct tip_buf buf;

    if (tip_seal_init() != TIP_OK) {
        return 0;
    }
    if (label != 0) {
        tip_buf_init(&buf, letter, sizeof letter);
        tip_armour_write(labels[label - 1], "", rest, &buf);
        rest = tip_bytes(letter, buf.size);
    }
    try_invitation(rest);
    try_request(rest);
    try_approval(rest);
    return 0;
}
