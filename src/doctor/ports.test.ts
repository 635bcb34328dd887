import { expect, test } from 'vitest';
import { judgeRange } from './ephemeral-ports.ts';
import { troubleOn } from './ports.ts';

test('loopback answers', async () => {
  expect(await troubleOn('127.0.0.1')).toBeUndefined();
});

test('an address that is not of this machine is told by the cause', async () => {
  // For documents alone: RFC 5737.
  expect(await troubleOn('192.0.2.1')).toBe('EADDRNOTAVAIL');
});

test('a range with fewer ports than virtual users need is a problem', () => {
  expect(judgeRange({ first: 32_768, last: 60_999 }, 1_409, true).outcome).toBe('ok');
  expect(judgeRange({ first: 60_000, last: 60_999 }, 1_409, true)).toMatchObject({ outcome: 'problem' });
});

test("a range that holds the ports of the region's databases is a warning there alone", () => {
  const wide = { first: 1_024, last: 65_535 };
  expect(judgeRange(wide, 1_409, true)).toMatchObject({ outcome: 'warning', remedy: expect.any(String) });
  expect(judgeRange(wide, 1_409, false)).toMatchObject({ outcome: 'ok' });
});
