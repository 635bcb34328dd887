import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Suite } from '../../model/suite.ts';
import { junitXml } from '../junit.ts';
import { mochawesomeReport } from '../mochawesome.ts';
import { writeMochawesomeHtml } from '../mochawesome-html.ts';
import type { ReportInput } from '../report-input.ts';
import { suiteHtml } from './page.ts';
import { suiteSummary } from './summary.ts';
import { suiteTitle } from './words.ts';

/** Writes all.html, summary.md, and the runs' findings together as junit.xml, mochawesome.json and mochawesome.html. */
export async function writeSuiteReports(
  suiteFolder: string,
  suite: Suite,
  runs: readonly ReportInput[],
): Promise<void> {
  const folder = resolve(suiteFolder);
  await Promise.all([
    writeFile(join(folder, 'all.html'), suiteHtml(suite)),
    writeFile(join(folder, 'summary.md'), suiteSummary(suite)),
    writeFile(join(folder, 'junit.xml'), junitXml(...runs)),
    writeMochawesome(folder, suite, runs),
  ]);
}

async function writeMochawesome(folder: string, suite: Suite, [first, ...rest]: readonly ReportInput[]): Promise<void> {
  if (first === undefined) return;
  const report = mochawesomeReport(first, ...rest);
  await writeFile(join(folder, 'mochawesome.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeMochawesomeHtml(folder, report, { title: suiteTitle(suite), outcome: suite.outcome });
}
