#!/bin/sh
# Goal: what does PostgreSQL logical replication do with the load of
# tests/bench/end_to_end, on this machine, in this run?
#
#   tests/bench/postgres.sh [OFFICES [RECORDS_PER_OFFICE [EDITS_PER_OFFICE
#                           [SHAPING_PROXY]]]]
#
# One cluster in a folder of its own, one database per office and one for the
# hub, every commit on disk before it is acknowledged. In a network namespace
# of its own where root can make one, so that the bytes on lo are its bytes.
# Prints one line per figure: row, number, unit; rows and units are those of
# tests/bench/rows. Exits with 3 where PostgreSQL is not installed.
set -eu

offices=${1:-15}
records=${2:-20000}
edits=${3:-$((records / 10))}
proxy=${4:-}
port=54329

if [ "$(id -u)" = 0 ] && [ -z "${TIP_BENCH_ALONE:-}" ]; then
    exec unshare --net env TIP_BENCH_ALONE=1 "$0" "$@"
fi
[ -z "${TIP_BENCH_ALONE:-}" ] || ip link set lo up

bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort | tail -n 1)
if [ -z "$bin" ]; then
    echo "PostgreSQL is not installed: apt-get install postgresql, then again." >&2
    exit 3
fi

dir=$(mktemp -d)
chmod 755 "$dir"
account=$(id -un)
[ "$(id -u)" != 0 ] || account=postgres
chown "$account" "$dir"
as() {
    if [ "$(id -un)" = "$account" ]; then "$@"; else runuser -u "$account" -- "$@"; fi
}
line=
stop() {
    [ -z "$line" ] || kill "$line" 2>/dev/null || true
    as "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$dir"
}
trap stop EXIT INT TERM

as "$bin/initdb" -D "$dir/data" -A trust >/dev/null
cat >>"$dir/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$dir'
wal_level = logical
max_wal_senders = 64
max_replication_slots = 64
max_logical_replication_workers = 32
max_worker_processes = 64
max_connections = 100
max_wal_size = 8GB
CONF
as "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" start >/dev/null

# Shared pages once: what the cluster would give back if it went.
memory_kb() {
    find /proc -maxdepth 1 -user "$account" -name '[0-9]*' \
        -exec cat {}/smaps_rollup \; 2>/dev/null |
        awk '/^Pss:/ { s += $2 } END { print s + 0 }'
}
sleep 2
echo "postgres idle $(memory_kb | awk '{ printf "%.1f", $1 * 1.024 / 1000 }') MB"

sql() {
    db=$1
    shift
    as "$bin/psql" -qAtX -h "$dir" -p "$port" -d "$db" -v ON_ERROR_STOP=1 "$@"
}

each_office() {
    i=1
    while [ "$i" -le "$offices" ]; do
        "$@" "$i"
        i=$((i + 1))
    done
}

columns='id uuid primary key, office int'
values="gen_random_uuid(), :office"
c=1
while [ "$c" -le 14 ]; do
    columns="$columns, c$c int"
    values="$values, (random() * 9)::int"
    c=$((c + 1))
done
columns="$columns, note text"
values="$values, 'dossier ' || (random() * 100000)::int"

make_office() {
    sql postgres -c "create database office_$1"
    sql "office_$1" -c "create table record ($columns)" \
        -c 'create publication all_records for table record'
    sed "s/:office/$1/" <<SQL | sql "office_$1"
insert into record select $values from generate_series(1, $records);
SQL
    sql "office_$1" -c \
        "select pg_create_logical_replication_slot('slot_$1', 'pgoutput')" >/dev/null
}

subscribe() {
    sql hub -c "create subscription sub_$1
        connection 'host=127.0.0.1 port=$port dbname=office_$1'
        publication all_records
        with (create_slot = false, slot_name = 'slot_$1', copy_data = true)" 2>/dev/null
}

bytes_on_lo() {
    sed -n 's/^ *lo: *\([0-9]*\).*/\1/p' /proc/net/dev
}

now_ms() {
    date +%s%3N
}

# wait_for <sql on hub that gives t>
wait_for() {
    while [ "$(sql hub -c "$1")" != t ]; do
        sleep 0.02
    done
}

# report <row> <count> <start ms> <start bytes> <what was counted>
report() {
    took=$(($(now_ms) - $3))
    [ "$took" -gt 0 ] || took=1
    printf 'postgres %s %d %ss/s\n' "$1" $(($2 * 1000 / took)) "$5"
    printf 'postgres %s %d B/%s\n' "$1" $((($(bytes_on_lo) - $4) / $2)) "$5"
}

each_office make_office
sql postgres -c 'create database hub'
sql hub -c "create table record ($columns)"

start=$(now_ms)
lo=$(bytes_on_lo)
each_office subscribe
wait_for "select count(*) = $((offices * records)) from record"
report first-load $((offices * records)) "$start" "$lo" record

wait_for "select count(*) = $offices from pg_subscription_rel where srsubstate = 'r'"
pause() {
    sql hub -c "alter subscription sub_$1 disable"
}
resume() {
    sql hub -c "alter subscription sub_$1 enable"
}
edit() {
    sql "office_$1" -c 'set synchronous_commit = off' -f - >/dev/null <<SQL
do \$\$
declare r record;
begin
    for r in select id from record limit $edits loop
        update record set c1 = c1 + 100 where id = r.id;
        commit;
    end loop;
end \$\$;
SQL
}
each_office pause
each_office edit
start=$(now_ms)
lo=$(bytes_on_lo)
each_office resume
wait_for "select count(*) = $((offices * edits)) from record where c1 >= 100"
report backlog $((offices * edits)) "$start" "$lo" edit

echo "postgres memory $(memory_kb) KiB, all processes, after the backlog"

[ -n "$proxy" ] || exit 0

# The first office behind 64 kbit/s and 800 ms. It is the hub that calls.
"$proxy" --listen 0 --to "$port" --rate-bps 64000,64000 --rtt-ms 800 >"$dir/line" &
line=$!
until grep -q listening "$dir/line"; do sleep 0.1; done
line_bytes() {
    kill -USR1 "$line"
    sleep 0.1
    tail -n 1 "$dir/line" | awk '{ print $2 + $4 }'
}
pause 1
sql hub -c "alter subscription sub_1 connection
    'host=127.0.0.1 port=$(awk '/listening/ { print $2 }' "$dir/line") dbname=office_1'"

# Until so many records of office 1 have c2 = $2 at the hub.
wait_seen() {
    wait_for "select count(*) = $1 from record where office = 1 and c2 = $2"
}
# edit_some <how many> <value>
edit_some() {
    sql office_1 -c 'set synchronous_commit = off' -f - >/dev/null <<SQL
do \$\$
declare r record;
begin
    for r in select id from record limit $1 loop
        update record set c2 = $2 where id = r.id;
        commit;
    end loop;
end \$\$;
SQL
}
# measure <row> <how many> <value> <what to do>
measure() {
    start=$(now_ms)
    lo=$(line_bytes)
    "$4" "$2" "$3"
    wait_seen "$2" "$3"
    now_ms | awk -v start="$start" -v row="$1" \
        '{ printf "postgres %s %.2f s\n", row, ($1 - start) / 1000 }'
    sleep 3
    echo "postgres $1 $(($(line_bytes) - lo)) B"
}
resume_first() {
    resume 1
}
resume 1
edit_some 1 1000
wait_seen 1 1000
sleep 15
measure one-edit 1 1001 edit_some
measure slow-connected 100 1002 edit_some
pause 1
sleep 5
edit_some 100 1003
measure slow-cold 100 1003 resume_first
