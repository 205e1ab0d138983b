#!/bin/sh
# Fills the corpora of the fuzz targets with the files of the tests.
set -eu
cd "$(dirname "$0")"
for target in pem der pfx locked_key; do mkdir -p "corpus/$target"; done
cp ../tests/corpus/*.pem ../tests/corpus/*.key ../tests/hostile/*.pem corpus/pem/
cp ../tests/corpus/*.der ../tests/hostile/*.der corpus/der/
cp ../tests/corpus/*.pfx ../tests/corpus/*.p12 ../tests/hostile/*.pfx ../tests/hostile/*.p12 corpus/pfx/
# Makes `pkcs5` panic behind what is encrypted. Berth catches that (its verdict is in the corpus); libFuzzer counts it as a crash.
rm corpus/pfx/pfx-scrypt-of-nothing-hidden.pfx
cp ../tests/corpus/encrypted* ../tests/hostile/locked-* corpus/locked_key/
# A file without its derivation, so that changes reach what is behind it.
openssl pkcs12 -export -in ../tests/corpus/server.pem -inkey ../tests/corpus/server.key -passout pass:test \
    -keypbe NONE -certpbe NONE -nomac -out corpus/pfx/open.pfx
openssl pkcs12 -export -in ../tests/corpus/server.pem -inkey ../tests/corpus/server.key -passout pass:test \
    -legacy -iter 1 -nomac -out corpus/pfx/legacy.pfx
# The first of them in BER: its outermost length is not told.
{ printf '\060\200'; tail -c +5 corpus/pfx/open.pfx; printf '\0\0'; } > corpus/pfx/open-ber.pfx
openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 1 -in ../tests/corpus/server.key -passout pass:test -outform DER \
    -out corpus/locked_key/one-round.der
openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -iter 1 -in ../tests/corpus/server.key -passout pass:test -outform DER \
    -out corpus/locked_key/pkcs12-scheme.der
openssl rsa -traditional -aes128 -in ../tests/corpus/server.key -passout pass:test 2>/dev/null \
    | sed -n 's/^DEK-Info: //p;/^[A-Za-z0-9+/=]*$/p' > corpus/locked_key/headers.txt
