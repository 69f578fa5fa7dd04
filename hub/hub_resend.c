/* What an administrator has sent to an office once more. */
#include "hub_program.h"
#include "tip_desk.h"

enum tip_err hub_run_resend(void *program, struct tip_request *request,
                            struct tip_reply *reply)
{
    struct hub_program *hub = program;
    const char *name = tip_cli_argument(request->call, 0);
    uint32_t office = 0;
    enum tip_err err =
        tip_desk_office(hub->host.desk, tip_bytes_text(name), &office);

    if (err == TIP_OK && office <= HUB_OFFICE) {
        err = TIP_EOFFICE;
    }
    if (err == TIP_OK) {
        err = hub_engine_send_again(hub->engine, office);
        err = err == TIP_ENOTFOUND ? TIP_EOFFICE : err;
    }
    if (err == TIP_OK) {
        err = hub_engine_flush(hub->engine);
    }
    if (err == TIP_OK) {
        tip_reply_integer(reply, "office", office);
        tip_reply_bytes(reply, "name", hub_office_name(hub->engine, office));
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "Its records are sent whole, the youngest first, beside "
                       "everything new; tiphub nodes says how far.");
    }
    return err;
}
