import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { create } from 'mochawesome-report-generator';
import { reportHtml } from './html/page.ts';
import { junitXml } from './junit.ts';
import { type MochawesomeReport, mochawesomeReport } from './mochawesome.ts';
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
    writeMochawesomeHtml(folder, mochawesome, input),
  ]);
}

async function writeMochawesomeHtml(
  folder: string,
  report: MochawesomeReport,
  { plan, verdict }: ReportInput,
): Promise<void> {
  const [file] = await create(report, {
    inline: true,
    // Never created, because everything is inline; it would default to a folder below the working directory.
    assetsDir: folder,
    reportDir: folder,
    reportFilename: 'mochawesome.html',
    reportTitle: plan.title,
    reportPageTitle: `${verdict.outcome.toUpperCase()}: ${plan.title}`,
    timestamp: false,
    charts: false,
    code: false,
    autoOpen: false,
    overwrite: true,
    saveJson: false,
    saveHtml: true,
    cdn: false,
    dev: false,
  });
  await leaveOutFolder(file, folder);
}

/** The generator embeds its options, and so the machine's folders, in a page that people send around. */
async function leaveOutFolder(file: string, folder: string): Promise<void> {
  const html = await readFile(file, 'utf8');
  const asEmbedded = JSON.stringify(folder).slice(1, -1).replaceAll('&', '&amp;').replaceAll("'", '&#x27;');
  await writeFile(file, html.replaceAll(asEmbedded, '.'));
}
