#!/usr/bin/env bash
# A cluster of three servers of Restate on this machine, a machine that is registered with it, and an execution that survives the loss of a
# server and of the machine's process. Needs `restate-server` (npm: @restatedev/restate-server), `asl`, and curl.
set -euo pipefail
cd "$(dirname "$0")"
data=$(mktemp -d)
processes=()
trap 'kill "${processes[@]}" 2>/dev/null || true; wait || true; rm -rf "$data"' EXIT

# Node N has the ports 1N122 (of the cluster), 1N080 (ingress) and 1N070 (admin).
start_node() {
    cat >"$data/$1.toml" <<TOML
cluster-name = "trips"
node-name = "node-$1"
roles = ["metadata-server", "admin", "worker", "log-server", "http-ingress"]
auto-provision = $([ "$1" = 1 ] && echo true || echo false)
base-dir = "$data/$1"
listen-mode = "tcp"
bind-address = "127.0.0.1:1$1122"
advertised-address = "http://127.0.0.1:1$1122/"
disable-telemetry = true
default-num-partitions = 4
default-replication = 2
rocksdb-total-memory-size = "128MB"

[metadata-client]
addresses = ["http://127.0.0.1:11122/", "http://127.0.0.1:12122/", "http://127.0.0.1:13122/"]

[admin]
bind-address = "127.0.0.1:1$1070"

[ingress]
bind-address = "127.0.0.1:1$1080"
TOML
    restate-server --config-file "$data/$1.toml" >"$data/$1.log" 2>&1 &
    processes[$1]=$!
}

start_machine() {
    ASL_ADDRESS=127.0.0.1:19080 "$data/trip" >"$data/trip.log" 2>&1 &
    processes[4]=$!
}

# Asks until there is an answer.
ask() {
    for _ in $(seq 600); do
        curl --silent --fail --max-time 60 "$@" && return
        sleep 0.2
    done
    echo "no answer: $*" >&2
    exit 1
}

asl build trip.asl.json --host restate --output "$data/trip"
for node in 1 2 3; do start_node "$node"; done
start_machine
for node in 1 2 3; do ask --output /dev/null "127.0.0.1:1${node}080/restate/health"; done
ask --output /dev/null 127.0.0.1:11070/deployments --json '{"uri": "http://127.0.0.1:19080"}'

echo "starts trip-1, which rests for five seconds"
ask --output /dev/null 127.0.0.1:12080/trip/trip-1/run/send --json '{"traveller": "Ana", "seconds": 5}'
sleep 2
echo "kills the machine's process and a server"
kill -9 "${processes[4]}" "${processes[3]}"
wait "${processes[4]}" "${processes[3]}" 2>/dev/null || true
start_machine
ask 127.0.0.1:12080/restate/workflow/trip/trip-1/attach
echo
