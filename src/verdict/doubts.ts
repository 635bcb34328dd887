import type { Facts, LoadPodFact, SentinelFact } from '../model/facts.ts';
import type { Phase } from '../model/objectives.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';
import { thresholds } from './thresholds.ts';
import { counted, duration, percent } from './words.ts';

type About = Facts['problems'][number]['about'];

/** Problems that touch a subject, in words. A doubt about the evidence as such touches all of them. */
export const problemsAbout = (facts: Facts, ...subjects: About[]): string[] =>
  facts.problems.filter(({ about }) => about === 'evidence' || subjects.includes(about)).map(({ message }) => message);

/** Signs that k6 did not send what was planned, in words: over the whole run, or in some of its phases. */
export function generatorDoubts(facts: Facts, ...phases: Phase[]): string[] {
  const { dropped } = facts.load;
  const doubts: string[] = [];
  const missing = droppedIn(facts, phases);
  if (dropped === null || missing === null) doubts.push('k6 left no evidence of what it sent');
  // A drop leaves no latency: how long the shopper would have waited is missing from every percentile.
  else if (missing > 0)
    doubts.push(
      `k6 dropped ${counted(missing, 'iteration')} for want of a free virtual user${lostPods(facts).length > 0 ? ' or of a pod that was lost' : ''}`,
    );
  const unsent = unsentIn(facts, phases);
  if (unsent > 0) doubts.push(`${counted(unsent, 'call')} never left k6's own machine`);
  return [...doubts, ...generatorEndDoubts(facts)];
}

/** Signs that k6 did not live to write everything down, in words. */
export function generatorEndDoubts(facts: Facts): string[] {
  const { exitCode } = facts.load.generator;
  return [
    ...(exitCode === null ? ['k6 left no exit code'] : []),
    ...(exitCode ? [`k6 ended with exit code ${exitCode}`] : []),
    ...lostPods(facts).map(({ pod }) => `pod ${pod} of k6 was lost`),
    ...podClockDoubts(facts),
  ];
}

export const lostPods = ({ load }: Facts): LoadPodFact[] => (load.pods ?? []).filter(({ lost }) => lost);

/** Whether a pod's clock is too far from ours for its evidence to be of the time that it seems to be of, or may be. */
const isStray = ({ clockOffMs }: Pick<LoadPodFact, 'clockOffMs'>): boolean =>
  clockOffMs === null || clockOffMs > thresholds.maxPodClockMs;

/** Pods of k6 with such clocks. */
export const strayClocks = ({ load }: Pick<Facts, 'load'>): LoadPodFact[] => (load.pods ?? []).filter(isStray);

const podClockDoubts = (facts: Facts): string[] => {
  const stray = strayClocks(facts).length;
  return stray === 0 ? [] : [`the clocks of ${counted(stray, 'pod')} of k6 are not known to be ours`];
};

/**
 * Whether a sentinel in a pod was lost, in words. It tells of its own zone then as much as of the shop: neither what it saw nor its
 * silence shows how the shop fared.
 */
export function sentinelDoubts({ sentinel }: Pick<Facts, 'sentinel'>): string[] {
  if (!sentinel?.lost) return [];
  const { zone, node, hit, because } = sentinel;
  const where = `the sentinel ran in ${zone === '' ? 'no zone' : `zone ${zone}`} on node ${node}`;
  return [hit === null ? `${where} and was lost (${because})` : `${where}, which the fault hit (${hit})`];
}

/** A sentinel in a pod with such a clock. */
export const straySentinel = ({ sentinel }: Pick<Facts, 'sentinel'>): SentinelFact[] =>
  sentinel !== undefined && isStray(sentinel) ? [sentinel] : [];

export const sentinelClockDoubts = (facts: Pick<Facts, 'sentinel'>): string[] =>
  straySentinel(facts).length === 0 ? [] : ["the clock of the sentinel's pod is not known to be ours"];

/** Iterations dropped in some phases, or in all; those of no known phase may belong to any. null when it is unknown. */
export function droppedIn({ load }: Facts, phases: Phase[]): number | null {
  const { dropped, droppedInPhases } = load;
  if (dropped === null || phases.length === 0) return dropped;
  const elsewhere = droppedInPhases.filter(({ phase }) => !phases.includes(phase));
  return elsewhere.reduce((left, { count }) => left - count, dropped);
}

/** Calls that k6 could not send in some phases, or in all; those of no known phase may belong to any. */
export const unsentIn = ({ load }: Facts, phases: Phase[]): number =>
  load.unsentInPhases
    .filter(({ phase }) => phase === null || phases.length === 0 || phases.includes(phase))
    .reduce((sum, { count }) => sum + count, 0);

/** The most calls that one dropped iteration leaves out: an order with all its tries, its cart and its session. */
const mostCallsDropped = 10;

