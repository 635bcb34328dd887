import { seededRandom } from '../../scenarios/traffic/random.ts';

/**
 * What a scripted server can do to a request that reaches it, or to its connections. A request that hangs is never
 * answered; one that is held is answered rightly when the outage ends.
 */
export type Fault = 'refuse' | 'reset' | 'hang' | 'hold' | 'slow' | '5xx' | 'wrong answer';

export const kinds = [
  'refuse',
  'reset',
  'hang',
  'hold',
  'slow',
  '5xx',
  'wrong answer',
  'partial by replica',
  'flapping',
  'never back',
] as const;
export type Kind = (typeof kinds)[number];

/** One outage of one shop in its own stretch of time. Instants are milliseconds from the start of the bench. */
export interface Schedule {
  id: number;
  kind: Kind;
  fault: Fault;
  shop: number;
  /** The server that breaks: the shop's edge, or one replica behind it. */
  server: string;
  slowByMs: number;
  /** What the analysis looks at: from where it assumes the injection, to the end of its observation. */
  fromMs: number;
  toMs: number;
  /** When the server is broken, in turn. */
  broken: { fromMs: number; toMs: number }[];
}

/** The shops of a bench: most break as a whole; the last one has replicas, of which one breaks at a time. */
export const edge = 'edge';
export const replicas = ['replica-1', 'replica-2'];
export const serversOf = (shop: number, shops: number): string[] => (shop === shops - 1 ? [edge, ...replicas] : [edge]);

/** One schedule takes this long: the outage, the three good seconds that end it, and the time around it. */
export const slotMs = 8_000;
const observedMs = 7_700;
/** Hangs are shorter and longer than a probe's timeout; held requests take longer than what counts as mere slowness. */
const hangMs = { from: 100, to: 3_500 };
const holdMs = { from: 1_100, to: 3_500 };

/** Schedules for `shops` shops that break at the same time, each on its own; the same for the same seed. */
export function drawSchedules(count: number, shops: number, seed: number): Schedule[] {
  const random = seededRandom(seed);
  const deck = deckOf(random);
  return Array.from({ length: count }, (_, id) => {
    const shop = id % shops;
    const fromMs = Math.floor(id / shops) * slotMs;
    const kind = shop === shops - 1 ? 'partial by replica' : deck();
    const server = kind === 'partial by replica' ? (replicas[pick(random, replicas.length)] as string) : edge;
    const fault = faultOf(kind, random);
    const bursts = burstsOf(kind, fault, random).map((burst) => ({
      fromMs: fromMs + burst.fromMs,
      toMs: fromMs + burst.toMs,
    }));
    return {
      id,
      kind,
      fault,
      shop,
      server,
      slowByMs: between(random, 300, 600),
      fromMs,
      toMs: fromMs + observedMs,
      broken: bursts,
    };
  });
}

const between = (random: () => number, from: number, to: number): number => from + random() * (to - from);
const pick = (random: () => number, count: number): number => Math.floor(random() * count);

/** Each kind in turn, reshuffled in each round; one that never comes back only in every other round. */
function deckOf(random: () => number): () => Kind {
  let cards: Kind[] = [];
  let round = 0;
  return () => {
    if (cards.length === 0) {
      round += 1;
      const all = kinds.filter((kind) => kind !== 'partial by replica' && (kind !== 'never back' || round % 2 === 0));
      cards = all
        .map((kind) => ({ kind, at: random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ kind }) => kind);
    }
    return cards.pop() as Kind;
  };
}

const faults: Fault[] = ['refuse', 'reset', 'hang', 'hold', 'slow', '5xx', 'wrong answer'];

function faultOf(kind: Kind, random: () => number): Fault {
  const failing = faults.filter((fault) => fault !== 'slow' && fault !== 'hold');
  if (kind === 'partial by replica') return faults[pick(random, faults.length)] as Fault;
  if (kind === 'flapping' || kind === 'never back') return failing[pick(random, failing.length)] as Fault;
  return kind;
}

function burstsOf(kind: Kind, fault: Fault, random: () => number): { fromMs: number; toMs: number }[] {
  const firstMs = between(random, 200, 900);
  // Whole again only after the analysis has stopped looking.
  if (kind === 'never back') return [{ fromMs: firstMs, toMs: observedMs + 100 }];
  const lastsMs = fault === 'hold' ? holdMs : fault === 'hang' ? hangMs : { from: 100, to: 1_500 };
  if (kind !== 'flapping') return [{ fromMs: firstMs, toMs: firstMs + between(random, lastsMs.from, lastsMs.to) }];
  const bursts: { fromMs: number; toMs: number }[] = [];
  let fromMs = firstMs;
  for (let count = 2 + pick(random, 2); count > 0; count -= 1) {
    const toMs = fromMs + between(random, 50, 350);
    bursts.push({ fromMs, toMs });
    fromMs = toMs + between(random, 50, 250);
  }
  return bursts;
}
