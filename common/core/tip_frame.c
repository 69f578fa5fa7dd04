#include "tip_frame.h"

enum tip_feed_place tip_feed_place(uint64_t have,
                                   const struct tip_frame_header *header)
{
    uint64_t last = header->first + header->count - 1;

    if (header->first == have + 1) {
        return TIP_FEED_NEXT;
    }
    if (header->first > have) {
        return TIP_FEED_GAP;
    }
    return last <= have ? TIP_FEED_DUPLICATE : TIP_FEED_FORK;
}
