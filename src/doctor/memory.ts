import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { Answer, Check } from './check.ts';
import { regionBytes } from './disk.ts';
import { gibibyte, sizeText } from './sizes.ts';

/** Besides k6 a drill on the pocket region was seen to take 1.5 GB (93 processes, shared pages counted once). */
const neededHere = 2 * gibibyte;
/** tenfold, the sentinel and a small k6. */
const neededBesides = 0.75 * gibibyte;
/** k6 gets a quarter, and collects garbage all the time with less than 1 GiB (src/load/run-k6.ts). */
const comfortable = 4 * gibibyte;
/** statfs(2). */
const tmpfs = 0x01021994;

export const memory: Check = {
  id: 'memory',
  title: 'Memory',
  async run({ standsUp }) {
    const inMemory = standsUp && (await statfs(tmpdir())).type === tmpfs;
    const needed = (standsUp ? neededHere : neededBesides) + (inMemory ? regionBytes : 0);
    return [judgeMemory(process.availableMemory(), needed, inMemory)];
  },
};

export function judgeMemory(available: number, needed: number, inMemory = false): Answer {
  const has = `${sizeText(available)} available`;
  const why = inMemory ? `, including ${tmpdir()}, which is in memory` : '';
  if (available < needed)
    return {
      outcome: 'problem',
      message: `${has}, a drill needs ${sizeText(needed)}${why}`,
      remedy: 'stop other programs, or give this machine (or its container) more memory',
    };
  if (available < comfortable)
    return {
      outcome: 'warning',
      message: `${has}: with less than ${sizeText(comfortable)} k6 pauses for garbage collection, which looks like a slow shop`,
      remedy: 'stop other programs, or give this machine (or its container) more memory',
    };
  return { outcome: 'ok', message: `${has}, a drill needs ${sizeText(needed)}${why}` };
}
