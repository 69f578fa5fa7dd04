#include "tip_client.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tip_control.h"
#include "tip_file.h"

enum { FD_PEER, FD_SIGNAL, FD_FILE, FD_COUNT };

/* On the heap: it holds two messages. */
struct client {
    const struct tip_client_opts *opts;
    struct tip_printer *printer;
    struct tip_cli_file_use files[TIP_CLI_FILES_MAX];
    int file_fds[TIP_CLI_FILES_MAX];
    size_t file_count;
    size_t file_next; /* The one that is sent; file_count: all are. */
    bool is_sending;  /* Something is left to be sent, now or later. */
    bool is_ended;    /* The end came. */
    struct tip_buf output;
    size_t sent; /* Of the output. */
    struct tip_control_decoder decoder;
    uint8_t
        output_bytes[TIP_CONTROL_HEADER_SIZE + TIP_CONTROL_MESSAGE_BYTES_MAX];
};

/* Show why it broke off, naming @what. */
static enum tip_err give_up(struct client *client, enum tip_err err,
                            const char *what)
{
    tip_printer_fail(client->printer, err, what);
    return err;
}

static enum tip_err files_open(struct client *client,
                               const struct tip_cli_call *call)
{
    client->file_count = tip_cli_files(call, TIP_CLI_FILE_IN, client->files);
    for (size_t i = 0; i < client->file_count; i++) {
        client->file_fds[i] = -1;
    }
    for (size_t i = 0; i < client->file_count; i++) {
        const char *path = client->files[i].path;

        client->file_fds[i] = strcmp(path, "-") == 0
                                  ? dup(STDIN_FILENO)
                                  : open(path, O_RDONLY | O_CLOEXEC);
        if (client->file_fds[i] < 0) {
            return give_up(client, tip_file_err(errno), path);
        }
    }
    return TIP_OK;
}

static void files_close(struct client *client)
{
    for (size_t i = 0; i < client->file_count; i++) {
        if (client->file_fds[i] >= 0) {
            (void)close(client->file_fds[i]);
        }
    }
}

static bool has_output(const struct client *client)
{
    return client->sent < client->output.size;
}

static bool wants_file(const struct client *client)
{
    return client->is_sending && !has_output(client) &&
           client->file_next < client->file_count;
}

/* Put the next piece of the file that is sent into the empty output. */
static enum tip_err file_read(struct client *client)
{
    const struct tip_cli_file_use *file = &client->files[client->file_next];
    uint8_t piece[TIP_CONTROL_INPUT_BYTES_MAX];
    ssize_t size =
        read(client->file_fds[client->file_next], piece, sizeof piece);

    if (size < 0 && (errno == EINTR || errno == EAGAIN)) {
        return TIP_OK;
    }
    if (size < 0) {
        return give_up(client, tip_file_err(errno), file->path);
    }
    tip_buf_clear(&client->output);
    client->sent = 0;
    if (size == 0) {
        client->file_next++;
    }
    return tip_control_put_input(&client->output, file->name,
                                 tip_bytes(piece, (size_t)size), size == 0);
}

/* Nothing more is wanted once the daemon has answered or gone. */
static enum tip_err output_send(struct client *client)
{
    ssize_t size =
        send(client->opts->fd, client->output.data + client->sent,
             client->output.size - client->sent, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (size >= 0) {
        client->sent += (size_t)size;
    } else if (errno == EPIPE || errno == ECONNRESET) {
        client->is_sending = false;
        client->sent = client->output.size;
    } else if (errno != EAGAIN && errno != EINTR) {
        return give_up(client, TIP_EDAEMON_LOST, "the connection broke");
    }
    if (!has_output(client) && client->file_next == client->file_count &&
        client->is_sending) {
        client->is_sending = false;
        client->sent = 0;
        tip_buf_clear(&client->output);
        return tip_control_put_signal(&client->output, TIP_CONTROL_INPUTS_END);
    }
    return TIP_OK;
}

/* Bytes of the file, or its end, were shown. */
static enum tip_err file_check(struct client *client, struct tip_bytes bytes)
{
    const struct tip_printer *printer = client->printer;

