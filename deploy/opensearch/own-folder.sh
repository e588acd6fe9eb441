#!/usr/bin/env bash
# own-folder.sh FOLDER: refuses to go on where a service sees the keys of all others.
set -euo pipefail

if [[ -e $1/ca ]]; then
    echo "$1 holds the keys of all services: this Compose does not know \`subpath\`, and mounts whole volumes." >&2
    echo "Compose 2.26 and Docker Engine 26 or newer are needed (docker compose version; docker version)." >&2
    exit 2
fi
