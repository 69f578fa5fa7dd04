#include "tip_context.h"

#include <assert.h>

/* One spare byte for the terminator of the longest names. */
static const unsigned char contexts[][TIP_CONTEXT_SIZE + 1] = {
#define TIP_CONTEXT_ROW(name, text) text,
    TIP_CONTEXT_MAP(TIP_CONTEXT_ROW)
#undef TIP_CONTEXT_ROW
};

const unsigned char *tip_context_bytes(enum tip_context context)
{
    assert(context < TIP_CONTEXT_COUNT);
    return contexts[context];
}
