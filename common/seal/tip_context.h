/*
 * Internal: what each use of a key or a hash is for.
 *
 * Every hash, derivation, MAC and signature of the project carries one of
 * these names: as BLAKE2b's personalisation, or as the first bytes of what is
 * signed. Bytes made for one purpose are therefore worthless for any other.
 * The digit is the format; a changed layout gets a new name.
 */
#ifndef TIP_CONTEXT_H
#define TIP_CONTEXT_H

/* name, at most 16 ASCII characters, filled up with zero bytes */
#define TIP_CONTEXT_MAP(X)                \
    X(CHAIN_START, "tip0 chain start")    \
    X(CHAIN_BODY, "tip0 chain body")      \
    X(CHAIN_HEAD, "tip0 chain head")      \
    X(CHAIN_SIGN, "tip0 chain sign")      \
    X(CHAIN_LEFT, "tip0 chain left")      \
    X(FRAME_UP, "tip0 frame up")          \
    X(FRAME_DOWN, "tip0 frame down")      \
    X(FRAME_NONCE, "tip0 frame nonce")    \
    X(FRAME_TABLE, "tip0 frame table")    \
    X(SESSION_SHARED, "tip0 sess shared") \
    X(SESSION_HELLO, "tip0 sess hello")   \
    X(SESSION_ROOT, "tip0 sess root")     \
    X(SESSION_KEY, "tip0 sess key")       \
    X(SESSION_MAC, "tip0 sess mac")       \
    X(BUNDLE_MAC, "tip0 bundle mac")      \
    X(RECORD_KEY, "tip0 record key")      \
    X(IDENTITY_VALUE, "tip0 ident value") \
    X(IDENTITY_NONCE, "tip0 ident nonce") \
    X(WRAP_SECRET, "tip0 wrap secret")    \
    X(WRAP_SEAL, "tip0 wrap seal")        \
    X(WRAP_SIGN, "tip0 wrap sign")        \
    X(WRAP_ELEMENT, "tip0 wrap place")    \
    X(OFFICE_SIGN, "tip0 office sign")    \
    X(BOX_SEAL, "tip0 box seal")          \
    X(INVITE_REQUEST, "tip0 invite ask")  \
    X(INVITE_ANSWER, "tip0 invite yes")   \
    X(CERTIFICATE, "tip0 certificate")    \
    X(FINGERPRINT, "tip0 fingerprint")    \
    X(VAULT_VALUE, "tip0 vault value")    \
    X(HASH_CONTENT, "tip0 content")       \
    X(HASH_CATALOGUE, "tip0 catalogue")   \
    X(HASH_VALUE, "tip0 value")           \
    X(HASH_PIECE, "tip0 piece")           \
    X(DIGEST, "tip0 digest")              \
    X(DIGEST_KEY, "tip0 digest key")

enum tip_context {
#define TIP_CONTEXT_ENUM(name, text) TIP_CONTEXT_##name,
    TIP_CONTEXT_MAP(TIP_CONTEXT_ENUM)
#undef TIP_CONTEXT_ENUM
        TIP_CONTEXT_COUNT
};

enum { TIP_CONTEXT_SIZE = 16 };

/** The TIP_CONTEXT_SIZE static bytes of @context. */
const unsigned char *tip_context_bytes(enum tip_context context);

#endif /* TIP_CONTEXT_H */
