import { expect, test } from 'vitest';
import { waitFor } from './clock.ts';
import { isAlive } from './processes.ts';
import { shell } from './shell.ts';

test('a process lives until it has ended, whether anybody buries it or not', async () => {
  // `exec` leaves a parent that does not know of its child.
  await using _parent = {
    child: shell`sh -c ${'sleep 1 & echo $!; exec sleep 30'}`,
    async [Symbol.asyncDispose]() {
      await this.child.kill('SIGKILL');
      await this.child;
    },
  };
  const [line] = await _parent.child.stdout.take(1).toArray();
  const pid = Number(String(line));
  expect(isAlive(pid)).toBe(true);
  await waitFor('it to be dead', () => (isAlive(pid) ? undefined : true), { timeoutMs: 10_000, intervalMs: 50 });
});
