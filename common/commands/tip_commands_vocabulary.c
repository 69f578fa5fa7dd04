/* catalogue show: which types, fields and codes there are, for who types them.
 */
#include <stdlib.h>

#include "tip_commands_say.h"

/* One list on its way out. The catalogue stays while the daemon does. */
struct vocabulary_job {
    const struct tip_catalogue *catalogue;
    size_t language;
    const struct tip_type *type;   /* NULL: the types are listed. */
    const struct tip_field *field; /* NULL: the fields of @type are. */
    size_t next, count;
};

static struct tip_bytes label_of(const struct vocabulary_job *job,
                                 const struct tip_label *label,
                                 struct tip_bytes name)
{
    return tip_label_text(job->catalogue, label, job->language, name);
}

static void say_type(struct tip_reply *reply, const struct vocabulary_job *job)
{
    const struct tip_type *type = &job->catalogue->types[job->next];

    tip_reply_bytes(reply, "type", type->name);
    tip_reply_bytes(reply, "label", label_of(job, &type->label, type->name));
    tip_reply_integer(reply, "fields", (int64_t)type->field_count);
    tip_reply_boolean(reply, "retired", type->retired);
}

static void say_field(struct tip_reply *reply, const struct vocabulary_job *job)
{
    const struct tip_field *field = job->type->in_order[job->next];

    tip_reply_bytes(reply, "field", field->name);
    tip_reply_text(reply, "kind", tip_kind_words[field->kind]);
    if (field->list != NULL) {
        tip_reply_bytes(reply, "of", field->list->name);
    } else if (field->target != NULL) {
        tip_reply_bytes(reply, "of", field->target->name);
    } else {
        tip_reply_none(reply, "of");
    }
    tip_reply_text(reply, "class", tip_class_words[field->class]);
    tip_reply_text(reply, "merge", tip_merge_words[field->merge]);
    tip_reply_boolean(reply, "required", field->required);
    tip_reply_boolean(reply, "calculated", field->calculation != NULL);
    tip_reply_boolean(reply, "retired", field->retired);
    tip_reply_bytes(reply, "label", label_of(job, &field->label, field->name));
}

static void say_code(struct tip_reply *reply, const struct vocabulary_job *job)
{
    const struct tip_code *code = job->field->list->in_order[job->next];

    tip_reply_bytes(reply, "code", code->name);
    tip_reply_bytes(reply, "label", label_of(job, &code->label, code->name));
    if (code->parent != NULL) {
        tip_reply_bytes(reply, "within", code->parent->name);
    } else {
        tip_reply_none(reply, "within");
    }
    tip_reply_boolean(reply, "retired", code->retired);
}

/* Which list the words ask for. */
static enum tip_err choose(const struct tip_request *request,
                           struct tip_reply *reply, struct vocabulary_job *job)
{
    const char *type = tip_cli_argument(request->call, 0);
    const char *field = tip_cli_argument(request->call, 1);

    job->count = job->catalogue->type_count;
    if (type == NULL) {
        return TIP_OK;
    }
    job->type = tip_catalogue_type_named(job->catalogue, tip_bytes_text(type));
    if (job->type == NULL) {
        return TIP_EUNKNOWN_TYPE;
    }
    job->count = job->type->field_count;
    if (field == NULL) {
        return TIP_OK;
    }
    job->field = tip_type_field_named(job->type, tip_bytes_text(field));
    if (job->field == NULL) {
        return TIP_EUNKNOWN_FIELD;
    }
    if (job->field->list == NULL) {
        tip_reply_explain(reply, "%s has no list of codes", field);
        return TIP_EUSAGE;
    }
    job->count = job->field->list->code_count;
    return TIP_OK;
}

static enum tip_err begin(const struct tip_command_host *host,
                          struct tip_request *request, struct tip_reply *reply)
{
    struct vocabulary_job *job;
    enum tip_err err;

    if (host->desk->catalogue->type_count == 0) {
        tip_reply_explain(reply, "no catalogue has come from the hub yet");
        return TIP_ENOTFOUND;
    }
    job = calloc(1, sizeof *job);
    if (job == NULL) {
        return TIP_ENOMEM;
    }
    request->job = job;
    request->job_free = free;
    job->catalogue = host->desk->catalogue;
    job->language = host->desk->language;
    err = choose(request, reply, job);
    if (err != TIP_OK) {
        return err;
    }
    if (job->type == NULL) {
        tip_command_say_catalogue(reply, job->catalogue);
    }
    tip_reply_list_begin(reply, job->field != NULL  ? "codes"
                                : job->type != NULL ? "fields"
                                                    : "record_types");
    return TIP_OK;
}

enum tip_err tip_command_catalogue_show(void *program,
                                        struct tip_request *request,
                                        struct tip_reply *reply)
{
    struct vocabulary_job *job;

    if (request->job == NULL) {
        enum tip_err err = begin(program, request, reply);

        if (err != TIP_OK) {
            return err;
        }
    }
    job = request->job;
    for (; job->next < job->count; job->next++) {
        if (!tip_reply_has_room(reply)) {
            return TIP_EAGAIN;
        }
        tip_reply_row_begin(reply);
        if (job->field != NULL) {
            say_code(reply, job);
        } else if (job->type != NULL) {
            say_field(reply, job);
        } else {
            say_type(reply, job);
        }
        tip_reply_row_end(reply);
    }
    tip_reply_list_end(reply);
    return TIP_OK;
}
