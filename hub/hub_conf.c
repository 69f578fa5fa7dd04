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
    [HUB_CONF_RECOVERY] = {"recovery",
                           "wait",
                           {.type = TIP_SPEC_DURATION,
                            .min = INT64_C(60) * 1000,
                            .max = INT64_C(365) * 24 * 3600 * 1000},
                           "1 d",
                           "How long a restored hub waits for all offices to "
                           "hand back what it lost; counts from the next "
                           "start."},
    [HUB_CONF_QUOTA_DELETIONS] =
        {"quota",
         "deletions",
         {.type = TIP_SPEC_INTEGER, .min = 0, .max = 1000000},
         "20",
         "Deletions of one device in a day; what is more is held back. 0: no "
         "limit, here and below."},
    [HUB_CONF_QUOTA_OVERWRITES] =
        {"quota",
         "overwrites",
         {.type = TIP_SPEC_INTEGER, .min = 0, .max = 1000000},
         "200",
         "Values of others, or old ones, that one device may overwrite in a "
         "day; work on an office's own open cases does not count."},
    [HUB_CONF_QUOTA_OLD] = {"quota",
                            "old",
                            {.type = TIP_SPEC_DURATION,
                             .min = INT64_C(24) * 3600 * 1000,
                             .max = INT64_C(365) * 24 * 3600 * 1000},
                            "90 d",
                            "A value is old so long after the hub committed "
                            "it; a case is open while somebody wrote in it."},
    [HUB_CONF_QUOTA_CHANGES] =
        {"quota",
         "changes",
         {.type = TIP_SPEC_INTEGER, .min = 0, .max = 1000000000},
         "50000",
         "Change-sets of one device in a day; an import saves one for a row."},
    [HUB_CONF_QUOTA_BYTES] = {"quota",
                              "bytes",
                              {.type = TIP_SPEC_SIZE,
                               .min = 0,
                               .max = INT64_C(1) << 40},
                              "64 MiB",
                              "What one device may send in a day."},
    [HUB_CONF_QUOTA_WAITING] =
        {"quota",
         "waiting",
         {.type = TIP_SPEC_INTEGER, .min = 0, .max = 1000000},
         "100000",
         "With so many change-sets of one device held back nothing more of it "
         "is taken in until somebody decides."},
};

const struct tip_conf_table hub_conf_table = {keys, HUB_CONF_COUNT};
