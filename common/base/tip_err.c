#include "tip_err.h"

const char *tip_err_text(enum tip_err err)
{
    switch (err) {
#define TIP_ERR_CASE(name, number, sentence) \
    case name:                               \
        return sentence;
        TIP_ERR_MAP(TIP_ERR_CASE)
#undef TIP_ERR_CASE
    }
    return "Unknown failure: report it with what you did.";
}

const char *tip_err_name(enum tip_err err)
{
    switch (err) {
#define TIP_ERR_CASE(name, number, sentence) \
    case name:                               \
        return #name;
        TIP_ERR_MAP(TIP_ERR_CASE)
#undef TIP_ERR_CASE
    }
    return "TIP_EUNKNOWN";
}
