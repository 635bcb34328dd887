/**
 * How often a latency verdict is wrong: simulated runs whose true share of bad calls is known, at the sample sizes of the
 * smoke and the nightly profile, judged like real runs. node bench/coverage/run.ts [runs]
 */
import quantile from '@stdlib/stats-base-dists-normal-quantile';
import recorded from '../../fixtures/spells.json' with { type: 'json' };
import { autoregressive, coverage, independent, type Model, type RecordedPhase, recordedSpells } from './simulate.ts';

const runs = Number(process.argv[2] ?? 4_000);
const spells = (recorded as RecordedPhase[]).filter(({ path }) => path === 'api');
const checkoutSpells = (recorded as RecordedPhase[]).filter(({ path }) => path === 'checkout');
const onePercent = quantile(0.99, 0, 1);

/** What shoppers send at the peak: 600 requests/s, 3.8 % of them checkouts. */
const api = { callsPerSecond: 577 };
const checkout = { callsPerSecond: 23 };
const smoke = { seconds: 22 };
const nightly = { seconds: 120 };

type Case = [name: string, model: Model, phase: { seconds: number; callsPerSecond: number }, holdOnTimes?: number];
const cases: Case[] = [
  ['API, smoke, spells as recorded', recordedSpells(spells), { ...api, ...smoke }],
  ['API, nightly, spells as recorded', recordedSpells(spells), { ...api, ...nightly }],
  ['checkout, smoke, spells as recorded', recordedSpells(checkoutSpells), { ...checkout, ...smoke }],
  ['checkout, nightly, spells as recorded', recordedSpells(checkoutSpells), { ...checkout, ...nightly }],
  ['API, smoke, held on', recordedSpells(spells), { ...api, ...smoke }, 2],
  ['checkout, smoke, held on', recordedSpells(checkoutSpells), { ...checkout, ...smoke }, 2],
  ['API, nightly, held on', recordedSpells(spells), { ...api, ...nightly }, 1],
  ['API, smoke, independent', independent, { ...api, ...smoke }],
  ['API, smoke, independent, held on', independent, { ...api, ...smoke }, 2],
  ['checkout, smoke, independent', independent, { ...checkout, ...smoke }],
];
/** Too expensive to draw for many runs; only its p99 is known. */
const autoregressiveCases: Case[] = [
  ['API, smoke, AR(1) over 140 ms', autoregressive(140, onePercent), { ...api, ...smoke }],
  ['checkout, smoke, AR(1) over 100 ms', autoregressive(100, onePercent), { ...checkout, ...smoke }],
];

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`.padStart(8);
const columns = [
  'true share',
  'design effect',
  'pass',
  'fail',
  'inconclusive',
  'looks',
  '| pass',
  'fail, as if independent',
];
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

say(`${runs} simulated runs a line; p99 is exactly the limit where the true share of bad calls is 1 %, so that any`);
say('pass and any fail is false there; below it a fail is false, above it a pass.\n');
say(`${''.padEnd(40)}${columns.join('  ')}`);
for (const [name, model, phase, holdOnTimes] of cases)
  for (const badShare of [0.0005, 0.002, 0.01, 0.03]) line(name, model, phase, badShare, holdOnTimes);
for (const [name, model, phase] of autoregressiveCases) line(name, model, phase, 0.01);

function line(name: string, model: Model, phase: Case[2], badShare: number, holdOnTimes = 0): void {
  const judged = coverage(model, { ...phase, badShare }, { runs, seed: 7, holdOnTimes });
  const naive = coverage(model, { ...phase, badShare }, { runs, seed: 7, asIfIndependent: true });
  const shares = [judged.pass, judged.fail, judged.inconclusive].map(percent).join(' ');
  const known = `${percent(badShare)}  ${judged.designEffect.toFixed(1).padStart(10)}     `;
  say(
    `${name.padEnd(40)}${known}${shares}  ${judged.looks.toFixed(2).padStart(5)}  | ${percent(naive.pass)} ${percent(naive.fail)}`,
  );
}
