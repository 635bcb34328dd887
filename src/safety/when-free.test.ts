import { expect, test } from 'vitest';
import { InUse, invalid, Stopped } from '../model/errors.ts';
import { whenFree } from './when-free.ts';

const inUse = (holder: string, sinceMs?: number) => new InUse('this platform', { holder, sinceMs }, 'wait for it');

/** A lock that is had once so many have been turned away. */
function lockAfter(...errors: Error[]) {
  const said: string[] = [];
  const take = async () => {
    const error = errors.shift();
    if (error) throw error;
    return 'ours';
  };
  return { take, said, say: (message: string) => void said.push(message) };
}

test('it is waited for, and who has it since when is said once', async () => {
  const { take, said, say } = lockAfter(inUse('drill a', Date.now() - 180_000));
  expect(await whenFree(take, { untilMs: Date.now() + 600_000, say })).toBe('ours');
  expect(said).toEqual(['waiting for at most 10 min: drill a is using this platform, since 3 min']);
});

test.each([
  ['nobody wants to wait', undefined, inUse('drill a'), /drill a is using this platform/],
  ['the time is up', Date.now() - 1, inUse('drill a'), /drill a is using this platform/],
  ['something else is wrong', Date.now() + 60_000, invalid('the lock cannot be read'), /cannot be read/],
])('it is refused at once where %s', async (_, untilMs, error, message) => {
  const { take, said, say } = lockAfter(error);
  await expect(whenFree(take, { untilMs, say })).rejects.toThrow(message);
  expect(said).toEqual([]);
});

test('Ctrl-C ends the waiting at once', async () => {
  const ending = new AbortController();
  const { take, say } = lockAfter(inUse('drill a'), inUse('drill a'));
  const waiting = whenFree(take, { untilMs: Date.now() + 60_000, signal: ending.signal, say });
  ending.abort(new Stopped('interrupted', 'interrupted by SIGINT'));
  const startMs = Date.now();
  await expect(waiting).rejects.toThrow('interrupted by SIGINT');
  expect(Date.now() - startMs).toBeLessThan(1_000);
});
