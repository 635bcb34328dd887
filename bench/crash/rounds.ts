/** Which rounds there are: pure, so that a seed gives the same ones again. */
import { seededRandom } from '../../scenarios/traffic/random.ts';
import { isBroken, lifeOf, type StageName } from './life.ts';

export const wheres = ['attached', 'own-region', 'kept-region'] as const;
export type Where = (typeof wheres)[number];
export const victims = ['harness', 'npm', 'k6', 'sentinel', 'region'] as const;
export type Victim = (typeof victims)[number];
export const signals = ['SIGKILL', 'SIGINT', 'SIGTERM', 'SIGHUP', 'SIGPIPE'] as const;
export type Signal = (typeof signals)[number];
export const ways = [...signals, 'disk-full', 'output-closed', 'api-lost'] as const;
export type Way = (typeof ways)[number];
export const mends = ['next-drill', 'cleanup', 'expiry'] as const;
export type Mend = (typeof mends)[number];

/** A drill that is struck once. */
export interface Round {
  /** From 1. */
  number: number;
  where: Where;
  drill: string;
  way: Way;
  /** Who gets the signal; null where the way is none. */
  victim: Victim | null;
  /** The harness's group is npm's, as a terminal has it. */
  reach: 'alone' | 'group';
  /** So long after the drill has come to this stage. */
  stage: StageName;
  afterMs: number;
  /** What takes back what a drill left that died. */
  mend: Mend;
}

interface Kind {
  drill: string;
  hasFault: boolean;
  hasLongPeak?: boolean;
  /** Taken back by its own clock, so that it expires. */
  expires?: boolean;
}

/** One drill at the least of each kind of fault, and one without. */
const kinds: Record<Where, Kind[]> = {
  attached: [
    { drill: 'no-orders', hasFault: true, expires: true },
    { drill: 'no-orders-any-more', hasFault: true },
    { drill: 'no-orders', hasFault: true, expires: true },
    { drill: 'traffic-alone', hasFault: false },
  ],
  'own-region': [
    { drill: 'aurora-failover', hasFault: true },
    { drill: 'node-loss', hasFault: true },
    { drill: 'az-outage', hasFault: true, hasLongPeak: true },
    { drill: 'spot-eviction', hasFault: true, hasLongPeak: true },
    { drill: 'database-unreachable', hasFault: true },
    { drill: 'black-friday', hasFault: false },
  ],
  // A region that is kept up has all its pods: a shop that is judged by how it scales is refused there.
  'kept-region': [
    { drill: 'database-unreachable', hasFault: true },
    { drill: 'az-outage', hasFault: true, hasLongPeak: true },
    { drill: 'spot-eviction', hasFault: true, hasLongPeak: true },
    { drill: 'aurora-failover', hasFault: true },
    { drill: 'node-loss', hasFault: true },
  ],
};

type Blow = Pick<Round, 'way' | 'victim' | 'reach'>;
const signal = (way: Signal, victim: Victim, reach: Round['reach'] = 'alone'): Blow => ({ way, victim, reach });
const trouble = (way: Exclude<Way, Signal>): Blow => ({ way, victim: null, reach: 'alone' });
const times = (count: number, blow: Blow): Blow[] => Array<Blow>(count).fill(blow);

const instruments = [signal('SIGKILL', 'k6'), signal('SIGKILL', 'sentinel')];
const kills: Record<Where, Blow[]> = {
  attached: [
    ...times(5, signal('SIGKILL', 'harness')),
    ...times(3, signal('SIGKILL', 'harness', 'group')),
    signal('SIGKILL', 'npm'),
    signal('SIGKILL', 'k6', 'group'),
    signal('SIGKILL', 'sentinel'),
    ...instruments,
  ],
  'own-region': [
    signal('SIGKILL', 'harness'),
    signal('SIGKILL', 'region'),
    signal('SIGKILL', 'harness', 'group'),
    signal('SIGKILL', 'region', 'group'),
    signal('SIGKILL', 'harness'),
    ...instruments,
  ],
  'kept-region': [
    ...times(3, signal('SIGKILL', 'harness')),
    ...times(2, signal('SIGKILL', 'harness', 'group')),
    ...instruments,
  ],
};

