import type { Capability } from '../../src/model/capabilities.ts';
import type { Command } from '../../src/model/command.ts';
import { cannotTell } from '../../src/model/errors.ts';
import type { LiveNode, Machines } from '../../src/model/facets.ts';
import type { ActiveFault, FaultContext, FaultLimits, Proof, Way } from '../../src/model/fault.ts';
import { type Span, wallMsOf } from '../../src/model/span.ts';
import type { FacetsOf } from '../../src/platform/facets-of.ts';
import { nowMs, waitFor } from '../../src/runtime/clock.ts';
import { runCommand } from '../../src/runtime/command.ts';
import { tooManyNodes } from './blast-radius.ts';
import { healthyAtMs } from './healthy-at.ts';
import { takeBackAt } from './take-back-at.ts';
import { type CommandPlace, commandFailure, undoByCommand, undoCommand } from './undo-commands.ts';
import { type WayContext, way } from './way.ts';

/** Kubernetes takes 50 s by default to miss a node. */
const proofTimeoutMs = 120_000;
export const healthyTimeoutMs = 180_000;
const proveEveryMs = 100;
/** The commands of a cluster's settings take at most this long (cluster-settings.ts). */
const commandMs = 120_000;
/** Switching off may have to be taken back. */
export const powerLimits: FaultLimits = { injectMs: commandMs + 10_000, undoMs: 2 * commandMs + healthyTimeoutMs };
/** A drill that is alive has undone its fault by then. */
const expiryGraceMs = commandMs + healthyTimeoutMs;
export const usuallyAtMostMs = 600_000;
/** When a change is undone if its drill is dead by then. @param atMostMs the longest that the fault may last from now */
export const expiryOf = (atMostMs = usuallyAtMostMs): number => nowMs() + atMostMs + expiryGraceMs;

type Needed = 'node-inventory';

/** A way that takes the power, or the network, from machines. */
export interface MachineCutOf<C extends Capability> {
  /** Of the fault. */
  kind: string;
  /** Besides what every cut needs. */
  requires: readonly C[];
  /** How long it lasts; undefined: until the drill leaves the fault. */
  lasts?: Span;
  /** Which nodes are hit; when there are none, what is wrong. */
  aim(on: FacetsOf<C | Needed>): Promise<LiveNode[] | string[]>;
}

/** What is taken from machines. */
interface Taken<P extends Capability> extends Pick<Way, 'undo'> {
  requires: P;
  rights: string;
  /** In words, of what could not be done. */
  done: string;
  machines(on: FacetsOf<P>): Machines;
}

const power: Taken<'machine-power'> = {
  requires: 'machine-power',
  undo: 'the machines are switched on again, and the drill waits until the platform is healthy',
  rights: "the commands of the cluster's settings that switch machines off and on",
  done: 'switched off',
  machines: ({ machines }) => machines,
};

const network: Taken<'machine-network'> = {
  requires: 'machine-network',
  undo: 'the machines are joined to the network again, and the drill waits until the platform is healthy',
  rights: "the commands of the cluster's settings that cut machines off the network and join them again",
  done: 'cut off the network',
  machines: ({ machineLinks }) => machineLinks,
};

/**
 * Cuts the power of nodes' machines by the commands of the cluster's settings. Proven when all of the nodes are no longer ready. They
 * boot again when the fault's own time is over, or when the drill leaves it.
 */
export const powerCut = <C extends Capability>(cut: MachineCutOf<C>): Way => machineCut(power, cut);

/** The same with their network: the machines run on, and nobody hears of them. */
export const networkCut = <C extends Capability>(cut: MachineCutOf<C>): Way => machineCut(network, cut);

const machineCut = <P extends Capability, C extends Capability>(taken: Taken<P>, cut: MachineCutOf<C>): Way =>
  way<C | P | Needed>({
    name: 'machines',
    requires: [taken.requires, 'node-inventory', ...cut.requires],
    undo: taken.undo,
    rights: [taken.rights],
    limits: powerLimits,
    check: async ({ on }) => (await aimAt(cut, on as FacetsOf<C | Needed>)).problems,
    inject: (context) => inject(taken, cut, context),
  });

async function aimAt<C extends Capability>(
  { kind, aim }: MachineCutOf<C>,
  on: FacetsOf<C | Needed>,
): Promise<{ nodes: LiveNode[]; problems: string[] }> {
  const found = await aim(on);
  const nodes = found.filter((one) => typeof one !== 'string');
  const problems = found.filter((one) => typeof one === 'string');
  const { cluster } = on as FacetsOf<Needed>;
  const { length: of } = (await cluster.inventory()).nodes;
  return { nodes, problems: [...problems, ...tooManyNodes(kind, nodes.length, of)] };
}

