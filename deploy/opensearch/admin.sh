#!/usr/bin/env bash
# What an administrator asks of the cluster, with his certificate:
#
#   admin.sh METHOD PATH [BODY]    one request: admin.sh GET '/_cat/nodes?v'
#   admin.sh roles                 what roles.yml, roles_mapping.yml and config.yml say, after an upgrade
#   admin.sh accounts              the accounts of Dashboards, with passwords made here, and its configuration
#   admin.sh password              the password of the account `admin` of Dashboards
#
# NODE, PORT: who is asked; CERTIFICATES: the administrator's folder; DASHBOARDS: the folder of Dashboards.
set -euo pipefail
umask 077

: "${NODE:=node1}" "${PORT:=9200}" "${CERTIFICATES:=/certificates}" "${DASHBOARDS:=/dashboards}"
here=$(dirname "$0")
"$here/own-folder.sh" "$CERTIFICATES"

# request METHOD PATH [BODY | @FILE]
request() {
    local body=()
    if (($# > 2)); then
        body=(--header 'content-type: application/json' --data "$3")
    fi
    curl --silent --show-error --fail-with-body --connect-timeout 10 --max-time 3600 --request "$1" --cacert "$CERTIFICATES/ca.pem" \
        --cert "$CERTIFICATES/tls.pem" --key "$CERTIFICATES/tls.key" "${body[@]}" "https://$NODE:$PORT$2"
}

roles() {
    local kind
    for kind in config roles rolesmapping; do
        /usr/share/opensearch/plugins/opensearch-security/tools/securityadmin.sh -h "$NODE" -p "$PORT" -icl -t "$kind" \
            -f "$here/${kind/rolesm/roles_m}.yml" \
            -cacert "$CERTIFICATES/ca.pem" -cert "$CERTIFICATES/tls.pem" -key "$CERTIFICATES/tls.key"
    done
}

secret() {
    head -c 24 /dev/urandom | base64 | tr '+/' '-_'
}

password() {
    sed 's/.*: "\(.*\)".*/\1/' "$CERTIFICATES/$1.json"
}

accounts() {
    local user
    for user in admin kibanaserver; do
        [[ -s $CERTIFICATES/$user.json ]] || echo "{\"password\": \"$(secret)\"}" >"$CERTIFICATES/$user.json"
        request PUT "/_plugins/_security/api/internalusers/$user" "@$CERTIFICATES/$user.json"
        echo
    done
    cat >"$DASHBOARDS/opensearch_dashboards.yml" <<END
server.host: 0.0.0.0
opensearch.hosts: ["https://node1:9200", "https://node2:9200", "https://node3:9200"]
opensearch.ssl.certificateAuthorities: [/certificates/ca.pem]
opensearch.username: kibanaserver
opensearch.password: $(password kibanaserver)
opensearch.requestHeadersAllowlist: [authorization, securitytenant]
opensearch_security.cookie.password: $(secret)
opensearch_security.multitenancy.enabled: false
END
}

case ${1:-} in
    roles | accounts) "$1" ;;
    password) password admin ;;
    [A-Z]*) request "$@" ;;
    *) sed -n '2,9s/^# \{0,1\}//p' "$0" && exit 2 ;;
esac
