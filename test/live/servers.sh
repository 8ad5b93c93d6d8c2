#!/usr/bin/env bash
# Real source systems for tests: PostgreSQL, Tryton 6.0 and Redmine 5.0 from Debian 12's packages, on 127.0.0.1 only.
#
#   servers.sh <verb>…      several verbs are done in order: servers.sh install init up seed
#
#   install   apt-get what is missing
#   init      make the databases: each system as Debian ships it (vanilla) and with its add-on (addons), both empty
#   up        start everything; quick when it runs already
#   seed      the firm in both, freshly seeded: entered over the systems' own APIs once a day and written to live.json,
#             after that put back from a copy
#   reset     back to the seeded state (to the empty one when nothing was seeded)
#   wipe      back to the empty state
#   stop-tryton, stop-redmine    stop only these; `up` starts them again
#   down      stop what `up` started
#   status    what runs, and how much memory it takes; fails when not all of it does
#
# PLUMBLINE_LIVE_ROOT   where everything is kept (default: plumbline-live in the temporary directory)
# PLUMBLINE_LIVE_PORT   first of four ports (default 18150): PostgreSQL, Tryton, Redmine vanilla, Redmine addons
#
# The first initialisation takes a minute or two; its result is kept in ~/.cache/plumbline-live.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "servers.sh needs root (it runs PostgreSQL under its own account), and there is no sudo." >&2; exit 1; }
  exec sudo -n env "PATH=$PATH" "HOME=$HOME" ${TMPDIR:+"TMPDIR=$TMPDIR"} ${XDG_CACHE_HOME:+"XDG_CACHE_HOME=$XDG_CACHE_HOME"} \
    ${PLUMBLINE_LIVE_ROOT:+"PLUMBLINE_LIVE_ROOT=$PLUMBLINE_LIVE_ROOT"} \
    ${PLUMBLINE_LIVE_PORT:+"PLUMBLINE_LIVE_PORT=$PLUMBLINE_LIVE_PORT"} "$HERE/servers.sh" "$@"
fi

ROOT=${PLUMBLINE_LIVE_ROOT:-${TMPDIR:-/tmp}/plumbline-live}
PORT=${PLUMBLINE_LIVE_PORT:-18150}
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/plumbline-live
TRYTON_PORT=$((PORT + 1))
declare -A REDMINE_PORT=([vanilla]=$((PORT + 2)) [addons]=$((PORT + 3)))
FLAVOURS="vanilla addons"
POSTGRES=/usr/lib/postgresql/15/bin
# The firm's passwords; seed/main.ts signs in with the same.
export REDMINE_ADMIN_PASSWORD=live-admin-password
export TZ=UTC
TRYTON_ADMIN_PASSWORD=live-admin-password

MODULES=(company party product timesheet timesheet-cost project project-plan project-revenue project-invoice sale
  sale-opportunity sale-history sale-price-list product-price-list account account-invoice account-invoice-history
  account-product product-cost-history currency country user-role)
PACKAGES=(postgresql-15 python3-psycopg2 python3-tz python3-pkg-resources tryton-server "${MODULES[@]/#/tryton-modules-}"
  redmine redmine-sqlite puma curl)

say() { echo "servers: $*"; }
fail() { # fail <message> [log]
  echo "servers: $1" >&2
  if [ -n "${2:-}" ] && [ -s "$2" ]; then
    echo "--- last lines of $2" >&2
    tail -n 25 "$2" >&2
  fi
  exit 1
}

missing() { # names of packages that are not installed
  local p
  for p in "${PACKAGES[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null)" = installed ] || echo "$p"
  done
}

