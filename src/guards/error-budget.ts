import { readNumber } from '../runtime/read-number.ts';
import type { Guard } from './guarded.ts';

const timeoutMs = 10_000;
const percent = (share: number): string => `${Math.round(share * 1_000) / 10} %`;

/** A shop that has spent its error budget is not made to spend more. */
export const errorBudget: Guard = async ({ guards, cwd, secrets, signal }) => {
  const guard = 'error budget';
  if (!guards.errorBudget) return undefined;
  const { left, atLeast } = guards.errorBudget;
  const share = await readNumber(left, { cwd, secrets, signal, timeoutMs });
  const message = `${percent(share)} of the error budget is left; at least ${percent(atLeast)} is asked for`;
  if (share >= atLeast) return { guard, allows: true, message };
  return { guard, allows: false, message, remedy: 'wait until it has recovered' };
};
