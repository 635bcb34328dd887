/** The edge's process: balances over the targets that the control API lists; keeps the last list while it is away. */
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { constants } from '../constants.ts';
import { onOwnerGone } from '../lifeline.ts';
import { createAdmin, createEdge } from './edge.ts';
import { listen, listenWidely } from './listen.ts';
import type { TargetAddress } from './target.ts';
import { TargetGroup } from './target-group.ts';

const { values } = parseArgs({
  options: {
    region: { type: 'string' },
    control: { type: 'string', default: '' },
    port: { type: 'string', default: '0' },
    'no-health-checks': { type: 'boolean', default: false },
  },
});
// Optimised after 100 and 500 calls (V8: 400 and 3,000), its code is ready when the peak begins. With this many calls
// per request it is otherwise compiled in the peak's first seconds, which takes CPU from the processes that serve.
setFlagsFromString('--invocation-count-for-maglev=100');
setFlagsFromString('--invocation-count-for-turbofan=500');

const group = new TargetGroup({ healthChecks: !values['no-health-checks'] });
const { server, counters } = createEdge(group);
const admin = createAdmin(group, counters);

onOwnerGone(() => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
process.on('SIGINT', () => {});

const port = await listenWidely(server, Number(values.port)).catch((error: NodeJS.ErrnoException) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(error.code === 'EADDRINUSE' || error.code === 'EACCES' ? 4 : 1);
});
const adminPort = await listen(admin, { port: 0 });
process.stdout.write(`${JSON.stringify({ listening: { port, adminPort } })}\n`);

await followTargets(`${values.control}/targets`);

async function followTargets(url: string): Promise<never> {
  for (;;) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(1_000) });
      if (answer.ok) group.register((await answer.json()) as TargetAddress[]);
    } catch {
      // The control API is away: the targets stay as they are.
    }
    await new Promise((resolve) => setTimeout(resolve, constants.targetsPollIntervalMs));
  }
}
