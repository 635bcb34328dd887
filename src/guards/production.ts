import type { GuardAnswer } from '../model/guards.ts';
import type { Guarded } from './guarded.ts';
import type { OwnWord } from './opt-in.ts';

const isProduction = (name: string): boolean => /(^|[^a-z])(prod|prd|production|live)([^a-z]|$)/i.test(name);

/** What is called production, by its config, its host or its own word, is drilled for a reason that stands in the report. */
export function production(
  { guards, urls, context, productionReason }: Pick<Guarded, 'guards' | 'urls' | 'context' | 'productionReason'>,
  word: OwnWord | Error,
): GuardAnswer | undefined {
  const guard = 'production';
  const own = word instanceof Error ? undefined : word.environment;
  const names = [...urls.map((url) => new URL(url).hostname), ...(context === undefined ? [] : [context])];
  const named = names.find(isProduction);
  const called =
    (guards.environment !== undefined && isProduction(guards.environment) && 'the config') ||
    (own !== undefined && isProduction(own) && 'the shop itself') ||
    (named !== undefined && `the name ${named}`);
  if (!called) {
    const environment = guards.environment ?? own;
    return environment === undefined ? undefined : { guard, allows: true, message: `this is ${environment}` };
  }
  if (productionReason !== undefined)
    return { guard, allows: true, message: `production, by ${called}; the reason given: ${productionReason}` };
  return {
    guard,
    allows: false,
    message: `this is production, by ${called}`,
    remedy: '--i-mean-production "why", which stands in the report',
  };
}
