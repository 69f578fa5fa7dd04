#include "node_program.h"

static const struct tip_conf_key keys[NODE_CONF_COUNT] = {
    TIP_PROGRAM_CONF_KEYS("node", "tipnode", "8 GiB", INT64_C(1) << 40),
    [NODE_CONF_HUB] = {"sync",
                       "hub",
                       {.type = TIP_SPEC_ENDPOINTS,
                        .min = 0,
                        .max = TIP_PROGRAM_ADDRESSES_MAX},
                       "",
                       "Addresses of the hub; empty: those of the "
                       "invitation."},
    [NODE_CONF_HEARTBEAT] =
        {"sync",
         "heartbeat",
         {.type = TIP_SPEC_DURATION, .min = 1000, .max = INT64_C(3600) * 1000},
         "5 min",
         "How often an ordinary line is tested while nothing is "
         "due; a better one up to once a minute, a worse one half as often; "
         "while something is, a dead line is noticed "
         "in a minute. Shorter costs money, and under a minute a "
         "line that stands still for a while is lost. With few "
         "daily-bytes it is less often, so that a tenth of "
         "them is enough. A change counts from the next connection on."},
    [NODE_CONF_DAILY] = {"sync",
                         "daily-bytes",
                         {.type = TIP_SPEC_SIZE,
                          .min = 0,
                          .max = INT64_C(1) << 40},
                         "0 B",
                         "How much may go over the line in a day, both ways, "
                         "all of it counted; 0: any. A tenth is kept for small "
                         "new work."},
    [NODE_CONF_RETRY_MIN] = {"sync",
                             "retry-first",
                             {.type = TIP_SPEC_DURATION,
                              .min = 100,
                              .max = INT64_C(3600) * 1000},
                             "2 s",
                             "How long to wait after a call that failed; "
                             "doubles each time."},
    [NODE_CONF_RETRY_MAX] = {"sync",
                             "retry-longest",
                             {.type = TIP_SPEC_DURATION,
                              .min = 100,
                              .max = INT64_C(24) * 3600 * 1000},
                             "5 min",
                             "The longest wait between two calls. With few "
                             "daily-bytes it is longer, an hour at most, after "
                             "calls that were answered and came to nothing."},
    [NODE_CONF_WAITING] = {"sync",
                           "warn-waiting",
                           {.type = TIP_SPEC_DURATION,
                            .min = 0,
                            .max = INT64_C(365) * 24 * 3600 * 1000},
                           "3 d",
                           "Status warns when work waited longer for the "
                           "hub."},
};

const struct tip_conf_table node_conf_table = {keys, NODE_CONF_COUNT};
