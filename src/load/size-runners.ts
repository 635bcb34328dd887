import type { PodSize } from '../model/facets.ts';
import type { LoadSpec } from '../model/load-spec.ts';

/** With every sample written out, k6 takes 0.2 ms of CPU time a request; and it is to have more than it needs, or it is late. */
const cpuMsPerRequest = 0.5;
/** A virtual user takes 0.2 MB, and k6 itself as much as 150. */
const mebibytesPerVu = 0.3;
const ownMebibytes = 256;

/** What each of so many runners of a load requests. */
export function sizeOfRunner(
  { peakRatePerSecond, browseVus, buyVus }: Pick<LoadSpec, 'peakRatePerSecond' | 'browseVus' | 'buyVus'>,
  count: number,
): PodSize {
  return {
    cpuMillis: Math.ceil(50 + (peakRatePerSecond / count) * cpuMsPerRequest),
    memoryMiB: Math.ceil(ownMebibytes + ((browseVus + buyVus) / count) * mebibytesPerVu),
  };
}
