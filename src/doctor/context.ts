import { lookForK6 } from '../load/find-k6.ts';
import type { Context } from './check.ts';
import { measureLoad } from './load.ts';

/** What is given, with what is found out once and only when it is asked for. */
export function contextOf(given: Omit<Context, 'k6' | 'load'>): Context {
  const site = once(given.site);
  return { ...given, site, k6: once(lookForK6), load: once(async () => await measureLoad(await site())) };
}

function once<T>(find: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined;
  return () => {
    found ??= find();
    return found;
  };
}
