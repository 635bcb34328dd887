import { describe, expect, it } from 'vitest';
import { configSchema } from './config.ts';
import { filled, isRight, type Json, type ShopRequest, whatIsWrong } from './shop-request.ts';

const request: ShopRequest = {
  method: 'POST',
  path: '/p/{n:50}/{n:9}?again={n:50}',
  headers: {},
  body: '{"n":{n:50}}',
  expectStatus: [200],
  expectText: '/p/{n:50}"',
  expectJson: { 'item.id': '{n:50}', 'item.name': 'no {n:9} of {key}', 'item.tags': ['{n:9}', { '{n:9}': '{n:50}' }] },
};

describe('what is expected', () => {
  it('has the number that was drawn first for its placeholder', () => {
    let drawn = 0;
    const { path, body, expected, fillSame } = filled(request, { key: 'k', number: () => ++drawn }, {});
    expect([path, body]).toEqual(['/p/1/2?again=3', '{"n":4}']);
    expect(expected.expectText).toBe('/p/1"');
    expect(expected.expectJson).toEqual({ 'item.id': 1, 'item.name': 'no 2 of k', 'item.tags': [2, { '{n:9}': 1 }] });
    expect(fillSame('{n:50}x{n:9}')).toBe('1x2');
  });

  it.each<[Record<string, Json>, string, string | null]>([
    [{ a: 1 }, '{"a":1,"b":2}', null],
    [{ a: '1' }, '{"a":1}', 'with something else at a than is expected'],
    [{ a: 1, 'b.0.c': null }, '{"a":1,"b":[{"c":null}]}', null],
    [{ 'b.0.c': null }, '{"b":[]}', 'with something else at b.0.c than is expected'],
    [{ b: { x: 1, y: [2] } }, '{"b":{"y":[2],"x":1}}', null],
    [{ b: [1, 2] }, '{"b":[2,1]}', 'with something else at b than is expected'],
    [{ b: [] }, '{"b":{}}', 'with something else at b than is expected'],
    [{ 'b.length': 24 }, `{"b":${JSON.stringify(Array(24).fill(0))}}`, null],
    [{ constructor: {} }, '{}', 'with something else at constructor than is expected'],
    [{ a: 1 }, '<html>', 'with no JSON'],
  ])('%j of %s', (expectJson, body, wrong) => {
    const expected = { expectStatus: [200], expectText: '', expectJson };
    expect(whatIsWrong(expected, body)).toBe(wrong);
    expect(isRight(expected, 200, body)).toBe(wrong === null);
    expect(isRight(expected, 201, body)).toBe(false);
  });
});

const config = (some: object) =>
  configSchema.safeParse({
    baseUrl: 'http://127.0.0.1:1',
    paths: {
      read: { limitMs: 1, probe: { path: '/{n:5}' } },
      write: { limitMs: 1, probe: { path: '/' }, requests: [some] },
    },
    traffic: { baselineRatePerSecond: 1 },
  });

it.each([
  ['a number that nothing draws', { path: '/{n:5}', expectJson: { id: '{n:50}' } }, '{n:50} is expected, but nothing'],
  ['lines with one', { path: '/{n:5}', order: { lines: '{n:50}x1' } }, '{n:50} is expected, but nothing'],
  ['lines that are none', { path: '/{n:5}', order: { lines: 'two of {n:5}' } }, 'must be lines such as {n:50}x1+40x2'],
])('a config that expects %s is refused', (_, some, message) => {
  expect(JSON.stringify(config(some).error?.issues)).toContain(message);
});

it('a config that expects what it sends is taken', () => {
  const some = { path: '/{n:5}', expectJson: { id: '{n:5}' }, order: { lines: '{n:5}x2', totalCents: 'total' } };
  expect(config(some).error).toBeUndefined();
});
