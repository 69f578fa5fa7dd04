#include "tip_desk.h"

#include <inttypes.h>
#include <stdio.h>

#include "tip_clock.h"
#include "tip_desk_input.h"

enum { MS_PER_DAY = 24 * 60 * 60 * 1000 };

const char *tip_desk_state_name(enum tip_desk_state state)
{
    switch (state) {
    case TIP_DESK_SAVED:
        return "saved";
    case TIP_DESK_SENT:
        return "sent";
    case TIP_DESK_HELD:
        return "held";
    case TIP_DESK_AT_HUB:
        return "at_hub";
    case TIP_DESK_REFUSED:
        return "refused";
    case TIP_DESK_MERGED:
        break;
    }
    return "merged";
}

enum tip_err tip_desk_flush(struct tip_desk *desk)
{
    return desk->flush(desk);
}

int32_t tip_desk_today(const struct tip_desk *desk)
{
    return (int32_t)(desk->clock->now_ms(desk->clock) / MS_PER_DAY);
}

/* All of @text as a decimal number; false if it is none, or over @max. */
static bool parse_number(struct tip_bytes text, uint64_t max,
                         uint64_t *out_number)
{
    uint64_t number = 0;

    for (size_t i = 0; i < text.size; i++) {
        uint64_t digit = (uint64_t)(text.data[i] - '0');

        if (text.data[i] < '0' || text.data[i] > '9' ||
            number > (max - digit) / 10) {
            return false;
        }
        number = number * 10 + digit;
    }
    *out_number = number;
    return text.size != 0;
}

enum tip_err tip_desk_office(struct tip_desk *desk, struct tip_bytes text,
                             uint32_t *out_office)
{
    uint64_t number;

    if (parse_number(text, TIP_OFFICE_MAX, &number) &&
        number != TIP_OFFICE_ALL) {
        *out_office = (uint32_t)number;
        return TIP_OK;
    }
    if (desk->is_hub &&
        tip_bytes_equal(text, tip_bytes_text(TIP_DESK_OFFICE_ALL))) {
        *out_office = TIP_OFFICE_ALL;
        return TIP_OK;
    }
    return desk->office_find != NULL &&
                   desk->office_find(desk, text, out_office) == TIP_OK
               ? TIP_OK
               : TIP_EOFFICE;
}

void tip_seen_format(struct tip_seen seen, char out_text[TIP_SEEN_TEXT_SIZE])
{
    (void)snprintf(out_text, TIP_SEEN_TEXT_SIZE,
                   "%" PRIu64 ".%" PRIu64 ".%" PRIu32, seen.commit, seen.seq,
                   seen.mends);
}

/* Take the number before the next dot, or the last one, off @text. */
static bool take_number(struct tip_bytes *text, bool is_last, uint64_t max,
                        uint64_t *out_number)
{
    size_t dot = 0;
    struct tip_bytes number;

    while (dot < text->size && text->data[dot] != '.') {
        dot++;
    }
    if ((dot == text->size) != is_last) {
        return false;
    }
    number = tip_bytes(text->data, dot);
    if (!is_last) {
        *text = tip_bytes(text->data + dot + 1, text->size - dot - 1);
    }
    return parse_number(number, max, out_number);
}

enum tip_err tip_seen_parse(struct tip_bytes text, struct tip_seen *out_seen)
{
    struct tip_seen seen;
    uint64_t mends;

    if (!take_number(&text, false, UINT64_MAX, &seen.commit) ||
        !take_number(&text, false, UINT64_MAX, &seen.seq) ||
        !take_number(&text, true, UINT32_MAX, &mends)) {
        return TIP_EINVAL;
    }
    seen.mends = (uint32_t)mends;
    *out_seen = seen;
    return TIP_OK;
}

enum tip_err tip_desk_input_parse(struct tip_bytes word,
                                  struct tip_desk_input *out_input)
{
    size_t equals = 0;
    size_t name;
    enum tip_desk_op op = TIP_DESK_PUT;

    while (equals < word.size && word.data[equals] != '=') {
        equals++;
    }
    if (equals == word.size || equals == 0) {
        return TIP_EINVAL;
    }
    name = equals;
    if (word.data[equals - 1] == '+' || word.data[equals - 1] == '-') {
        op = word.data[equals - 1] == '+' ? TIP_DESK_ADD : TIP_DESK_REMOVE;
        name--;
    }
    if (name == 0) {
        return TIP_EINVAL;
    }
    *out_input = (struct tip_desk_input){
        .field = tip_bytes(word.data, name),
        .op = op,
        .value = tip_bytes(word.data + equals + 1, word.size - equals - 1)};
    return TIP_OK;
}
