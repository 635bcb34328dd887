import { seededRandom } from '../../scenarios/traffic/random.ts';
import type { Outcome } from '../../src/model/verdict.ts';
import { shareBounds, total } from '../../src/statistics/share.ts';

/** Of a phase of a real run: the spells of its slowest 1 % of calls, each as [calls, ms from the first to the last]. */
export interface RecordedPhase {
  path: string;
  calls: number;
  lengthMs: number;
  spells: [number, number][];
}

/** Calls of each second of a phase, and the bad ones among them. */
interface Blocks {
  calls: number[];
  kind: number[];
}

/** A way to make the bad calls of a phase whose true share of bad calls is known. */
export type Model = (
  phase: { seconds: number; callsPerSecond: number; badShare: number },
  random: () => number,
) => Blocks;

/** Every call for itself. */
export const independent: Model = ({ seconds, callsPerSecond, badShare }, random) => ({
  calls: Array<number>(seconds).fill(callsPerSecond),
  kind: Array.from({ length: seconds }, () => {
    let bad = 0;
    for (let call = 0; call < callsPerSecond; call += 1) if (random() < badShare) bad += 1;
    return bad;
  }),
});

/** Spells of recorded runs, drawn with replacement, at random instants; what leaves the phase at its end enters at its start. */
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

/** The logarithm of the latency is Gaussian and AR(1): correlated by 1/e over so long. Bad: beyond the quantile of the share. */
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

export interface Shares extends Record<Outcome, number> {
  /** Of the bad calls, over all runs: the known share and the variance a second around it. */
  designEffect: number;
  badShare: number;
}

/** Which share of simulated runs passes, fails, and cannot be told; judged as real ones are, or as if calls were independent. */
export function coverage(
  model: Model,
  phase: { seconds: number; callsPerSecond: number; badShare: number },
  options: { runs: number; seed: number; error: number; asIfIndependent?: boolean },
): Shares {
  const random = seededRandom(options.seed);
  const count = phase.seconds * phase.callsPerSecond;
  const outcomes: Record<Outcome, number> = { pass: 0, fail: 0, inconclusive: 0 };
  let squares = 0;
  let allBad = 0;
  for (let run = 0; run < options.runs; run += 1) {
    const { kind } = model(phase, random);
    outcomes[outcomeOf(kind, count, phase.seconds, options)] += 1 / options.runs;
    for (const value of kind) squares += (value - phase.callsPerSecond * phase.badShare) ** 2;
    allBad += total(kind);
  }
  const binomial = options.runs * count * phase.badShare * (1 - phase.badShare);
  return { ...outcomes, designEffect: squares / binomial, badShare: allBad / (options.runs * count) };
}

const promised = 0.01;

/** Independent calls are those that come one a second, in as many seconds as there are calls. */
function outcomeOf(
  bad: number[],
  count: number,
  seconds: number,
  { error, asIfIndependent }: { error: number; asIfIndependent?: boolean },
): Outcome {
  const badBySecond = asIfIndependent ? Array<number>(total(bad)).fill(1) : bad;
  const { low, high } = shareBounds({ count, badBySecond, seconds: asIfIndependent ? Infinity : seconds }, error);
  if (high < promised) return 'pass';
  return low > promised ? 'fail' : 'inconclusive';
}
