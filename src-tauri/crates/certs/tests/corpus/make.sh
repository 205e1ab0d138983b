#!/bin/sh
# Makes the files of this folder with OpenSSL 3.0, keytool 17 and NSS 3.87. They are committed; run this only to add to them.
# All keys are for tests: they protect nothing.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: > "$work/index"
echo 1000 > "$work/serial"

cat > "$work/ca.cnf" <<CNF
[ca]
default_ca = test
[test]
dir = $work
database = $work/index
serial = $work/serial
new_certs_dir = $work
policy = any
unique_subject = no
default_md = sha256
rand_serial = yes
string_mask = utf8only
[any]
countryName = optional
organizationName = optional
commonName = supplied
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[intermediate]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth
subjectAltName = DNS:ml.contoso.com, DNS:*.models.contoso.com, IP:10.0.0.4
[client]
extendedKeyUsage = clientAuth
subjectAltName = DNS:ml.contoso.com
[bare]
basicConstraints = CA:FALSE
CNF

request() { # name subject [key]
    key=${3:-$work/$1.key}
    [ -f "$key" ] || openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$key"
    openssl req -new -utf8 -key "$key" -subj "$2" -out "$work/$1.csr"
}
sign() { # name section signer from to [more options]
    name=$1 section=$2 signer=$3 start=$4 end=$5
    shift 5
    if [ "$signer" = self ]; then
        set -- -selfsign -keyfile "$work/$name.key" "$@"
    else
        set -- -cert "$work/$signer.pem" -keyfile "$work/$signer.key" "$@"
    fi
    openssl ca -batch -notext -utf8 -config "$work/ca.cnf" -extensions "$section" -in "$work/$name.csr" \
        -startdate "$start" -enddate "$end" -out "$work/$name.pem" "$@" 2>/dev/null
}
from=20260101000000Z
to=20270115000000Z

request root "/C=SE/O=Contoso Test/CN=Contoso Test Root"
sign root root self "$from" 20360101000000Z
request intermediate "/C=SE/O=Contoso Test/CN=Contoso Test Issuer"
sign intermediate intermediate root "$from" 20310101000000Z
cp "$work/root.pem" "$work/intermediate.pem" .

# The ordinary pair, in every dress.
request server "/C=SE/O=Contoso Test/CN=ml.contoso.com"
sign server server intermediate "$from" "$to"
cp "$work/server.pem" "$work/server.key" .
openssl rsa -traditional -in server.key -out server.pkcs1.key 2>/dev/null
cat server.pem intermediate.pem root.pem > fullchain.pem
cat root.pem intermediate.pem server.pem > reversed.pem
openssl x509 -in server.pem -text -out server.text.pem
openssl x509 -in server.pem -trustout -addtrust serverAuth -out trusted.pem
openssl x509 -in server.pem -outform DER -out server.der
openssl pkcs8 -topk8 -nocrypt -in server.key -outform DER -out key.pkcs8.der
openssl rsa -traditional -in server.key -outform DER -out key.pkcs1.der 2>/dev/null
openssl pkcs8 -topk8 -in server.key -passout pass:test -out encrypted.key
openssl pkcs8 -topk8 -in server.key -passout pass:test -outform DER -out encrypted.der
openssl rsa -traditional -aes256 -in server.key -passout pass:test -out encrypted.legacy.key 2>/dev/null
openssl pkey -in server.key -pubout -out server.pub
cp "$work/server.csr" .
openssl req -in server.csr -outform DER -out csr.der
openssl crl2pkcs7 -nocrl -certfile fullchain.pem -out server.p7b
openssl pkcs7 -in server.p7b -outform DER -out p7b.der
openssl pkcs12 -export -in fullchain.pem -inkey server.key -name 'Skölden för åäö' -passout pass:test -out server.pfx
openssl pkcs12 -in server.pfx -passin pass:test -nodes -out bag-attributes.pem
printf '\377\376' > utf16.pem
iconv -f UTF-8 -t UTF-16LE fullchain.pem >> utf16.pem
sed 's/$/\r/' fullchain.pem > crlf.pem
keytool -importkeystore -srckeystore server.pfx -srcstoretype PKCS12 -srcstorepass test -srcalias 'skölden för åäö' \
    -destkeystore "$work/server.jks" -deststoretype JKS -deststorepass testtest -destkeypass testtest 2>/dev/null
