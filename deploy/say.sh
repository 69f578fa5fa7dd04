# How our scripts talk to the person in front of them. Sourced.
# shellcheck shell=sh

say() {
    printf '%s\n' "$*"
}

# fail <sentence>: stop with a plain sentence that names the next step.
fail() {
    printf '\n%s\n' "$*" >&2
    exit 1
}

# run_logged <log> <command>...: run it with its output in <log>, and show that
# it is alive. Its last lines are shown if it fails; its status is returned.
run_logged() {
    log=$1
    shift
    mkdir -p "$(dirname "$log")"
    "$@" >"$log" 2>&1 &
    child=$!
    trap 'kill "$child" 2>/dev/null; exit 130' INT TERM
    ticks=0 # Of a fifth of a second, so that short work is not slowed down.
    while kill -0 "$child" 2>/dev/null; do
        sleep 0.2
        ticks=$((ticks + 1))
        if [ $((ticks % 75)) -eq 0 ]; then
            printf '   %3d s  %s\n' $((ticks / 5)) "$(tail -n 1 "$log" | cut -c 1-66)"
        fi
    done
    status=0
    wait "$child" || status=$?
    trap - INT TERM
    if [ "$status" -ne 0 ]; then
        tail -n 40 "$log"
        say "The whole output is in $log."
    fi
    return "$status"
}