async function inject<P extends Capability, C extends Capability>(
  taken: Taken<P>,
  cut: MachineCutOf<C>,
  context: WayContext<C | P | Needed>,
): Promise<ActiveFault> {
  const { nodes, problems } = await aimAt(cut, context.on as FacetsOf<C | Needed>);
  if (problems.length > 0) throw cannotTell(problems.join('\n'));
  const { timeScale = 1 } = context;
  const all = context as WayContext<Needed>;
  const injectedAtMs = nowMs();
  const { takeBack } = await takeFrom(taken, context as WayContext<P>, nodes);
  const untilHealthy = async () => {
    await takeBack();
    return await healthyAtMs(all, healthyTimeoutMs);
  };
  return {
    injectedAtMs,
    prove: (whileOn) => proveBy(cut.kind, () => areDown(all.on, nodes), whileOn),
    undo: takeBackAt(cut.lasts === undefined ? undefined : injectedAtMs + wallMsOf(cut.lasts, timeScale), untilHealthy),
  };
}

/** Switches machines off; see `switchOff`. */
export const cutPower = (context: WayContext<'machine-power'>, nodes: readonly LiveNode[]) =>
  takeFrom(power, context, nodes);

function takeFrom<P extends Capability>(
  { machines: machinesOf, done }: Taken<P>,
  context: WayContext<P>,
  nodes: readonly LiveNode[],
): Promise<{ takeBack: () => Promise<void> }> {
  const machines = machinesOf(context.on);
  const switches = nodes.map(({ name }) => ({
    what: `node ${name}`,
    off: machines.off(name),
    on: machines.on(name),
    done,
  }));
  return switchOff(context, machines, switches);
}

/** What can be switched off and on by commands. */
export interface Switch {
  what: string;
  off: Command;
  on: Command;
  /** What the first one does, in words; left out: it switches off. */
  done?: string;
}

/** Switches off, each with its undo written down before. Where one fails, all are switched on again. @returns what does that */
export async function switchOff(
  { willChange, signal, atMostMs }: Pick<FaultContext, 'willChange' | 'signal' | 'atMostMs'>,
  place: CommandPlace,
  switches: readonly Switch[],
): Promise<{ takeBack: () => Promise<void> }> {
  const expiresAtMs = expiryOf(atMostMs);
  const undos = switches.map(({ on }) => {
    const undo = { ...undoByCommand(on, place), expiresAtMs };
    return { undo, undone: willChange(undo) };
  });
  const takeBack = () =>
    untilAll(
      undos.map(async ({ undo, undone }) => {
        await undoCommand(undo);
        undone();
      }),
    );
  try {
    await untilAll(switches.map((one) => runOff(one, place, signal)));
  } catch (error) {
    // What could not be taken back stays in the journal.
    await takeBack().catch(() => {});
    throw error;
  }
  return { takeBack };
}

/** Waits for all, also where one fails. @throws the first failure */
async function untilAll(works: Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

async function runOff(
  { what, off, done = power.done }: Switch,
  { cwd, secrets }: CommandPlace,
  signal: AbortSignal,
): Promise<void> {
  const { argv, timeoutMs } = off;
  const end = await runCommand(argv, { cwd, timeoutMs, signal });
  signal.throwIfAborted();
  if (!end.ok) throw cannotTell(`${what} could not be ${done}: ${commandFailure(argv, end, secrets)}`);
}

/** Evidence that nodes are down; undefined while one of them is ready. */
async function areDown({ cluster }: FacetsOf<Needed>, nodes: readonly LiveNode[]): Promise<string | undefined> {
  const now = (await cluster.inventory()).nodes;
  const states = nodes.map((node) => {
    const found = now.find(({ id }) => id === node.id);
    return found?.ready ? undefined : `node ${node.name} is ${found ? 'not ready' : 'gone'}`;
  });
  return states.includes(undefined) ? undefined : states.join(', ');
}

/** Waits for evidence. @param askEveryMs by so much it may have been so earlier */
export async function proveBy(
  kind: string,
  evidence: () => Promise<string | undefined>,
  signal: AbortSignal,
  askEveryMs = proveEveryMs,
): Promise<Proof> {
  try {
    const waiting = { timeoutMs: proofTimeoutMs, intervalMs: askEveryMs, signal };
    const seen = await waitFor(`${kind} to take effect`, evidence, waiting);
    const proof = askEveryMs > proveEveryMs ? `${seen} (asked every ${askEveryMs / 1000} s)` : seen;
    return { proof, provenAtMs: nowMs() };
  } catch (error) {
    signal.throwIfAborted();
    return { provenAtMs: null, proof: (error as Error).message };
  }
}
