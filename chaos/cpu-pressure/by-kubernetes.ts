import type { Way } from '../../src/model/fault.ts';
import type { CpuPressure } from '../cpu-pressure.ts';
import { pressPods } from '../shared/press-pods.ts';

/**
 * Processes of which each keeps a core busy, in the container that serves, by `python3`, `node` or `sh`. A container with a CPU limit is
 * throttled; without one it takes what its node has to spare. Proven by the CPU time that the kernel accounts to them.
 */
export const byKubernetes = ({ kind, howMany, cores, lastsMs }: CpuPressure & { kind: string }): Way =>
  pressPods({ kind, howMany, pressure: { of: 'cpu', cores }, lastsMs });
