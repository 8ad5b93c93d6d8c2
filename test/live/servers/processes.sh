# Sourced by servers.sh: starts and stops the processes. Only ones whose pid and start time were written down are ever stopped.

started_at() { awk '{ sub(/^.*\) /, ""); print $20 }' "/proc/$1/stat" 2>/dev/null; }
pid_of() { # the pid of <name> when it still is the process that was started
  local pid since
  [ -f "$ROOT/run/$1" ] && read -r pid since <"$ROOT/run/$1" && [ "$(started_at "$pid")" = "$since" ] && echo "$pid"
}
start() { # start <name> <command…>
  local name=$1
  shift
  setsid nohup "$@" >"$ROOT/log/$name.log" 2>&1 </dev/null 9>&- &
  echo "$! $(started_at $!)" >"$ROOT/run/$name"
}
stop() {
  local pid n
  if pid=$(pid_of "$1"); then
    kill -TERM "$pid" 2>/dev/null || true
    for ((n = 0; n < 100; n++)); do
      pid_of "$1" >/dev/null || break
      sleep 0.1
    done
    if pid=$(pid_of "$1"); then kill -KILL "$pid" 2>/dev/null || true; fi
  fi
  rm -f "$ROOT/run/$1"
}
listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
await() { # await <name> <curl arguments…>
  local name=$1 n
  shift
  for ((n = 0; n < 600; n++)); do
    curl -sf -m 5 -o /dev/null "$@" && return 0
    pid_of "$name" >/dev/null || fail "$name ended while starting" "$ROOT/log/$name.log"
    sleep 0.1
  done
  fail "$name did not answer within a minute" "$ROOT/log/$name.log"
}

as_postgres() { (cd / && runuser -u postgres -- "$@"); }
sql() { PGOPTIONS="-c client_min_messages=warning" psql -h 127.0.0.1 -p "$PORT" -U postgres -qAtX -v ON_ERROR_STOP=1 -d "${DB:-postgres}" "$@"; }
postgres_up() {
  as_postgres "$POSTGRES/pg_ctl" -D "$ROOT/pg/data" status >/dev/null && return
  if listening "$PORT"; then fail "Port $PORT is taken by something else. Choose others: PLUMBLINE_LIVE_PORT=…"; fi
  as_postgres "$POSTGRES/pg_ctl" -D "$ROOT/pg/data" -l "$ROOT/pg/log" -w -t 60 start >/dev/null 9>&- ||
    fail "PostgreSQL did not start" "$ROOT/pg/log"
}
postgres_down() {
  [ -d "$ROOT/pg/data" ] || return 0
  as_postgres "$POSTGRES/pg_ctl" -D "$ROOT/pg/data" -m fast -w stop >/dev/null 2>&1 || true
}
tryton() { # any of Tryton's commands, with our module at hand
  (cd / && PYTHONPATH="$HERE/tryton" PYTHONDONTWRITEBYTECODE=1 TRYTONPASSFILE="$ROOT/tryton/password" "$@" -c "$ROOT/tryton/trytond.conf")
}
tryton_up() {
  if pid_of tryton >/dev/null; then return; fi
  if listening "$TRYTON_PORT"; then fail "Port $TRYTON_PORT is taken by something else. Choose others: PLUMBLINE_LIVE_PORT=…"; fi
  PYTHONPATH="$HERE/tryton" PYTHONDONTWRITEBYTECODE=1 \
    start tryton /usr/bin/trytond -d vanilla addons -c "$ROOT/tryton/trytond.conf"
}
tryton_ready() {
  await tryton -H 'content-type: application/json' -d '{"id":0,"method":"common.server.version","params":[]}' \
    "http://127.0.0.1:$TRYTON_PORT/"
}
rails() { # rails <flavour> <command…>: in that Redmine's own tree
  (cd "$ROOT/redmine/$1" && RAILS_ENV=production RUBYOPT=-W0 timeout 300 "${@:2}")
}
redmine_db() { echo "$ROOT/data/$1/redmine.db"; }
redmine_up() { # redmine_up <flavour>
  if pid_of "redmine-$1" >/dev/null; then return; fi
  if listening "${REDMINE_PORT[$1]}"; then fail "Port ${REDMINE_PORT[$1]} is taken by something else. Choose others: PLUMBLINE_LIVE_PORT=…"; fi
  cd "$ROOT/redmine/$1"
  RAILS_ENV=production MALLOC_ARENA_MAX=2 RUBYOPT="-W0 --yjit --yjit-exec-mem-size=64" \
    start "redmine-$1" puma -e production -t 1:4 -b "tcp://127.0.0.1:${REDMINE_PORT[$1]}"
  cd /
}
redmine_ready() { await "redmine-$1" "http://127.0.0.1:${REDMINE_PORT[$1]}/login"; }
