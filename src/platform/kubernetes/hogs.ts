/**
 * Programs that keep a core busy, or memory in use, in whatever container they are started in, for a bounded time; by what images have.
 * All say twice a second what the kernel accounts to them. All are found by a mark, NAME=marker, which is one of their arguments, or of the
 * variables in their environment, as a whole: what merely contains the marker, such as the name of its run's namespace, is not theirs.
 */
const variable = 'TENFOLD_HOG';

/** Each has the arguments mark, seconds. It says the CPU time that it has used, in seconds. */
const cpuByPython = `
import sys, time
end = time.time() + float(sys.argv[2])
while time.time() < end:
    until = time.time() + 0.5
    while time.time() < until: pass
    try: print('%.2f' % time.process_time(), flush=True)
    except OSError: pass
`;

const cpuByNode = `
const end = Date.now() + process.argv[2] * 1000;
process.stdout.on('error', () => {});
const burn = () => {
  const until = Date.now() + 500;
  while (Date.now() < until);
  const { user, system } = process.cpuUsage();
  process.stdout.write(((user + system) / 1e6).toFixed(2) + '\\n');
  if (Date.now() < end) setImmediate(burn);
};
burn();
`;

/** By /proc, whose ticks are hundredths of a second. */
const cpuBySh = `
trap '' PIPE
end=$(($(date +%s) + $2))
while [ $(date +%s) -lt $end ]; do
  i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done
  read -r stat </proc/$$/stat
  set -- \${stat##*) }
  ticks=$((\${12} + \${13}))
  printf '%d.%02d\\n' $((ticks / 100)) $((ticks % 100)) 2>/dev/null
done
`;

/**
 * Each has the arguments mark, seconds, thousandths of the limit, limit in bytes. It says what is in use of what limit, in bytes. Only
 * what the kernel itself limits is taken of, by version 2 of cgroups or by 1; otherwise it says why not, and ends. However little of it
 * the kernel accounts, no more is taken than the share.
 */
const memoryByPython = `
import re, sys, time
seconds, thousandths, most = (int(arg) for arg in sys.argv[2:5])
def read(file):
    try: return open('/sys/fs/cgroup/' + file).read()
    except OSError: return ''
two = read('memory.current') != ''
folder = '' if two else 'memory/'
limit = read(folder + ('memory.max' if two else 'memory.limit_in_bytes')).strip()
if not limit.isdigit() or int(limit) > most * 1.01:
    sys.exit(print('the kernel does not hold the container to its memory limit: %s' % (limit or 'unknown')) or 9)
limit = int(limit)
def used():
    cache = re.search('^' + ('' if two else 'total_') + 'inactive_file ([0-9]+)', read(folder + 'memory.stat'), re.M)
    return int(read(folder + ('memory.current' if two else 'memory.usage_in_bytes'))) - int(cache.group(1) if cache else 0)
kept, step, enough, end = [], 1 << 20, limit // 1000 * thousandths, time.time() + seconds
while time.time() < end:
    while used() + step <= enough and len(kept) * step < enough: kept.append(b'x' * step)
    try: print(used(), limit, flush=True)
    except OSError: pass
    time.sleep(0.5)
`;

const memoryByNode = `
const fs = require('fs');
const [seconds, thousandths, most] = process.argv.slice(2).map(Number);
process.stdout.on('error', () => {});
const read = (file) => { try { return fs.readFileSync('/sys/fs/cgroup/' + file, 'utf8'); } catch { return ''; } };
const two = read('memory.current') !== '';
const folder = two ? '' : 'memory/';
const told = read(folder + (two ? 'memory.max' : 'memory.limit_in_bytes')).trim();
const limit = /^[0-9]+$/.test(told) ? Number(told) : Infinity;
if (limit > most * 1.01) {
  fs.writeSync(1, 'the kernel does not hold the container to its memory limit: ' + (told || 'unknown') + '\\n');
  process.exit(9);
}
const inactive = new RegExp('^' + (two ? '' : 'total_') + 'inactive_file ([0-9]+)', 'm');
const used = () =>
  Number(read(folder + (two ? 'memory.current' : 'memory.usage_in_bytes'))) -
  Number(inactive.exec(read(folder + 'memory.stat'))?.[1] ?? 0);
const kept = [], step = 1 << 20, enough = Math.floor(limit / 1000) * thousandths, end = Date.now() + seconds * 1000;
const hold = () => {
  while (used() + step <= enough && kept.length * step < enough) kept.push(Buffer.alloc(step, 'x'));
  process.stdout.write(used() + ' ' + limit + '\\n');
  if (Date.now() < end) setTimeout(hold, 500); else process.exit(0);
};
hold();
`;

