import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Degradation } from '../../../model/facets.ts';
import { waitFor } from '../../../runtime/clock.ts';
import { agentScript, agentTrouble, hitsIn } from './agent.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenfold-agent-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/**
 * Runs an agent whose tc and iptables only note what they are asked; tc knows no netem.
 * @param failing a pattern of the shell for what fails as well
 */
function startAgent(degradation: Degradation, lastsMs: number, failing = 'nothing') {
  const log = join(folder, 'log');
  writeFileSync(log, '');
  for (const program of ['tc', 'iptables']) {
    const path = join(folder, program);
    const noNetem = '*netem*) echo "Error: Specified qdisc kind is unknown." >&2; exit 2 ;;';
    const fails = `case "${program} $*" in ${noNetem} ${failing}) sleep 1; exit 2 ;; esac`;
    writeFileSync(path, `#!/bin/sh\n${fails}\necho "${program} $*" >>${log}\n`);
    chmodSync(path, 0o755);
  }
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  const child = spawn('sh', ['-c', agentScript(degradation, lastsMs)], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = Promise.all([text(child.stderr), text(child.stdout)]).then((parts) => parts.join(''));
  const ended = new Promise((resolve) => child.on('exit', resolve));
  return { child, said, ended, asked: () => readFileSync(log, 'utf8').trim().split('\n') };
}

const isDevice = /dev \S+/g;
const withoutDevices = (lines: string[]) => lines.map((line) => line.replaceAll(isDevice, 'dev X'));
const bad = { lossRatio: 0.05, bitsPerSecond: 1_000_000 };
const rule = 'INPUT -m statistic --mode random --probability 0.05 -j DROP';
const given = [
  'tc qdisc add dev X root handle 1: tbf rate 1000000bit burst 32kb latency 200ms',
  `iptables -w -A ${rule}`,
];
const takenBack = ['tc qdisc del dev X root', `iptables -w -D ${rule}`];

test('it degrades the network for its time, and takes that back by itself', async () => {
  const agent = startAgent(bad, 1_000);
  expect(await agent.ended).toBe(0);
  expect(withoutDevices(agent.asked())).toEqual([...given, ...takenBack]);
});

test('told to end, it takes that back before its time', async () => {
  const agent = startAgent(bad, 60_000);
  const isOn = () => agent.asked().length === given.length || undefined;
  await waitFor('it to begin', isOn, { timeoutMs: 10_000, intervalMs: 20 });
  agent.child.kill('SIGTERM');
  expect(await agent.ended).toBe(0);
  expect(withoutDevices(agent.asked())).toEqual([...given, ...takenBack]);
});

test('where the kernel cannot do it, the reason is what it says last, and what others have set up is left alone', async () => {
  const agent = startAgent({ delayMs: 100, jitterMs: 20, lossRatio: 0.05 }, 60_000);
  expect(await agent.ended).toBe(1);
  expect(agent.asked()).toEqual(['']);
  expect(await agent.said).toMatch(
    /^Error: Specified qdisc kind is unknown.\nfailed: tc qdisc add .* netem delay 100ms 20ms/,
  );
});

test('where a part of it cannot be done, what was done before it is taken back, and no more', async () => {
  const agent = startAgent(bad, 60_000, '*-A*');
  expect(await agent.ended).toBe(1);
  expect(withoutDevices(agent.asked())).toEqual([given[0], takenBack[0]]);
});

test('told to end while it begins, it takes back what was done, and no more', async () => {
  const begun = startAgent(bad, 60_000);
  await waitFor('it to begin', () => begun.asked()[0] !== '' || undefined, { timeoutMs: 10_000, intervalMs: 1 });
  begun.child.kill('SIGTERM');
  expect(await begun.ended).toBe(0);
  expect(withoutDevices(begun.asked())).toEqual([...given, ...takenBack]);
  const failing = startAgent(bad, 60_000, '*add*');
  await delay(500);
  failing.child.kill('SIGTERM');
  expect(await failing.ended).toBe(1);
  expect(failing.asked()).toEqual(['']);
});

test('what is late can be narrow as well', () => {
  const script = agentScript({ delayMs: 100, bitsPerSecond: 1_000_000 }, 1_000);
  expect(script).toContain('root handle 1: netem delay 100ms');
  expect(script).toContain('parent 1: handle 2: tbf rate 1000000bit');
});

const counted = (overlimits: number, lost: number) => `qdisc noqueue 0: dev lo root refcnt 2
 Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0)
qdisc tbf 1: dev eth0 root refcnt 3 rate 1Mbit burst 32Kb lat 200ms
 Sent 90 bytes 1 pkt (dropped 0, overlimits ${overlimits} requeues 0)
 backlog 0b 0p requeues 0
Chain INPUT (policy ACCEPT 0 packets, 0 bytes)
    pkts      bytes target     prot opt in     out     source               destination
       ${lost}      104 DROP       0    --  *      *       0.0.0.0/0            0.0.0.0/0            statistic mode random probability 0.04999999981
`;

test('it has hit somebody once all that it does has', () => {
  expect(hitsIn(counted(9, 7), bad)).toBe('9 packets kept waiting, 7 packets lost');
  expect(hitsIn(counted(9, 0), bad)).toBeUndefined();
  expect(hitsIn(counted(9, 7), { ...bad, delayMs: 5 })).toBeUndefined();
  const late = 'qdisc netem 1: dev eth0 root refcnt 3 limit 10000 delay 5ms\n Sent 900 bytes 12 pkt (dropped 0';
  expect(hitsIn(late, { delayMs: 5 })).toBe('12 packets late');
});

test.each([
  [
    'it has failed',
    { terminated: { exitCode: 1, message: 'Error: no such qdisc.\nfailed: tc\n' } },
    'Error: no such qdisc, failed: tc',
  ],
  ['its image cannot be had', { waiting: { reason: 'ErrImagePull', message: 'no such image' } }, 'no such image'],
  ['it runs', { running: {} }, undefined],
  ['its time is over', { terminated: { exitCode: 0 } }, undefined],
])('its trouble is told where %s', (_, state, trouble) => {
  const status = { name: 'tenfold-run-1', state, image: '', imageID: '', ready: false, restartCount: 0 };
  expect(agentTrouble({ status: { ephemeralContainerStatuses: [status] } }, 'tenfold-run-1')).toBe(trouble);
});
