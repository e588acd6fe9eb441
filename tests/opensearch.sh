#!/usr/bin/env bash
# Copies the jars of OpenSearch that the tests run to tests/opensearch/.jars/KIND (open, secured), by Maven.
# Installs Maven where it may, otherwise says what to install.
set -eu
kind=$1
cd "$(dirname "$0")/opensearch"
if ! command -v mvn >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    echo "installing maven"
    apt-get update -qq && apt-get install -y -qq --no-install-recommends maven >/dev/null || true
fi
message="tests of OpenSearch need: apt-get install maven"
if command -v mvn >/dev/null; then
    echo "copying the jars of OpenSearch ($kind)"
    rm -rf ".jars/$kind"
    said=$(mvn -q -B -f "$kind.xml" package 2>&1) && touch ".jars/$kind/.made" && exit 0
    message="Maven could not copy the jars of OpenSearch: $(grep -m 3 ERROR <<<"$said" | cut -c1-300)"
fi
[ "${XINCHA_OPENSEARCH:-}" = required ] && { echo "$message"; exit 1; }
echo "$message (skipped until then)"
