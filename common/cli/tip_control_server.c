/*
 *   ASKING ──request──▶ RUNNING ──handler ends──▶ ANSWERED ──sent──▶ done
 *      └──broken──▶ BROKEN (done at once)   └──caller gone──▶ BROKEN
 *
 * ASKING    no handler was called; output is empty
 * RUNNING   request and reply are set up; the handler is called on every step
 * ANSWERED  the END is in the output; nothing is read any more
 * BROKEN    nothing is read or written any more
 */
#include "tip_control_server.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* A handler is called while this much is free: any one row, in whatever
     * pieces, fits twice. */
    ROOM_BYTES = 128 * 1024,
    /* Always left for the error and the end. */
    RESERVE_BYTES = 4 * 1024,
    OUTPUT_BYTES = 2 * ROOM_BYTES,
    ACCOUNT_SIZE = 72,
    WORD_BYTES_MAX = TIP_CONTROL_MESSAGE_BYTES_MAX + TIP_CONTROL_WORDS_MAX
};

enum state { ASKING, RUNNING, ANSWERED, BROKEN };

struct tip_control_server {
    struct tip_reply reply; /* First member, so emit() can find us. */
    const struct tip_control_service *service;
    enum state state;
    bool is_awaited; /* A tick has passed and nothing was asked yet. */
    struct tip_request request;
    struct tip_cli_call call;
    char account[ACCOUNT_SIZE];
    struct tip_control_decoder decoder;
    const char *words[TIP_CONTROL_WORDS_MAX];
    uint8_t word_bytes[WORD_BYTES_MAX];
    size_t output_start; /* Sent so far of what is in @output. */
    struct tip_buf output;
    uint8_t output_bytes[OUTPUT_BYTES];
};

static size_t output_room(const struct tip_control_server *server)
{
    return server->output.capacity - server->output.size;
}

/* Move what is not sent to the front; cheap, as it is done when room runs
 * out and then moves at most half the buffer. */
static void output_compact(struct tip_control_server *server)
{
    struct tip_buf *output = &server->output;

    if (server->output_start == 0) {
        return;
    }
    memmove(output->data, output->data + server->output_start,
            output->size - server->output_start);
    output->size -= server->output_start;
    server->output_start = 0;
}

static bool has_room(const struct tip_reply *self)
{
    const struct tip_control_server *server =
        (const struct tip_control_server *)self;

    return output_room(server) + server->output_start >= ROOM_BYTES;
}

static enum tip_err emit(struct tip_reply *self,
                         const struct tip_reply_event *event)
{
    struct tip_control_server *server = (struct tip_control_server *)self;
    bool is_last =
        event->kind == TIP_REPLY_ERROR || event->kind == TIP_REPLY_END;

    if (event->kind == TIP_REPLY_PROGRESS && !has_room(self)) {
        return TIP_OK; /* A newer one will follow. */
    }
    if (output_room(server) < TIP_CONTROL_MESSAGE_BYTES_MAX) {
        output_compact(server);
    }
    if (!is_last && output_room(server) < event->text.size + RESERVE_BYTES) {
        return TIP_ETOOBIG;
    }
    return tip_control_put_event(&server->output, event);
}

struct tip_control_server *
tip_control_server_new(const struct tip_control_service *service, uint32_t uid,
                       const char *account)
{
    struct tip_control_server *server = calloc(1, sizeof *server);

    if (server == NULL) {
        return NULL;
    }
    server->service = service;
    server->reply.emit = emit;
    server->reply.has_room = has_room;
    (void)snprintf(server->account, sizeof server->account, "%s", account);
    server->request = (struct tip_request){.program = service->program,
                                           .call = &server->call,
                                           .conf = service->conf,
                                           .uid = uid,
                                           .account = server->account};
    tip_buf_init(&server->output, server->output_bytes,
                 sizeof server->output_bytes);
    return server;
}

void tip_control_server_free(struct tip_control_server *server)
{
    if (server != NULL) {
        tip_request_end(&server->request);
        free(server);
    }
}

/* The command has ended with @err: say so, and read no more. */
static void answer(struct tip_control_server *server, enum tip_err err)
{
    tip_request_end(&server->request);
    tip_reply_finish(&server->reply, err);
    server->state = ANSWERED;
}

static void break_off(struct tip_control_server *server)
{
    tip_request_end(&server->request);
    server->state = BROKEN;
}

static void request_take(struct tip_control_server *server,
                         struct tip_bytes body)
{
    struct tip_buf memory;
    size_t count;
    enum tip_err err;

