import type { Objectives } from '../../src/model/objectives.ts';

/** What the reference platform promises in every drill: API p99 < 100 ms, checkout p99 < 200 ms, 99.95 % a month. */
export const promises = {
  latency: [
    { path: 'api', limitMs: 100, phases: ['baseline', 'peak', 'recovered'] },
    { path: 'checkout', limitMs: 200, phases: ['baseline', 'peak', 'recovered'] },
  ],
  // A full outage of 5 minutes, the longest that a database failover may cause, burns 23 % of a month's budget.
  errorBudget: { objective: 0.9995, windowDays: 30, maxBurnedRatio: 0.23 },
  // Shoppers try for 15 s, and a failover takes less: nearly all get an answer. And no order is for a missing product.
  orders: { maxUnansweredRatio: 0.01, maxRejectedRatio: 0.001 },
} satisfies Omit<Objectives, 'recovery'>;

/** Nobody's session ends with a pod, a node or a zone: sessions are kept outside them. */
export const sessionsSurvive = { sessions: { maxLost: 0 } } satisfies Partial<Objectives>;

/** Every end of a pod has a cause in the platform; one without a cause is a bug until shown otherwise. */
export const restartsAreExplained = { restarts: { maxUnattributed: 0 } } satisfies Partial<Objectives>;