const catchable = signals.filter((name) => name !== 'SIGKILL');
const toTenfold = catchable.flatMap((name) => [
  signal(name, 'harness'),
  signal(name, 'harness', 'group'),
  signal(name, 'npm'),
]);
const troubles = (['disk-full', 'output-closed', 'api-lost'] as const).map(trouble);
const others: Record<Where, Blow[]> = {
  attached: [
    ...toTenfold,
    ...troubles,
    ...catchable.flatMap((name) => [signal(name, 'k6'), signal(name, 'sentinel')]),
    ...troubles,
  ],
  'own-region': [
    signal('SIGINT', 'harness', 'group'),
    signal('SIGTERM', 'npm'),
    signal('SIGHUP', 'harness'),
    signal('SIGTERM', 'region'),
    trouble('disk-full'),
    trouble('api-lost'),
  ],
  'kept-region': [
    signal('SIGINT', 'harness', 'group'),
    signal('SIGTERM', 'harness'),
    signal('SIGHUP', 'npm'),
    trouble('disk-full'),
    ...times(2, trouble('api-lost')),
  ],
};

/** Where something can be struck: k6 lives under load alone. */
const stagesOf: Record<Victim, readonly StageName[] | null> = {
  harness: null,
  npm: null,
  k6: ['traffic', 'injecting', 'injected', 'fault'],
  sentinel: ['steady state', 'traffic', 'injecting', 'injected', 'fault'],
  region: ['stand up', 'steady state', 'traffic', 'injecting', 'injected', 'fault', 'collect'],
};
/** Before the load ends, so that something is lost with it; and once something is on the disk. */
const stagesOfTrouble: readonly StageName[] = ['steady state', 'traffic', 'injecting', 'injected', 'fault'];

/** Of all rounds, so many on a region: they take minutes. */
const shareOnRegion = { kills: 0.12, others: 0.15 };

/**
 * The rounds of a seed: so many with `kill -9`, and so many with everything else. What is dealt comes in turn in a random order,
 * so that each has come before any comes again; each stage of a drill's life is as likely, whatever its length, because the most
 * happens where it is short.
 */
export function drawRounds({ rounds, others: rest, seed }: { rounds: number; others: number; seed: number }): Round[] {
  const random = seededRandom(seed);
  const drawn: Round[] = [];
  for (const where of wheres) {
    const deal = dealer(where, random);
    for (const [blows, count, share] of [
      [kills[where], rounds, shareOnRegion.kills],
      [others[where], rest, shareOnRegion.others],
    ] as const) {
      const onRegion = Math.round(count * share);
      const next = deck(random, blows);
      const here = where === 'attached' ? count - 2 * onRegion : onRegion;
      for (let n = 0; n < here; n += 1) drawn.push({ number: drawn.length + 1, where, ...deal(next()) });
    }
  }
  return drawn;
}

function dealer(where: Where, random: () => number): (blow: Blow) => Omit<Round, 'number' | 'where'> {
  const nextKind = deck(random, kinds[where]);
  const nextMend = deck(random, ['next-drill', 'cleanup'] as const);
  const nextMendOfOneThatExpires = deck(random, [...mends, 'expiry'] as const);
  /** A deck for each choice of stages, so that each victim meets all of its own. */
  const stages = new Map<string, () => ReturnType<typeof lifeOf>[number]>();
  return (blow) => {
    const { drill, hasFault, hasLongPeak = false, expires = false } = nextKind();
    const life = lifeOf(where, { hasFault, hasLongPeak });
    const allowed = blow.victim === null ? stagesOfTrouble : stagesOf[blow.victim];
    const key = `${drill} ${blow.victim}`;
    if (!stages.has(key))
      stages.set(
        key,
        deck(
          random,
          life.filter(({ name }) => allowed?.includes(name) ?? true),
        ),
      );
    const { name: stage, spanMs } = (stages.get(key) as () => (typeof life)[number])();
    const mayExpire = expires && isBroken(stage) && blow.way === 'SIGKILL' && blow.victim === 'harness';
    const mend = mayExpire ? nextMendOfOneThatExpires() : nextMend();
    return { drill, ...blow, stage, afterMs: Math.floor(random() * spanMs), mend };
  };
}

/** Deals cards in a random order, all of them before any comes again. */
function deck<T>(random: () => number, cards: readonly T[]): () => T {
  let left: T[] = [];
  return () => {
    if (left.length === 0) left = [...cards];
    return left.splice(Math.floor(random() * left.length), 1)[0] as T;
  };
}

/** A round in words. */
export function wordsOf({ number, where, drill, way, victim, reach, stage, afterMs, mend }: Round): string {
  const whom = victim === null ? way : `${way} to ${victim}${reach === 'group' ? ' and its group' : ''}`;
  return `${String(number).padStart(3)} ${where} ${drill}: ${whom}, ${(afterMs / 1000).toFixed(1)} s into ${stage}; then ${mend}`;
}
