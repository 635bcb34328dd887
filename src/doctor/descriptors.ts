import type { Answer, Check } from './check.ts';
import { ownLimits } from './limits.ts';

/** Files, pipes, the sentinel's connections and those to the pods: seen were 36 in the edge, and 133 in the harness. */
const besides = 300;
/** The sentinel, whatever the traffic: 357 were seen, and in an outage 255 probes/s wait for 2 s each. */
export const fewestDescriptors = 1_024;

/** Every virtual user keeps a connection open, and while the shop hangs the edge holds as many to the other side. */
export const descriptors: Check = {
  id: 'descriptors',
  title: 'Descriptors',
  run: async (context) => [
    judgeDescriptors(ownLimits().openFiles, (await context.load()).virtualUsers, context.standsUp),
  ],
};

export function judgeDescriptors(limit: number, virtualUsers: number, isShopHere: boolean): Answer {
  const needed = Math.max(fewestDescriptors, virtualUsers * (isShopHere ? 2 : 1) + besides);
  const has = `a process may have ${limit === Number.POSITIVE_INFINITY ? 'any number of' : limit} files open`;
  const wants = `${virtualUsers} virtual users need up to ${needed}`;
  if (limit >= needed) return { outcome: 'ok', message: `${has}; ${wants}` };
  return {
    outcome: 'problem',
    message: `${has}; ${wants}: calls that find none left would count as failures of the shop`,
    remedy: raiseDescriptors(needed),
  };
}

export const raiseDescriptors = (to: number): string =>
  `raise the hard limit: ulimit -Hn ${to} as root, nofile in limits.conf, LimitNOFILE, or --ulimit nofile=${to}`;
