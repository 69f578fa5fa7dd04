#include "tip_endpoint.h"

#include <string.h>

static bool is_host(const char *host, size_t length, bool bracketed)
{
    const char *allowed = bracketed ? "0123456789abcdefABCDEF:."
                                    : "abcdefghijklmnopqrstuvwxyz"
                                      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "0123456789.-_";

    if (length == 1 && host[0] == '*' && !bracketed) {
        return true;
    }
    return length > 0 && length < TIP_ENDPOINT_HOST_SIZE &&
           strspn(host, allowed) >= length;
}

/* Read the digits from @at to @end as a port. */
static bool port_scan(const char *at, const char *end, uint16_t *out_port)
{
    unsigned port = 0;

    for (; at < end && *at >= '0' && *at <= '9' && port <= UINT16_MAX; at++) {
        port = port * 10 + (unsigned)(*at - '0');
    }
    *out_port = (uint16_t)port;
    return at == end && port >= 1 && port <= UINT16_MAX;
}

/* Read one of a list: the item ends at a comma or at the end of the text. */
static bool endpoint_parse(const char *item, size_t length,
                           struct tip_endpoint *out_endpoint)
{
    bool bracketed;
    const char *end = item + length, *host, *colon;

    if (length >= 6 && strncmp(item, "tcp://", 6) == 0) {
        item += 6;
    }
    bracketed = *item == '[';
    host = item + (bracketed ? 1 : 0);
    colon = host + strcspn(host, bracketed ? "]," : ":,");
    if (colon >= end || !is_host(host, (size_t)(colon - host), bracketed)) {
        return false;
    }
    memcpy(out_endpoint->host, host, (size_t)(colon - host));
    out_endpoint->host[colon - host] = '\0';
    colon += bracketed ? 1 : 0;
    return *colon == ':' && port_scan(colon + 1, end, &out_endpoint->port);
}

/* Find the next item of a list at *@at, without the blanks around it. */
static size_t list_next(const char **at)
{
    size_t length;

    *at += strspn(*at, " \t");
    length = strcspn(*at, ",");
    while (length > 0 && strchr(" \t", (*at)[length - 1]) != NULL) {
        length--;
    }
    return length;
}

bool tip_endpoints_count(const char *list, int64_t *out_count)
{
    struct tip_endpoint endpoint;
    int64_t count = 0;

    if (list[strspn(list, " \t")] == '\0') {
        *out_count = 0;
        return true;
    }
    for (const char *at = list;; at++) {
        size_t length = list_next(&at);

        if (!endpoint_parse(at, length, &endpoint)) {
            return false;
        }
        count++;
        at += strcspn(at, ",");
        if (*at == '\0') {
            break;
        }
    }
    *out_count = count;
    return true;
}

enum tip_err tip_endpoints_get(const char *list, size_t index,
                               struct tip_endpoint *out_endpoint)
{
    struct tip_endpoint endpoint;
    const char *at = list;
    size_t length;

    for (; index > 0; index--) {
        at += strcspn(at, ",");
        if (*at == '\0') {
            return TIP_ENOTFOUND;
        }
        at++;
    }
    length = list_next(&at);
    if (!endpoint_parse(at, length, &endpoint)) {
        return TIP_ENOTFOUND;
    }
    *out_endpoint = endpoint;
    return TIP_OK;
}
