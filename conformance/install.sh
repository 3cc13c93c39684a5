#!/usr/bin/env bash
# Brings what the conformance suite needs: AWS's own clients and linters from PyPI into .conformance/venv, Mermaid and the
# YAML language server from npm into conformance/node_modules, a container engine and a browser from Debian. Safe to run
# again; a tool that cannot be had fails the suite here, loudly.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.conformance/venv
stamp=$venv/requirements.installed
if ! cmp -s conformance/requirements.txt "$stamp"; then
  python3 -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r conformance/requirements.txt
  cp conformance/requirements.txt "$stamp"
fi

# An emulator of AWS that others wrote, apart from the clients: it wants a botocore of its own.
emulator=.conformance/emulator
if ! cmp -s conformance/third-party/requirements.txt "$emulator/requirements.installed"; then
  python3 -m venv --clear "$emulator"
  "$emulator/bin/pip" install --quiet --disable-pip-version-check -r conformance/third-party/requirements.txt
  cp conformance/third-party/requirements.txt "$emulator/requirements.installed"
fi

npm_stamp=conformance/node_modules/package-lock.installed
if ! cmp -s conformance/package-lock.json "$npm_stamp"; then
  npm ci --prefix conformance --workspaces=false --no-audit --no-fund --loglevel=error
  cp conformance/package-lock.json "$npm_stamp"
fi

packages=()
command -v podman >/dev/null || packages+=(podman)
command -v runc >/dev/null || packages+=(runc)
command -v catatonit >/dev/null || packages+=(catatonit)
for tool in zsh fish; do command -v "$tool" >/dev/null || packages+=("$tool"); done
[ -x /bin/busybox ] || packages+=(busybox-static)
command -v chromium >/dev/null || packages+=(chromium fonts-dejavu-core)
for tool in bowtie2 samtools bcftools; do command -v "$tool" >/dev/null || packages+=("$tool"); done
command -v debootstrap >/dev/null || packages+=(debootstrap)
[ -e /usr/share/doc/bowtie2/examples ] || packages+=(bowtie2-examples)
command -v docker-registry >/dev/null || packages+=(docker-registry)
command -v htpasswd >/dev/null || packages+=(apache2-utils)
if [ "${#packages[@]}" -gt 0 ]; then
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "conformance: needs ${packages[*]}; install them with this system's package manager, then run again" >&2
    exit 1
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi

"$venv/bin/aws" --version
"$venv/bin/cfn-lint" --version
podman --version
runc --version | head -1
docker-registry --version
