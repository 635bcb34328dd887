import { seededRandom } from '../../scenarios/traffic/random.ts';
import { errorOfLook } from '../../src/model/plan.ts';
import type { Outcome } from '../../src/model/verdict.ts';
import { shareBounds, total } from '../../src/statistics/share.ts';

/** A phase of a real run: the spells of its slowest 1 % of calls, each as [calls, ms from the first to the last]. */
export interface RecordedPhase {
  path: string;
  calls: number;
  lengthMs: number;
  spells: [number, number][];
}

/** The calls in each second of a phase, and the bad ones among them. */
export interface Blocks {
  calls: number[];
  kind: number[];
}

/** A way to generate the bad calls of a phase whose true share of bad calls is known. */
export type Model = (
  phase: { seconds: number; callsPerSecond: number; badShare: number },
  random: () => number,
) => Blocks;

/** Every call on its own. */
export const independent: Model = ({ seconds, callsPerSecond, badShare }, random) => ({
  calls: Array<number>(seconds).fill(callsPerSecond),
  kind: Array.from({ length: seconds }, () => {
    let bad = 0;
    for (let call = 0; call < callsPerSecond; call += 1) if (random() < badShare) bad += 1;
    return bad;
  }),
});

/** Spells of recorded runs, drawn with replacement, at random instants; past the phase's end they wrap to its start. */
export function recordedSpells(recorded: RecordedPhase[]): Model {
  const spells = recorded.flatMap((phase) => phase.spells);
  const meanCalls = spells.reduce((sum, [calls]) => sum + calls, 0) / spells.length;
  return ({ seconds, callsPerSecond, badShare }, random) => {
    const kind = Array<number>(seconds).fill(0);
    const expected = (seconds * callsPerSecond * badShare) / meanCalls;
    for (let at = exponential(random); at < expected; at += exponential(random)) {
      const [calls, lengthMs] = spells[Math.floor(random() * spells.length)] as [number, number];
      const startMs = random() * seconds * 1000;
      for (let call = 0; call < calls; call += 1) {
        const second = Math.floor((startMs + (calls > 1 ? (lengthMs * call) / (calls - 1) : 0)) / 1000) % seconds;
        kind[second] = (kind[second] as number) + 1;
      }
    }
    return { calls: Array<number>(seconds).fill(callsPerSecond), kind };
  };
}

/** The log of the latency is Gaussian and AR(1), correlated by 1/e over this time. Bad: beyond the share's quantile. */
export function autoregressive(correlationMs: number, quantile: number): Model {
  return ({ seconds, callsPerSecond }, random) => {
    const phi = Math.exp(-1000 / (correlationMs * callsPerSecond));
    const noise = Math.sqrt(1 - phi ** 2);
    let level = gaussian(random);
    const kind = Array.from({ length: seconds }, () => {
      let bad = 0;
      for (let call = 0; call < callsPerSecond; call += 1) {
        if (level > quantile) bad += 1;
        level = phi * level + noise * gaussian(random);
      }
      return bad;
    });
    return { calls: Array<number>(seconds).fill(callsPerSecond), kind };
  };
}

const exponential = (random: () => number): number => -Math.log(1 - random());
const gaussian = (random: () => number): number =>
  Math.sqrt(2 * exponential(random)) * Math.cos(2 * Math.PI * random());

interface Options {
  runs: number;
  seed: number;
  /** How often a phase is held on while it is undecided. */
  holdOnTimes?: number;
  asIfIndependent?: boolean;
}

export interface Shares extends Record<Outcome, number> {
  /** The average number of looks at a run. */
  looks: number;
  /** Of the bad calls, over all runs, from the known share and the variance per second around it. */
  designEffect: number;
  badShare: number;
}

/** Which share of simulated runs passes, fails and is inconclusive; judged like real ones, or as if independent. */
export function coverage(
  model: Model,
  phase: { seconds: number; callsPerSecond: number; badShare: number },
  options: Options,
): Shares {
  const random = seededRandom(options.seed);
  const { holdOnTimes = 0 } = options;
  const longest = { ...phase, seconds: phase.seconds * (1 + holdOnTimes) };
  const count = longest.seconds * phase.callsPerSecond;
  let looks = 0;
  const outcomes: Record<Outcome, number> = { pass: 0, fail: 0, inconclusive: 0 };
  let squares = 0;
  let allBad = 0;
  for (let run = 0; run < options.runs; run += 1) {
    const { kind } = model(longest, random);
    const { outcome, look } = outcomeOf(kind, phase, options);
    outcomes[outcome] += 1 / options.runs;
    looks += (look + 1) / options.runs;
    for (const value of kind) squares += (value - phase.callsPerSecond * phase.badShare) ** 2;
    allBad += total(kind);
  }
  const binomial = options.runs * count * phase.badShare * (1 - phase.badShare);
  return { ...outcomes, looks, designEffect: squares / binomial, badShare: allBad / (options.runs * count) };
}

const promised = 0.01;

/** Judged at the end of the phase and, while it is undecided, again each time after it was held on. */
function outcomeOf(
  bad: number[],
  { seconds, callsPerSecond }: { seconds: number; callsPerSecond: number },
  { holdOnTimes = 0, asIfIndependent = false }: Options,
): { outcome: Outcome; look: number } {
  for (let look = 0; ; look += 1) {
    const length = seconds * (1 + look);
    const seen = bad.slice(0, length);
    // Independent calls are modelled as one per second, in as many seconds as there are calls.
    const badBySecond = asIfIndependent ? Array<number>(total(seen)).fill(1) : seen;
    const events = { count: length * callsPerSecond, badBySecond, seconds: asIfIndependent ? Infinity : length };
    const { low, high } = shareBounds(events, errorOfLook(look, holdOnTimes));
    if (high < promised) return { outcome: 'pass', look };
    if (low > promised) return { outcome: 'fail', look };
    if (look === holdOnTimes) return { outcome: 'inconclusive', look };
  }
}
