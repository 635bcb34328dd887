import { readFile, writeFile } from 'node:fs/promises';
import { create } from 'mochawesome-report-generator';
import type { Outcome } from '../model/verdict.ts';
import type { MochawesomeReport } from './mochawesome.ts';

/** Writes mochawesome.html, which is one file and works offline. */
export async function writeMochawesomeHtml(
  folder: string,
  report: MochawesomeReport,
  { title, outcome }: { title: string; outcome: Outcome },
): Promise<void> {
  const [file] = await create(report, {
    inline: true,
    // Never created, because everything is inline; it would default to a folder below the working directory.
    assetsDir: folder,
    reportDir: folder,
    reportFilename: 'mochawesome.html',
    reportTitle: title,
    reportPageTitle: `${outcome.toUpperCase()}: ${title}`,
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
