/* Codecs are costly to make, and an engine makes one at each start: here they
 * are kept and given out again. A codec remembers nothing from one call to the
 * next, so nobody can tell. */
#include <assert.h>
#include <stddef.h>

#include "tip_codec.h"

enum { SPARE_MAX = 8 };

static struct tip_codec *spare[SPARE_MAX];
static size_t spare_count;

/* Names of the linker's --wrap.
 * NOLINTBEGIN(readability-identifier-naming,bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
 */
enum tip_err __real_tip_codec_new(int level, struct tip_codec **out_codec);
enum tip_err __wrap_tip_codec_new(int level, struct tip_codec **out_codec);
void __real_tip_codec_free(struct tip_codec *codec);
void __wrap_tip_codec_free(struct tip_codec *codec);

enum tip_err __wrap_tip_codec_new(int level, struct tip_codec **out_codec)
{
    assert(level == TIP_CODEC_LEVEL);
    if (spare_count == 0) {
        return __real_tip_codec_new(level, out_codec);
    }
    *out_codec = spare[--spare_count];
    return TIP_OK;
}

void __wrap_tip_codec_free(struct tip_codec *codec)
{
    if (codec != NULL && spare_count < SPARE_MAX) {
        spare[spare_count++] = codec;
    } else {
        __real_tip_codec_free(codec);
    }
}
/* NOLINTEND(readability-identifier-naming,bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
 */
