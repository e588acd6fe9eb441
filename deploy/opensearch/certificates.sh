#!/usr/bin/env bash
# Makes the certificates of a cluster: certificates.sh FOLDER NODE…
#
#   FOLDER/ca/              the authority; its key is needed for making certificates, and by nobody else
#   FOLDER/NODE/            CN=NODE,OU=node,O=Xincha
#   FOLDER/reader/          CN=xincha-reader,OU=client,O=Xincha: the API
#   FOLDER/publisher/       CN=xincha-publisher,OU=client,O=Xincha: loading
#   FOLDER/admin/           CN=admin,OU=admin,O=Xincha: the cluster's administrator, beyond all roles
#   FOLDER/dashboards/      no certificate; for what admin.sh writes there
#
# Each holds ca.pem, tls.pem and tls.key (PKCS#8), for its owner only. Run again, it renews what has less than 30 days
# left, and leaves the rest. Restart what uses a renewed certificate.
set -euo pipefail
umask 077

readonly MONTH=$((30 * 24 * 3600))

folder=${1:?usage: certificates.sh FOLDER NODE…}
shift

# certificate NAME SUBJECT DAYS OPTION…: FOLDER/NAME/tls.key and tls.pem
certificate() {
    local name=$1 subject=$2 days=$3
    shift 3
    openssl req -x509 -sha256 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days "$days" -subj "$subject" \
        -keyout "$folder/$name/tls.key.new" -out "$folder/$name/tls.pem.new" "$@" 2>/dev/null
    mv "$folder/$name/tls.key.new" "$folder/$name/tls.key"
    mv "$folder/$name/tls.pem.new" "$folder/$name/tls.pem"
    echo "made $name/tls.pem: $subject"
}

lasting() {
    [[ -s $1 ]] && openssl x509 -in "$1" -noout -checkend "$MONTH" >/dev/null
}

# signed NAME SUBJECT OPTION…: a certificate of the authority, where there is none that lasts
signed() {
    local name=$1 subject=$2
    shift 2
    mkdir -p "$folder/$name"
    cp "$folder/ca/tls.pem" "$folder/$name/ca.pem"
    if lasting "$folder/$name/tls.pem" && openssl verify -CAfile "$folder/ca/tls.pem" "$folder/$name/tls.pem" >/dev/null 2>&1; then
        return
    fi
    certificate "$name" "$subject" 397 -CA "$folder/ca/tls.pem" -CAkey "$folder/ca/tls.key" \
        -addext basicConstraints=critical,CA:FALSE -addext keyUsage=critical,digitalSignature "$@"
}

mkdir -p "$folder/ca" "$folder/dashboards"
if ! lasting "$folder/ca/tls.pem"; then
    certificate ca "/O=Xincha/CN=Xincha search cluster" 3650 \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
fi
for node in "$@"; do
    signed "$node" "/O=Xincha/OU=node/CN=$node" -addext extendedKeyUsage=serverAuth,clientAuth \
        -addext "subjectAltName=DNS:$node,DNS:localhost,IP:127.0.0.1"
done
signed reader "/O=Xincha/OU=client/CN=xincha-reader" -addext extendedKeyUsage=clientAuth
signed publisher "/O=Xincha/OU=client/CN=xincha-publisher" -addext extendedKeyUsage=clientAuth
signed admin "/O=Xincha/OU=admin/CN=admin" -addext extendedKeyUsage=clientAuth
cp "$folder/ca/tls.pem" "$folder/dashboards/ca.pem"
