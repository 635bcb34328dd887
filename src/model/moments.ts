/** When, in a drill's life, people do a step of its runbook. Here alone, as browsers read it too. */
export const moments = ['before', 'baseline', 'peak', 'fault', 'recovered', 'after'] as const;
export type Moment = (typeof moments)[number];
