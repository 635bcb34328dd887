/**
 * One series of probes: the same request, the same way, at a fixed interval. All arrays are parallel, in the order of
 * the intended instants.
 */
export interface LaneProbes {
  lane: string;
  path: 'read' | 'write';
  via: 'edge' | 'replica';
  replica: string;
  zone: string;
  connection: string;
  intervalUs: number;
  intendedUs: number[];
  sentUs: number[];
  endUs: number[];
  failed: boolean[];
}

/** How long a probe took. The sentinel's own delay is not the shop's: it is reported as uncertainty. */
export const wallUs = (lane: LaneProbes, at: number): number =>
  (lane.endUs[at] as number) - (lane.sentUs[at] as number);

/** Index of the first value at or above the given one, in ascending values. */
export function lowerBound(values: number[], atLeast: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) < atLeast) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The planned interval: the median time between two probes, which gaps do not move. */
export function intervalOf(intendedUs: number[]): number {
  const steps = intendedUs.slice(1).map((at, index) => at - (intendedUs[index] as number));
  return steps.sort((a, b) => a - b)[steps.length >> 1] ?? 0;
}
