import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { type HookServer, startHookServer } from '../../tests/support/hook-server.ts';
import { nodeLossRun } from '../../tests/support/runs/node-loss.ts';
import { failingRun, hostileRun, interruptedRun, passingRun } from '../../tests/support/runs/runs.ts';
import { type Notice, noticeSchema } from '../model/notice.ts';
import type { ReportInput } from '../report/report-input.ts';
import { drillNotice } from './notices.ts';
import { dataUri, pictureOf } from './picture.ts';
import type { ReadyTarget } from './ready-targets.ts';
import { slackMessage } from './slack.ts';
import { teamsMessage } from './teams.ts';
import { tellAll } from './tell-all.ts';

const key = Buffer.alloc(32, 7);
const target = (server: HookServer, kind: ReadyTarget['kind'], changed: Partial<ReadyTarget> = {}): ReadyTarget => ({
  kind,
  when: 'always',
  name: `${kind} (URL)`,
  url: `${server.url}/${kind}`,
  key: null,
  ...changed,
});
const besides = {
  lookAt: null,
  reportUrl: 'https://ci.example/1/report.html',
  pictureUrl: 'https://ci.example/1/timeline.png',
};
const noticeOf = (input: ReportInput, lookAt: string | null = null): Notice =>
  drillNotice(input, { ...besides, lookAt });
const patience = { limitMs: 1_000, tryMs: 500, waitMs: 10 };

test('everybody is told, each in their own way', async () => {
  await using server = await startHookServer();
  const run = failingRun();
  const all = [target(server, 'slack'), target(server, 'teams'), target(server, 'webhook', { key })];
  expect(await tellAll(all, noticeOf(run), pictureOf(run), patience)).toEqual([]);
  const received = new Map(server.received.map((one) => [one.path, one]));
  expect(JSON.parse(received.get('/slack')?.body ?? '')).toHaveProperty('blocks');
  expect(JSON.parse(received.get('/teams')?.body ?? '')).toHaveProperty('attachments');
  const { body = '', headers = {} } = received.get('/webhook') ?? {};
  const notice = noticeSchema.parse(JSON.parse(body));
  expect(notice).toMatchObject({ event: 'drill', id: run.verdict.runId, outcome: 'fail' });
  expect(notice.items[0]?.outcome).toBe('fail');
  expect(notice.items.length + notice.itemsLeftOut).toBe(run.verdict.findings.length);
  const image = Buffer.from(notice.picture?.replace('data:image/png;base64,', '') ?? '', 'base64');
  expect(image.subarray(1, 4).toString()).toBe('PNG');
  expect(image.readUInt32BE(16)).toBe(1080);

  const signed = headers as Record<string, string>;
  expect(new Webhook(`whsec_${key.toString('base64')}`).verify(body, signed)).toEqual(notice);
  expect(() => new Webhook(`whsec_${Buffer.alloc(32, 8).toString('base64')}`).verify(body, signed)).toThrow();
  expect(() => new Webhook(key.toString('base64')).verify(body.replace('fail', 'pass'), signed)).toThrow();
});

test('a message that is sent again has the same id', async () => {
  await using server = await startHookServer((_, count) => ({ status: count === 1 ? 500 : 200 }));
  await tellAll([target(server, 'webhook')], noticeOf(passingRun()), null, patience);
  const ids = server.received.map(({ headers }) => headers['webhook-id']);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
  expect(server.received[0]?.headers).not.toHaveProperty('webhook-signature');
});

test('one who does not take it is told by name, and keeps it from nobody else', async () => {
  await using server = await startHookServer(({ path }) => ({ status: path === '/slack' ? 404 : 200 }));
  const lines = await tellAll(
    [target(server, 'slack'), target(server, 'teams')],
    noticeOf(passingRun()),
    null,
    patience,
  );
  expect(lines).toEqual(['slack (URL) was not told: it answered 404']);
  expect(server.received).toHaveLength(2);
});

test('who wants to hear of trouble only is told of trouble alone', async () => {
  await using server = await startHookServer();
  const quiet = [target(server, 'webhook', { when: 'not-pass' })];
  const told = async (notice: Notice) => {
    await tellAll(quiet, notice, null, patience);
    return server.received.splice(0).length;
  };
  expect(await told(noticeOf(passingRun()))).toBe(0);
  expect(await told(noticeOf(passingRun(), 'the platform may be dirty'))).toBe(1);
  expect(await told(noticeOf(failingRun()))).toBe(1);
  expect(await told(noticeOf(interruptedRun()))).toBe(1);
});

/** All texts in a message, with the name of what they stand in. */
function textsIn(value: unknown, name = ''): [string, string][] {
  if (typeof value === 'string') return [[name, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, Array.isArray(value) ? name : key));
}

const long = (): Notice => {
  const notice = noticeOf(hostileRun(), '<!channel> & co');
  const items = Array.from({ length: 10 }, () => ({
    title: 'x'.repeat(900),
    outcome: null,
    message: '&<'.repeat(2_000),
  }));
  return { ...notice, title: 't'.repeat(900), headline: 'h'.repeat(9_000), items, itemsLeftOut: 5 };
};

test.each([
  ['as usual', noticeOf(failingRun())],
  ['with all that an attacker may say', noticeOf(hostileRun(), '<!channel> & co')],
  ['as long as can be', long()],
])('Slack takes it %s', (_, notice) => {
  const message = slackMessage(notice) as { blocks: { type: string; text?: { text: string } }[] };
  expect(message.blocks.length).toBeLessThanOrEqual(50);
  for (const { type, text } of message.blocks) {
    if (text) expect(text.text.length).toBeLessThanOrEqual(type === 'header' ? 150 : 3_000);
    if (text) expect(text.text.length).toBeGreaterThan(0);
  }
  const markdown = textsIn(message).filter(([, text]) => text.includes('<'));
  for (const [, text] of markdown.filter(([, text]) => !text.startsWith('FAIL')))
    expect(text.replaceAll(/<https:\/\/ci\.example\/1\/(report\.html|timeline\.png)\|\w+>/g, '')).not.toContain('<');
});

test.each([
  ['as usual', failingRun(), noticeOf(failingRun())],
  ['as long as can be', failingRun(), long()],
])('Teams takes it %s, with the largest picture that it allows', (_, run, notice) => {
  const pictures = pictureOf(run)?.small.map(dataUri) ?? [];
  const message = JSON.stringify(teamsMessage(notice, pictures));
  expect(Buffer.byteLength(message)).toBeLessThanOrEqual(25_000);
  expect(JSON.stringify(teamsMessage(notice, [`data:image/png;base64,${'A'.repeat(40_000)}`]))).not.toContain('AAAA');
});

test('a run as usual fits into a card with its picture', () => {
  for (const run of [failingRun(), nodeLossRun()]) {
    const pictures = pictureOf(run)?.small.map(dataUri) ?? [];
    expect(JSON.stringify(teamsMessage(noticeOf(run), pictures))).toContain('data:image/png;base64,');
  }
});

test('a run in which nothing was measured has no picture', () => {
  expect(pictureOf(interruptedRun())).toBeNull();
});
