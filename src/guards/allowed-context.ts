import { contextRefusal } from '../model/guards.ts';
import type { Guard } from './guarded.ts';

/** A cluster is named in the config twice: as the one that is drilled, and as one that may be. */
export const allowedContext: Guard = ({ context, guards }) => {
  const guard = 'cluster allow-list';
  if (context === undefined) return undefined;
  const refusal = contextRefusal(context, guards);
  return refusal ? { guard, allows: false, ...refusal } : { guard, allows: true, message: `${context} may be drilled` };
};
