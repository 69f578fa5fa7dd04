#include "tip_request.h"

#include <stddef.h>

enum tip_err tip_request_input(struct tip_request *request,
                               struct tip_input *out_input)
{
    if (!request->has_input) {
        return request->inputs_ended ? TIP_ENOTFOUND : TIP_EAGAIN;
    }
    request->has_input = false;
    *out_input = request->input;
    return TIP_OK;
}

void tip_request_end(struct tip_request *request)
{
    if (request->job != NULL && request->job_free != NULL) {
        request->job_free(request->job);
    }
    request->job = NULL;
}
