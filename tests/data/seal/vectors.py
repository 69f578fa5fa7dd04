#!/usr/bin/env python3
"""Known answers for common/seal, from a second implementation.

    vectors.py            print seal_vectors.h
    vectors.py --check    is the committed seal_vectors.h what it would print?

Written from the layouts in common/seal/README.md alone, in plain Python, so
that a mistake would have to be made twice. Slow, and leaks keys through its
timing: good for nothing but this.
"""
import hashlib
import pathlib
import struct
import sys

HEADER = pathlib.Path(__file__).with_name("seal_vectors.h")

# --- primitives -------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def blake(context, *parts, key=b"", size=32):
    person = context.encode().ljust(16, b"\0")
    return hashlib.blake2b(b"".join(parts), digest_size=size, key=key,
                           person=person).digest()


def x25519(secret, public):
    """RFC 7748, section 5."""
    scalar = bytearray(secret)
    scalar[0] &= 248
    scalar[31] = scalar[31] & 127 | 64
    scalar = int.from_bytes(scalar, "little")
    x1 = int.from_bytes(public, "little") % 2**255
    x2, z2, x3, z3 = 1, 0, x1, 1
    for bit in reversed(range(255)):
        swap = scalar >> bit & 1
        if swap:
            x2, z2, x3, z3 = x3, z3, x2, z2
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a % P, b * b % P, d * a % P, c * b % P
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % P, x1 * (da - cb) ** 2 % P
        x2, z2 = aa * bb % P, e * (aa + 121665 * e) % P
        if swap:
            x2, z2, x3, z3 = x3, z3, x2, z2
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


def x25519_public(secret):
    return x25519(secret, (9).to_bytes(32, "little"))


