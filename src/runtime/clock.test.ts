import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { nowMs, within } from './clock.ts';

/** Work that ends when it is told to, and work that never does. */
const heeding = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
const hanging = () => new Promise<never>(() => {});

describe('work with a deadline', () => {
  it('gives its result, or its error, when it ends in time', async () => {
    expect(await within('it', { timeoutMs: 1_000 }, async () => 5)).toBe(5);
    const failing = within('it', { timeoutMs: 1_000 }, async () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
  });

  it('is told to end past it, and says what took too long', async () => {
    await expect(within('the undo', { timeoutMs: 20 }, heeding)).rejects.toThrow('the undo took longer than 0.02 s');
  });

  it('is left behind when it does not end', async () => {
    const startMs = nowMs();
    await expect(within('it', { timeoutMs: 20, graceMs: 50 }, hanging)).rejects.toThrow('took longer');
    expect(nowMs() - startMs).toBeGreaterThanOrEqual(70);
  });

  it('is told to end by a signal, whose reason is what is told', async () => {
    const signal = AbortSignal.abort(new Error('Ctrl-C'));
    await expect(within('it', { timeoutMs: 1_000, graceMs: 20, signal }, hanging)).rejects.toThrow('Ctrl-C');
  });

  it('has its grace to end in order, and its own word counts then', async () => {
    const inOrder = async (signal: AbortSignal) => {
      await heeding(signal).catch(() => {});
      await delay(30);
      return 'undone';
    };
    expect(await within('it', { timeoutMs: 20, graceMs: 5_000 }, inOrder)).toBe('undone');
  });

  it('that comes off after all is taken back', async () => {
    const late: number[] = [];
    const slow = () => delay(80, 7);
    await expect(within('it', { timeoutMs: 10, graceMs: 10, late: (one) => late.push(one) }, slow)).rejects.toThrow();
    await delay(120);
    expect(late).toEqual([7]);
  });
});