install() {
  local wanted
  command -v dpkg-query >/dev/null || fail "The packages are Debian 12's; this is another system."
  mapfile -t wanted < <(missing)
  if [ ${#wanted[@]} -eq 0 ]; then
    say "install: all ${#PACKAGES[@]} packages are there"
    return
  fi
  say "install: ${wanted[*]}"
  export DEBIAN_FRONTEND=noninteractive
  # tryton-server would otherwise start a server of its own where systemd runs.
  if [ -d /run/systemd/system ]; then systemctl mask --quiet tryton-server 2>/dev/null || true; fi
  mkdir -p "$ROOT"
  timeout 900 apt-get update -qq >"$ROOT/install.log" 2>&1 || fail "apt-get update failed" "$ROOT/install.log"
  timeout 1500 apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "${wanted[@]}" \
    >>"$ROOT/install.log" 2>&1 || fail "apt-get install failed" "$ROOT/install.log"
}

# shellcheck source=servers/processes.sh
. "$HERE/servers/processes.sh"
# shellcheck source=servers/databases.sh
. "$HERE/servers/databases.sh"

up() {
  local flavour
  [ -s "$ROOT/stamp" ] || fail "Nothing is initialised in $ROOT. Run: $HERE/servers.sh init"
  postgres_up
  tryton_up
  for flavour in $FLAVOURS; do redmine_up "$flavour"; done
  tryton_ready
  for flavour in $FLAVOURS; do redmine_ready "$flavour"; done
  say "up: Tryton http://127.0.0.1:$TRYTON_PORT, Redmine http://127.0.0.1:${REDMINE_PORT[vanilla]} and (with plug-in) http://127.0.0.1:${REDMINE_PORT[addons]}"
}

seed() {
  local flavour today
  today=$(date -u +%F)
  if [ "$(cat "$ROOT/seeded" 2>/dev/null)" = "$today" ]; then
    back_to seeded
    return
  fi
  command -v node >/dev/null || fail "node is not in the path"
  if [ -f "$ROOT/used" ]; then wipe; else up; fi
  touch "$ROOT/used"
  (cd "$HERE/../.." && timeout 600 node --import tsx test/live/seed/main.ts --root "$ROOT" --port "$PORT") || fail "The seed did not finish"
  stop tryton
  for flavour in $FLAVOURS; do
    DB=$flavour sql -c analyze
    sql -c "drop database if exists ${flavour}_seeded" -c "create database ${flavour}_seeded template $flavour"
    rm -f "$ROOT/redmine/$flavour.seeded.db"
    copy_sqlite "$(redmine_db "$flavour")" "$ROOT/redmine/$flavour.seeded.db"
  done
  tryton_up
  tryton_ready
  echo "$today" >"$ROOT/seeded"
}

back_to() { # back_to <empty|seeded>
  local flavour
  [ -s "$ROOT/stamp" ] || fail "Nothing is initialised in $ROOT. Run: $HERE/servers.sh init"
  postgres_up
  stop tryton
  for flavour in $FLAVOURS; do
    sql -c "drop database if exists $flavour with (force)" -c "create database $flavour template ${flavour}_$1"
    copy_sqlite "$ROOT/redmine/$flavour.$1.db" "$(redmine_db "$flavour")"
  done
  up
}
reset() {
  if [ -f "$ROOT/seeded" ]; then back_to seeded; else back_to empty; fi
}
wipe() {
  rm -f "$ROOT"/{seeded,used,live.json}
  back_to empty
}

stop_tryton() { stop tryton; }
stop_redmine() {
  stop redmine-vanilla
  stop redmine-addons
}
down() {
  stop_tryton
  stop_redmine
  postgres_down
}

status() {
  local name pid all=0
  for name in tryton redmine-vanilla redmine-addons; do
    if pid=$(pid_of "$name"); then
      say "$name runs: pid $pid, $(($(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status") / 1024)) MB"
    else
      say "$name is down"
      all=1
    fi
  done
  if as_postgres "$POSTGRES/pg_ctl" -D "$ROOT/pg/data" status >/dev/null 2>&1; then say "PostgreSQL runs"; else
    say "PostgreSQL is down"
    all=1
  fi
  [ -s "$ROOT/seeded" ] && say "seeded on $(cat "$ROOT/seeded")"
  return "$all"
}

[ $# -gt 0 ] || { sed -n '2,22p' "${BASH_SOURCE[0]}" | sed 's/^# \{0,1\}//'; exit 2; }
for verb in "$@"; do
  case $verb in install | init | up | seed | reset | wipe | stop-tryton | stop-redmine | down | status) ;; *) fail "There is no verb \"$verb\". Without one, the verbs are listed." ;; esac
done
mkdir -p "$ROOT"
exec 9>"$ROOT/lock"
flock -w 900 9 || fail "Another servers.sh has been at work in $ROOT for a quarter of an hour"
for verb in "$@"; do
  SECONDS=0
  "${verb//-/_}"
  [ "$verb" = status ] || say "$verb: done in $SECONDS s"
done
