/**
 * The spells in which the slowest 1 % of the calls of recorded runs came, as JSON:
 * node bench/coverage/read-spells.ts reports/<drill>/<run-id>... > fixtures/spells.json
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCalls, readSamples } from '../../src/analysis/calls.ts';
import { EvidenceStore } from '../../src/analysis/evidence-store.ts';
import type { Facts } from '../../src/model/facts.ts';
import type { Plan } from '../../src/model/plan.ts';
import { latencyPaths } from '../../src/model/profile.ts';
import type { RecordedPhase } from './simulate.ts';

/** Slow calls that start closer to each other than this belong to one spell. */
const gapUs = 100_000;

async function phasesOf(runFolder: string): Promise<RecordedPhase[]> {
  const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(runFolder, name), 'utf8'));
  using store = await EvidenceStore.open(join(runFolder, 'evidence'));
  if (!(await readSamples(store))) throw new Error(`${runFolder} has no calls`);
  await makeCalls(store, ((await read('facts.json')) as Facts).timeline, (await read('plan.json')) as Plan);
  const recorded: RecordedPhase[] = [];
  for (const path of latencyPaths) {
    for (const phase of ['peak', 'recovered']) {
      const group = `path = '${path}' AND phase = '${phase}'`;
      const [all] = await store.rows(`SELECT count(*)::INTEGER AS calls, quantile_disc(wall_us, 0.99)::DOUBLE AS p99_us,
        (max(start_us) - min(start_us))::DOUBLE / 1000 AS length_ms FROM calls WHERE ${group}`);
      if (Number(all?.calls) < 450) continue;
      const slow = await store.rows(
        `SELECT start_us::DOUBLE AS us FROM calls WHERE ${group} AND wall_us > ${all?.p99_us} ORDER BY us`,
      );
      recorded.push({
        path,
        calls: Number(all?.calls),
        lengthMs: Math.round(Number(all?.length_ms)),
        spells: spellsOf(slow.map(({ us }) => Number(us))),
      });
    }
  }
  return recorded;
}

function spellsOf(startsUs: number[]): RecordedPhase['spells'] {
  const spells: { fromUs: number; toUs: number; calls: number }[] = [];
  for (const us of startsUs) {
    const last = spells.at(-1);
    if (last !== undefined && us - last.toUs < gapUs) Object.assign(last, { toUs: us, calls: last.calls + 1 });
    else spells.push({ fromUs: us, toUs: us, calls: 1 });
  }
  return spells.map(({ fromUs, toUs, calls }) => [calls, Math.round((toUs - fromUs) / 1000)]);
}

const recorded: RecordedPhase[] = [];
for (const folder of process.argv.slice(2)) recorded.push(...(await phasesOf(folder)));
const lines = recorded.map((phase) => `  ${JSON.stringify(phase)}`);
process.stdout.write(`[\n${lines.join(',\n')}\n]\n`);
