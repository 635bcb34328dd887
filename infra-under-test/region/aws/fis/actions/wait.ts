import { durationMs } from '../durations.ts';
import type { ActionDefinition } from './action.ts';
import { duration } from './parameters.ts';

/** The action that only takes time. */
export const waitActions: Record<string, ActionDefinition> = {
  'aws:fis:wait': {
    description: 'Wait for the specified duration.',
    target: null,
    parameters: { duration: duration('How long to wait.') },
    async begin({ parameters }) {
      return { lastsMs: durationMs(parameters.duration ?? '') ?? 0 };
    },
  },
};
