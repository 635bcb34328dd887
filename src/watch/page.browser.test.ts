import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../tests/support/chromium.ts';
import { seriousIn } from '../../tests/support/page-checks.ts';
import { runbook } from '../../tests/support/runs/runbook.ts';
import { hostileRun } from '../../tests/support/runs/runs.ts';
import { readObservations } from '../analysis/observations.ts';
import { judgeStored } from '../drill/judge-run.ts';
import type { Observation } from '../model/evidence.ts';
import type { Tick } from '../model/runbook.ts';
import type { ReportInput } from '../report/report-input.ts';
import { nowMs } from '../runtime/clock.ts';
import { rootFolder } from '../runtime/processes.ts';
import { watchDocument } from './document.ts';
import { replayOf } from './replay.ts';
import { openRoom, type Room } from './room.ts';

interface View {
  viewport: { width: number; height: number };
  colorScheme: 'light' | 'dark';
}
const laptopLight: View = { viewport: { width: 1280, height: 800 }, colorScheme: 'light' };
const phoneDark: View = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' };
const phoneLight: View = { viewport: { width: 390, height: 844 }, colorScheme: 'light' };
const wallDark: View = { viewport: { width: 2560, height: 1440 }, colorScheme: 'dark' };
const screens: [string, View][] = [
  ['laptop, light', laptopLight],
  ['phone, dark', phoneDark],
  ['phone, light', phoneLight],
  ['wall, dark', wallDark],
];

const run = join(rootFolder, 'fixtures', 'runs', 'aurora-failover-holds');
const evidence = join(run, 'evidence');
let browser: Browser;
let folder: string;
let judged: ReportInput;
let observations: Observation[];
let room: Room | undefined;

beforeAll(async () => {
  browser = await launchChromium();
  folder = await mkdtemp(join(tmpdir(), 'tenfold-watch-'));
  judged = await judgeStored(run);
  observations = asOfNow(await readObservations(evidence, []));
}, 40_000);

afterEach(async () => {
  await room?.[Symbol.asyncDispose]();
  room = undefined;
});

afterAll(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true });
});

/** A drill that started just now. The run was recorded before a drill told of its probes and its paths. */
function asOfNow(stored: Observation[]): Observation[] {
  const laterMs = nowMs() + 60_000 - (stored[0]?.atMs ?? 0);
  const all = stored.map((o) => ({ ...o, atMs: o.atMs + laterMs }));
  const pods = all.find(({ kind }) => kind === 'inventory') as Extract<Observation, { kind: 'inventory' }>;
  const replicas = pods.pods.map(({ name, node }) => ({
    lane: `replica-${name}`,
    replica: name,
    zone: node.slice(0, 8),
  }));
  const told = (atMs: number): Observation => ({ kind: 'lanes', atMs, lanes: [], replicas });
  return all.flatMap((o): Observation[] => {
    if (o.kind === 'run-started') return [o, told(o.atMs)];
    if (o.kind !== 'load-progress') return [o];
    const isBad = o.errorsPerSecond > 0;
    const lanes = Object.fromEntries(
      replicas.map(({ lane }) => [lane, { good: isBad ? 2 : 5, failed: isBad ? 3 : 0 }]),
    );
    const calls = Math.round(o.ratePerSecond);
    const failed = Math.round(o.errorsPerSecond);
    const of = { calls, failed, p99Ms: o.p99Ms, tries: calls, badTries: failed };
    return [
      {
        ...o,
        paths: [
          { path: 'api', ...of },
          { path: 'checkout', ...of },
        ],
      },
      { kind: 'probes', atMs: o.atMs, lanes },
    ];
  });
}

/** Up to some seconds after the injection. */
const untilFault = (): Observation[] => {
  const injected = observations.find((o) => o.kind === 'fault' && o.state === 'injected')?.atMs ?? 0;
  return observations.filter(({ atMs }) => atMs <= injected + 4_000);
};

async function opened() {
  const said: string[] = [];
  room = await openRoom((line) => said.push(line));
  room.begin(judged.plan);
  return { room, said };
}

