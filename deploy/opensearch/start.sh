#!/usr/bin/env bash
# Starts a node in a container whose root file system is read-only, in place of the image's own entrypoint.
#
# OpenSearch writes into its configuration folder (a keystore) and reads certificates from nowhere else, so it gets a
# copy in memory: the image's own, with Xincha's over it.
set -euo pipefail
umask 077

: "${OPENSEARCH_HOME:=/usr/share/opensearch}" "${CERTIFICATES:=/certificates}" "${OPENSEARCH_PATH_CONF:=/tmp/config}"
here=$(dirname "$0")
"$here/own-folder.sh" "$CERTIFICATES"

export OPENSEARCH_PATH_CONF
rm -rf "$OPENSEARCH_PATH_CONF"
cp -r "$OPENSEARCH_HOME/config" "$OPENSEARCH_PATH_CONF"
mkdir -p "$OPENSEARCH_PATH_CONF/jvm.options.d"
cp "$here/xincha.options" "$OPENSEARCH_PATH_CONF/jvm.options.d/"
cp "$here/opensearch.yml" "$OPENSEARCH_PATH_CONF/"
cp "$here"/{config,internal_users,roles,roles_mapping}.yml "$OPENSEARCH_PATH_CONF/opensearch-security/"
cp -r "$CERTIFICATES" "$OPENSEARCH_PATH_CONF/certificates"
# As the image's entrypoint has it: a container sees its own limits at the root of its cgroups, not at the path that
# /proc/self/cgroup names.
export OPENSEARCH_JAVA_OPTS="-Dopensearch.cgroups.hierarchy.override=/ ${OPENSEARCH_JAVA_OPTS:-}"
exec "$OPENSEARCH_HOME/bin/opensearch"
