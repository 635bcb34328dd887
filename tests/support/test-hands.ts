import type { Hands } from '../../src/model/facets.ts';

/** Hands that may do all and find nothing, but for what a test says. */
export const testHands = (hands: Partial<Hands> = {}): Hands => ({
  drainsOnNotice: true,
  podsOn: () => [],
  isCordoned: () => false,
  cordon: async () => {},
  uncordon: async () => {},
  uncordonUndo: (node) => ({ kind: 'uncordon', node }),
  evict: async () => ({ evicted: true }),
  outOfService: () => 'the node cannot be tainted',
  kill: async () => {},
  signal: async () => {},
  read: async () => ({}),
  connectMs: async () => 1,
  servingContainerOf: () => 'web',
  press: async () => 'nothing can be taken',
  restartsOf: () => 0,
  ...hands,
});
