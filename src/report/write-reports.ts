import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { reportHtml } from './html/page.ts';
import { junitXml } from './junit.ts';
import { mochawesomeReport } from './mochawesome.ts';
import { writeMochawesomeHtml } from './mochawesome-html.ts';
import type { ReportInput } from './report-input.ts';
import { summaryMarkdown } from './summary.ts';

/** Writes report.html, mochawesome.json, mochawesome.html, junit.xml and summary.md into an existing run folder. */
export async function writeReports(runFolder: string, input: ReportInput): Promise<void> {
  const folder = resolve(runFolder);
  const mochawesome = mochawesomeReport(input);
  await Promise.all([
    writeFile(join(folder, 'report.html'), reportHtml(input)),
    writeFile(join(folder, 'junit.xml'), junitXml(input)),
    writeFile(join(folder, 'summary.md'), summaryMarkdown(input)),
    writeFile(join(folder, 'mochawesome.json'), `${JSON.stringify(mochawesome, null, 2)}\n`),
    writeMochawesomeHtml(folder, mochawesome, { title: input.plan.title, outcome: input.verdict.outcome }),
  ]);
}
