import { writeAtomically } from '../runtime/files.ts';
import { checkFile, type Exporter } from './exporter.ts';
import { openMetricsText } from './openmetrics.ts';

/** A file that `promtool tsdb create-blocks-from openmetrics` takes. */
export const toOpenMetrics: Exporter = {
  check: checkFile,
  async write({ snapshots }, to) {
    await writeAtomically(to, openMetricsText(snapshots, { timed: true }));
    return to;
  },
};
