#!/usr/bin/env bash
# Everything a change must pass, cheapest first; stops at the first step that fails. The last line of the
# output is the count of tests alone, for people and programs.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
export PATH="$PWD/node_modules/.bin:$PATH"
report=$(mktemp)
trap 'rm -f "$report"' EXIT

# Says what failed and how to look at it alone, then ends with the count line.
stop() {
  printf '\n%s failed. %s\n\n0 passed, 1 failed\n' "$1" "$2"
  exit 1
}

step() {
  local name=$1 hint=$2
  shift 2
  printf '\n== %s\n' "$name"
  "$@" || stop "$name" "$hint"
}

# The newest of Debian's PostgreSQL servers is at least version 14.
has_postgres() {
  local initdb version
  for initdb in /usr/lib/postgresql/*/bin/initdb; do
    version=${initdb#/usr/lib/postgresql/}
    version=${version%%/*}
    [[ -x $initdb && $version =~ ^[0-9]+$ && $version -ge 14 ]] && return 0
  done
  return 1
}

# Programs that tests call, by Debian package.
install_packages() {
  local missing=() as=()
  has_postgres || missing+=(postgresql)
  command -v openssl >/dev/null || missing+=(openssl)
  command -v sftp >/dev/null || missing+=(openssh-client)
  [[ -x /usr/sbin/sshd && -x /usr/lib/openssh/sftp-server ]] || missing+=(openssh-server)
  command -v lftp >/dev/null || missing+=(lftp)
  /usr/bin/python3 -c 'import paramiko' 2>/dev/null || missing+=(python3-paramiko)
  command -v gpg >/dev/null || missing+=(gnupg)
  [[ -x /usr/sbin/mariadbd ]] || missing+=(mariadb-server)
  [[ -x /usr/bin/chromium-headless-shell || -x /usr/bin/chromium ]] || missing+=(chromium-headless-shell)
  command -v xmllint >/dev/null || missing+=(libxml2-utils)
  [[ ${#missing[@]} -eq 0 ]] && return 0
  if [[ $(id -u) -ne 0 ]]; then
    if ! sudo -n true 2>/dev/null; then
      echo "The tests need ${missing[*]}. Install with:"
      echo "  sudo apt-get update && sudo apt-get install -y ${missing[*]}"
      return 1
    fi
    as=(sudo -n)
  fi
  "${as[@]}" apt-get update -q
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "${missing[@]}"
  has_postgres && command -v openssl >/dev/null && command -v gpg >/dev/null
}

# `npm ci` has built already; again only when something changed since. The console's first page is written last.
build() {
  local newer
  newer=$(find src console exchanges scripts package-lock.json tsconfig*.json \
    -path '*/node_modules' -prune -o -newer dist/console/index.html -print -quit 2>/dev/null || echo all)
  [[ -f dist/console/index.html && -z $newer ]] || npm run --silent build
}

command -v vitest >/dev/null || stop 'Looking for the tools' 'Run: npm ci'

step 'System packages' \
  'Debian: apt-get install -y postgresql openssl gnupg openssh-client openssh-server lftp python3-paramiko mariadb-server libxml2-utils chromium-headless-shell' \
  install_packages
step 'Format and lint' 'To put right what can be: npm run lint -- --write' biome ci --colors=off .
step 'Types' 'Alone: npm run types' npm run --silent types
step 'Unused code' 'Alone: npm run unused' knip
step 'Build' 'Alone: npm run build' build

printf '\n== Tests\n'
vitest run --reporter=default --reporter=json --outputFile.json="$report"
node scripts/count-tests.js "$report" "$?"
