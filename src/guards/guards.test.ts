import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { days, guardsSchema } from '../model/guards.ts';
import { askGuards } from './ask-guards.ts';
import { isFrozen } from './freeze.ts';
import type { Guarded } from './guarded.ts';

const atMs = Date.UTC(2026, 10, 25, 12, 0);
const oneReplica = { kind: 'replica', which: 'shop-1', count: 1, of: 3 };

const guarded = (guards: object = {}, more: Partial<Guarded> = {}): Guarded => ({
  guards: guardsSchema.parse(guards),
  urls: ['http://127.0.0.1:1'],
  isHere: true,
  hits: [oneReplica],
  lastsMs: 120_000,
  productionReason: undefined,
  cwd: '/',
  secrets: [],
  atMs,
  signal: new AbortController().signal,
  ...more,
});

/** What refuses, and whether anything does. */
async function refusals(one: Guarded): Promise<Record<string, string>> {
  const answers = await askGuards(one);
  for (const { allows, remedy } of answers) if (!allows) expect(remedy).toBeTruthy();
  return Object.fromEntries(answers.filter(({ allows }) => !allows).map(({ guard, message }) => [guard, message]));
}

/** A real shop that says of itself what it is told to, and counts who asks. */
async function shopThatSays(status: number, body: string) {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

/** As of another machine. */
const elsewhere = (url: string): Partial<Guarded> => ({ urls: [url], isHere: false });
const allowing = { allowedHosts: ['127.0.0.1'] };

describe('a shop on this machine', () => {
  it('may be drilled, whatever its commands hit', async () => {
    expect(await refusals(guarded())).toEqual({});
    expect(await refusals(guarded({}, { hits: [{ kind: 'unknown', which: '?', count: null, of: null }] }))).toEqual({});
  });
});

describe('a shop on another machine', () => {
  it('has to be on the list, and say by itself that it may be drilled', async () => {
    const shop = await shopThatSays(200, '{ "drills": "allowed", "environment": "staging" }');
    expect(await refusals(guarded(allowing, elsewhere(shop.url)))).toEqual({});
    expect(shop.asked()).toBe(1);
  });

  it('is sent nothing when it is not on the list', async () => {
    const shop = await shopThatSays(200, '{ "drills": "allowed" }');
    const found = await refusals(guarded({}, elsewhere(shop.url)));
    expect(Object.keys(found)).toEqual(['allow-list', 'opt-in']);
    expect(shop.asked()).toBe(0);
  });

  it.each([
    [404, 'nothing here', /answers 404/],
    [200, 'yes', /something else than/],
    [200, '{ "drills": "forbidden" }', /drills are "forbidden"/],
    [200, `{ "drills": "${'x'.repeat(20_000)}" }`, /longer than/],
    [302, '', /answers 302/],
  ])('whose own word is %i %s is left alone', async (status, body, message) => {
    const shop = await shopThatSays(status, body);
    expect(await refusals(guarded(allowing, elsewhere(shop.url)))).toEqual({
      'opt-in': expect.stringMatching(message),
    });
  });

  it('is left alone when nobody said what the commands hit', async () => {
    const shop = await shopThatSays(200, '{ "drills": "allowed" }');
    const hits = [{ kind: 'unknown', which: '?', count: null, of: null }];
    expect(Object.keys(await refusals(guarded(allowing, { ...elsewhere(shop.url), hits })))).toEqual(['blast radius']);
  });

  it.each([
    ['shop.example', 'shop.example', true],
    ['SHOP.example', 'shop.EXAMPLE', true],
    ['a.staging.example', '*.staging.example', true],
    ['a.b.staging.example', '*.staging.example', false],
    ['staging.example', '*.staging.example', false],
    ['shop.example.evil', 'shop.example', false],
    ['notshop.example', 'shop.example', false],
  ])('%s and the list of %s: %s', async (host, pattern, allowed) => {
    const found = await refusals(guarded({ allowedHosts: [pattern] }, { ...elsewhere(`http://${host}`), hits: [] }));
    expect(!('allow-list' in found)).toBe(allowed);
  });
});

describe('a cluster', () => {
  it('is left alone when its context is on no list', async () => {
    expect(await refusals(guarded({}, { context: 'staging' }))).toEqual({
      'cluster allow-list': expect.stringMatching(/staging is on no list/),
    });
    expect(await refusals(guarded({ allowedContexts: ['staging'] }, { context: 'staging' }))).toEqual({});
  });

  it('that is called production needs a reason', async () => {
    const found = await refusals(guarded({ allowedContexts: ['eks-prod'] }, { context: 'eks-prod' }));
    expect(Object.keys(found)).toEqual(['production']);
  });
});

describe('production', () => {
  it.each([
    ['by the config', { environment: 'Production' }, 'http://127.0.0.1:1'],
    ['by its name', {}, 'http://shop.prod.example'],
    ['by its name, with a dash', {}, 'http://prod-shop.example'],
  ])('%s needs a reason', async (_, guards, url) => {
    const one = { urls: [url] };
    expect(Object.keys(await refusals(guarded(guards, one)))).toEqual(['production']);
    expect(await refusals(guarded(guards, { ...one, productionReason: 'game day 12' }))).toEqual({});
  });

  it('by its own word needs a reason too', async () => {
    const shop = await shopThatSays(200, '{ "drills": "allowed", "environment": "production" }');
    expect(Object.keys(await refusals(guarded(allowing, elsewhere(shop.url))))).toEqual(['production']);
  });

  it('is not what only sounds like it', async () => {
    expect(
      await refusals(guarded({ environment: 'products-staging' }, { urls: ['http://reproduce.example'] })),
    ).toEqual({});
  });
});

describe('the blast radius', () => {
  it('is a share of each kind', async () => {
    const hits = [oneReplica, { kind: 'node', which: 'two', count: 2, of: 3 }];
    expect(await refusals(guarded({}, { hits }))).toEqual({
      'blast radius': expect.stringMatching('2 of 3 of the kind node'),
    });
    expect(await refusals(guarded({ maxHitShare: 0.7 }, { hits }))).toEqual({});
  });
});

describe('the freeze calendar', () => {
  const blackFriday = { why: 'Black Friday', timeZone: 'Europe/Berlin', from: '2026-11-25', to: '2026-11-30' };

  it('lets no drill begin in a freeze, or run into one', async () => {
    expect(await refusals(guarded({ freezes: [blackFriday] }))).toEqual({
      'freeze calendar': expect.stringMatching('Black Friday'),
    });
    const before = Date.UTC(2026, 10, 24, 22, 58); // 23:58 in Berlin
    expect(await refusals(guarded({ freezes: [blackFriday] }, { atMs: before }))).toEqual({
      'freeze calendar': expect.stringMatching('would run into a freeze'),
    });
    expect(await refusals(guarded({ freezes: [blackFriday] }, { atMs: before - 3_600_000 }))).toEqual({});
  });

  it('goes by the clock of its time zone, to the last minute', () => {
    const at = (iso: string) => isFrozen(blackFriday, Date.parse(iso));
    expect([at('2026-11-24T22:59Z'), at('2026-11-24T23:00Z')]).toEqual([false, true]);
    expect([at('2026-11-30T22:59:59Z'), at('2026-11-30T23:00Z')]).toEqual([true, false]);
  });

  it('knows hours of the week, across midnight', () => {
    const nights = {
      why: 'batch',
      timeZone: 'UTC',
      days: ['fri' as const],
      hours: ['22:00', '06:00'] as [string, string],
    };
    const at = (iso: string) => isFrozen(nights, Date.parse(iso));
    expect([
      at('2026-11-27T21:59Z'),
      at('2026-11-27T22:00Z'),
      at('2026-11-28T05:59Z'),
      at('2026-11-28T06:00Z'),
    ]).toEqual([false, true, true, false]);
    expect([at('2026-11-28T22:00Z'), at('2026-11-27T05:00Z')]).toEqual([false, false]);
  });

  it('holds on all days of a week, whatever the hours, and never on none of them', () => {
    const hour = fc.integer({ min: 0, max: 23 }).map((one) => `${String(one).padStart(2, '0')}:00`);
    fc.assert(
      fc.property(hour, hour, fc.integer({ min: 0, max: 10_000 }), (from, to, minutes) => {
        const instant = atMs + minutes * 60_000;
        const frozen = (hours: [string, string]) =>
          isFrozen({ why: '', timeZone: 'Asia/Kolkata', days: [...days], hours }, instant);
        // The hours of a day and the rest of it.
        expect(frozen([from, to]) !== frozen([to, from]) || from === to).toBe(true);
      }),
    );
  });
});

describe('the error budget', () => {
  const left = (command: string, atLeast = 0.5) => ({
    errorBudget: { left: { command: { argv: ['sh', '-c', command], timeoutMs: 5_000 } }, atLeast },
  });

  it('has to be left, by a command of somebody', async () => {
    expect(await refusals(guarded(left('echo budget; echo 0.8')))).toEqual({});
    expect(await refusals(guarded(left('echo 0.2')))).toEqual({
      'error budget': expect.stringMatching('20 % of the error budget'),
    });
  });

  it.each(['exit 1', 'echo many', 'true'])('refuses when it cannot be read: %s', async (command) => {
    expect(await refusals(guarded(left(command)))).toEqual({ 'error budget': expect.stringMatching('cannot be read') });
  });
});
