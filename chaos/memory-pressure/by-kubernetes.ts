import type { Way } from '../../src/model/fault.ts';
import type { MemoryPressure } from '../memory-pressure.ts';
import { pressPods } from '../shared/press-pods.ts';

/**
 * A process in the container that serves takes memory until the share of its limit is in use, by `python3`, `node` or `sh`; only where
 * both the pod and the kernel have a limit. Proven by what the kernel says is in use.
 */
export const byKubernetes = ({ kind, howMany, share, lastsMs }: MemoryPressure & { kind: string }): Way =>
  pressPods({ kind, howMany, pressure: { of: 'memory', share }, lastsMs });