cp "$work/server.jks" .

# Elliptic curves.
openssl ecparam -genkey -name prime256v1 -out ec.key
request ec "/CN=ml.contoso.com" ec.key
sign ec server intermediate "$from" "$to"
openssl ecparam -genkey -noout -name secp521r1 -out p521.key
cp p521.key "$work/"
request p521 "/CN=ml.contoso.com" p521.key
sign p521 server self "$from" "$to" -md sha512
openssl pkcs8 -topk8 -nocrypt -in p521.key -out p521.pkcs8.key
openssl ecparam -genkey -noout -name secp256k1 -out secp256k1.key
openssl genpkey -quiet -algorithm ed25519 -out ed25519.key
cp ed25519.key "$work/"
request ed25519 "/CN=ml.contoso.com" ed25519.key
openssl x509 -req -in "$work/ed25519.csr" -signkey ed25519.key -days 365 -out ed25519.pem 2>/dev/null
cp "$work/ec.pem" "$work/p521.pem" .

# Things that are wrong.
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out other.key
cp server.key "$work/expired.key"
request expired "/CN=ml.contoso.com"
sign expired server intermediate 20250101000000Z 20260101000000Z
cp server.key "$work/future.key"
request future "/CN=ml.contoso.com"
sign future server intermediate 20280101000000Z 20290101000000Z
cp server.key "$work/client.key"
request client "/CN=ml.contoso.com"
sign client client intermediate "$from" "$to"
cp server.key "$work/cn-only.key"
request cn-only "/CN=ml.contoso.com"
sign cn-only bare intermediate "$from" "$to"
cp server.key "$work/endless.key"
request endless "/CN=ml.contoso.com"
sign endless server intermediate "$from" 99991231235959Z
cp server.key "$work/sha1.key"
request sha1 "/CN=ml.contoso.com"
sign sha1 server intermediate "$from" "$to" -md sha1
cp server.key "$work/md5.key"
request md5 "/CN=ml.contoso.com"
sign md5 server intermediate "$from" "$to" -md md5
cp server.key "$work/pss.key"
request pss "/CN=ml.contoso.com"
sign pss server intermediate "$from" "$to" -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa1024.key
cp rsa1024.key "$work/"
request rsa1024 "/CN=ml.contoso.com"
sign rsa1024 server self "$from" "$to"
# Same names as the true issuer, another key: it did not sign server.pem.
request impostor "/C=SE/O=Contoso Test/CN=Contoso Test Issuer"
sign impostor intermediate root "$from" 20310101000000Z
# Version 1, as "openssl x509 -req" makes without extensions.
openssl x509 -req -in "$work/cn-only.csr" -signkey server.key -days 365 -set_serial 7 -out v1.pem 2>/dev/null
openssl dsaparam -genkey -noout -out dsa.key 1024 2>/dev/null
for name in expired future client cn-only endless sha1 md5 pss rsa1024 impostor; do cp "$work/$name.pem" .; done
# By NSS, as Firefox writes: indefinite lengths.
mkdir "$work/nss"
certutil -N -d "sql:$work/nss" --empty-password
openssl pkcs12 -export -in fullchain.pem -inkey server.key -name ml -passout pass:test -out "$work/nss.in"
pk12util -i "$work/nss.in" -d "sql:$work/nss" -W test -K ""
pk12util -o nss.p12 -n ml -d "sql:$work/nss" -W test -K ""

keytool -genkeypair -alias a -keyalg EC -groupname secp256r1 -dname CN=ml.contoso.com -ext san=dns:ml.contoso.com \
  -storetype PKCS12 -keystore java.p12 -storepass changeit -validity 3650
