import type { Degradation } from '../src/model/facets.ts';
import type { Fault } from '../src/model/fault.ts';
import { byChaosMesh } from './network-degraded/by-chaos-mesh.ts';
import { byKubernetes } from './network-degraded/by-kubernetes.ts';
import { byLitmus } from './network-degraded/by-litmus.ts';
import { lastingProblems } from './shared/lasting.ts';
import { type HowMany, howManyWords, podHits, podProblems } from './shared/strike-pods.ts';

const kind = 'network-degraded';
const longestDelayMs = 60_000;
/** Less would be an outage: a connection needs some packets. */
const leastBitsPerSecond = 8_000;

export interface NetworkDegraded extends Degradation {
  howMany: HowMany;
  /** By the wall clock. */
  lastsMs: number;
}

/** What each way is asked for. */
export interface DegradedPods {
  kind: string;
  howMany: HowMany;
  degradation: Degradation;
  lastsMs: number;
}

/** The network of pods is slow, narrow or loses packets, to and from whomever. */
export const networkDegraded = ({ howMany, lastsMs, ...degradation }: NetworkDegraded): Fault => ({
  kind,
  summary: `the network of ${howManyWords(howMany)} ${degradationWords(degradation)} for ${lastsMs / 1000} s`,
  effects: [{ kind, startsAfterMs: 0, lasts: lastsMs }],
  hits: (inventory) => podHits(inventory, howMany),
  problems: (inventory) => [
    ...degradationProblems(degradation),
    ...lastingProblems(kind, lastsMs),
    ...podProblems(kind, inventory, howMany),
  ],
  ways: [byKubernetes, byChaosMesh, byLitmus].map((by) => by({ kind, howMany, degradation, lastsMs })),
});

function degradationWords({ delayMs, jitterMs = 0, lossRatio, bitsPerSecond }: Degradation): string {
  const does = [
    ...(delayMs === undefined ? [] : [`is ${delayMs} ms${jitterMs > 0 ? ` ± ${jitterMs} ms` : ''} late`]),
    ...(lossRatio === undefined ? [] : [`loses ${lossRatio * 100} % of the packets`]),
    ...(bitsPerSecond === undefined ? [] : [`carries ${bitsPerSecond / 1e6} Mbit/s`]),
  ];
  return does.join(', ');
}

function degradationProblems({ delayMs, jitterMs, lossRatio, bitsPerSecond }: Degradation): string[] {
  const isNone = delayMs === undefined && lossRatio === undefined && bitsPerSecond === undefined;
  const isMs = (ms: number, most: number) => Number.isInteger(ms) && ms > 0 && ms <= most;
  return [
    ...(isNone ? [`${kind} degrades nothing: give it delayMs, lossRatio or bitsPerSecond`] : []),
    ...(delayMs === undefined || isMs(delayMs, longestDelayMs)
      ? []
      : [`${kind} delays by 1 to ${longestDelayMs} ms: ${delayMs} is not`]),
    ...(jitterMs === undefined || isMs(jitterMs, delayMs ?? 0)
      ? []
      : [`${kind} needs a jitterMs from 1 to its delayMs: ${jitterMs} is not`]),
    ...(lossRatio === undefined || (lossRatio > 0 && lossRatio < 1)
      ? []
      : [`${kind} loses a share of the packets above 0 and below 1: ${lossRatio} is not`]),
    ...(bitsPerSecond === undefined || (Number.isInteger(bitsPerSecond) && bitsPerSecond >= leastBitsPerSecond)
      ? []
      : [`${kind} leaves whole bits/s, ${leastBitsPerSecond} at the least: ${bitsPerSecond} is not`]),
  ];
}
