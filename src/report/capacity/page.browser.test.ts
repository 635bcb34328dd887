import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../../tests/support/chromium.ts';
import { chartsIn, seriousIn } from '../../../tests/support/page-checks.ts';
import { brokenPaths, factors, factsOf, stepFact, steppedPlan } from '../../../tests/support/steps.ts';
import { capacityOf } from '../../capacity/capacity-of.ts';
import { capacityPage, writeCapacityReports } from './write-capacity-reports.ts';

let folder: string;
let browser: Browser;

/** Steps of every look: good, broken, and left out. */
const steps = factors.slice(0, 9).map((factor) => {
  const fact = { ...stepFact(factor), inFlight: factor ** 1.4 };
  if (factor < 10) return fact;
  return factor < 14 ? { ...fact, ...brokenPaths(fact) } : { ...fact, busyRatio: 0.97 };
});

beforeAll(async () => {
  browser = await launchChromium();
  folder = await mkdtemp(join(tmpdir(), 'tenfold-capacity-'));
  await writeCapacityReports(folder, capacityOf(factsOf(steps), steppedPlan));
}, 20_000);

afterAll(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true });
});

const views = [
  { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
] as const;

test.each(views)(
  'what a shop carries in $viewport.width px, $colorScheme: whole, legible, and nothing serious',
  async (view) => {
    const context = await browser.newContext(view);
    const opened = await context.newPage();
    const trouble: string[] = [];
    opened.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
    const url = pathToFileURL(join(folder, capacityPage)).href;
    await context.route('**/*', (route) => {
      if (route.request().url() === url) return route.continue();
      trouble.push(`asked for ${route.request().url()}`);
      return route.abort();
    });
    await opened.goto(url, { waitUntil: 'load' });
    expect(await opened.evaluate('document.documentElement.scrollWidth')).toBe(view.viewport.width);
    const charts = await chartsIn(opened);
    expect(charts).toHaveLength(1);
    for (const { lowestText, outside } of charts) expect([lowestText > 10, outside]).toEqual([true, 0]);
    expect(await seriousIn(opened)).toEqual([]);
    expect(trouble).toEqual([]);
    await context.close();
  },
);
