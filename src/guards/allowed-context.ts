import type { Guard } from './guarded.ts';

/** A cluster is named in the config twice: as the one that is drilled, and as one that may be. */
export const allowedContext: Guard = ({ context, guards }) => {
  const guard = 'cluster allow-list';
  if (context === undefined) return undefined;
  if (guards.allowedContexts.includes(context)) return { guard, allows: true, message: `${context} may be drilled` };
  return {
    guard,
    allows: false,
    message: `the context ${context} is on no list of what may be drilled`,
    remedy: `if you mean it: guards: { allowedContexts: ['${context}'] }`,
  };
};