    tip_buf_init(&memory, server->word_bytes, sizeof server->word_bytes);
    err = tip_control_get_request(body, &memory, server->words, &count);
    if (err == TIP_EMALFORMED) {
        break_off(server);
        return;
    }
    if (err == TIP_OK) {
        err = tip_cli_parse(server->service->program, server->words, count,
                            &server->call);
        tip_reply_explain(&server->reply, "%s", server->call.problem);
    }
    if (err == TIP_OK && (server->call.command == NULL ||
                          server->call.command->place != TIP_CLI_DAEMON)) {
        tip_reply_explain(&server->reply, "not a command of the daemon");
        err = TIP_EUSAGE;
    }
    if (err != TIP_OK) {
        answer(server, err);
        return;
    }
    server->state = RUNNING;
}

static void input_take(struct tip_control_server *server, struct tip_bytes body)
{
    struct tip_control_input input;

    if (server->request.inputs_ended ||
        tip_control_get_input(body, &input) != TIP_OK) {
        break_off(server);
        return;
    }
    server->request.input =
        (struct tip_input){input.name, input.bytes, input.is_last};
    server->request.has_input = true;
}

/* What may come depends on the state; anything else breaks the protocol. */
static void message_take(struct tip_control_server *server,
                         const struct tip_control_message *message)
{
    bool is_running = server->state == RUNNING;

    if (server->state == ASKING && message->kind == TIP_CONTROL_REQUEST) {
        request_take(server, message->body);
    } else if (is_running && message->kind == TIP_CONTROL_INPUT) {
        input_take(server, message->body);
    } else if (is_running && message->kind == TIP_CONTROL_INPUTS_END &&
               message->body.size == 0 && !server->request.inputs_ended) {
        server->request.inputs_ended = true;
    } else if (is_running && message->kind == TIP_CONTROL_KEPT &&
               message->body.size == 0) {
        server->request.is_kept = true;
    } else {
        break_off(server);
    }
}

struct tip_control_space
tip_control_server_space(struct tip_control_server *server)
{
    /* The input borrows the decoder: it must be used before more is read. */
    bool may_read = server->state == ASKING ||
                    (server->state == RUNNING && !server->request.has_input);

    if (!may_read) {
        return (struct tip_control_space){NULL, 0};
    }
    return tip_control_decoder_space(&server->decoder);
}

void tip_control_server_filled(struct tip_control_server *server, size_t size)
{
    struct tip_control_message message;
    enum tip_err err;

    assert(server->state == ASKING || server->state == RUNNING);
    tip_control_decoder_filled(&server->decoder, size);
    err = tip_control_decoder_take(&server->decoder, &message);
    if (err == TIP_OK) {
        message_take(server, &message);
        tip_control_server_step(server);
    } else if (err != TIP_EAGAIN) {
        break_off(server);
    }
}

struct tip_bytes
tip_control_server_output(const struct tip_control_server *server)
{
    if (server->state == BROKEN) {
        return TIP_BYTES_NONE;
    }
    return tip_bytes(server->output.data + server->output_start,
                     server->output.size - server->output_start);
}

void tip_control_server_sent(struct tip_control_server *server, size_t size)
{
    server->output_start += size;
    assert(server->output_start <= server->output.size);
    if (server->output_start == server->output.size) {
        output_compact(server);
    }
    tip_control_server_step(server);
}

void tip_control_server_step(struct tip_control_server *server)
{
    enum tip_err err;

    if (server->state != RUNNING || !has_room(&server->reply)) {
        return;
    }
    err = server->call.command->run(server->service->engine, &server->request,
                                    &server->reply);
    if (err != TIP_EAGAIN || server->reply.failed != TIP_OK) {
        answer(server, err == TIP_EAGAIN ? TIP_OK : err);
    }
}

void tip_control_server_tick(struct tip_control_server *server)
{
    if (server->state == ASKING && server->is_awaited) {
        break_off(server);
    }
    server->is_awaited = true;
    if (server->state == RUNNING && server->output.size == 0) {
        enum tip_err err =
            tip_control_put_signal(&server->output, TIP_CONTROL_ALIVE);

        assert(err == TIP_OK); /* The output is empty. */
        (void)err;
    }
}

bool tip_control_server_is_done(const struct tip_control_server *server)
{
    return server->state == BROKEN ||
           (server->state == ANSWERED &&
            tip_control_server_output(server).size == 0);
}
