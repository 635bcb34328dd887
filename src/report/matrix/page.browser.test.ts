import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../../tests/support/chromium.ts';
import { matrixWith } from '../../../tests/support/matrices.ts';
import { seriousIn } from '../../../tests/support/page-checks.ts';
import { hostileText } from '../../../tests/support/runs/runs.ts';
import { finding, verdictWith } from '../../../tests/support/verdicts.ts';
import { matrixHtml } from './page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
}, 20_000);
afterAll(async () => await browser?.close());

const missed = verdictWith([{ ...finding('orders.lost', 'pass'), message: hostileText }]);

test.each([
  ['a laptop', { width: 1280, height: 800 }, 'light'],
  ['a phone', { width: 390, height: 844 }, 'dark'],
] as const)('the matrix can be read on %s, by everybody, offline', async (_, viewport, colorScheme) => {
  const context = await browser.newContext({ viewport, colorScheme, offline: true });
  const page = await context.newPage();
  const trouble: string[] = [];
  page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
  page.on('pageerror', (error) => trouble.push(error.message));
  await page.setContent(matrixHtml(matrixWith({ quorum: missed })));
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
  expect(await seriousIn(page)).toEqual([]);
  expect(trouble).toEqual([]);
  await context.close();
});