/** What comes without an end of a line stays in memory of tail. Its children have the mark in their environment. */
const memoryBySh = `
trap '' PIPE
export "$1"
cd /sys/fs/cgroup
if [ -r memory.current ]; then current=memory.current max=memory.max cache=inactive_file
else cd memory 2>/dev/null; current=memory.usage_in_bytes max=memory.limit_in_bytes cache=total_inactive_file; fi
limit=$(cat $max 2>/dev/null)
case $limit in '' | *[!0-9]* | ????????????????*) limited=no ;; *) [ $limit -le $(($4 / 100 * 101)) ] && limited=yes ;; esac
if [ "$limited" != yes ]; then
  echo "the kernel does not hold the container to its memory limit: \${limit:-unknown}"; exit 9
fi
used() {
  inactive=0
  while read -r name value; do [ $name = $cache ] && inactive=$value; done <memory.stat
  echo $(($(cat $current) - inactive))
}
take=$((limit / 1000 * $3 - $(used)))
end=$(($(date +%s) + $2))
[ $take -le 0 ] || { head -c $take /dev/zero; sleep $2; } | tail >/dev/null &
while [ $(date +%s) -lt $end ]; do
  echo "$(used) $limit" 2>/dev/null
  sleep 1
done
`;

/**
 * How processes with a mark are ended. It fails as long as there were some. Each has the argument marker, and puts the mark together
 * itself: so it finds neither itself nor another one that does the same.
 */
const endByPython = `
import os, sys
found, mark = 0, ('${variable}=' + sys.argv[1]).encode()
for pid in os.listdir('/proc'):
    if not pid.isdigit(): continue
    for file in 'cmdline', 'environ':
        try:
            if mark in open('/proc/%s/%s' % (pid, file), 'rb').read().split(b'\\0'):
                found = 3
                os.kill(int(pid), 9)
                break
        except OSError: pass
sys.exit(found)
`;

const endByNode = `
const fs = require('fs');
let found = 0;
const mark = '${variable}=' + process.argv[1];
const has = (pid, file) => {
  try { return fs.readFileSync('/proc/' + pid + '/' + file, 'utf8').split('\\0').includes(mark); } catch { return false; }
};
for (const pid of fs.readdirSync('/proc').filter(Number))
  if (has(pid, 'cmdline') || has(pid, 'environ')) {
    found = 3;
    try { process.kill(pid, 9); } catch {}
  }
process.exit(found);
`;

const endBySh = `
found=0
for process in /proc/[0-9]*; do
  cat $process/cmdline $process/environ 2>/dev/null | tr '\\0' '\\n' | grep -qxF "-e${variable}=$1" || continue
  found=3
  kill -9 \${process#/proc/} 2>/dev/null
done
exit $found
`;

/** Those first that need nothing beside themselves. */
const byAny =
  (python: string, node: string, sh: string) =>
  (...args: (string | number)[]): string[][] => [
    ['python3', '-c', python, ...args.map(String)],
    ['node', '-e', node, ...args.map(String)],
    ['sh', '-c', sh, 'sh', ...args.map(String)],
  ];

const hog = (...programs: [string, string, string]) => {
  const run = byAny(...programs);
  return (marker: string, ...args: number[]): string[][] => run(`${variable}=${marker}`, ...args);
};

/** Arguments: marker, seconds. */
export const cpuHog = hog(cpuByPython, cpuByNode, cpuBySh);
/** Arguments: marker, seconds, thousandths of the limit, limit in bytes. */
export const memoryHog = hog(memoryByPython, memoryByNode, memoryBySh);
/** Argument: marker. */
export const endHogs = byAny(endByPython, endByNode, endBySh);
