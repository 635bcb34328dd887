/**
 * What measuring costs on the load side: k6 with full evidence, the sentinel and the harness, against the same k6 with
 * the same script and schedule that writes nothing. CPU time, which other work on the machine hardly changes.
 * `node bench/load-side/run.ts [--rate 2000] [--seconds 30]`. Linux only: it reads /proc.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findK6 } from '../../src/load/find-k6.ts';
import { loadSpec } from '../../src/plan/make-plan.ts';
import { writeJson } from '../../src/runtime/files.ts';
import { startOwnedNode, stopOwned } from '../../src/runtime/processes.ts';
import { shell } from '../../src/runtime/shell.ts';
import { cpuOf } from './cpu-of.ts';
import { planOf, runLoadSide, script } from './load-side.ts';

/** What tenfold promises about itself. */
const maxRatio = 1.5;
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

const { values } = parseArgs({
  options: { rate: { type: 'string', default: '2000' }, seconds: { type: 'string', default: '30' } },
});
const [rate, seconds] = [Number(values.rate), Number(values.seconds)];
const plan = planOf(rate, seconds);

const k6 = await findK6(say);
const folder = await mkdtemp(join(tmpdir(), 'tenfold-bench-'));
const server = startOwnedNode(join(import.meta.dirname, 'server.ts'), []);
try {
  const port = await new Promise<string>((resolve) => {
    server.stdout.once('data', (data: Buffer) => resolve(String(data).trim()));
  });
  const baseUrl = `http://127.0.0.1:${port}`;
  const spec = loadSpec(plan, { runId: 'bench', baseUrl, tenants: ['t'], family: 4, looks: [] });
  const specFile = join(folder, 'load.json');
  await writeJson(specFile, spec);
  const isServer = (command: string) => command.includes('server.ts');
  const plain = await cpuOf(plainK6, isServer);
  const side = { k6, plan, spec, specFile, folder, serverPid: server.pid, listener: () => {} };
  const full = await cpuOf(() => runLoadSide(side), isServer);
  const plainMs = plain.get('k6') ?? Number.NaN;
  const fullMs = [...full.values()].reduce((sum, ms) => sum + ms, 0);
  const perCall = (ms: number) => `${((ms / (rate * seconds)) * 1000).toFixed(0).padStart(5)} µs a request`;
  say(`CPU time at ${rate} requests/s for ${seconds} s, VUs ${spec.browseVus + spec.buyVus}`);
  say(`  plain k6            ${(plainMs / 1000).toFixed(1).padStart(6)} s  ${perCall(plainMs)}`);
  for (const [name, ms] of full)
    say(
      `  ${`tenfold: ${name}`.padEnd(19)} ${(ms / 1000).toFixed(1).padStart(6)} s  ${perCall(ms)}  ${((ms / fullMs) * 100).toFixed(0)} % of it`,
    );
  say(`  ratio               ${(fullMs / plainMs).toFixed(2)}; at most ${maxRatio}`);
  process.exitCode = fullMs <= plainMs * maxRatio ? 0 : 1;

  /** As a user would run it: k6's own defaults, no output but its summary. */
  async function plainK6(): Promise<void> {
    const env = { ...process.env, TENFOLD_LOAD_FILE: specFile };
    await shell({ env, stdio: 'ignore', nothrow: false })`${k6.path} run --quiet ${script}`;
  }
} finally {
  await stopOwned(server, 'SIGTERM', 1_000);
  await rm(folder, { recursive: true, force: true });
}
