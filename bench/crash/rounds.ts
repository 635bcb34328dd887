/** Which rounds there are: pure, so the same seed gives the same rounds. */
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
  /** Who gets the signal; null where the way is not a signal. */
  victim: Victim | null;
  /** The harness's group is npm's, as in a terminal. */
  reach: 'alone' | 'group';
  /** Strikes `afterMs` after the drill has reached this stage. */
  stage: StageName;
  afterMs: number;
  /** What takes back the leftovers of a drill that died. */
  mend: Mend;
}

interface Kind {
  drill: string;
  hasFault: boolean;
  hasLongPeak?: boolean;
  /** Taken back by its own clock, so it expires. */
  expires?: boolean;
}

/** At least one drill for each kind of fault, and one without. */
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
  // A region that is kept up has all its pods: drills that judge how the shop scales are refused there.
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

/** Where each victim can be struck: k6 lives only under load. */
const stagesOf: Record<Victim, readonly StageName[] | null> = {
  harness: null,
  npm: null,
  k6: ['traffic', 'injecting', 'injected', 'fault'],
  sentinel: ['steady state', 'traffic', 'injecting', 'injected', 'fault'],
  region: ['stand up', 'steady state', 'traffic', 'injecting', 'injected', 'fault', 'collect'],
};
/** Before the load ends, so that something gets lost; and once something is on the disk. */
const stagesOfTrouble: readonly StageName[] = ['steady state', 'traffic', 'injecting', 'injected', 'fault'];

/** The shares of rounds on each region: those take minutes. */
const shareOnRegion = { kills: 0.12, others: 0.15 };

/**
 * The rounds of a seed: this many with `kill -9`, and this many with everything else. Choices are dealt like cards, in
 * random order, so that each comes once before any comes again. Each stage of a drill's life is equally likely,
 * whatever its length, because most happens in the short ones.
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
  /** A deck for each drill and victim, so that each victim meets all of its stages. */
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

/** Deals cards in random order, all of them before any comes again. */
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
