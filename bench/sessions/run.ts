/**
 * Ten thousand shoppers at once from this machine, against the pocket region on the same machine, with all the evidence
 * and a verdict at the end: the profile `sessions`. Takes seven minutes.
 * `node bench/sessions/run.ts [--drill aurora-failover]`
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Facts } from '../../src/model/facts.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { rootFolder } from '../../src/runtime/processes.ts';
import { shell } from '../../src/runtime/shell.ts';

/** What tenfold promises about itself. */
const promisedShoppers = 10_000;
const lookEveryMs = 1_000;
const bytesPerGb = 2 ** 30;
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

const { values } = parseArgs({ options: { drill: { type: 'string', default: 'aurora-failover' } } });
const reports = await mkdtemp(join(tmpdir(), 'tenfold-bench-'));
const freeBefore = freemem();
let leastFree = freeBefore;
const looking = setInterval(() => {
  leastFree = Math.min(leastFree, freemem());
}, lookEveryMs);
try {
  const startMs = performance.now();
  const main = join(rootFolder, 'src', 'cli', 'main.ts');
  const started = shell({ stdio: ['ignore', 'inherit', 'inherit'] });
  await started`${process.execPath} ${main} run ${values.drill} --profile sessions --reports ${reports}`;
  const wallS = (performance.now() - startMs) / 1_000;
  const read = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(reports, values.drill, 'latest', name), 'utf8'));
  const { load } = (await read('facts.json')) as Facts;
  const { outcome, orders } = (await read('verdict.json')) as Verdict;
  const shoppers = load.generator.maxVus ?? 0;
  say(
    `\nshoppers       ${shoppers.toLocaleString('en-US')} at once at the most; at least ${promisedShoppers.toLocaleString('en-US')}`,
  );
  say(
    `requests       ${load.peakRatePerSecond?.toFixed(0) ?? 'unknown'} a second; dropped ${load.dropped ?? 'unknown'}, at most 0`,
  );
  say(`orders         ${orders?.attempted ?? 'unknown'} attempted, ${orders?.lost ?? 'unknown'} lost`);
  say(
    `memory         ${((freeBefore - leastFree) / bytesPerGb).toFixed(1)} GB of all processes together, page cache left out`,
  );
  say(`time           ${wallS.toFixed(0)} s from the command to the verdict: ${outcome}`);
  process.exitCode = shoppers >= promisedShoppers && load.dropped === 0 ? 0 : 1;
} finally {
  clearInterval(looking);
  await rm(reports, { recursive: true, force: true });
}