    if (printer->data->failed && !printer->data->is_closed) {
        return give_up(client, TIP_EIO,
                       printer->made == NULL ? "" : printer->made->path);
    }
    return bytes.size == 0
               ? tip_control_put_signal(&client->output, TIP_CONTROL_KEPT)
               : TIP_OK;
}

static enum tip_err message_show(struct client *client,
                                 const struct tip_control_message *message)
{
    struct tip_reply_event event;
    bool is_file;
    enum tip_err err;

    if (message->kind == TIP_CONTROL_ALIVE) {
        return TIP_OK;
    }
    err = tip_control_get_event(message, &event);
    is_file = err == TIP_OK && event.kind == TIP_REPLY_DATA;
    if (err == TIP_OK) {
        err = tip_printer_take(client->printer, &event);
    }
    if (err != TIP_OK) {
        return give_up(client, err, "the answer is not understood");
    }
    client->is_ended =
        event.kind == TIP_REPLY_END || tip_printer_is_unread(client->printer);
    return is_file ? file_check(client, event.text) : TIP_OK;
}

/* Show all messages that @bytes complete. */
static enum tip_err bytes_show(struct client *client, struct tip_bytes bytes)
{
    enum tip_err err = TIP_OK;

    while (err == TIP_OK && !client->is_ended) {
        struct tip_control_message message;
        size_t fed = tip_control_decoder_feed(&client->decoder, bytes);

        bytes.data += fed;
        bytes.size -= fed;
        err = tip_control_decoder_take(&client->decoder, &message);
        if (err == TIP_EAGAIN) {
            return TIP_OK;
        }
        err = err == TIP_OK
                  ? message_show(client, &message)
                  : give_up(client, err, "the answer is not understood");
    }
    return err;
}

static enum tip_err answer_read(struct client *client)
{
    uint8_t bytes[16 * 1024];
    ssize_t size = recv(client->opts->fd, bytes, sizeof bytes, MSG_DONTWAIT);

    if (size > 0) {
        return bytes_show(client, tip_bytes(bytes, (size_t)size));
    }
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
        return TIP_OK;
    }
    return give_up(client, TIP_EDAEMON_LOST, "");
}

/* Wait for something to do; @polled says what. */
static enum tip_err wait_for(struct client *client,
                             struct pollfd polled[FD_COUNT])
{
    int64_t timeout = client->opts->timeout_ms;
    bool waits_for_user = wants_file(client);
    int count;

    polled[FD_PEER] = (struct pollfd){
        client->opts->fd,
        (short)(has_output(client) ? POLLIN | POLLOUT : POLLIN), 0};
    polled[FD_SIGNAL] = (struct pollfd){client->opts->signal_fd, POLLIN, 0};
    polled[FD_FILE] = (struct pollfd){
        waits_for_user ? client->file_fds[client->file_next] : -1, POLLIN, 0};
    if (waits_for_user || timeout > INT_MAX) {
        timeout = -1; /* Somebody is typing into standard input. */
    }
    count = poll(polled, FD_COUNT, (int)timeout);
    if (count < 0 && errno != EINTR) {
        return give_up(client, TIP_EIO, "the connection");
    }
    return count == 0 ? give_up(client, TIP_ETIMEOUT, "the daemon is silent")
                      : TIP_OK;
}

static enum tip_err turn(struct client *client)
{
    struct pollfd polled[FD_COUNT];
    enum tip_err err = wait_for(client, polled);

    if (err == TIP_OK && polled[FD_SIGNAL].revents != 0) {
        return give_up(client, TIP_ECANCELED, "");
    }
    if (err == TIP_OK && (polled[FD_PEER].revents & POLLOUT) != 0) {
        err = output_send(client);
    }
    if (err == TIP_OK && (polled[FD_PEER].revents & ~POLLOUT) != 0) {
        err = answer_read(client);
    }
    if (err == TIP_OK && polled[FD_FILE].revents != 0) {
        err = file_read(client);
    }
    return err;
}

static void talk(struct client *client, const struct tip_cli_call *call,
                 const char *const *words, size_t count)
{
    enum tip_err err = files_open(client, call);

    if (err == TIP_OK &&
        tip_control_put_request(&client->output, words, count) != TIP_OK) {
        err = give_up(client, TIP_ETOOBIG, "the command line");
    }
    while (err == TIP_OK && !client->is_ended) {
        err = turn(client);
    }
    files_close(client);
}

void tip_client_run(const struct tip_client_opts *opts,
                    const struct tip_cli_call *call, const char *const *words,
                    size_t count, struct tip_printer *printer)
{
    struct client *client = calloc(1, sizeof *client);

    if (client == NULL) {
        tip_printer_fail(printer, TIP_ENOMEM, "");
        return;
    }
    client->opts = opts;
    client->printer = printer;
    client->is_sending = true;
    tip_buf_init(&client->output, client->output_bytes,
                 sizeof client->output_bytes);
    talk(client, call, words, count);
    free(client);
}
