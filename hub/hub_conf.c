#include "hub_program.h"

static const struct tip_conf_key keys[HUB_CONF_COUNT] = {
    TIP_PROGRAM_CONF_KEYS("hub", "tiphub", "64 GiB", INT64_C(1) << 42),
    [HUB_CONF_LISTEN] = {"link",
                         "listen",
                         {.type = TIP_SPEC_ENDPOINTS, .min = 1, .max = 1},
                         "*:7070",
                         "Where nodes may call."},
    [HUB_CONF_PUBLIC] = {"link",
                         "public",
                         {.type = TIP_SPEC_ENDPOINTS,
                          .min = 0,
                          .max = TIP_PROGRAM_ADDRESSES_MAX},
                         "",
                         "Addresses by which nodes reach this hub; they stand "
                         "in invitations."},
    [HUB_CONF_SILENT] = {"link",
                         "silent",
                         {.type = TIP_SPEC_DURATION,
                          .min = INT64_C(60) * 1000,
                          .max = INT64_C(365) * 24 * 3600 * 1000},
                         "3 d",
                         "An office that was not heard for longer is shown as "
                         "silent."},
    [HUB_CONF_REGISTRAR] = {"enrol",
                            "registrar",
                            {.type = TIP_SPEC_PATH},
                            "",
                            "File of the registrar's key; empty: "
                            "registrar.key in the folder. Keep it off the hub "
                            "but while you approve."},
};

const struct tip_conf_table hub_conf_table = {keys, HUB_CONF_COUNT};
