#include "hub_program.h"

static const struct tip_conf_key keys[HUB_CONF_COUNT] = {
    [HUB_CONF_DIR] = {"hub",
                      "dir",
                      {.type = TIP_SPEC_PATH},
                      "/var/lib/tiphub",
                      "Folder of the store."},
    [HUB_CONF_SOCKET] = {"hub",
                         "socket",
                         {.type = TIP_SPEC_PATH},
                         "/run/tiphub/ctl.sock",
                         "Socket for commands; with --dir it is in the "
                         "folder."},
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
    [HUB_CONF_SIZE] = {"store",
                       "size",
                       {.type = TIP_SPEC_SIZE,
                        .min = TIP_STORE_LMDB_LIMIT_BYTES_MIN,
                        .max = INT64_C(1) << 42},
                       "64 GiB",
                       "What the store may grow to."},
    [HUB_CONF_VAULT] = {"store",
                        "vault",
                        {.type = TIP_SPEC_TEXT, .min = 1, .max = 64},
                        "tiphub-vault",
                        "Name of the systemd credential with the vault key; "
                        "not used when init was run with --dev."},
};

const struct tip_conf_table hub_conf_table = {keys, HUB_CONF_COUNT};
