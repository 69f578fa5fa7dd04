/*
 * The ZAP handler (ZeroMQ RFC 27): who may finish a handshake, and as whom.
 */
#ifndef TIP_LINK_ZAP_H
#define TIP_LINK_ZAP_H

#include "tip_link_peers.h"

/** Bind the handler. Must happen before the ROUTER binds: a server without a
 * handler is what option 93 protects from, and both are wanted. */
TIP_MUST_USE enum tip_err tip_link_zap_open(void *zmq, void **out_zap);

/**
 * Answer one request, with the number of a peer of @peers as User-Id or with a
 * refusal. TIP_EAGAIN: no request waits. TIP_EACCESS: refused; @out_refused
 * says which key, from where.
 */
TIP_MUST_USE enum tip_err
tip_link_zap_answer(void *zap, struct tip_link_peers *peers,
                    struct tip_link_talk *out_refused);

/** The number in a User-Id, @text; TIP_EMALFORMED if it is not one of ours. */
TIP_MUST_USE enum tip_err tip_link_zap_peer(const char *text,
                                            uint32_t *out_number);

#endif /* TIP_LINK_ZAP_H */
