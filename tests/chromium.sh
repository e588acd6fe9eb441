#!/usr/bin/env bash
# Makes sure that the system has a Chromium and a Chinese font: installs them where it may, otherwise says what to install.
set -eu
packages="chromium fonts-noto-cjk"
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null && exit 0
done
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    echo "installing $packages"
    apt-get update -qq && apt-get install -y -qq --no-install-recommends $packages >/dev/null && exit 0
fi
message="browser tests need: apt-get install $packages"
[ "${XINCHA_CHROMIUM:-}" = required ] && { echo "$message"; exit 1; }
echo "$message (skipped until then)"
