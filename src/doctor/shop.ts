import type { Check, Site } from './check.ts';
import { refused } from './refused.ts';

/** Of a shop of somebody's own: its config, and whether it answers as that says. Each probe is sent once, as a drill does first. */
export const shop: Check = {
  id: 'shop',
  title: 'Shop',
  async run({ standsUp, site }) {
    if (standsUp) return [];
    let found: Site;
    try {
      found = await site();
    } catch (error) {
      return refused(error);
    }
    // Each look has a deadline of its own.
    const problems = (await found.target.unfit?.(new AbortController().signal)) ?? [];
    if (problems.length === 0)
      return [{ outcome: 'ok', message: `${found.platform}: every request is answered as the config expects` }];
    const remedy = 'docs/ATTACHED.md says what a shop has to answer';
    return problems.map((message) => ({ outcome: 'problem', message, remedy }));
  },
};
