import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../../tests/support/chromium.ts';
import { chartsIn, seriousIn } from '../../../tests/support/page-checks.ts';
import { historyRun, normals, series } from '../../../tests/support/runs/history-runs.ts';
import { trendOf } from '../../history/trend.ts';
import { trendHtml } from './trend-page.ts';

let folder: string;
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
  folder = await mkdtemp(join(tmpdir(), 'tenfold-trend-'));
  await writeFile(join(folder, 'trend.html'), page());
}, 20_000);

afterAll(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true });
});

/** Every mark that there is: runs that failed, crashed, never recovered, or were not measured, and a change. */
function page(): string {
  const next = normals(6);
  const runs = Array.from({ length: 60 }, (_, day) =>
    historyRun(
      day,
      {
        'recovery.write': day === 50 ? Number.POSITIVE_INFINITY : next(day < 40 ? 6_400 : 9_100, 200),
        'p99.api.peak': next(60, 6),
        ...(day > 20 && { 'detection.page': next(17_000, 900) }),
      },
      day % 11 === 5 ? { status: 'crashed', outcome: 'inconclusive' } : { outcome: day >= 45 ? 'fail' : 'pass' },
    ),
  );
  return trendHtml({ ...trendOf(series, runs, null), notCompared: [] }, 'npm run tenfold -- trend aurora-failover');
}

const views = [
  { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
] as const;

test.each(views)('a trend in $viewport.width px, $colorScheme: whole, legible, and nothing serious', async (view) => {
  const context = await browser.newContext(view);
  const opened = await context.newPage();
  const trouble: string[] = [];
  opened.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
  const url = pathToFileURL(join(folder, 'trend.html')).href;
  await context.route('**/*', (route) => {
    if (route.request().url() === url) return route.continue();
    trouble.push(`asked for ${route.request().url()}`);
    return route.abort();
  });
  await opened.goto(url, { waitUntil: 'load' });
  expect(await opened.evaluate('document.documentElement.scrollWidth')).toBe(view.viewport.width);
  const charts = await chartsIn(opened);
  expect(charts).toHaveLength(3);
  for (const { lowestText, outside } of charts) expect([lowestText > 10, outside]).toEqual([true, 0]);
  expect(await seriousIn(opened)).toEqual([]);
  expect(trouble).toEqual([]);
  await context.close();
});
