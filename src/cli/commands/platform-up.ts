import { hostname } from 'node:os';
import { invalid } from '../../model/errors.ts';
import type { Platform } from '../../model/platform.ts';
import type { StandUpOptions, Target } from '../../model/target.ts';
import { nowMs } from '../../runtime/clock.ts';
import { newRunId } from '../../runtime/random.ts';
import { dirtyError, undoOf } from '../../safety/clean-up.ts';
import { Journal, pendingUndos, undoPending } from '../../safety/journal.ts';
import { takeLock } from '../../safety/lock.ts';
import { journalPathOf, lockPathOf } from '../../safety/state.ts';
import { keptPlatform, rememberPlatform } from '../kept-platform.ts';
import { stopOnSignals } from '../stop-signals.ts';
import { clusterPlatformOf, clusterTarget, undoers } from '../wire.ts';

interface UpOptions {
  cluster: string;
  scaledOut: boolean;
  without: string[];
}

/** Stands the platform up on a cluster and leaves it. Ctrl-C on the way takes it down; after `kill -9` the next command does. */
export async function platformUpCommand({ cluster, scaledOut, without }: UpOptions): Promise<void> {
  const { target, context, isOurs } = await clusterTarget(cluster);
  refuseUnknown(target, without);
  const isUp = await keptPlatform();
  if (isUp) throw invalid(`a platform is up already, at ${isUp.url} on ${isUp.context}`, downHint);
  const startMs = performance.now();
  const progress = (message: string) =>
    say(`${((performance.now() - startMs) / 1_000).toFixed(1).padStart(5)} s  ${message}`);
  const signal = stopOnSignals(say, () => 'what was started goes');
  const platform = clusterPlatformOf(context);
  const runId = `up-${newRunId(nowMs())}`;
  const owner = { runId, runFolder: '' };
  const journalled = { ...owner, platform, pid: process.pid, host: hostname() };
  await using journal = new Journal(journalPathOf(platform, runId), journalled);
  await using _lock = await takeLock(lockPathOf(platform), owner, async (former) => {
    await undoOf(platform, former, undoers);
  });
  const problems = (await target.unfit?.(signal)) ?? [];
  if (problems.length > 0) throw invalid(problems, `nothing was started; ${target.guide} says what is needed`);
  const { shop, handOver } = await standUp(target, journal, {
    runId,
    scaledOut,
    without,
    keep: isOurs,
    signal,
    progress,
  });
  const undos = (await pendingUndos(journal.path)).map(({ undo }) => undo);
  await rememberPlatform({ url: shop.baseUrl, context, without, undos });
  handOver();
  const [tenant] = shop.tenants;
  process.stdout.write(`
The shop is open at ${shop.baseUrl}${without.length > 0 ? `, without ${without.join(', ')}` : ''}

  browse  curl -H 'x-tenant: ${tenant}' ${shop.baseUrl}/products
  stop    npm run platform -- down --target kubernetes
`);
}

const downHint = 'npm run platform -- down --target kubernetes';
const say = (line: string): boolean => process.stderr.write(`${line}\n`);

/** @returns the shop, and what to call once somebody else remembers how to take it down */
async function standUp(
  target: Target,
  journal: Journal,
  options: Omit<StandUpOptions, 'willChange'>,
): Promise<Pick<Platform, 'shop'> & { handOver: () => void }> {
  const changes: (() => void)[] = [];
  try {
    const { shop } = await target.standUp({
      ...options,
      willChange: (undo) => {
        const undone = journal.willChange(undo);
        changes.push(undone);
        return undone;
      },
    });
    return { shop, handOver: () => void changes.map((undone) => undone()) };
  } catch (error) {
    throw dirtyError(await undoPending(journal.path, undoers)) ?? error;
  }
}

function refuseUnknown({ protections }: Target, without: readonly string[]): void {
  const unknown = without.filter((name) => !protections.includes(name));
  if (unknown.length > 0)
    throw invalid(`the shop has no protection ${unknown.join(', ')}`, `it has ${protections.join(', ')}`);
}
