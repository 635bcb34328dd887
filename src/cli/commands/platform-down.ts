import { nowMs } from '../../runtime/clock.ts';
import { newRunId } from '../../runtime/random.ts';
import { forgetPlatform, keptPlatform } from '../kept-platform.ts';
import { lockPlatform } from '../lock-platform.ts';
import { sayLeft } from '../say-left.ts';
import { clusterPlatformOf, keptK3s, undoers } from '../wire.ts';

/** Takes down the platform that `up` left on a cluster, and the k3s that it or `--keep` left. Nothing to take down is no error. */
export async function platformDownCommand(): Promise<void> {
  const platform = await keptPlatform();
  const k3s = await keptK3s();
  const contexts = new Set([platform?.context, k3s?.name].filter((context) => context !== undefined));
  if (contexts.size === 0) {
    process.stdout.write('No platform is up on a cluster.\n');
    return;
  }
  const runId = `down-${newRunId(nowMs())}`;
  await using locks = new AsyncDisposableStack();
  for (const context of contexts) locks.use(await lockPlatform(clusterPlatformOf(context), runId));
  // With a k3s goes all that is on it.
  await k3s?.remove();
  for (const undo of platform?.undos ?? []) await undoers(sayLeft)[undo.kind]?.(undo);
  await forgetPlatform();
  process.stdout.write('The platform is down.\n');
}

export async function platformStatusCommand(): Promise<void> {
  const platform = await keptPlatform();
  const k3s = await keptK3s();
  const lines = [
    ...(platform ? [`Shop     ${platform.url}, on ${platform.context}`] : []),
    ...(platform && platform.without.length > 0 ? [`Without  ${platform.without.join(', ')}`] : []),
    ...(k3s ? [`k3s      ${k3s.name}`] : []),
  ];
  process.stdout.write(lines.length > 0 ? `${lines.join('\n')}\n` : 'No platform is up on a cluster.\n');
}
