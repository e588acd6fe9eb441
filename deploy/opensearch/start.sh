#!/usr/bin/env bash
# Starts a node in a container whose root file system is read-only.
#
# OpenSearch writes into its configuration folder (a keystore) and reads certificates from nowhere else, so it gets a
# copy in memory: the image's own, with Xincha's over it.
set -euo pipefail
umask 077

export OPENSEARCH_PATH_CONF=/tmp/config
rm -rf "$OPENSEARCH_PATH_CONF"
cp -r /usr/share/opensearch/config "$OPENSEARCH_PATH_CONF"
cp /xincha/opensearch.yml "$OPENSEARCH_PATH_CONF/"
cp /xincha/{config,internal_users,roles,roles_mapping}.yml "$OPENSEARCH_PATH_CONF/opensearch-security/"
cp -r /certificates "$OPENSEARCH_PATH_CONF/certificates"
exec /usr/share/opensearch/bin/opensearch