def edwards_add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def edwards_multiply(scalar):
    y = 4 * pow(5, P - 2, P) % P
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P)
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P != 0:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x % 2 != 0:
        x = P - x
    point, result = (x, y, 1, x * y % P), (0, 1, 1, 0)
    while scalar > 0:
        if scalar & 1:
            result = edwards_add(result, point)
        point = edwards_add(point, point)
        scalar >>= 1
    inverse = pow(result[2], P - 2, P)
    x, y = result[0] * inverse % P, result[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def ed25519(seed, message=None):
    """The public half of @seed, or its signature of @message (RFC 8032)."""
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little")
    scalar = scalar & (2**254 - 8) | 2**254
    public = edwards_multiply(scalar)
    if message is None:
        return public
    r = int.from_bytes(hashlib.sha512(digest[32:] + message).digest(), "little") % L
    point = edwards_multiply(r)
    k = hashlib.sha512(point + public + message).digest()
    s = (r + int.from_bytes(k, "little") * scalar) % L
    return point + s.to_bytes(32, "little")


def quarter(s, a, b, c, d):
    for x, y, z, bits in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        s[x] = s[x] + s[y] & 0xFFFFFFFF
        s[z] ^= s[x]
        s[z] = (s[z] << bits | s[z] >> 32 - bits) & 0xFFFFFFFF


def chacha_rounds(key, last):
    start = list(struct.unpack("<4I", b"expand 32-byte k") +
                 struct.unpack("<8I", key) + struct.unpack("<4I", last))
    s = start[:]
    for _ in range(10):
        for i in range(4):
            quarter(s, i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter(s, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return start, s


def chacha_block(key, counter, nonce):
    start, s = chacha_rounds(key, struct.pack("<I", counter) + nonce)
    return struct.pack("<16I", *(a + b & 0xFFFFFFFF for a, b in zip(start, s)))


def aead(key, nonce, aad, plain):
    """XChaCha20-Poly1305 of draft-irtf-cfrg-xchacha."""
    _, s = chacha_rounds(key, nonce[:16])
    key = struct.pack("<8I", *s[:4], *s[12:])
    nonce = bytes(4) + nonce[16:]
    stream = b"".join(chacha_block(key, 1 + i, nonce)
                      for i in range((len(plain) + 63) // 64))
    cipher = bytes(a ^ b for a, b in zip(plain, stream))
    once = chacha_block(key, 0, nonce)
    r = int.from_bytes(once[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    text = (aad + bytes(-len(aad) % 16) + cipher + bytes(-len(cipher) % 16) +
            struct.pack("<QQ", len(aad), len(cipher)))
    for i in range(0, len(text), 16):
        total = (total + int.from_bytes(text[i:i + 16] + b"\1", "little")) * r
        total %= 2**130 - 5
    tag = (total + int.from_bytes(once[16:32], "little")) % 2**128
    return cipher + tag.to_bytes(16, "little")


# --- layouts, as in README.md ----------------------------------------------


def u8(n):
    return struct.pack(">B", n)


def u32(*numbers):
    return struct.pack(f">{len(numbers)}I", *numbers)


def u64(n):
    return struct.pack(">Q", n)


def sign(context, seed, *parts):
    return ed25519(seed, context.encode().ljust(16, b"\0") + b"".join(parts))


def seal_to(context, ephemeral, recipient, aad, plain):
    public = x25519_public(ephemeral)
    key = blake(context, public, recipient, key=x25519(ephemeral, recipient))
    return public + aead(key, bytes(24), aad, plain)


class Device:
    def __init__(self, first):
        self.seed, self.box, self.curve = (
            bytes((first + i) % 256 for i in range(start, start + 32))
            for start in (0, 32, 64))
        self.saved = u8(0) + self.seed + self.box + self.curve
        self.publics = (ed25519(self.seed), x25519_public(self.box),
                        x25519_public(self.curve))


def fingerprint(*devices):
    text = b"".join(sorted(b"".join(device.publics) for device in devices))
    digest = blake("tip0 fingerprint", text, size=64)
    return " ".join(f"{int.from_bytes(digest[i:i + 5], 'big') % 100000:05}"
                    for i in range(0, 60, 5))


def vectors():
    """(name, bytes or text) of every known answer."""
    a, b = Device(0), Device(100)
    count = bytes(range(256))
    yield "device_a", a.saved
    yield "device_b", b.saved
    yield "device_a_public", b"".join(a.publics)
    yield "fingerprint_of_a", fingerprint(a)
    yield "fingerprint_of_both", fingerprint(a, b)

    header, plain, fresh = b"a header", b"what the office wrote", count[8:16]
    up, down = u8(1) + u32(7, 0, 0), u8(2) + u32(1, 5, 3)
    start = blake("tip0 chain start", up)
    yield "chain_start_up", start
    yield "chain_start_down", blake("tip0 chain start", down)
    operational = count[32:64]
    key = blake("tip0 frame up", key=operational)
    nonce = blake("tip0 frame nonce", fresh, up, u64(11), size=24)
    body = aead(key, nonce, header, plain)
    yield "frame_body", body
    yield "frame_key_down", blake("tip0 frame down", key=operational)
    table = blake("tip0 frame table", key=key)
    yield "frame_table", blake("tip0 frame table", fresh, b"what it says", key=table, size=16)
    head = blake("tip0 chain head", start, header, blake("tip0 chain body", body))
    yield "chain_head", head
    signature = sign("tip0 chain sign", a.seed, up, u64(11), u32(3), head)
    yield "chain_signature", signature
    yield "chain_left_signature", sign(
        "tip0 chain left", b.seed, u8(len(header)), header, blake("tip0 chain body", body),
        signature, u8(7), b"another", blake("tip0 chain body", b"left of it"))

    shared = blake("tip0 sess shared", a.publics[1], b.publics[1],
                   key=x25519(a.box, b.publics[1]))
    hello = blake("tip0 sess hello", key=shared)
    root = blake("tip0 sess root", key=shared)
    node_nonce, hub_nonce = count[16:32], count[48:64]
    session = blake("tip0 sess key", node_nonce, hub_nonce, key=root)
    yield "session_hello", blake("tip0 sess mac", node_nonce, b"hello", key=hello, size=16)
    yield "bundle_hub", blake("tip0 bundle mac", u8(2), count[:32], key=hello, size=16)
    yield "session_node_1", blake("tip0 sess mac", u8(1), u64(1), b"ack", key=session, size=16)
    yield "session_hub_2", blake("tip0 sess mac", u8(2), u64(2), b"ack", key=session, size=16)

    identity, salt, record = count[64:96], count[96:112], count[112:128]
    record_key = blake("tip0 record key", salt, key=identity)
    yield "record_key", record_key
    fresh = count[:8]
    aad = (b"tip0 ident value" + u8(0) + record + u32(21) + u64(9) + u32(300, 2, 1))
    nonce = blake("tip0 ident nonce", fresh, aad, size=24)
    name = "مريم بنت أحمد".encode()
    padded = name + b"\x80" + bytes(-(len(name) + 1) % 32)
    yield "identity_plain", name
    yield "identity_value", (u8(0) + b"\xac\x02" + b"\x02" + b"\x01" + fresh +
                             aead(record_key, nonce, aad, padded))

    other = count[128:160]
    wrap_secret = blake("tip0 wrap secret", key=other)
    wrap_public = x25519_public(wrap_secret)
    yield "wrap_public", wrap_public
    clear = u8(0) + u32(300, 2, 1, 301, 4, 7)
    sealed = seal_to("tip0 wrap seal", count[:32], wrap_public, record + clear, record_key)
    yield "wrap", clear + sealed + sign("tip0 wrap sign", a.seed, record, clear, sealed)
    yield "wrap_element", blake("tip0 wrap place", clear[1:21], size=16)[:8]
    office = u8(0) + u32(301, 4, 7) + wrap_public
    yield "office_key", office + sign("tip0 office sign", a.seed, office)

    binding = blake("tip0 box seal", u8(1), b"office 301, epoch 4")
    yield "box", seal_to("tip0 box seal", count[:32], b.publics[1], binding, operational)

    invite = count[160:180]
    yield "invite_request", blake("tip0 invite ask", u64(12), b"request", key=invite)
    yield "invite_answer", blake("tip0 invite yes", u64(12), b"answer", key=invite)
    text = u8(0) + u8(1) + u64(1000) + u32(7, 301) + b"".join(a.publics)
    yield "certificate", text + sign("tip0 certificate", count[200:232], text)
    yield "registrar", u8(0) + count[200:232]

    yield "hash_content", blake("tip0 content", b"abc")
    yield "hash_catalogue", blake("tip0 catalogue", b"abc")
    yield "hash_value", blake("tip0 value", b"abc")
    yield "hash_piece", blake("tip0 piece", b"abc")
    yield "digest", blake("tip0 digest", b"abc", key=count[:32], size=16)

    vault = blake("tip0 vault value", key=count[:32])
    yield "key_file", f"tip-vault-key-0 {count[:32].hex()}\n"
    yield "stored_value", u8(0) + count[:24] + aead(vault, count[:24], b"its key", b"stored")


def print_vector(name, value):
    if isinstance(value, str):
        rows = [value.replace("\n", "\\n")]
    else:
        rows = [value[i:i + 32].hex() for i in range(0, len(value), 32)]
    body = "\n    ".join(f'"{row}"' for row in rows)
    return f"static const char {name}[] =\n    {body};\n"


def header():
    parts = ["/* Made by vectors.py, which is a second implementation: do not edit. */\n"
             "/* clang-format off */\n"
             "#ifndef SEAL_VECTORS_H\n#define SEAL_VECTORS_H\n"]
    parts += [print_vector(name, value) for name, value in vectors()]
    return "\n".join(parts) + "\n#endif /* SEAL_VECTORS_H */\n"


if "--check" in sys.argv[1:]:
    if header() != HEADER.read_text(encoding="utf-8"):
        sys.exit(f"{HEADER} is not what vectors.py prints: run it again.")
    print("seal_vectors.h is what vectors.py prints.")
else:
    sys.stdout.write(header())
