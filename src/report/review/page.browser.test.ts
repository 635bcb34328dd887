import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { carried } from '../../../tests/support/carried.ts';
import { launchChromium } from '../../../tests/support/chromium.ts';
import { seriousIn } from '../../../tests/support/page-checks.ts';
import { failingRun, hostileRun, hostileText, passingRun } from '../../../tests/support/runs/runs.ts';
import type { ReviewInput } from '../../model/review.ts';
import { decide } from '../../review/decide.ts';
import { reviewMarkdown } from './markdown.ts';
import { reviewHtml } from './page.ts';

let folder: string;
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
  folder = await mkdtemp(join(tmpdir(), 'tenfold-review-page-'));
  await writeFile(join(folder, 'review.html'), reviewHtml(review));
}, 20_000);

afterAll(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true });
});

const risk = { id: 'R1', title: hostileText, owner: hostileText, covers: ['no-runs'], until: '2026-12-31' };
const input: ReviewInput = {
  schemaVersion: 1,
  id: 'a-review',
  peak: '2026-11-27',
  createdAt: '2026-11-01T00:00:00.000Z',
  command: 'npm run review -- --peak 2026-11-27',
  target: 'local',
  profile: 'smoke',
  scale: 15,
  percentile: 90,
  freshDays: 365,
  identity: { commit: 'c0ffee'.repeat(6), dirty: false, versions: { 'image of shop': hostileText } },
  drills: ['aurora-failover', 'no-runs'].map((drill) => ({
    drill,
    title: hostileText,
    runsNeeded: 29,
    plan: '0'.repeat(64),
  })),
  named: false,
  capacityPlan: '0'.repeat(64),
  leftOut: [{ what: hostileText, why: hostileText }],
  risks: { risks: [risk], freezes: [{ from: '2026-11-20', to: '2026-11-30', what: hostileText }] },
};
/** Every mark that there is: a drill that failed in one of its runs, one without any, and names that try to be markup. */
const review = decide(
  input,
  [passingRun(), failingRun(), hostileRun(), passingRun()].map(({ verdict, facts }, index) => ({
    folder: `evidence/${index}`,
    sha256: `${index}`.repeat(64),
    verdict: {
      ...verdict,
      drill: index === 3 ? 'capacity' : 'aurora-failover',
      target: input.target,
      environment: { ...verdict.environment, ...input.identity },
    },
    facts,
    capacity: index === 3 ? carried({ standIn: hostileText, notTrustedBecause: [hostileText], trusted: false }) : null,
  })),
);

const views = [
  { viewport: { width: 1280, height: 800 }, colorScheme: 'light', media: 'screen' },
  { viewport: { width: 1280, height: 800 }, colorScheme: 'dark', media: 'screen' },
  { viewport: { width: 390, height: 844 }, colorScheme: 'light', media: 'screen' },
  // A4 at 96 dots an inch, without its margins.
  { viewport: { width: 718, height: 1_047 }, colorScheme: 'light', media: 'print' },
] as const;

test.each(views)(
  'a review in $viewport.width px, $colorScheme, $media: whole, legible, and nothing serious',
  async ({ media, ...view }) => {
    const context = await browser.newContext(view);
    const opened = await context.newPage();
    await opened.emulateMedia({ media });
    const trouble: string[] = [];
    opened.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
    opened.on('dialog', (dialog) => trouble.push(dialog.message()));
    await opened.goto(pathToFileURL(join(folder, 'review.html')).href, { waitUntil: 'load' });
    expect(await opened.evaluate('document.documentElement.scrollWidth')).toBe(view.viewport.width);
    // Who prints the first page has the decision and why.
    if (media === 'print')
      expect(
        await opened.$eval('section[aria-labelledby=reasons]', (element) => element.getBoundingClientRect().bottom),
      ).toBeLessThan(view.viewport.height);
    expect(await seriousIn(opened)).toEqual([]);
    expect(trouble).toEqual([]);
    await context.close();
  },
);

test('in Markdown, what people and platforms say stays text', () => {
  const markdown = reviewMarkdown(review);
  expect(markdown).toMatch(/^## ❌ NO-GO: Ready for the peak of 2026-11-27\?/);
  expect(markdown).not.toContain('<script>');
  expect(markdown).not.toMatch(/[^\\]\]\(http/);
});
