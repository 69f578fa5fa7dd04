#include "curve_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sodium.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tip_buf.h"

enum {
    GREETING_SIZE = 64,
    COOKIE_SIZE = 96,
    NONCE_SIZE = crypto_box_NONCEBYTES,
    LONG_NONCE_SIZE = 16,
    WELCOME_SIZE = 168,
    BODY_BYTES_MAX = CURVE_PAYLOAD_BYTES_MAX + 64,
    FLAG_LONG = 2,
    FLAG_COMMAND = 4,
    PATIENCE_S = 20
};

int curve_client_connect(uint16_t port)
{
    const struct timeval patience = {.tv_sec = PATIENCE_S};
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0) {
        return -1;
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

static bool write_all(int fd, struct tip_bytes bytes)
{
    while (bytes.size > 0) {
        ssize_t put = send(fd, bytes.data, bytes.size, MSG_NOSIGNAL);

        if (put <= 0) {
            return false;
        }
        bytes = tip_bytes(bytes.data + put, bytes.size - (size_t)put);
    }
    return true;
}

static bool read_all(int fd, uint8_t *data, size_t size)
{
    return recv(fd, data, size, MSG_WAITALL) == (ssize_t)size;
}

bool curve_client_greet(int fd, const char *mechanism)
{
    static const uint8_t signature[] = {0xff, 0, 0, 0,    0, 0,
                                        0,    0, 0, 0x7f, 3, 0};
    uint8_t greeting[GREETING_SIZE] = {0};
    struct tip_buf buf;

    tip_buf_init(&buf, greeting, sizeof greeting);
    tip_buf_put(&buf, TIP_BYTES_OF(signature));
    tip_buf_put(&buf, tip_bytes_text(mechanism));
    return write_all(fd, TIP_BYTES_OF(greeting)) &&
           read_all(fd, greeting, sizeof greeting);
}

/* Send @body as one frame. */
static bool write_frame(int fd, uint8_t flags, struct tip_bytes body)
{
    uint8_t data[9];
    struct tip_buf head;

    tip_buf_init(&head, data, sizeof data);
    if (body.size <= UINT8_MAX) {
        tip_buf_put_u8(&head, flags);
        tip_buf_put_u8(&head, (uint8_t)body.size);
    } else {
        tip_buf_put_u8(&head, flags | FLAG_LONG);
        tip_buf_put_u64(&head, body.size);
    }
    return write_all(fd, tip_bytes(head.data, head.size)) &&
           write_all(fd, body);
}

/* Read one short command into @body; its size, 0 when there is none. */
static size_t read_command(int fd, uint8_t body[UINT8_MAX])
{
    uint8_t head[2];

    if (!read_all(fd, head, sizeof head) || head[0] != FLAG_COMMAND ||
        !read_all(fd, body, head[1])) {
        return 0;
    }
    return head[1];
}

/* A nonce of the handshake: @prefix and a counter. */
static void make_nonce(const char *prefix, uint64_t counter,
                       uint8_t out[NONCE_SIZE])
{
    struct tip_buf buf;

    tip_buf_init(&buf, out, NONCE_SIZE);
    tip_buf_put(&buf, tip_bytes_text(prefix));
    tip_buf_put_u64(&buf, counter);
}

/* Box @plain; it fails only for a key that is none, which the server then sees
 * as garbage. */
static void seal(uint8_t *out_box, struct tip_bytes plain,
                 const uint8_t nonce[NONCE_SIZE],
                 const uint8_t public_key[CURVE_KEY_SIZE],
                 const uint8_t secret_key[CURVE_KEY_SIZE])
{
    if (crypto_box_easy(out_box, plain.data, plain.size, nonce, public_key,
                        secret_key) != 0) {
        sodium_memzero(out_box, plain.size + crypto_box_MACBYTES);
    }
}

/* Put the box of @plain under a counted nonce, the counter before it. */
static void put_box(struct curve_client *client, const char *prefix,
                    struct tip_bytes plain, const uint8_t key[CURVE_KEY_SIZE],
                    struct tip_buf *out)
{
    uint8_t nonce[NONCE_SIZE];
    uint8_t box[BODY_BYTES_MAX];

    client->nonce++;
    make_nonce(prefix, client->nonce, nonce);
    seal(box, plain, nonce, key, client->short_secret);
    tip_buf_put_u64(out, client->nonce);
    tip_buf_put(out, tip_bytes(box, plain.size + crypto_box_MACBYTES));
}

static bool say_hello(struct curve_client *client,
                      const uint8_t server_key[CURVE_KEY_SIZE])
{
    static const uint8_t zeros[72];
    uint8_t body[200];
    struct tip_buf buf;

    tip_buf_init(&buf, body, sizeof body);
    tip_buf_put(&buf, tip_bytes("\5HELLO\1\0", 8));
    tip_buf_put(&buf, TIP_BYTES_OF(zeros));
    tip_buf_put(&buf, TIP_BYTES_OF(client->short_public));
    put_box(client, "CurveZMQHELLO---", tip_bytes(zeros, 64), server_key, &buf);
    return write_frame(client->fd, FLAG_COMMAND, tip_bytes(body, buf.size));
}

static bool hear_welcome(struct curve_client *client,
                         const uint8_t server_key[CURVE_KEY_SIZE],
                         uint8_t out_cookie[COOKIE_SIZE])
{
    uint8_t body[UINT8_MAX];
    uint8_t nonce[NONCE_SIZE] = "WELCOME-";
    uint8_t plain[CURVE_KEY_SIZE + COOKIE_SIZE];

    if (read_command(client->fd, body) != WELCOME_SIZE ||
        memcmp(body, "\7WELCOME", 8) != 0) {
        return false;
    }
    memcpy(nonce + 8, body + 8, LONG_NONCE_SIZE);
    if (crypto_box_open_easy(plain, body + 24, WELCOME_SIZE - 24, nonce,
                             server_key, client->short_secret) != 0) {
        return false;
    }
    memcpy(client->server_short, plain, CURVE_KEY_SIZE);
    memcpy(out_cookie, plain + CURVE_KEY_SIZE, COOKIE_SIZE);
    return true;
}

static void put_property(struct tip_buf *buf, const char *name,
                         struct tip_bytes value)
{
    tip_buf_put_u8(buf, (uint8_t)strlen(name));
    tip_buf_put(buf, tip_bytes_text(name));
    tip_buf_put_u32(buf, (uint32_t)value.size);
    tip_buf_put(buf, value);
}

/* Who we are: the long-term key, and its box to prove it is ours. */
static void put_vouch(const struct curve_client *client,
                      const uint8_t server_key[CURVE_KEY_SIZE],
                      const uint8_t public_key[CURVE_KEY_SIZE],
                      const uint8_t secret_key[CURVE_KEY_SIZE],
                      struct tip_buf *out)
{
    uint8_t nonce[NONCE_SIZE] = "VOUCH---";
    uint8_t plain[2 * CURVE_KEY_SIZE];
    uint8_t box[sizeof plain + crypto_box_MACBYTES];

    randombytes_buf(nonce + 8, LONG_NONCE_SIZE);
    memcpy(plain, client->short_public, CURVE_KEY_SIZE);
    memcpy(plain + CURVE_KEY_SIZE, server_key, CURVE_KEY_SIZE);
    seal(box, TIP_BYTES_OF(plain), nonce, client->server_short, secret_key);
    tip_buf_put(out, tip_bytes(public_key, CURVE_KEY_SIZE));
    tip_buf_put(out, tip_bytes(nonce + 8, LONG_NONCE_SIZE));
    tip_buf_put(out, TIP_BYTES_OF(box));
}

static bool initiate(struct curve_client *client, struct tip_bytes vouch,
                     const uint8_t cookie[COOKIE_SIZE],
                     struct tip_bytes identity)
{
    uint8_t plain_data[512];
    uint8_t body_data[1024];
    struct tip_buf plain;
    struct tip_buf body;

    tip_buf_init(&plain, plain_data, sizeof plain_data);
    tip_buf_put(&plain, vouch);
    put_property(&plain, "Socket-Type", tip_bytes_text("DEALER"));
    if (identity.size > 0) {
        put_property(&plain, "Identity", identity);
    }
    tip_buf_init(&body, body_data, sizeof body_data);
    tip_buf_put(&body, tip_bytes_text("\x08INITIATE"));
    tip_buf_put(&body, tip_bytes(cookie, COOKIE_SIZE));
    put_box(client, "CurveZMQINITIATE", tip_bytes(plain.data, plain.size),
            client->server_short, &body);
    return write_frame(client->fd, FLAG_COMMAND,
                       tip_bytes(body.data, body.size));
}

static bool shake_hands(struct curve_client *client,
                        const uint8_t server_key[CURVE_KEY_SIZE],
                        const uint8_t public_key[CURVE_KEY_SIZE],
                        const uint8_t secret_key[CURVE_KEY_SIZE],
                        struct tip_bytes identity)
{
    uint8_t cookie[COOKIE_SIZE];
    uint8_t body[UINT8_MAX];
    uint8_t vouch_data[256];
    struct tip_buf vouch;

    (void)crypto_box_keypair(client->short_public, client->short_secret);
    if (!curve_client_greet(client->fd, "CURVE") ||
        !say_hello(client, server_key) ||
        !hear_welcome(client, server_key, cookie)) {
        return false;
    }
    tip_buf_init(&vouch, vouch_data, sizeof vouch_data);
    put_vouch(client, server_key, public_key, secret_key, &vouch);
    return initiate(client, tip_bytes(vouch.data, vouch.size), cookie,
                    identity) &&
           read_command(client->fd, body) > 0 &&
           memcmp(body, "\5READY", 6) == 0;
}

bool curve_client_open(struct curve_client *client, uint16_t port,
                       const uint8_t server_key[CURVE_KEY_SIZE],
                       const uint8_t public_key[CURVE_KEY_SIZE],
                       const uint8_t secret_key[CURVE_KEY_SIZE],
                       struct tip_bytes identity)
{
    *client = (struct curve_client){.fd = curve_client_connect(port)};
    return client->fd >= 0 && sodium_init() >= 0 &&
           shake_hands(client, server_key, public_key, secret_key, identity);
}

bool curve_client_send(struct curve_client *client, struct tip_bytes payload,
                       bool has_more)
{
    static uint8_t plain[CURVE_PAYLOAD_BYTES_MAX + 1];
    static uint8_t body_data[BODY_BYTES_MAX];
    struct tip_buf body;

    plain[0] = has_more ? 1 : 0;
    memcpy(plain + 1, payload.data, payload.size);
    tip_buf_init(&body, body_data, sizeof body_data);
    tip_buf_put(&body, tip_bytes_text("\7MESSAGE"));
    put_box(client, "CurveZMQMESSAGEC", tip_bytes(plain, payload.size + 1),
            client->server_short, &body);
    return write_frame(client->fd, 0, tip_bytes(body.data, body.size));
}

void curve_client_close(struct curve_client *client)
{
    if (client->fd >= 0) {
        (void)close(client->fd);
        client->fd = -1;
    }
}
