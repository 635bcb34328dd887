import { join, relative, resolve } from 'node:path';
import { describeCheckout, packageVersion } from '../../drill/environment.ts';
import { pointLatestAt } from '../../drill/run-folder.ts';
import { type ExitCode, exitCodes } from '../../model/exit-codes.ts';
import { type Identity, outcomeOfDecision, type ReviewInput } from '../../model/review.ts';
import { reviewAnnotations } from '../../report/github/annotations.ts';
import { reviewLines } from '../../report/review/terminal.ts';
import { dayOf } from '../../review/days.ts';
import { readPublicKey, readSigningKey } from '../../review/manifest.ts';
import { writeReview } from '../../review/write-review.ts';
import { asTyped } from '../../runtime/as-typed.ts';
import { nowMs } from '../../runtime/clock.ts';
import { newRunId } from '../../runtime/random.ts';
import { shellWord } from '../../runtime/shell-word.ts';
import { cleanUp } from '../../safety/clean-up.ts';
import { makeDraft } from '../../suite/suite-folder.ts';
import { type AskedReview, askReview, peakOf, type ReviewQuestion } from '../ask-review.ts';
import { checkReview, sayCheck } from '../check-review.ts';
import { hasColour } from '../has-colour.ts';
import { defaultFreshDays, defaultPercentile } from '../review-defaults.ts';
import { type EvidencePlace, evidenceNow, needsNow } from '../review-evidence.ts';
import { runMissing } from '../run-missing.ts';
import { needLines, sayNeeds } from '../say-needs.ts';
import { stopOnSignals } from '../stop-signals.ts';
import { tellGithub } from '../tell-github.ts';
import { type Testbed, testbedOf } from '../testbed.ts';
import { waitForPlatform, waitUntilMs } from '../wait-for-platform.ts';
import { watchRuns } from '../watch-runs.ts';
import { undoers } from '../wire.ts';
import { whereOf } from './run.ts';

export interface ReviewOptions extends ReviewQuestion {
  target: string;
  config?: string;
  cluster?: string;
  plan: boolean;
  /** false: decide by what is there. */
  run: boolean;
  /** How long drills may take, this time. */
  tonight?: number;
  /** How long to wait for a platform that another drill uses, ms. */
  wait?: number;
  check: boolean;
  /** With check: the file of the key that has to have signed it. */
  publicKey?: string;
  /** The file of a key. */
  sign?: string;
  json: boolean;
  yes?: boolean;
}

/** Plans a readiness review, runs what it lacks, and decides. */
export async function reviewCommand(names: readonly string[], options: ReviewOptions): Promise<ExitCode> {
  const reports = resolve(options.reports);
  const testbed = await testbedOf(options);
  const runs = watchRuns(process.stderr, { detail: 'live' });
  const signal = stopOnSignals(runs.say, runs.waitingFor);
  const untilMs = waitUntilMs(options.wait);
  if (!options.check) peakOf(options.peak, dayOf(nowMs()));
  if (options.run && !options.plan && !options.check) await free(testbed, untilMs, runs.say);
  const identity = await identityOf(testbed, signal);
  if (options.check) {
    const publicKey = options.publicKey === undefined ? undefined : await readPublicKey(options.publicKey);
    const gate = { ...options, names, identity, target: testbed.target.name, freshDays: options.fresh, publicKey };
    const asked = { ...gate, peak: options.peak, scale: options.scale, atMs: nowMs() };
    return sayCheck(await checkReview(join(reports, 'review'), asked), options);
  }

  const key = options.sign === undefined ? undefined : await readSigningKey(options.sign);
  const asked = await askReview(names, testbed, identity, { ...options, reports });
  const place: EvidencePlace = { testbed, asked, identity, reports, freshDays: options.fresh, say: runs.say };
  if (options.plan)
    return sayNeeds(await needsNow(place), asked.leftOut, { json: options.json, tonightMs: options.tonight });
  for (const line of needLines(await needsNow(place), options.tonight)) runs.say(line);
  const ending = options.run
    ? await runMissing({ place, options, runs, signal, budgetMs: options.tonight, untilMs })
    : undefined;

  const input = inputOf(names, options, place);
  const folder = await makeDraft(reports, 'review', input.id);
  const review = await writeReview(folder, input, await evidenceNow(place), key);
  await pointLatestAt(join(reports, 'review'), input.id);
  const pathOf = (file: string) => relative(process.cwd(), join(folder, file));
  const text = options.json
    ? JSON.stringify(review, null, 2)
    : reviewLines(review, { colour: hasColour(process.stdout), pathOf }).join('\n');
  process.stdout.write(`${text}\n`);
  await tellGithub(folder, reviewAnnotations(review), process.stderr);
  if (ending !== undefined) return ending;
  // A night that went as planned is no failure: what is still missing is for the next one.
  if (options.tonight !== undefined && review.decision === 'not-enough-evidence') return exitCodes.pass;
  return exitCodes[outcomeOfDecision[review.decision]];
}

/** A shop that is being drilled, or was left broken by a drill that died, is another one than that of the evidence. */
async function free({ platform }: Testbed, untilMs: number | undefined, say: (line: string) => void): Promise<void> {
  await waitForPlatform(platform, untilMs);
  const undone = await cleanUp(platform, undoers(say), `review-${newRunId(nowMs())}`);
  if (undone.length > 0) say(`cleaned up after drills that died: ${undone.join(', ')}`);
}

/** What evidence has to be of. */
const identityOf = async ({ target }: Testbed, signal: AbortSignal): Promise<Identity> => ({
  ...(await describeCheckout()),
  versions: { ...packageVersion(), ...(await target.versions?.(signal)) },
});

function inputOf(
  names: readonly string[],
  options: ReviewOptions,
  { testbed, asked, identity }: EvidencePlace,
): ReviewInput {
  const { peak, scale, named, drills, capacityPlan, leftOut, risks } = asked;
  return {
    schemaVersion: 1,
    id: newRunId(nowMs()),
    peak,
    createdAt: new Date(nowMs()).toISOString(),
    command: commandOf(names, options, asked),
    target: testbed.target.name,
    profile: options.profile,
    scale,
    percentile: options.percentile,
    freshDays: options.fresh,
    identity,
    named,
    drills,
    capacityPlan,
    leftOut,
    risks,
  };
}

/** The command that asks this again. */
function commandOf(names: readonly string[], options: ReviewOptions, { peak, scale }: AskedReview): string {
  const parts = [
    'npm run review --',
    ...names,
    '--peak',
    peak,
    ...whereOf({ ...options, ...(scale !== null && { scale }) }),
  ];
  if (options.percentile !== defaultPercentile) parts.push('--percentile', String(options.percentile));
  if (options.fresh !== defaultFreshDays) parts.push('--fresh', String(options.fresh));
  if (options.risks !== undefined) parts.push('--risks', shellWord(options.risks));
  return asTyped(parts.join(' '));
}
