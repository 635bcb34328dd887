import { resolve } from 'node:path';
import { findK6 } from '../../load/find-k6.ts';
import { invalid } from '../../model/errors.ts';
import { type ExitCode, exitCodes } from '../../model/exit-codes.ts';
import { type Matrix, outcomeOfState } from '../../model/matrix.ts';
import { basisOf } from '../../model/plan.ts';
import { readCatalogue } from '../../prove/catalogue.ts';
import { type Cell, cellsOf, nameOf } from '../../prove/cells.ts';
import type { KnownCell } from '../../prove/make-matrix.ts';
import { matrixToContinue, type Question } from '../../prove/resume.ts';
import { matrixAnnotations } from '../../report/github/annotations.ts';
import { nowMs } from '../../runtime/clock.ts';
import { fingerprint } from '../../runtime/files.ts';
import { newRunId } from '../../runtime/random.ts';
import { drillFingerprint, programFingerprint } from '../../suite/code-fingerprint.ts';
import { knownCell, runMatrix, runsFolder, storedMatrices } from '../../suite/run-matrix.ts';
import { makeSuiteFolder } from '../../suite/suite-folder.ts';
import { askProof, chosen, type ToProve } from '../ask-proof.ts';
import { loadDrill } from '../load-drill.ts';
import { type NotifyOptions, notifierOf, type Shown, worseOf } from '../notifying.ts';
import { eitherStops, followedToo, openCommandOf, openIfWatched } from '../open-if-watched.ts';
import type { Planned } from '../plan-drills.ts';
import { contextAnswers, refuseUnguarded } from '../prepare.ts';
import { sayError } from '../say-error.ts';
import { cellText, sayMatrix, sayProtections } from '../say-matrix.ts';
import { sharedSetup, takeSuiteLock } from '../shared-setup.ts';
import { stopOnSignals } from '../stop-signals.ts';
import { fileOfDrill, tellGithub } from '../tell-github.ts';
import { waitUntilMs } from '../wait-for-platform.ts';
import { watchRuns } from '../watch-runs.ts';
import { folders, protectionCatalogue } from '../wire.ts';
import { commandOf, whereOf } from './run.ts';

export interface ProveOptions extends Omit<NotifyOptions, 'reports'> {
  target: string;
  profile: string;
  /** The settings of a cluster. */
  cluster?: string;
  scale?: number;
  protection: string[];
  reports: string;
  fresh: boolean;
  retry: boolean;
  list: boolean;
  json: boolean;
  /** Show the runs in a browser. */
  watch?: boolean;
  /** How long to wait for a platform that is in use, in ms. */
  wait?: number;
  /** Why it is run on production. */
  iMeanProduction?: string;
}

