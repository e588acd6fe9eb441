#!/usr/bin/env bash
# What all other services wait for: prepare.sh SCRIPTS CERTIFICATES NODE…
#
# Puts this folder into the volume SCRIPTS, from which nodes and administrators take it (files of the checkout might be
# closed to them), and makes the certificates.
set -euo pipefail

scripts=${1:?usage: prepare.sh SCRIPTS CERTIFICATES NODE…}
here=$(dirname "$0")
shift

cp "$here"/* "$scripts/"
exec "$here/certificates.sh" "$@"
