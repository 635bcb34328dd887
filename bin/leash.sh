#!/bin/sh
# leash.sh SIGNAL GRACE_SECONDS command [argument...]
#
# Becomes the command, and ends it when stdin reaches EOF: an owner that holds the other end of a pipe as
# stdin takes the command with it however it dies, `kill -9` included. The command gets SIGNAL, and SIGKILL
# after GRACE_SECONDS. Its pid is the leash's, its exit code its own, and its own stdin is empty.
#
# Start the leash as the leader of its own process group (Node: `detached: true`): a terminal's Ctrl-C then
# reaches the owner alone, and SIGKILL takes the command's children too. The owner closes the pipe when the
# command has exited (Node does so itself).
signal=$1
grace=$2
shift 2
exec 3<&0 </dev/null

# The watcher is forked twice, so that the command does not find a child it never started. It holds none of
# the command's pipes, and only builtins wait in it, so nothing outlives it but one short sleep.
(
  (
    trap '' TERM HUP
    while read -r _ <&3; do :; done
    kill -s "$signal" "$$" || exit
    tenths=$((grace * 10))
    while [ "$tenths" -gt 0 ]; do
      kill -0 "$$" || exit
      sleep 0.1
      tenths=$((tenths - 1))
    done
    kill -s KILL -- "-$$" || kill -s KILL "$$"
  ) >/dev/null 2>&1 &
)

exec 3<&-
exec "$@"
