import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Matrix } from '../../model/matrix.ts';
import { matrixJunit } from './junit.ts';
import { matrixHtml } from './page.ts';
import { matrixSummary } from './summary.ts';

/** Writes prove.html, junit.xml and summary.md into a matrix's folder. */
export async function writeMatrixReports(folder: string, matrix: Matrix): Promise<void> {
  await Promise.all([
    writeFile(join(folder, 'prove.html'), matrixHtml(matrix)),
    writeFile(join(folder, 'junit.xml'), matrixJunit(matrix)),
    writeFile(join(folder, 'summary.md'), matrixSummary(matrix)),
  ]);
}
