/** When, in a drill's life, people do a step of its runbook. Here alone, as browsers read it too. */
export const moments = ['before', 'baseline', 'peak', 'fault', 'recovered', 'after'] as const;
export type Moment = (typeof moments)[number];

/** Whether steps of a moment can be done by now: those after the load once the shop is to be well again, as a drill soon ends with its load. */
export const hasCome = (moment: Moment, now: Moment): boolean =>
  moments.indexOf(moment) <= moments.indexOf(now) || (moment === 'after' && now === 'recovered');
