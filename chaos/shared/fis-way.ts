import type { Capability } from '../../src/model/capabilities.ts';
import { cannotTell } from '../../src/model/errors.ts';
import type { ActiveFault, Proof, Way } from '../../src/model/fault.ts';
import type { FacetsOf } from '../../src/platform/facets-of.ts';
import { type Fis, hasEnded, openFis } from '../../src/platform/fis.ts';
import type { ExperimentTemplate } from '../../src/platform/fis-requests.ts';
import { nowMs, waitFor } from '../../src/runtime/clock.ts';
import { type BlastRadius, outside } from './blast-radius.ts';
import { healthyAtMs } from './healthy-at.ts';
import { tagsOf, undoKind } from './undo-fis-experiments.ts';
import { type WayContext, way } from './way.ts';

const biteTimeoutMs = 60_000;
const healthyTimeoutMs = 30_000;
const pollEveryMs = 250;

/** What an experiment breaks on the platform in its current state. */
export interface Aim {
  template: ExperimentTemplate;
  blastRadius: BlastRadius;
  /** Evidence from the platform that it bit; undefined while there is none. FIS's own word is not enough. */
  evidence(sinceMs: number): Promise<string | undefined>;
}

/** A way that is one FIS experiment. */
export interface FisWayOf<C extends Capability> {
  /** Of the fault. */
  kind: string;
  /** Besides FIS. */
  requires: readonly C[];
  /** Which of the managed policies AWSFaultInjectionSimulator...Access the experiment's role needs. */
  rolePolicies: readonly ('EC2' | 'Network' | 'RDS')[];
  /** Looks for its target; when there is none, returns what is wrong. A rehearsal happens before the load. */
  aim(on: FacetsOf<C | 'fis'>, moment: 'rehearsal' | 'strike'): Promise<Aim | string[]>;
}

/**
 * By an experiment of AWS FIS: rehearsed by a dry run, marked with the run's id so that any process can find and stop
 * it, proven by the platform, stopped, and deleted from FIS when it is undone.
 */
export const fisWay = <C extends Capability>({ kind, requires, rolePolicies, aim }: FisWayOf<C>): Way =>
  way<C | 'fis'>({
    name: 'fis',
    requires: ['fis', ...requires],
    undo: 'the FIS experiment is stopped and its template deleted; without tenfold it ends by itself after its duration',
    rights: [
      ...fisRights,
      ...rolePolicies.map((policy) => `AWSFaultInjectionSimulator${policy}Access (the role of the experiment)`),
    ],
    check: async (context) => {
      const aimed = await aim(context.on, 'rehearsal');
      return Array.isArray(aimed) ? aimed : await rehearse(kind, aimed, context);
    },
    holdsAlready: async ({ on }) => {
      const aimed = await aim(on, 'strike');
      return Array.isArray(aimed) ? undefined : await aimed.evidence(nowMs());
    },
    inject: async (context) => {
      const aimed = await aim(context.on, 'strike');
      if (Array.isArray(aimed)) throw cannotTell(aimed.join('\n'));
      return await strike(kind, aimed, context);
    },
  });

const fisRights = [
  'CreateExperimentTemplate',
  'StartExperiment',
  'GetExperiment',
  'StopExperiment',
  'DeleteExperimentTemplate',
]
  .map((action) => `fis:${action}`)
  .concat('fis:ListExperiments', 'fis:ListExperimentTemplates', 'fis:ListExperimentResolvedTargets', 'fis:TagResource');

type FisContext = WayContext<'fis'>;

/** Journals how to undo an experiment, then makes its template. */
async function prepare(fis: Fis, template: ExperimentTemplate, { willChange, target, runId }: FisContext) {
  const undone = willChange({ kind: undoKind, target, runId });
  const templateId = await fis.createTemplate(template, tagsOf(runId));
  return {
    templateId,
    async remove() {
      await fis.deleteTemplate(templateId);
      undone();
    },
  };
}

async function rehearse(kind: string, { template, blastRadius }: Aim, context: FisContext): Promise<string[]> {
  using fis = openFis(context.on.aws);
  const { templateId, remove } = await prepare(fis, template, context);
  try {
    const { status, reason, resolved } = await fis.dryRun(templateId, tagsOf(context.runId));
    return status === 'completed' ? outside(blastRadius, resolved) : [`${kind}: the dry run ${status}: ${reason}`];
  } finally {
    await remove();
  }
}

async function strike(kind: string, { template, evidence }: Aim, context: FisContext): Promise<ActiveFault> {
  const fis = openFis(context.on.aws);
  const { templateId, remove } = await prepare(fis, template, context);
  const injectedAtMs = nowMs();
  const experimentId = await fis.start(templateId, tagsOf(context.runId));
  return {
    injectedAtMs,
    prove: (signal) => prove(kind, fis, experimentId, () => evidence(injectedAtMs), signal),
    async undo() {
      using _ = fis;
      await fis.stop(experimentId);
      await remove();
      return { revertedAtMs: await healthyAtMs(context, healthyTimeoutMs) };
    },
  };
}

/** Waits until the experiment runs and the platform shows that it bit. */
async function prove(
  kind: string,
  fis: Fis,
  experimentId: string,
  evidence: () => Promise<string | undefined>,
  signal: AbortSignal,
): Promise<Proof> {
  const ask = async (): Promise<Proof | undefined> => {
    const { status, reason } = await fis.get(experimentId);
    if (status === 'failed' || status === 'cancelled')
      return { provenAtMs: null, proof: `FIS experiment ${experimentId} ${status}: ${reason}` };
    const found = status === 'running' || hasEnded({ status }) ? await evidence() : undefined;
    return found === undefined
      ? undefined
      : { provenAtMs: nowMs(), proof: `${found}; FIS experiment ${experimentId} ${status}` };
  };
  try {
    return await waitFor(`${kind} to bite`, ask, { timeoutMs: biteTimeoutMs, intervalMs: pollEveryMs, signal });
  } catch (error) {
    signal.throwIfAborted();
    return { provenAtMs: null, proof: (error as Error).message };
  }
}
