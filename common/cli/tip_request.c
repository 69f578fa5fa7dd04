#include "tip_request.h"

#include <stdlib.h>

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

enum tip_err tip_request_kept(const struct tip_request *request)
{
    return request->is_kept ? TIP_OK : TIP_EAGAIN;
}

void *tip_request_job(struct tip_request *request, size_t size,
                      void (*job_free)(void *job))
{
    if (request->job == NULL) {
        request->job = calloc(1, size);
        request->job_free = job_free;
    }
    return request->job;
}

void tip_request_end(struct tip_request *request)
{
    if (request->job != NULL && request->job_free != NULL) {
        request->job_free(request->job);
    }
    request->job = NULL;
}
