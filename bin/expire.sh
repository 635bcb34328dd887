#!/bin/sh
# expire.sh JOURNAL EPOCH_SECONDS COMMAND...
# A fault's expiry: undoes what a drill left that died, once its time is over, even if nobody starts tenfold again. COMMAND is
# `tenfold cleanup`, which refuses (exit code 4) while the drill lives. Ends by itself once the journal is gone: all is undone then.
journal=$1
at=$2
shift 2
tries=0
while [ -e "$journal" ] && [ "$tries" -lt 100 ]; do
  if [ "$(date +%s)" -ge "$at" ]; then
    "$@"
    tries=$((tries + 1))
    at=$(($(date +%s) + 10))
  fi
  sleep 1
done
