#!/usr/bin/env python3
"""Makes the hostile files of this folder out of ../corpus. They are committed; run this only to add to them.

Each is named in VERDICTS with what is to be said of it. Keys are for tests: they protect nothing.
"""
import base64, pathlib, subprocess

here = pathlib.Path(__file__).parent
corpus = here.parent / "corpus"
read = lambda name: (corpus / name).read_bytes()
verdicts = []


def put(name, data, verdict, passphrase=None):
    (here / name).write_bytes(data)
    verdicts.append(f"{name}\t{verdict}" + (f"\t{passphrase}" if passphrase is not None else ""))


def tlv(tag, *parts):
    body = b"".join(parts)
    n = len(body)
    if n < 128:
        return bytes([tag, n]) + body
    digits = n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(digits)]) + digits + body


def seq(*parts):
    return tlv(0x30, *parts)


def integer(n):
    return tlv(2, n.to_bytes(n.bit_length() // 8 + 1, "big"))


def pem(label, der, headers=""):
    text = base64.encodebytes(der).decode()
    return f"-----BEGIN {label}-----\n{headers}{text}-----END {label}-----\n".encode()


def swap(data, old, new, count=1):
    assert old in data and len(old) == len(new), (old, new)
    return data.replace(old, new, count)


def openssl(*words):
    return subprocess.run(["openssl", *words], check=True, capture_output=True).stdout


cert, key, chain = read("server.der"), read("key.pkcs8.der"), read("fullchain.pem")
text_key = read("server.key")

# Certificates.
put("month-13.pem", pem("CERTIFICATE", swap(cert, b"260101000000Z", b"261301000000Z")), "unreadable_certificate")
put("day-0.pem", pem("CERTIFICATE", swap(cert, b"270115000000Z", b"270100000000Z")), "unreadable_certificate")
put("ends-before-it-begins.pem", pem("CERTIFICATE", swap(cert, b"270115000000Z", b"250115000000Z")), "no_key")
put("name-with-zero.pem", pem("CERTIFICATE", swap(cert, b"\x82\x0eml.contoso.com", b"\x82\x0eml.contoso\0com")), "no_key")
put("name-not-ascii.pem", pem("CERTIFICATE", swap(cert, b"\x82\x0eml.contoso.com", b"\x82\x0eml.\xff\xfentoso.com")), "any")
put("address-of-5-bytes.pem", pem("CERTIFICATE", swap(cert, b"\x87\x04\x0a\x00\x00\x04", b"\x82\x04\x0a\x00\x00\x04")), "any")
put("trailing-bytes.pem", pem("CERTIFICATE", cert + b"\0\0"), "unreadable_certificate")
put("cut.pem", pem("CERTIFICATE", cert[:400]), "unreadable_certificate")
put("length-beyond-end.pem", pem("CERTIFICATE", b"\x30\x84\xff\xff\xff\xff" + cert[4:]), "unreadable_certificate")
put("length-of-8-bytes.pem", pem("CERTIFICATE", b"\x30\x88" + b"\xff" * 8 + cert[4:]), "unreadable_certificate")
put("indefinite.pem", pem("CERTIFICATE", b"\x30\x80" + cert[4:] + b"\0\0"), "unreadable_certificate")
put("nested-50000.pem", pem("CERTIFICATE", b"\x30\x80" * 50_000), "unreadable_certificate")
put("nested-50000.der", b"\x30\x80" * 50_000, "is_der")
deep = b""
for _ in range(4000):
    deep = seq(deep)
put("nested-whole.der", deep, "is_der")
put("zeros.der", bytes(4096), "not_pem")
put("empty-sequence.der", seq(), "is_der")
put("certificate-twice.der", cert + cert, "no_key")
put("certificate-and-rubbish.der", cert + b"\x01\x02\x03", "not_pem")

# Keys.
numbers = read("key.pkcs1.der")
rsa = seq(tlv(6, bytes.fromhex("2a864886f70d010101")), b"\x05\x00")
ec = lambda curve: seq(tlv(6, bytes.fromhex("2a8648ce3d0201")), tlv(6, bytes.fromhex(curve)))
wrap = lambda algorithm, inner: seq(integer(0), algorithm, tlv(4, inner))
small = lambda *n: seq(integer(0), *(integer(x) for x in n))
for name, der, verdict in [
    ("rsa-of-zeros", wrap(rsa, small(*[0] * 8)), "no_certificate"),
    ("rsa-of-ones", wrap(rsa, small(*[1] * 8)), "no_certificate"),
    ("rsa-even", wrap(rsa, small(1 << 2047, 65537, 3, 5, 7, 11, 13, 17)), "unreadable_key"),
    ("rsa-huge", wrap(rsa, small((1 << 16384) - 1, 3, 5, 7, 11, 13, 17, 19)), "no_certificate"),
    ("rsa-no-numbers", wrap(rsa, seq()), "unreadable_key"),
    ("rsa-not-a-sequence", wrap(rsa, b"hello"), "unreadable_key"),
    ("p256-zero", wrap(ec("2a8648ce3d030107"), seq(integer(1), tlv(4, bytes(32)))), "unreadable_key"),
    ("p256-beyond-order", wrap(ec("2a8648ce3d030107"), seq(integer(1), tlv(4, b"\xff" * 32))), "unreadable_key"),
    ("p256-empty", wrap(ec("2a8648ce3d030107"), seq(integer(1), tlv(4, b""))), "unreadable_key"),
    ("ec-without-curve", wrap(seq(tlv(6, bytes.fromhex("2a8648ce3d0201"))), seq()), "unreadable_key"),
    ("ec-of-unknown-curve", wrap(ec("2b240303020801010d"), seq()), "unsupported_key"),
    ("ed25519-of-31-bytes", wrap(seq(tlv(6, bytes.fromhex("2b6570"))), tlv(4, bytes(31))), "unreadable_key"),
    ("x25519", wrap(seq(tlv(6, bytes.fromhex("2b656e"))), tlv(4, bytes(32))), "unsupported_key"),
    ("of-nothing", seq(), "unreadable_key"),
    ("of-empty-oid", wrap(seq(tlv(6)), b""), "unsupported_key"),
]:
    put(f"key-{name}.pem", pem("PRIVATE KEY", der), verdict)
put("key-sec1-without-curve.pem", pem("EC PRIVATE KEY", seq(integer(1), tlv(4, bytes(31)))), "unreadable_key")
put("key-sec1-of-sequence.pem", pem("EC PRIVATE KEY", seq(seq(), seq())), "unreadable_key")
put("key-changed.pem", pem("PRIVATE KEY", key[:300] + bytes([key[300] ^ 1]) + key[301:]), "unreadable_key")

# Keys with a passphrase.
P = "test"
legacy = lambda headers, body=numbers: pem("RSA PRIVATE KEY", body, headers)
for name, dek, verdict in [
    ("no-cipher", "", "unsupported_encryption"),
    ("no-vector", "DEK-Info: AES-256-CBC\n", "unsupported_encryption"),
    ("short-vector", "DEK-Info: AES-256-CBC,0011\n", "unreadable_key"),
    ("odd-vector", "DEK-Info: AES-256-CBC,00112233445566778\n", "unreadable_key"),
    ("vector-of-letters", "DEK-Info: AES-256-CBC,zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz\n", "unreadable_key"),
    ("vector-too-long", "DEK-Info: DES-CBC,00112233445566778899aabbccddeeff\n", "unreadable_key"),
    ("gcm", "DEK-Info: id-aes256-GCM,00112233445566778899aabb\n", "unsupported_encryption"),
    ("not-of-blocks", "DEK-Info: AES-256-CBC,00112233445566778899aabbccddeeff\n", "wrong_passphrase"),
]:
    body = numbers[:100] if name == "not-of-blocks" else numbers
    put(f"locked-{name}.pem", legacy(f"Proc-Type: 4,ENCRYPTED\n{dek}\n", body), verdict, P)
pbes2 = lambda kdf, cipher: seq(seq(tlv(6, bytes.fromhex("2a864886f70d01050d")), seq(kdf, cipher)), tlv(4, bytes(64)))
aes = lambda iv: seq(tlv(6, bytes.fromhex("60864801650304012a")), tlv(4, iv))
pbkdf2 = lambda rounds: seq(tlv(6, bytes.fromhex("2a864886f70d01050c")), seq(tlv(4, bytes(8)), integer(rounds)))
scrypt = lambda n, r, p: seq(tlv(6, bytes.fromhex("2b06010401da47040b")), seq(tlv(4, bytes(8)), integer(n), integer(r), integer(p)))
for name, der, verdict in [
    ("pbkdf2-2-to-the-32", pbes2(pbkdf2(2**32 - 1), aes(bytes(16))), "unsupported_encryption"),
    ("pbkdf2-2-to-the-64", pbes2(pbkdf2(2**64), aes(bytes(16))), "unsupported_encryption"),
    ("pbkdf2-none", pbes2(pbkdf2(0), aes(bytes(16))), "any"),
    ("pbkdf2-one", pbes2(pbkdf2(1), aes(bytes(16))), "wrong_passphrase"),
    ("scrypt-a-terabyte", pbes2(scrypt(2**30, 8, 1), aes(bytes(16))), "unsupported_encryption"),
    ("scrypt-parallel", pbes2(scrypt(2**10, 8, 60000), aes(bytes(16))), "unsupported_encryption"),
    ("scrypt-not-a-power", pbes2(scrypt(1000, 8, 1), aes(bytes(16))), "any"),
    ("scrypt-zero", pbes2(scrypt(0, 0, 0), aes(bytes(16))), "any"),
    ("vector-of-3", pbes2(pbkdf2(1), aes(bytes(3))), "unsupported_encryption"),
    ("nothing", seq(seq(), tlv(4)), "unreadable_key"),
    ("empty", seq(), "unreadable_key"),
    ("md5-des-2-to-the-40", seq(seq(tlv(6, bytes.fromhex("2a864886f70d010503")), seq(tlv(4, bytes(8)), integer(2**40))), tlv(4, bytes(8))), "unreadable_key"),
    ("md5-des-2-to-the-31", seq(seq(tlv(6, bytes.fromhex("2a864886f70d010503")), seq(tlv(4, bytes(8)), integer(2**31))), tlv(4, bytes(8))), "unsupported_encryption"),
    ("sha1-3des-2-to-the-31", seq(seq(tlv(6, bytes.fromhex("2a864886f70d010c0103")), seq(tlv(4, bytes(8)), integer(2**31 - 1))), tlv(4, bytes(8))), "unsupported_encryption"),
    ("sha1-3des-none", seq(seq(tlv(6, bytes.fromhex("2a864886f70d010c0103")), seq(tlv(4, bytes(8)), integer(0))), tlv(4, bytes(8))), "any"),
    ("sha1-3des-minus", seq(seq(tlv(6, bytes.fromhex("2a864886f70d010c0103")), seq(tlv(4, bytes(8)), b"\x02\x01\xff")), tlv(4, bytes(8))), "any"),
]:
    put(f"locked-{name}.pem", pem("ENCRYPTED PRIVATE KEY", der), verdict, P)

# PKCS#12.
pfx = read("server.pfx")
put("pfx-cut.pfx", pfx[:1000], "not_pem", P)
put("pfx-changed.pfx", pfx[:600] + bytes([pfx[600] ^ 1]) + pfx[601:], "wrong_passphrase", P)
mac_rounds = pfx.rindex(b"\x02\x02\x08\x00")
put("pfx-mac-zero-rounds.pfx", pfx[:mac_rounds] + b"\x02\x02\x00\x00" + pfx[mac_rounds + 4 :], "any", P)
put("pfx-of-nothing.pfx", seq(integer(3), seq()), "unreadable_pkcs12", P)
data = lambda inner: seq(tlv(6, bytes.fromhex("2a864886f70d010701")), tlv(0xA0, tlv(4, inner)))
put("pfx-empty.pfx", seq(integer(3), data(seq())), "no_certificate", P)
put("pfx-signed.pfx", seq(integer(3), seq(tlv(6, bytes.fromhex("2a864886f70d010702")), tlv(0xA0, seq()))), "unsupported_encryption", P)
bag = lambda kind, value: seq(tlv(6, bytes.fromhex("2a864886f70d010c0a01" + kind)), tlv(0xA0, value))
shrouded = lambda rounds: bag("02", seq(seq(tlv(6, bytes.fromhex("2a864886f70d010c0103")), seq(tlv(4, bytes(8)), integer(rounds))), tlv(4, bytes(8))))
safe = lambda *bags: seq(integer(3), data(seq(data(seq(*bags)))))
put("pfx-2-to-the-31-rounds.pfx", safe(shrouded(2**31 - 1)), "unsupported_encryption", P)
put("pfx-too-big.pfx", safe(*[shrouded(1)] * 4000), "unreadable_pkcs12", P)
put("pfx-key-of-rubbish.pfx", safe(bag("01", seq(integer(0)))), "unreadable_pkcs12", P)
put("pfx-certificate-of-rubbish.pfx", safe(bag("03", seq(tlv(6, bytes.fromhex("2a864886f70d01091601")), tlv(0xA0, tlv(4, b"rubbish"))))), "unreadable_pkcs12", P)
put("pfx-plain-key.pfx", safe(bag("01", key)), "no_certificate", P)
put("pfx-same-key-500-times.pfx", safe(*[bag("01", wrap(ec("2a8648ce3d030107"), seq(integer(1), tlv(4, bytes(31) + b"\x01"))))] * 500), "no_certificate", P)

zero_cost = seq(tlv(6, bytes.fromhex("2a864886f70d01050d")), seq(scrypt(0, 8, 1), aes(bytes(16))))
bomb = bag("02", seq(zero_cost, tlv(4, bytes(16))))
put("pfx-scrypt-of-nothing.pfx", safe(bomb), "unsupported_encryption", P)
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

secret = PBKDF2HMAC(hashes.SHA1(), 32, bytes(8), 1).derive(P.encode())
lid = padding.PKCS7(128).padder()
encryptor = Cipher(algorithms.AES(secret), modes.CBC(bytes(16))).encryptor()
hidden = encryptor.update(lid.update(seq(bomb)) + lid.finalize()) + encryptor.finalize()
scheme = seq(tlv(6, bytes.fromhex("2a864886f70d01050d")), seq(pbkdf2(1), aes(bytes(16))))
envelope = seq(integer(0), seq(tlv(6, bytes.fromhex("2a864886f70d010701")), scheme, tlv(0x80, hidden)))
encrypted = seq(tlv(6, bytes.fromhex("2a864886f70d010706")), tlv(0xA0, envelope))
put("pfx-scrypt-of-nothing-hidden.pfx", seq(integer(3), data(seq(encrypted))), "unreadable_pkcs12", P)

# Text.
put("a-page-to-sign-in.pem", b"<!DOCTYPE html><html><body>Sign in</body></html>\n", "not_pem")
put("json.pem", b'{"error": "forbidden"}\n', "not_pem")
put("zip.pem", b"PK\x03\x04" + bytes(200), "not_pem")
put("png.pem", b"\x89PNG\r\n\x1a\n" + bytes(200), "not_pem")
put("only-a-mark.pem", b"\xef\xbb\xbf", "empty")
put("only-a-mark-16.pem", b"\xff\xfe", "empty")
put("half-a-letter-16.pem", b"\xff\xfe\x2d", "empty")
put("utf16-of-surrogates.pem", b"\xff\xfe" + b"\x00\xd8" * 100, "not_pem")
put("begin-in-begin.pem", b"-----BEGIN CERTIFICATE-----\n" * 3, "missing_end")
put("end-first.pem", b"-----END CERTIFICATE-----\n" + chain, "broken_marker")
put("label-of-nothing.pem", b"-----BEGIN -----\n-----END -----\n", "broken_marker")
put("label-of-1000.pem", b"-----BEGIN " + b"A" * 1000 + b"-----\n-----END " + b"A" * 1000 + b"-----\n", "no_certificate")
put("header-without-end.pem", b"-----BEGIN PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n-----END PRIVATE KEY-----\n", "encrypted_key")
put("padding-in-the-midst.pem", chain.replace(b"M", b"=", 3), "broken_base64")
put("zero-bytes.pem", chain[:200] + b"\0" + chain[201:], "broken_base64")
put("openssh.pem", pem("OPENSSH PRIVATE KEY", b"openssh-key-v1\0"), "unsupported_key")
put("pgp.pem", pem("PGP PRIVATE KEY BLOCK", bytes(40)), "no_certificate")
put("crl.pem", pem("X509 CRL", bytes(40)), "no_certificate")
put("two-keys.pem", chain + read("other.key") + read("ec.key"), "several_keys")
put("key-of-another.pem", chain + read("other.key"), "key_of_another_certificate")

# PKCS#12 in BER, as NSS writes it.
nss = read("nss.p12")
put("ber-cut.p12", nss[: len(nss) // 2], "unreadable_pkcs12", P)
put("ber-without-end.p12", nss[:-2], "unreadable_pkcs12", P)
put("ber-changed.p12", nss[:2000] + bytes([nss[2000] ^ 1]) + nss[2001:], "wrong_passphrase", P)
put("ber-nested-50000.p12", b"\x30\x80\x02\x01\x03" + b"\x30\x80" * 50000, "unreadable_pkcs12", P)
put("ber-octets-of-numbers.p12", swap(nss, b"\x24\x80\x04\x82", b"\x24\x80\x02\x82"), "unreadable_pkcs12", P)
put("ber-without-mac.p12", nss[:4709] + b"\0\0", "sound", P)

# Harmless, however odd.
put("chain-upside-down-with-prose.pem", b"Hej!\r\n" + read("reversed.pem").replace(b"\n", b"\r\n") + text_key, "sound")
put("everything-twice.pem", (chain + text_key) * 20, "sound")
put("a-thousand-blank-lines.pem", b"\n" * 1000 + chain + b"\n" * 1000 + text_key, "sound")
put("plain.pfx", safe(*[bag("03", seq(tlv(6, bytes.fromhex("2a864886f70d01091601")), tlv(0xA0, tlv(4, c)))) for c in (cert,)], bag("01", key)), "sound", P)

(here / "VERDICTS").write_text("\n".join(verdicts) + "\n")
print(len(verdicts), "files")
