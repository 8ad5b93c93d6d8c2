# Sourced by servers.sh: makes the databases, once, and keeps what took long.

versions() { dpkg-query -W -f '${Package} ${Version}\n' "${PACKAGES[@]}"; }
digest() { # digest <text> <path…>: of the text and of every file's content
  {
    echo "$1"
    if [ $# -gt 1 ]; then (cd "$HERE" && find "${@:2}" -type f ! -name '*.pyc' -print0 | sort -z | xargs -0 cat); fi
  } | sha256sum | cut -c1-16
}
kept() { # kept <name> <digest> <file> <command…>: the file from the cache, or made by the command and put there
  local copy=$CACHE/$1-$2 file=$3
  if [ ! -s "$copy" ]; then
    "${@:4}"
    mkdir -p "$CACHE"
    rm -f "$CACHE/$1"-*
    cp "$file" "$copy.new" && mv "$copy.new" "$copy"
  else
    cp "$copy" "$file"
  fi
}
copy_sqlite() { # copy_sqlite <from> <to>: a consistent copy, into a database that may be in use
  /usr/bin/python3 - "$@" <<'PY'
import sqlite3, sys
_, source, target = sys.argv
with sqlite3.connect(source) as a, sqlite3.connect(target, timeout=30) as b:
    a.backup(b)
    b.execute("pragma journal_mode=wal")
PY
}

init() {
  local stamp flavour
  [ -z "$(missing)" ] || fail "Packages are missing: $(missing | tr '\n' ' '). Run: $HERE/servers.sh install"
  stamp="$PORT $(digest "$(versions)" servers/databases.sh tryton redmine)"
  if [ "$(cat "$ROOT/stamp" 2>/dev/null)" = "$stamp" ]; then
    say "init: already done in $ROOT"
    return
  fi
  if [ -d "$ROOT/pg" ]; then
    [ -f "$ROOT/plumbline-live" ] || fail "$ROOT holds something else. Choose another place: PLUMBLINE_LIVE_ROOT=…"
    say "init: made from other files or packages than these; making it anew"
    down
    rm -rf "$ROOT"/{pg,tryton,redmine,data,log,run,stamp,seeded,used,live.json}
  fi
  mkdir -p "$ROOT"/{pg,tryton/files,redmine,log,run}
  touch "$ROOT/plumbline-live"
  chmod 755 "$ROOT"
  chown postgres "$ROOT/pg"
  as_postgres test -x "$ROOT" || fail "The postgres account cannot reach $ROOT. Choose another place: PLUMBLINE_LIVE_ROOT=…"
  init_postgres
  init_tryton
  for flavour in $FLAVOURS; do init_redmine "$flavour"; done
  echo "$stamp" >"$ROOT/stamp"
}

init_postgres() {
  as_postgres "$POSTGRES/initdb" -D "$ROOT/pg/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$ROOT/log/initdb.log" 2>&1 ||
    fail "initdb failed" "$ROOT/log/initdb.log"
  # UTC, because Tryton keeps CURRENT_TIMESTAMP in columns without a zone. Nothing here must survive a power cut.
  cat >>"$ROOT/pg/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $PORT
unix_socket_directories = ''
timezone = 'UTC'
fsync = off
synchronous_commit = off
full_page_writes = off
jit = off
CONF
  postgres_up
}

init_tryton() {
  local base flavour
  cat >"$ROOT/tryton/trytond.conf" <<CONF
[web]
listen = 127.0.0.1:$TRYTON_PORT
[database]
uri = postgresql://postgres@127.0.0.1:$PORT/
path = $ROOT/tryton/files
[session]
timeout = 86400
CONF
  (umask 077 && echo "$TRYTON_ADMIN_PASSWORD" >"$ROOT/tryton/password")
  base=$(digest "$(versions | grep -E '^(tryton|postgresql)') ${MODULES[*]}")
  kept tryton-vanilla "$base" "$ROOT/tryton/vanilla.dump" make_tryton vanilla
  kept tryton-addons "$(digest "$base" tryton)" "$ROOT/tryton/addons.dump" make_tryton addons
  for flavour in $FLAVOURS; do
    sql -c "drop database if exists $flavour" -c "create database $flavour"
    "$POSTGRES/pg_restore" -h 127.0.0.1 -p "$PORT" -U postgres -d "$flavour" "$ROOT/tryton/$flavour.dump" ||
      fail "The dump of Tryton's $flavour database cannot be restored; remove $CACHE"
    DB=$flavour sql -c analyze
    sql -c "create database ${flavour}_empty template $flavour"
  done
}

make_tryton() { # make_tryton <flavour>: the slow way, to a dump
  local modules="${MODULES[*]//-/_}" log=$ROOT/log/tryton-init.log
  if [ "$1" = vanilla ]; then
    say "init: Tryton's first initialisation takes a minute or two, once"
    sql -c "drop database if exists vanilla" -c "create database vanilla"
    # Tryton asks for each table's foreign keys 1,500 times; PostgreSQL joins those catalogue views well only when it may
    # look at all of them together: a minute less.
    # shellcheck disable=SC2086
    PGOPTIONS="-c join_collapse_limit=30 -c from_collapse_limit=30 -c geqo=off" \
      tryton timeout 900 trytond-admin -d vanilla --email admin@example.test --activate-dependencies -m -u ir res $modules \
      >>"$log" 2>&1 || fail "Tryton's database could not be made" "$log"
  else
    sql -c "drop database if exists vanilla" -c "drop database if exists addons" -c "create database addons"
    "$POSTGRES/pg_restore" -h 127.0.0.1 -p "$PORT" -U postgres -d addons "$ROOT/tryton/vanilla.dump"
    tryton timeout 300 trytond-admin -d addons -m -u change_history >>"$log" 2>&1 ||
      fail "The module change_history could not be activated" "$log"
  fi
  "$POSTGRES/pg_dump" -h 127.0.0.1 -p "$PORT" -U postgres -Fc -f "$ROOT/tryton/$1.dump" "$1"
}

init_redmine() { # init_redmine <flavour>: a tree of its own, since plug-ins and files lie in it
  local tree=$ROOT/redmine/$1 own=$ROOT/redmine/$1/instances/default
  mkdir -p "$tree" "$ROOT/data/$1"
  tar -C /usr/share/redmine --exclude=./plugins --exclude=./instances -cf - . | tar -C "$tree" -xf -
  rm -f "$tree/config/database.yml"
  mkdir -p "$tree/plugins" "$own"/{config,log,files,tmp/cache,tmp/pids,public/plugin_assets}
  [ "$1" = vanilla ] || cp -r "$HERE/redmine/change_feed" "$tree/plugins/"
  printf 'production:\n  adapter: sqlite3\n  database: %s\n  timeout: 10000\n' "$(redmine_db "$1")" | tee "$own/config/database.yml" >"$tree/config/database.yml"
  od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$own/config/secret_key.txt"
  echo 'config.log_level = :warn' >"$tree/config/additional_environment.rb"
  kept "redmine-$1" "$(digest "$(versions | grep -E '^(redmine|puma)')" redmine)" "$tree.empty.db" make_redmine "$1"
  copy_sqlite "$tree.empty.db" "$(redmine_db "$1")"
  # The bulk loader may run as somebody else; only data lies there.
  chmod 777 "$ROOT/data/$1"
  chmod 666 "$(redmine_db "$1")"*
}

make_redmine() { # make_redmine <flavour>
  local db log=$ROOT/log/redmine-init.log packaged
  db=$(redmine_db "$1")
  packaged=/var/lib/dbconfig-common/sqlite3/redmine/instances/default/redmine_default
  # The package made and filled a database when it was installed, unless it was told not to.
  if [ -s "$packaged" ]; then
    copy_sqlite "$packaged" "$db"
  else
    { rails "$1" bin/rake db:migrate && REDMINE_LANG=en rails "$1" bin/rake redmine:load_default_data; } >>"$log" 2>&1 ||
      fail "Redmine's database could not be made" "$log"
  fi
  { rails "$1" bin/rake redmine:plugins:migrate && rails "$1" bin/rails runner "$HERE/redmine/set-up.rb"; } >>"$log" 2>&1 ||
    fail "Redmine could not be set up" "$log"
  rm -f "$ROOT/redmine/$1.empty.db"
  copy_sqlite "$db" "$ROOT/redmine/$1.empty.db"
}
