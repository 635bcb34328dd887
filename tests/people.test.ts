import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { exitCodes } from '../src/model/exit-codes.ts';
import { noticeSchema } from '../src/model/notice.ts';
import type { WatchEvent } from '../src/watch/events.ts';
import { leftovers, makePlace, startTenfold, theRun } from './harness.ts';
import { configOf, env, startShop, writeConfig } from './own-shop.ts';
import { eventsOf, linkOf } from './room.ts';
import { startHookServer } from './support/hook-server.ts';

const runbook = `# Nothing can be ordered

## Before

### Note how many orders there are

In the ledger.

## Fault

### Find out why

\`\`\`sh
ls broken
\`\`\`

## After

### Tell everybody
In the channel.
`;

test('a drill is rehearsed from its room, and its end is told: in the evidence, by webhook and on the page of a job', async () => {
  await using place = await makePlace();
  await using shop = await startShop(place);
  // Slack is away for good, which must not change anything.
  await using hooks = await startHookServer(({ path }) => ({ status: path.startsWith('/slack') ? 404 : 202 }));
  await writeFile(join(shop.folder, 'no-orders.md'), runbook);
  const config = await writeConfig(shop, configOf(shop, { runbooks: { 'no-orders': 'no-orders.md' } }));
  const settings = join(place.mark, 'notify.json');
  const targets = [
    { kind: 'webhook', url: { env: 'HOOK_URL' }, secret: { env: 'HOOK_SECRET' } },
    { kind: 'teams', url: { env: 'TEAMS_URL' } },
  ];
  await writeFile(settings, JSON.stringify({ targets }));
  const page = join(place.mark, 'job.md');
  const secrets = {
    HOOK_URL: `${hooks.url}/hook-secret`,
    HOOK_SECRET: `whsec_${Buffer.alloc(32, 5).toString('base64')}`,
    TEAMS_URL: `${hooks.url}/teams-secret`,
    SLACK_URL: `${hooks.url}/slack-secret`,
  };
  const where = ['--config', config, '--profile', 'brief', '--reports', place.reports];
  const notify = ['--notify', settings, '--notify', 'slack=SLACK_URL', '--report-url', 'https://ci.example/reports'];
  const running = startTenfold(place, ['run', 'no-orders', ...where, ...notify, '--watch', '--json'], {
    ...env,
    ...secrets,
    GITHUB_ACTIONS: 'true',
    GITHUB_STEP_SUMMARY: page,
  });
  const url = await linkOf(running);
  const tick = async (runId: string, step: string, by: string) => {
    const { status } = await fetch(new URL('tick', url), {
      method: 'POST',
      headers: { authorization: `Bearer ${url.hash.slice('#stop='.length)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ runId, step, by }),
    });
    return status;
  };
  const seen: WatchEvent[] = [];
  let runId = '';
  for await (const event of eventsOf(url)) {
    seen.push(event);
    if (event.kind === 'run') {
      runId = event.runId;
      expect(await tick(runId, 'find-out-why', 'Ada')).toBe(409);
    }
    if (event.kind === 'fault' && event.state === 'injected')
      expect(await tick(runId, 'find-out-why', 'Ada')).toBe(202);
    if (event.kind === 'tick') break;
  }
  expect(seen[0]).toMatchObject({
    kind: 'begin',
    frame: { runbook: { file: 'no-orders.md', title: 'Nothing can be ordered' } },
  });

  const result = await running;
  const { folder, verdict } = await theRun(place, 'no-orders');
  expect(JSON.parse(result.stdout)).toEqual(verdict);
  expect(result.exitCode, result.stderr).toBe(exitCodes[verdict.outcome]);
  const facts = JSON.parse(await readFile(join(folder, 'facts.json'), 'utf8'));
  expect(facts.runbook.file).toBe('no-orders.md');
  expect(facts.runbook.sha256).toMatch(/^[0-9a-f]{64}$/);
  const [note, find, tell] = facts.runbook.steps;
  expect(note).toEqual({
    id: 'note-how-many-orders-there-are',
    title: 'Note how many orders there are',
    moment: 'before',
    doneAt: null,
    by: null,
  });
  expect(find).toMatchObject({ id: 'find-out-why', moment: 'fault', by: 'Ada' });
  expect(Date.parse(find.doneAt)).toBeGreaterThanOrEqual(facts.fault.injectedAtMs - 1);
  expect(tell.doneAt).toBeNull();
  expect(await readFile(join(folder, 'report.html'), 'utf8')).toContain('1 of 3 steps of the runbook were rehearsed.');
  const manifest = JSON.parse(await readFile(join(folder, 'evidence', 'manifest.json'), 'utf8'));
  expect(manifest.files).toHaveProperty(['runbook.ndjson']);

  expect(hooks.received.map(({ path }) => path).sort()).toEqual(['/hook-secret', '/slack-secret', '/teams-secret']);
  const hook = hooks.received.find(({ path }) => path === '/hook-secret');
  const signed = hook?.headers as Record<string, string>;
  const notice = noticeSchema.parse(new Webhook(secrets.HOOK_SECRET).verify(hook?.body ?? '', signed));
  expect(notice).toMatchObject({ event: 'drill', id: verdict.runId, outcome: verdict.outcome, lookAt: null });
  expect(notice.reportUrl).toBe(`https://ci.example/reports/no-orders/${verdict.runId}/report.html`);
  expect(notice.pictureUrl).toBe(`https://ci.example/reports/no-orders/${verdict.runId}/timeline.png`);
  expect((await readFile(join(folder, 'timeline.png'))).toString('base64')).toBe(
    notice.picture?.replace('data:image/png;base64,', ''),
  );
  expect(result.stderr).toContain('slack (SLACK_URL) was not told: it answered 404\n');

  const summary = await readFile(page, 'utf8');
  expect(summary).toContain(verdict.runId);
  expect(summary).toContain('| Find out why | Ada |');
  expect(result.stderr).toMatch(/^::(error|warning|notice) .*title=/m);
  const written = [result.stderr, result.stdout, summary, await readFile(join(folder, 'plan.json'), 'utf8')].join();
  for (const secret of Object.values(secrets)) expect(written).not.toContain(secret);
  expect(await leftovers(place)).toEqual([]);

  // It is the same from its evidence alone.
  const again = await startTenfold(place, ['analyze', folder]);
  expect(again.exitCode, again.stderr).toBe(result.exitCode);
  expect(JSON.parse(await readFile(join(folder, 'facts.json'), 'utf8')).runbook).toEqual(facts.runbook);
  const html = join(place.mark, 'replay.html');
  const opened = await startTenfold(place, ['open', folder, '--export', html]);
  expect(opened.exitCode, opened.stderr).toBe(exitCodes.pass);
  expect(await readFile(html, 'utf8')).toContain('"kind":"tick"');
});

test('what is wrong with whom to tell, and with a runbook, is told before anything is started', async () => {
  await using place = await makePlace();
  await using shop = await startShop(place);
  const config = await writeConfig(shop, configOf(shop, { runbooks: { 'no-order': 'x.md' } }));
  await writeFile(join(shop.folder, 'x.md'), '# X\n## Panic\n');
  const run = async (...more: string[]) => {
    const result = await startTenfold(
      place,
      ['run', 'no-orders', '--config', config, '--reports', place.reports, ...more],
      env,
    );
    expect(result.exitCode, result.stderr).toBe(exitCodes.invalid);
    return result.stderr;
  };
  expect(await run()).toMatch(/x\.md is not a runbook:\n.*## Panic: is no moment/);
  await writeFile(join(shop.folder, 'x.md'), runbook);
  expect(await run()).toMatch(/has a runbook of no-order, and there is no such drill\n.*did you mean no-orders\?/);
  expect(await run('--notify', 'slack=NOBODY_SET_IT')).toContain('NOBODY_SET_IT is not set');
  expect(await run('--notify', 'pager=X')).toMatch(/--notify pager=X cannot be used, known are slack, teams, webhook/);
  expect(await run('--notify', 'missing.json')).toContain('--notify missing.json cannot be read');
  expect(await run('--report-url', 'https://ci.example')).toContain('--report-url is for what --notify tells');
  const leaked = await run('--notify', 'slack=https://hooks.example/a-secret');
  expect(leaked).toContain('--notify takes no URL');
  expect(leaked).not.toContain('a-secret');
});
