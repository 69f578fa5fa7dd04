#include "tip_invite.h"

#include <stdbool.h>
#include <string.h>

#include "tip_buf.h"
#include "tip_primitive.h"
#include "tip_random.h"
#include "tip_secret.h"

enum {
    SYMBOL_BITS = 5,
    GROUP_SYMBOLS = 4,
    CHECK_SYMBOLS = 4, /* 20 bits: one slip in a million goes unnoticed. */
    SYMBOLS = TIP_INVITE_SECRET_SIZE * 8 / SYMBOL_BITS + CHECK_SYMBOLS,
    NOT_A_SYMBOL = -1
};

/* The secret and its checksum as one run of bits: 160 + 20, the rest unused. */
struct coded {
    uint8_t bytes[TIP_INVITE_SECRET_SIZE + 3];
};

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void tip_invite_make(struct tip_random *random,
                     struct tip_invite_secret *out_secret)
{
    random->fill(random, out_secret->bytes, sizeof out_secret->bytes);
}

/* Complete @coded with the checksum of its secret. */
static void add_check(struct coded *coded)
{
    struct tip_bytes secret = tip_bytes(coded->bytes, TIP_INVITE_SECRET_SIZE);
    uint8_t hash[16];

    tip_primitive_hash(TIP_CONTEXT_INVITE_CODE, TIP_BYTES_NONE, &secret, 1,
                       hash, sizeof hash);
    coded->bytes[TIP_INVITE_SECRET_SIZE] = hash[0];
    coded->bytes[TIP_INVITE_SECRET_SIZE + 1] = hash[1];
    coded->bytes[TIP_INVITE_SECRET_SIZE + 2] = hash[2] & 0xf0;
}

static unsigned get_bit(const struct coded *coded, size_t bit)
{
    return (unsigned)(coded->bytes[bit / 8] >> (7 - bit % 8)) & 1U;
}

static unsigned get_symbol(const struct coded *coded, size_t symbol)
{
    unsigned value = 0;

    for (size_t i = 0; i < SYMBOL_BITS; i++) {
        value = value << 1 | get_bit(coded, symbol * SYMBOL_BITS + i);
    }
    return value;
}

static void set_symbol(struct coded *coded, size_t symbol, unsigned value)
{
    for (size_t i = 0; i < SYMBOL_BITS; i++) {
        size_t bit = symbol * SYMBOL_BITS + i;

        if ((value >> (SYMBOL_BITS - 1 - i) & 1U) != 0) {
            coded->bytes[bit / 8] |= (uint8_t)(0x80U >> bit % 8);
        }
    }
}

void tip_invite_format(const struct tip_invite_secret *secret,
                       char out_text[TIP_INVITE_TEXT_SIZE])
{
    struct coded coded;
    char *next = out_text;

    memcpy(coded.bytes, secret->bytes, sizeof secret->bytes);
    add_check(&coded);
    for (size_t i = 0; i < SYMBOLS; i++) {
        if (i > 0 && i % GROUP_SYMBOLS == 0) {
            *next++ = '-';
        }
        *next++ = alphabet[get_symbol(&coded, i)];
    }
    *next = '\0';
    tip_secret_wipe(&coded, sizeof coded);
}

/* What a person means by @letter, as Crockford's page says. */
static int symbol_of(uint8_t letter)
{
    const char *found;

    if (letter >= 'a' && letter <= 'z') {
        letter = (uint8_t)(letter - 'a' + 'A');
    }
    if (letter == 'O') {
        letter = '0';
    } else if (letter == 'I' || letter == 'L') {
        letter = '1';
    }
    found = letter == '\0' ? NULL : strchr(alphabet, letter);
    return found == NULL ? NOT_A_SYMBOL : (int)(found - alphabet);
}

static bool is_separator(uint8_t letter)
{
    return letter == ' ' || letter == '-' || letter == '\t' || letter == '\r' ||
           letter == '\n';
}

/* Read SYMBOLS symbols, no more and no less, into zeroed @coded. */
static bool read_symbols(struct tip_bytes text, struct coded *coded)
{
    size_t count = 0;

    for (size_t i = 0; i < text.size; i++) {
        int symbol = symbol_of(text.data[i]);

        if (is_separator(text.data[i])) {
            continue;
        }
        if (symbol == NOT_A_SYMBOL || count == SYMBOLS) {
            return false;
        }
        set_symbol(coded, count, (unsigned)symbol);
        count++;
    }
    return count == SYMBOLS;
}

enum tip_err tip_invite_parse(struct tip_bytes text,
                              struct tip_invite_secret *out_secret)
{
    struct coded coded = {.bytes = {0}};
    struct coded expected;
    enum tip_err err = TIP_EINVITE_CODE;

    if (read_symbols(text, &coded)) {
        expected = coded;
        add_check(&expected);
        if (tip_primitive_equal(coded.bytes, expected.bytes,
                                sizeof coded.bytes)) {
            memcpy(out_secret->bytes, coded.bytes, sizeof out_secret->bytes);
            err = TIP_OK;
        }
        tip_secret_wipe(&expected, sizeof expected);
    }
    tip_secret_wipe(&coded, sizeof coded);
    return err;
}

void tip_invite_tag_make(const struct tip_invite_secret *secret,
                         enum tip_invite_side side, uint64_t number,
                         struct tip_bytes message,
                         struct tip_invite_tag *out_tag)
{
    uint8_t prefix[8];
    const struct tip_bytes parts[] = {TIP_BYTES_OF(prefix), message};
    struct tip_buf buf;

    tip_buf_init(&buf, prefix, sizeof prefix);
    tip_buf_put_u64(&buf, number);
    tip_primitive_hash(side == TIP_INVITE_REQUEST ? TIP_CONTEXT_INVITE_REQUEST
                                                  : TIP_CONTEXT_INVITE_ANSWER,
                       TIP_BYTES_OF(secret->bytes), parts, 2, out_tag->bytes,
                       sizeof out_tag->bytes);
}

enum tip_err tip_invite_tag_check(const struct tip_invite_secret *secret,
                                  enum tip_invite_side side, uint64_t number,
                                  struct tip_bytes message,
                                  const struct tip_invite_tag *tag)
{
    struct tip_invite_tag expected;

    tip_invite_tag_make(secret, side, number, message, &expected);
    return tip_primitive_equal(expected.bytes, tag->bytes,
                               sizeof expected.bytes)
               ? TIP_OK
               : TIP_EMAC;
}
