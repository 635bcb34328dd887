import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** What keeps people from using a page, by axe, with where it is; empty where nothing does. */
export async function seriousIn(page: Page): Promise<string[]> {
  // The legacy mode stays in this one page, which has no frames, and takes half the time.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  const { violations } = await axe.analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

/** Of each chart of a page the height of its smallest text, and how many texts stand out of it at a side. */
export const chartsIn = async (page: Page): Promise<{ lowestText: number; outside: number }[]> =>
  await page.$$eval('svg.chart', (elements) =>
    elements.map((element) => {
      const texts = [...element.querySelectorAll('text')].map((text) => text.getBoundingClientRect());
      const box = element.getBoundingClientRect();
      return {
        lowestText: Math.min(...texts.map(({ height }) => height)),
        outside: texts.filter(({ left, right }) => left < box.left - 1 || right > box.right + 1).length,
      };
    }),
  );