/** The most calls that are missing from phases because k6 did not send them; null when it is unknown. */
export function missingCalls(facts: Facts, phases: Phase[]): number | null {
  const dropped = droppedIn(facts, phases);
  return dropped === null ? null : dropped * mostCallsDropped + unsentIn(facts, phases);
}

/** Whether phases have robbed seconds: what rests on speed alone may be the host's doing. */
export function robbedDoubts({ host }: Facts, ...phases: Phase[]): string[] {
  const robbed = host.phases.filter(({ phase }) => phases.includes(phase)).map(({ robbedSeconds }) => robbedSeconds);
  const seconds = robbed.reduce((sum, value) => sum + value, 0);
  return seconds === 0 ? [] : [`the host robbed the instruments of ${duration(seconds * 1000)}`];
}

/**
 * Whether the load left no CPU to spare on the machine that generator and platform share, before anything was broken:
 * slowness then may be the host's doing. Unknown for a platform whose processes are not known to run here.
 */
export function fullHostDoubts({ host }: Facts): string[] {
  const busyRatio = host.phases.find(({ phase }) => phase === 'peak')?.busyRatio ?? null;
  if (host.neighbourRatio === null || busyRatio === null || busyRatio <= thresholds.maxPeakBusyRatio) return [];
  return [
    `the load does not fit this host: its CPU was ${percent(busyRatio)} busy at peak (at most ${percent(thresholds.maxPeakBusyRatio)}); a smaller --scale does`,
  ];
}

/** Calls that a step of the system's clock, or a pod's clock that is not ours, may have moved into another phase. */
export function movedByClock(facts: Pick<Facts, 'host' | 'load'>, callsPerSecond: number): number {
  const stepMs = clockDoubts(facts).length === 0 ? 0 : (facts.host.clockStepMs ?? 0);
  const offMs = Math.max(stepMs, ...strayClocks(facts).map(({ clockOffMs }) => clockOffMs ?? 0));
  return Math.ceil((offMs / 1000) * callsPerSecond);
}

/** k6 and the database read the system's clock, the sentinel one that never steps: after a step they no longer agree. */
export const clockDoubts = ({ host }: Pick<Facts, 'host'>): string[] =>
  host.clockStepMs !== null && host.clockStepMs > thresholds.maxClockStepMs
    ? [
        `the system's clock was stepped by ${duration(host.clockStepMs)} (at most ${duration(thresholds.maxClockStepMs)})`,
      ]
    : [];

/** Without proof of a fault nothing was withstood. A drill without a fault needs none. */
export function faultDoubts({ fault }: Facts, plan: Plan): string[] {
  if (plan.fault === null || fault?.provenAtMs != null) return [];
  return ['nothing proved that there was a fault to withstand'];
}

/** Signs of gaps in the looks at the platform, in words. */
export function capacityDoubts(facts: Facts): string[] {
  const { maxLookGapMs } = thresholds;
  const gapMs = facts.capacity?.longestGapMs ?? null;
  const doubts = problemsAbout(facts, 'capacity');
  if (gapMs === null) doubts.push('nothing shows that the platform was looked at to the end of the load');
  else if (gapMs > maxLookGapMs)
    doubts.push(`the platform was not looked at for ${duration(gapMs)} (at most ${duration(maxLookGapMs)})`);
  return doubts;
}

/** The finding, or the same one, inconclusive, when there is a doubt. */
export function unlessInDoubt(finding: Finding, doubts: string[]): Finding {
  if (doubts.length === 0 || finding.outcome === 'inconclusive') return finding;
  const message = `${finding.message} Not conclusive, because ${doubts.join('; ')}.`;
  return { ...finding, outcome: 'inconclusive', message };
}

/** The finding, which rests on probes, or the same one, inconclusive for the reason that their sentinel was lost. */
export function unlessSentinelLost(finding: Finding, facts: Pick<Facts, 'sentinel'>): Finding {
  const [because] = sentinelDoubts(facts);
  if (because === undefined) return finding;
  return { ...finding, outcome: 'inconclusive', message: `${finding.message} Not conclusive, because ${because}.` };
}

/** A pass needs undoubted evidence; what is known to be broken stays broken. */
export const passUnlessInDoubt = (finding: Finding, doubts: string[]): Finding =>
  finding.outcome === 'pass' ? unlessInDoubt(finding, doubts) : finding;

/** A fail needs undoubted evidence: for doubts that can only have made things look worse. */
export const failUnlessInDoubt = (finding: Finding, doubts: string[]): Finding =>
  finding.outcome === 'fail' ? unlessInDoubt(finding, doubts) : finding;

/** Why the evidence as such cannot be relied on, in words: then nothing that it says stands, good or bad. */
export const evidenceDoubts = ({ problems }: Facts): string[] =>
  problems.filter(({ about }) => about === 'evidence').map(({ message }) => message);
