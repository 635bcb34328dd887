import type { Way } from '../../src/model/fault.ts';
import { pressPods } from '../shared/press-pods.ts';
import type { HowMany } from '../shared/strike-pods.ts';

interface Cpu {
  kind: string;
  howMany: HowMany;
  cores: number;
  lastsMs: number;
}

/**
 * Processes of which each keeps a core busy, in the container that serves, by `python3`, `node` or `sh`. A container with a CPU limit is
 * throttled; without one it takes what its node has to spare. Proven by the CPU time that the kernel accounts to them.
 */
export const byKubernetes = ({ kind, howMany, cores, lastsMs }: Cpu): Way =>
  pressPods({ kind, howMany, pressure: { of: 'cpu', cores }, lastsMs });
