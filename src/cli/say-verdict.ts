import { join, relative } from 'node:path';
import type { ReportInput } from '../report/report-input.ts';
import { terminalLines } from '../report/terminal.ts';
import { hasColour } from './has-colour.ts';

/** Prints a verdict on stdout: for people, or as JSON. */
export function sayVerdict(judged: ReportInput, runFolder: string, options: { json: boolean }): void {
  const reportPath = relative(process.cwd(), join(runFolder, 'report.html'));
  const text = options.json
    ? JSON.stringify(judged.verdict, null, 2)
    : terminalLines(judged, { colour: hasColour(process.stdout), reportPath }).join('\n');
  process.stdout.write(`${text}\n`);
}
