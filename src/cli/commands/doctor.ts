import { resolve } from 'node:path';
import { checks } from '../../doctor/checks.ts';
import { contextOf } from '../../doctor/context.ts';
import { examine } from '../../doctor/examine.ts';
import { type ExitCode, exitCodes } from '../../model/exit-codes.ts';
import { sayDiagnosis } from '../say-diagnosis.ts';
import { testbedOf } from '../testbed.ts';
import { keptUpAt } from '../wire.ts';

export interface DoctorOptions {
  target: string;
  profile: string;
  /** The config of a shop of one's own. */
  config?: string;
  reports: string;
  json: boolean;
}

/** Looks at all that drills need, and changes nothing. What it found goes to stdout, what takes long to stderr. */
export async function doctorCommand(options: DoctorOptions): Promise<ExitCode> {
  const context = contextOf({
    environment: { ...process.env },
    standsUp: options.config === undefined && options.target === 'local',
    reportsFolder: resolve(options.reports),
    site: () => testbedOf(options),
    keptUpAt: () => keptUpAt(options.target),
  });
  const diagnosis = await examine(checks, context, (line) => process.stderr.write(`${line}\n`));
  sayDiagnosis(diagnosis, options);
  return diagnosis.counts.problem > 0 ? exitCodes.invalid : exitCodes.pass;
}
