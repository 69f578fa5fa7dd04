#include "tip_invite.h"

#include "tip_buf.h"
#include "tip_primitive.h"
#include "tip_random.h"

void tip_invite_make(struct tip_random *random,
                     struct tip_invite_secret *out_secret)
{
    random->fill(random, out_secret->bytes, sizeof out_secret->bytes);
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