/** Runs each drill on the whole platform and without each protection that it guards, and says which drills can fail. */
export async function proveCommand(drill: string | undefined, options: ProveOptions): Promise<ExitCode> {
  const catalogue = readCatalogue(protectionCatalogue());
  if (options.list) {
    if (drill !== undefined) await loadDrill(folders.scenarios, drill);
    return sayProtections(chosen(drill, catalogue, options.protection), options);
  }
  if (options.fresh && options.retry) throw invalid('--fresh starts over and --retry continues: choose one');
  const reports = resolve(options.reports);
  const notifier = await notifierOf({ ...options, reports }, (line) => process.stderr.write(`${line}\n`));
  const named = options.protection.length > 0 ? options.protection : null;
  const question = {
    target: options.target,
    profile: options.profile,
    scope: { drill: drill ?? null, protections: named },
  };
  // A matrix goes on as it began, however fast the host is by now.
  const scale = options.scale ?? (await formerMatrix(question, options))?.scale;
  const untilMs = waitUntilMs(options.wait);
  const toProve = await askProof(drill, catalogue, { ...options, scale, waitUntilMs: untilMs });
  const { testbed, planned, protections, leftOut } = toProve;
  refuseUnguarded(contextAnswers(testbed, options.iMeanProduction));
  const divisor = planned[0]?.plan.scale?.divisor;
  const newId = newRunId(nowMs());
  const runs = watchRuns(process.stderr, { detail: 'live' });
  await using room = await openIfWatched(options.watch, runs.say);
  const signal = eitherStops(stopOnSignals(runs.say, runs.waitingFor), room);
  await using _row = await takeSuiteLock(testbed, newId, { untilMs, signal, say: runs.say });
  const former = await formerMatrix(question, options);
  const id = former?.id ?? newId;
  const folder = await makeSuiteFolder(reports, 'prove', id);
  const program = await programOf(runs.say, signal);
  const drills = planned.map((one) => one.drill.name);
  const cells = await Promise.all(
    cellsOf(drills, protections).map(async (cell) => {
      const { plan } = plannedFor(cell, toProve);
      const basis = [...program, await drillFingerprint(cell.drill), basisOf(plan)];
      const known = { ...cell, title: plan.title, fingerprint: fingerprint(basis) };
      return await knownCell(folder, known, former, options);
    }),
  );
  for (const line of leftOut) runs.say(`left out: ${line}`);
  runs.say(startOf(cells, id, former !== undefined));
  const command = proveCommandOf(drill, options);
  const startedAt = former?.startedAt ?? new Date(nowMs()).toISOString();
  let shown: Shown | undefined;
  const { matrix, ending } = await runMatrix({
    folder,
    frame: { ...question, ...(divisor && { scale: divisor }), id, command, startedAt, protections },
    cells,
    setup: sharedSetup(testbed, { signal, untilMs }),
    turnOf: (cell) => ({
      ...plannedFor(cell, toProve),
      command: commandOf([cell.drill], { ...options, without: withoutOf(cell) }),
      reportsFolder: runsFolder(folder),
    }),
    watch: (cell, index, count) => {
      const { plan } = plannedFor(cell, toProve);
      room?.begin(plan);
      return followedToo(runs.watch(plan, `${index + 1} of ${count}  ${nameOf(cell)}`), room);
    },
    onJudged: ({ judged, runFolder }, cell) => {
      room?.judged(judged, openCommandOf(runFolder));
      if (!cell) return;
      runs.say(`  ${cellText(cell, process.stderr)}`);
      shown = worseOf(shown, { outcome: outcomeOfState[cell.state], input: judged, runFolder });
    },
  });
  if (ending?.unreported) sayError(ending.unreported);
  sayMatrix(matrix, folder, options);
  await tellGithub(
    folder,
    matrixAnnotations(matrix, (name) => fileOfDrill(name, undefined)),
    process.stderr,
  );
  await notifier?.matrix(matrix, folder, ending?.exitCode === exitCodes.dirty ? ending.reason : null, shown);
  return ending?.exitCode ?? exitCodes[matrix.outcome];
}

/** The matrix that this one goes on with, if it goes on with one. */
async function formerMatrix(question: Question, { reports, fresh, retry }: ProveOptions): Promise<Matrix | undefined> {
  return fresh ? undefined : matrixToContinue(await storedMatrices(resolve(reports)), question, { retry });
}

/** What every run's result depends on, besides its drill and its plan. */
async function programOf(say: (line: string) => void, signal: AbortSignal): Promise<string[]> {
  const { version } = await findK6(say, signal);
  return [await programFingerprint(), version, process.version, process.platform, process.arch];
}

const withoutOf = ({ without }: Pick<Cell, 'without'>): string[] => (without === null ? [] : [without]);

/** A cell's drill and its plan: that of the whole platform, but for the protection. */
function plannedFor(cell: Cell, { planned }: ToProve): Planned {
  const { drill, plan } = planned.find((candidate) => candidate.drill.name === cell.drill) as Planned;
  return { drill, plan: { ...plan, without: withoutOf(cell) } };
}

function startOf(cells: readonly KnownCell[], id: string, goesOn: boolean): string {
  if (!goesOn) return `matrix ${id}: ${cells.length} runs`;
  const taken = cells.filter(({ run }) => run !== null).length;
  return `matrix ${id} continues: ${taken} of ${cells.length} runs are already done (--fresh starts over)`;
}

/** The command that runs this again. */
function proveCommandOf(drill: string | undefined, options: ProveOptions): string {
  const parts = ['npm run tenfold -- prove'];
  if (drill !== undefined) parts.push(drill);
  if (options.protection.length > 0) parts.push('--protection', options.protection.join(','));
  return [...parts, ...whereOf(options)].join(' ');
}
