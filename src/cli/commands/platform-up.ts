import { hostname } from 'node:os';
import { cannotTell, invalid, systemError } from '../../model/errors.ts';
import type { WillChange } from '../../model/fault.ts';
import type { Platform } from '../../model/platform.ts';
import type { StandUpOptions, Target } from '../../model/target.ts';
import { nowMs, within } from '../../runtime/clock.ts';
import { newRunId } from '../../runtime/random.ts';
import { dirtyError } from '../../safety/clean-up.ts';
import { Journal, pendingUndos, undoPending } from '../../safety/journal.ts';
import { journalPathOf } from '../../safety/state.ts';
import { keptPlatform, rememberPlatform } from '../kept-platform.ts';
import { lockPlatform } from '../lock-platform.ts';
import { contextAnswers, refuseUnguarded } from '../prepare.ts';
import { sayLeft } from '../say-left.ts';
import { stopOnSignals } from '../stop-signals.ts';
import { clusterPlatformOf, clusterTarget, keptK3s, undoers } from '../wire.ts';

interface UpOptions {
  cluster: string;
  scaledOut: boolean;
  without: string[];
  /** Why it is stood up on production. */
  iMeanProduction?: string;
}

/** Stands the platform up on a cluster and leaves it. Ctrl-C on the way takes it down; after `kill -9` the next command does. */
export async function platformUpCommand({ cluster, scaledOut, without, iMeanProduction }: UpOptions): Promise<void> {
  const { target, context, isOurs } = await clusterTarget(cluster);
  refuseUnknown(target, without);
  refuseUnguarded(contextAnswers({ context }, iMeanProduction));
  const isUp = await keptPlatform();
  if (isUp) throw invalid(`a platform is up already, at ${isUp.url} on ${isUp.context}`, downHint);
  const signal = stopOnSignals(say, () => 'what was started goes');
  const runId = `up-${newRunId(nowMs())}`;
  await using journal = journalOf(clusterPlatformOf(context), runId);
  await using _lock = await lockPlatform(clusterPlatformOf(context), runId);
  const problems = (await target.unfit?.(signal)) ?? [];
  if (problems.length > 0) throw invalid(problems, `nothing was started; ${target.guide} says what is needed`);
  const options = { runId, scaledOut, without, keep: isOurs, progress: timedProgress() };
  const { shop, handOver } = await standUp(target, journal, options, signal);
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

const usualMs = 120_000;
const downHint = 'npm run platform -- down --target kubernetes';
const say = (line: string): boolean => process.stderr.write(`${line}\n`);

function timedProgress(): (message: string) => void {
  const startMs = nowMs();
  return (message) => say(`${((nowMs() - startMs) / 1_000).toFixed(1).padStart(5)} s  ${message}`);
}

const journalOf = (platform: string, runId: string): Journal =>
  new Journal(journalPathOf(platform, runId), { platform, runId, runFolder: '', pid: process.pid, host: hostname() });

/** @returns the shop, and what to call once somebody else remembers how to take it down */
async function standUp(
  target: Target,
  journal: Journal,
  options: Omit<StandUpOptions, 'willChange' | 'signal'>,
  signal: AbortSignal,
): Promise<Pick<Platform, 'shop'> & { handOver: () => void }> {
  const changes: (() => void)[] = [];
  const willChange: WillChange = (undo) => {
    const undone = journal.willChange(undo);
    changes.push(undone);
    return undone;
  };
  const hadK3s = await keptK3s();
  const limit = { timeoutMs: usualMs + (target.standUpMs ?? 0), signal };
  try {
    const { shop } = await within('standing the platform up', limit, (either) =>
      target.standUp({ ...options, willChange, signal: either }),
    );
    return { shop, handOver: () => void changes.map((undone) => undone()) };
  } catch (error) {
    const dirty = dirtyError(await undoPending(journal.path, undoers(sayLeft)));
    if (!hadK3s) await (await keptK3s())?.remove();
    throw dirty ?? told(error);
  }
}

/** What the cluster, or what runs on it, said no with is no bug. */
const told = (error: unknown): unknown =>
  error instanceof Error && error.name === 'Error'
    ? (systemError(error) ?? cannotTell(`the platform did not come up: ${error.message}`, { cause: error }))
    : error;

function refuseUnknown({ protections }: Target, without: readonly string[]): void {
  const unknown = without.filter((name) => !protections.includes(name));
  if (unknown.length > 0)
    throw invalid(`the shop has no protection ${unknown.join(', ')}`, `it has ${protections.join(', ')}`);
}