/** Opens a page as a person would, and gathers what a person would not see: errors, and requests that lead elsewhere. */
async function looked(url: string, view: View, look: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext(view);
  const page = await context.newPage();
  const trouble: string[] = [];
  page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('request', (request) => {
    if (/^(http|file)/.test(request.url()) && !request.url().startsWith(url.replace(/#.*/, '')))
      trouble.push(`asked for ${request.url()}`);
  });
  await page.goto(url, { waitUntil: 'load' });
  await look(page);
  expect(trouble).toEqual([]);
  await context.close();
}

async function expectUsable(page: Page, { viewport }: View): Promise<void> {
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
  expect(await seriousIn(page)).toEqual([]);
}

const textOf = async (page: Page, id: string): Promise<string> => (await page.locator(`#${id}`).textContent()) ?? '';

test.each(screens)('a drill can be followed without its terminal, by everybody: %s', async (_, view) => {
  const { room } = await opened();
  for (const observation of untilFault()) room.listener(observation);
  await looked(room.url, view, async (page) => {
    await page.getByText('Fault: rds-failover').first().waitFor();
    await page.locator('.live-chart .line').first().waitFor();
    await expectUsable(page, view);
    expect(await textOf(page, 'title')).toBe(judged.plan.title);
    expect(await textOf(page, 'now')).toMatch(/Fault proven.*Next: The load ends/s);
    expect(await textOf(page, 'figures')).toMatch(/p99 checkout.*limit: /s);
    expect(await textOf(page, 'zones')).toMatch(/local-1a.*local-1b.*local-1c/s);
    expect(await textOf(page, 'fault')).toMatch(/injected.*took effect, by proof/s);
    expect(await page.locator('.live-chart').getAttribute('aria-label')).toMatch(/requests\/s: all \d/);
  });
});

test('what happens shows at once, a reload and a closed tab lose nothing, and news is said aloud', async () => {
  const { room } = await opened();
  const early = untilFault().filter(
    ({ kind, atMs }) => kind !== 'fault' && atMs < (observations[0]?.atMs ?? 0) + 20_000,
  );
  for (const observation of early) room.listener(observation);
  await looked(room.url, laptopLight, async (page) => {
    await page.getByText('Baseline').first().waitFor();
    room.listener({ kind: 'fault', atMs: observations.at(-1)?.atMs ?? 0, fault: 'rds-failover', state: 'injected' });
    await page.locator('#said', { hasText: 'is injected' }).waitFor();
    await page.locator('.phase-word.fail').waitFor();
    await page.reload();
    await page.locator('.phase-word.fail').waitFor();
  });
  await looked(room.url, laptopLight, async (page) => await page.locator('.phase-word.fail').waitFor());
});

test('the drill is stopped with the keyboard, after a question, and only by who has the whole link', async () => {
  const { room, said } = await opened();
  for (const observation of untilFault()) room.listener(observation);
  await looked(room.url.replace(/#.*/, ''), laptopLight, async (page) => {
    await page.getByText('Fault: rds-failover').first().waitFor();
    expect(await page.locator('#stop').isVisible()).toBe(false);
  });
  await looked(room.url, phoneDark, async (page) => {
    const button = page.getByRole('button', { name: 'Stop the drill' }).first();
    await expect.poll(() => button.isEnabled()).toBe(true);
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Stop the drill?' }).waitFor();
    await expectUsable(page, phoneDark);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(room.stopped.aborted).toBe(false);
    await button.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => room.stopped.aborted).toBe(true);
    await page.getByRole('button', { name: 'Stopping' }).waitFor();
  });
  expect(room.stopped.reason).toMatchObject({ status: 'interrupted', message: 'stopped by somebody who watched' });
  expect(said).toEqual(['stopped by somebody who watches: undoing and tearing down']);
});

test.each(screens)(
  'a step of the runbook is done with the keyboard, by name, and all who watch see it: %s',
  async (_, view) => {
    const { room } = await opened();
    room.begin({ ...judged.plan, runbook });
    const written: Tick[] = [];
    room.takeTicks((tick) => written.push(tick));
    for (const observation of untilFault()) room.listener(observation);
    await looked(room.url, view, async (page) => {
      await page.getByText('By the runbook: Look at the pods').waitFor();
      await page.getByRole('button', { name: 'Done: Note the writer' }).waitFor();
      expect(await page.getByRole('button', { name: 'Done: Compare orders' }).count()).toBe(0);
      await expectUsable(page, view);
      await page.getByRole('button', { name: 'Done: Look at the pods' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name: 'Is this step done?' }).waitFor();
      await expectUsable(page, view);
      await page.keyboard.press('Escape');
      // The dialog hands the focus on once it has closed.
      await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('runbook');
      expect(written).toEqual([]);
      await page.getByRole('button', { name: 'Done: Look at the pods' }).focus();
      await page.keyboard.press('Enter');
      await page.keyboard.type('Ada <b>Lovelace</b>');
      await page.keyboard.press('Enter');
      await page.locator('#runbook', { hasText: 'by Ada <b>Lovelace</b>, at ' }).waitFor();
      await page.locator('#said', { hasText: 'did a step of the runbook: Look at the pods' }).waitFor();
      expect(await page.evaluate('document.activeElement.id')).toBe('runbook');
      expect(await page.getByRole('button', { name: 'Done: Look at the pods' }).count()).toBe(0);
    });
    expect(written).toMatchObject([{ step: 'look', by: 'Ada <b>Lovelace</b>' }]);
    await looked(room.url.replace(/#.*/, ''), view, async (page) => {
      await page.locator('#runbook', { hasText: 'by Ada <b>Lovelace</b>' }).waitFor();
      expect(await page.getByRole('button', { name: 'Done:' }).count()).toBe(0);
      await expectUsable(page, view);
    });
  },
);

test('a step that is not written down is said to be not done', async () => {
  const { room } = await opened();
  room.begin({ ...judged.plan, runbook });
  room.takeTicks(() => {
    throw new Error('no space is left');
  });
  for (const observation of untilFault()) room.listener(observation);
  await looked(room.url, laptopLight, async (page) => {
    page.removeAllListeners('console');
    await page.getByRole('button', { name: 'Done: Note the writer' }).click();
    await page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
    await page.getByRole('button', { name: 'It is done' }).click();
    await page
      .getByRole('alert')
      .filter({ hasText: 'It was not written down: it could not be written down: no space is left' })
      .waitFor();
    await page.getByRole('button', { name: 'Not yet' }).click();
    await page.getByRole('button', { name: 'Done: Note the writer' }).waitFor();
  });
});

test('a replay shows who did what, and offers nothing to do', async () => {
  const doneAt = new Date(judged.facts.timeline.injectedAtMs ?? 0).toISOString();
  const steps = runbook.steps.map(({ id, title, moment }) => ({ id, title, moment, doneAt, by: 'Ada' }));
  const input = {
    ...judged,
    plan: { ...judged.plan, runbook },
    facts: { ...judged.facts, runbook: { ...runbook, steps } },
  };
  const { html } = await watchDocument('x', await replayOf(evidence, input, 'again'));
  const file = join(folder, 'rehearsed.html');
  await writeFile(file, html);
  await looked(pathToFileURL(file).href, phoneLight, async (page) => {
    await page.locator('#runbook', { hasText: 'by Ada' }).waitFor();
    expect(await page.getByRole('button', { name: 'Done' }).count()).toBe(0);
    await expectUsable(page, phoneLight);
  });
});

test('the end is told, and that the drill is gone', async () => {
  const { room } = await opened();
  for (const observation of observations) room.listener(observation);
  const context = await browser.newContext(laptopLight);
  const page = await context.newPage();
  await page.goto(room.url);
  await page.getByText('The evidence is being judged.').waitFor();
  room.judged(judged, 'npm run tenfold -- open reports/x');
  await room[Symbol.asyncDispose]();
  await page.locator('#verdict', { hasText: 'open reports/x' }).waitFor();
  await page.locator('#link', { hasText: 'the drill has ended' }).waitFor();
  await context.close();
});

test('where several drills run in a row, those before are told with what became of them', async () => {
  const { room } = await opened();
  for (const observation of observations) room.listener(observation);
  room.judged(judged, 'again');
  room.begin({ ...judged.plan, title: 'The next one', without: ['quorum-commit'] });
  await looked(room.url, phoneDark, async (page) => {
    await page.getByRole('heading', { name: 'The next one' }).waitFor();
    await page.locator('#verdict', { hasText: 'Before this drill' }).waitFor();
    await page.locator('#verdict li', { hasText: /pass aurora-failover: All \d+ findings passed/ }).waitFor();
    await expectUsable(page, phoneDark);
  });
});

test('while the drill cannot be reached, the page says that it may be old', async () => {
  const { room } = await opened();
  for (const observation of untilFault()) room.listener(observation);
  const context = await browser.newContext(laptopLight);
  const page = await context.newPage();
  await page.goto(room.url);
  await page.locator('#link', { hasText: 'live' }).waitFor();
  await room[Symbol.asyncDispose]();
  await page.locator('#link.away', { hasText: 'may be old' }).waitFor();
  await context.close();
});

test.each(screens)('a finished run is one file, to go through again to the second: %s', async (_, view) => {
  const { html } = await watchDocument(judged.plan.title, await replayOf(evidence, judged, 'again'));
  const file = join(folder, 'replay.html');
  await writeFile(file, html);
  const injectedAtMs = judged.facts.timeline.injectedAtMs ?? 0;
  await looked(pathToFileURL(file).href, view, async (page) => {
    await page.getByText('Verdict: pass').first().waitFor();
    await expectUsable(page, view);
    await page.getByRole('slider', { name: 'Time' }).focus();
    await page.keyboard.press('Home');
    await page.locator('.phase-word', { hasText: 'Getting ready' }).waitFor();
    const startMs = Number(
      await page.evaluate('JSON.parse(document.getElementById("replay").textContent).events[0].atMs'),
    );
    await page.getByRole('slider', { name: 'Time' }).fill(String(Math.ceil((injectedAtMs - startMs) / 1_000) * 1_000));
    await page.locator('.phase-word.fail').waitFor();
    const box = await page.locator('.live-chart').boundingBox();
    await page.locator('.live-chart').click({ position: { x: (box?.width ?? 0) * 0.3, y: 60 } });
    await page.locator('.phase-word', { hasText: /peak/i }).waitFor();
    await page.getByRole('combobox', { name: 'Show' }).selectOption('one second');
    await page.getByText('slowest call in 50 ms').waitFor();
    await page.getByRole('slider', { name: 'Time' }).focus();
    const before = await page.locator('.live-chart').innerHTML();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.live-chart').innerHTML()).not.toBe(before);
    await page.getByRole('button', { name: 'Play' }).press('Enter');
    await page.getByRole('button', { name: 'Pause' }).press('Enter');
  });
});

test('what others say is shown as text', async () => {
  const hostile = hostileRun();
  const said = '<img src=x onerror="document.title=1">\u0007</script>';
  room = await openRoom(() => {});
  room.begin({ ...hostile.plan, title: said, fault: { kind: said, summary: said } });
  room.listener({ kind: 'problem', atMs: 1, about: 'load', message: said });
  room.note(said);
  room.judged(hostile, said);
  await looked(room.url, laptopLight, async (page) => {
    await page.locator('#told', { hasText: '<img src=x' }).waitFor();
    expect(await page.locator('img').count()).toBe(0);
  });
  const { html } = await watchDocument(said, {
    events: [{ kind: 'problem', atMs: 1, about: 'load', message: said }],
    fine: { fromMs: 0, binMs: 50, paths: [] },
  });
  const file = join(folder, 'hostile.html');
  await writeFile(file, html);
  await looked(pathToFileURL(file).href, laptopLight, async (page) => {
    await page.locator('#told', { hasText: '<img src=x' }).waitFor();
    expect(await page.locator('img').count()).toBe(0);
  });
});
