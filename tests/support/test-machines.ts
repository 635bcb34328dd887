import type { Machines } from '../../src/model/facets.ts';

/** Machines of which each is off while a file of its name is in the folder. */
export const testMachines = (folder: string): Machines => ({
  off: (node) => ({ argv: ['touch', node], timeoutMs: 5_000 }),
  on: (node) => ({ argv: ['rm', '-f', node], timeoutMs: 5_000 }),
  cwd: folder,
  secrets: [],
});
