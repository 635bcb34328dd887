import { expect, test } from 'vitest';
import { profiles } from '../../scenarios/traffic/profiles.ts';
import { testSite } from '../../tests/support/doctor-context.ts';
import type { Profile } from '../model/profile.ts';
import { judgeHeadroom } from './headroom.ts';
import { loadOn } from './load.ts';
import { judgeNeighbours } from './neighbours.ts';

const here = (costMs: number, cores = 2) => judgeHeadroom(loadOn(testSite(), costMs, cores), true);

test('the usual traffic on a host with CPU to spare', () => {
  const load = loadOn(testSite(), 0.4, 4);
  expect(load).toMatchObject({ divisor: 10, requestsPerSecond: 600, virtualUsers: 1_409 });
  expect(judgeHeadroom(load, true)).toEqual({
    outcome: 'ok',
    message: expect.stringMatching(/^1:10 .*49 % of 4 cores/),
  });
});

test('a slower host takes less traffic, which is told; with none that fits it is a problem', () => {
  expect(here(0.4)).toMatchObject({ outcome: 'warning', message: expect.stringMatching(/^1:30 .* instead of 1:10/) });
  expect(here(0.7)).toMatchObject({ outcome: 'warning', message: expect.stringMatching(/^1:60 .* little to spare/) });
  expect(here(1.2)).toMatchObject({ outcome: 'problem', remedy: expect.any(String) });
});

test("sessions, and a shop of one's own, are as many as they are: what is asked of the host is the generator then", () => {
  const sessions = { ...testSite(), profile: profiles.sessions as Profile };
  expect(loadOn(sessions, 0.4, 4)).toMatchObject({ divisor: undefined, virtualUsers: 11_914 });
  const attached = { ...testSite({ name: 'attached', checkoutShare: 0 }) };
  const load = loadOn(attached, 0.4, 2);
  expect(load).toMatchObject({ divisor: undefined, requestsPerSecond: 600, virtualUsers: 991 });
  expect(judgeHeadroom(load, false)).toMatchObject({
    outcome: 'ok',
    message: expect.stringContaining('the generator'),
  });
});

test('other programs and the hypervisor are told apart, and what is not known is said', () => {
  expect(judgeNeighbours({ busyRatio: 0.02, stealRatio: null }).outcome).toBe('ok');
  expect(judgeNeighbours({ busyRatio: 0.4, stealRatio: 0 }).message).toBe(
    'other programs take 40 % of the CPU time now',
  );
  expect(judgeNeighbours({ busyRatio: 0.4, stealRatio: 0.2 }).message).toMatch(/^the hypervisor takes 20 %/);
  expect(judgeNeighbours({ busyRatio: null, stealRatio: null }).outcome).toBe('unknown');
});
