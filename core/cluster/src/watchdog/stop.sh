# Stops the server of the cluster in this directory, and waits until it is gone.

# Sets `process` to the server's number, or fails if none runs.
find_server() {
    read -r process < data/postmaster.pid || return 1
    case $process in '' | *[!0-9]*) return 1 ;; esac
    runs
}

# Whether `process` is this cluster's server: neither gone, nor a zombie, nor another one that was
# given the same number since.
runs() {
    if ! [ -d /proc/self ]; then
        case $(ps -o stat= -o comm= -p "$process") in Z*) return 1 ;; *postgres*) return 0 ;; esac
        return 1
    fi
    read -r stat < "/proc/$process/stat" || return 1
    case $stat in *') Z '* | *') X '*) return 1 ;; esac
    # A server works in its data directory, but a container may keep even root from looking.
    if [ -e "/proc/$process/cwd" ]; then
        [ "/proc/$process/cwd" -ef data ]
    else
        case $stat in *'(postgres)'*) ;; *) return 1 ;; esac
    fi
}

# Runs `$1` every 20 ms until it succeeds, or fails after `$2` rounds.
wait_until() {
    rounds=0
    until "$1"; do
        [ "$rounds" -lt "$2" ] || return 1
        rounds=$((rounds + 1))
        sleep 0.02 || sleep 1
    done
}

# Succeeds when it is known whether there is a server: one that was started a moment ago has not
# yet written its number.
is_known() { ! [ -e starting ] || find_server; }

# The number alone counts: a server takes its file away a moment before it ends.
is_gone() { ! runs; }

halt() {
    kill -s "$1" "$process"
    wait_until is_gone "$2"
}

exec 2> /dev/null
true > stopping
wait_until is_known 500
if find_server; then
    # Ends all sessions; then: ends at once, and recovers at the next start; then: no choice.
    halt INT 1500 || halt QUIT 750 || halt KILL 250
fi
rm -f starting stopping answer.*
