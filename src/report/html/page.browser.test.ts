import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../../tests/support/chromium.ts';
import { seriousIn } from '../../../tests/support/page-checks.ts';
import { noFaultRun } from '../../../tests/support/runs/no-fault.ts';
import { nodeLossRun } from '../../../tests/support/runs/node-loss.ts';
import {
  failingRun,
  hostileRun,
  inconclusiveRun,
  interruptedRun,
  passingRun,
} from '../../../tests/support/runs/runs.ts';
import { valueAt } from '../measured.ts';
import { writeReports } from '../write-reports.ts';

const runs = { passingRun, failingRun, inconclusiveRun, interruptedRun, nodeLossRun, noFaultRun, hostileRun };
type RunName = keyof typeof runs;
const runNames = Object.keys(runs) as RunName[];

interface View {
  viewport: { width: number; height: number };
  colorScheme: 'light' | 'dark';
}
const laptop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };
const laptopLight: View = { viewport: laptop, colorScheme: 'light' };
const laptopDark: View = { viewport: laptop, colorScheme: 'dark' };
const phoneLight: View = { viewport: phone, colorScheme: 'light' };
const phoneDark: View = { viewport: phone, colorScheme: 'dark' };
const views = [laptopLight, laptopDark, phoneLight, phoneDark];

let folder: string;
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
  folder = await mkdtemp(join(tmpdir(), 'tenfold-page-'));
  for (const run of runNames) {
    await mkdir(join(folder, run));
    await writeReports(join(folder, run), runs[run]());
  }
}, 20_000);

afterAll(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true });
});

/** Opens a report as a person would, and gathers what a person would not see: errors and requests that leave the file. */
async function opened(run: RunName, file: string, view: View, look: (page: Page) => Promise<void>): Promise<void> {
  const url = pathToFileURL(join(folder, run, file)).href;
  const context = await browser.newContext(view);
  const page = await context.newPage();
  const trouble: string[] = [];
  page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
  page.on('pageerror', (error) => trouble.push(error.message));
  await context.route('**/*', (route) => {
    if (route.request().url() === url) return route.continue();
    trouble.push(`asked for ${route.request().url()}`);
    return route.abort();
  });
  await page.goto(url, { waitUntil: 'load' });
  await look(page);
  expect(trouble).toEqual([]);
  await context.close();
}

test.each(runNames)('%s: self-contained and no wider than its screen', async (run) => {
  for (const view of run === 'failingRun' ? views : [laptopLight, phoneDark]) {
    await opened(run, 'report.html', view, async (page) => {
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(view.viewport.width);
    });
  }
});

/** Every outcome and every view, but not every run in every view, for time's sake. */
const audited: [RunName, View[]][] = [
  ['failingRun', [laptopLight, phoneDark]],
  ['inconclusiveRun', [laptopDark]],
  ['interruptedRun', [phoneDark]],
  ['nodeLossRun', [phoneLight]],
];

test.each(audited)('%s: nothing serious for those who use it otherwise', async (run, itsViews) => {
  for (const view of itsViews) {
    await opened(run, 'report.html', view, async (page) => {
      expect(await seriousIn(page)).toEqual([]);
    });
  }
});

test.each(runNames)('%s: every number on the page is the one of verdict.json', async (run) => {
  const { verdict } = runs[run]();
  await opened(run, 'report.html', laptopLight, async (page) => {
    const shown = await page.$$eval('[data-path]', (elements) =>
      elements.map((element) => ({
        path: element.getAttribute('data-path') ?? '',
        value: element.getAttribute('data-value'),
        text: element.textContent,
      })),
    );
    for (const { path, value, text } of shown) {
      const raw = valueAt(verdict, path);
      expect(value, path).toBe(String(raw));
      if (raw === null) expect(text, path).toMatch(/^not (measured|recovered)$/);
      if (typeof raw === 'number') expectToRead(text, raw, path);
    }
    const paths = new Set(shown.map(({ path }) => path));
    // Of calls that succeeded alone, and of those that were left out, is told where there are any.
    const apart = verdict.latency.flatMap(({ p99Ms, robbed }, i) => [
      ...(p99Ms === 'failed' ? [] : numbersOf(verdict.latency[i]?.succeeded, `latency.${i}.succeeded`)),
      ...(robbed.calls > 0 ? [] : numbersOf(robbed, `latency.${i}.robbed`)),
    ]);
    const missing = (['load', 'recovery', 'latency', 'orders', 'errorBudget'] as const).flatMap((part) =>
      numbersOf(verdict[part], part).filter((path) => !paths.has(path) && !apart.includes(path)),
    );
    expect(missing).toEqual([]);
  });
});

/** Paths of all numbers below a value. */
function numbersOf(value: unknown, path: string): string[] {
  if (typeof value === 'number') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => numbersOf(inner, `${path}.${key}`));
}

/** Reads a formatted number back, by its unit, and allows for what rounding took. */
function expectToRead(text: string, raw: number, path: string): void {
  const scales: Record<string, number> = { ms: 1, s: 1000, min: 60_000, '%': 0.01 };
  const parts = [...text.matchAll(/(-?[\d,.]+)\s*(ms|min|s\b|%)?/g)];
  const read = parts.reduce(
    (sum, [, number = '', unit = '']) => sum + Number(number.replaceAll(',', '')) * (scales[unit] ?? 1),
    0,
  );
  const rounding = Math.max(Math.abs(raw) * 0.006, path.endsWith('Ms') ? 0.05 : 1e-9);
  expect(Math.abs(read - raw), `${path}: ${text} for ${raw}`).toBeLessThanOrEqual(rounding);
}

test('the chart that is shown fits the screen, and its text is legible', async () => {
  const shown: [RunName, View[]][] = [
    ['failingRun', views],
    ['nodeLossRun', [laptopDark, phoneLight]],
    ['noFaultRun', [laptopLight, phoneDark]],
  ];
  for (const [run, view] of shown.flatMap(([run, itsViews]) => itsViews.map((view) => [run, view] as const))) {
    await opened(run, 'report.html', view, async (page) => {
      const charts = await page.$$eval('svg.chart', (elements) =>
        elements
          .filter((element) => element.checkVisibility())
          .map((element) => {
            const texts = [...element.querySelectorAll('text')].map((text) => text.getBoundingClientRect());
            const box = element.getBoundingClientRect();
            return {
              lowestText: Math.min(...texts.map((text) => text.height)),
              outside: texts.filter((text) => text.left < box.left - 1 || text.right > box.right + 1).length,
            };
          }),
      );
      expect(charts).toHaveLength(1);
      expect(charts[0]?.lowestText).toBeGreaterThan(11);
      expect(charts[0]?.outside).toBe(0);
    });
  }
});

test('mochawesome.html is one file too', async () => {
  await opened('inconclusiveRun', 'mochawesome.html', laptopLight, async (page) => {
    await page.getByText('INCONCLUSIVE: API latency at peak').waitFor({ timeout: 10_000 });
  });
});
