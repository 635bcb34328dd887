import { type Compared, type Instant, isWithin } from './compare.ts';
import { kinds } from './schedule.ts';

/** How close the analysis came, over some outages. null when there are none. */
export interface Closeness {
  outages: number;
  notFound: number;
  /** Share of outages with both ends within the stated uncertainty; one that was not found is outside. */
  withinShare: number | null;
  errorP50Ms: number | null;
  errorP95Ms: number | null;
  errorMaxMs: number | null;
  uncertaintyP50Ms: number | null;
  uncertaintyP95Ms: number | null;
}

export interface Row extends Closeness {
  of: string;
}

/** What tenfold promises about itself. */
export const least = { withinShare: 0.95, errorP95Ms: 20 };

export function closeness(all: Compared[]): Closeness {
  const instants = all.flatMap(({ start, end }) => [start, end]).filter((one): one is Instant => one !== null);
  const errors = instants.map(({ errorMs }) => Math.abs(errorMs));
  const uncertainties = instants.map(({ uncertaintyMs }) => uncertaintyMs);
  const within = all.filter(isRight).length;
  return {
    outages: all.length,
    notFound: all.filter(({ found }) => !found).length,
    withinShare: all.length === 0 ? null : within / all.length,
    errorP50Ms: quantile(errors, 0.5),
    errorP95Ms: quantile(errors, 0.95),
    errorMaxMs: quantile(errors, 1),
    uncertaintyP50Ms: quantile(uncertainties, 0.5),
    uncertaintyP95Ms: quantile(uncertainties, 0.95),
  };
}

/** Found, with each existing end within its stated uncertainty. */
export const isRight = ({ found, start, end }: Compared): boolean =>
  found && [start, end].every((instant) => instant === null || isWithin(instant));

/** One row per kind, with those through a balancer apart: only every second request of it meets the broken replica. */
export function rowsOf(all: Compared[]): Row[] {
  const own = all.filter(({ via }) => via === 'server');
  const rows: [string, Compared[]][] = [
    ['all schedules', own],
    ...kinds.map((kind): [string, Compared[]] => [kind, own.filter(({ schedule }) => schedule.kind === kind)]),
    ['on pooled connections', own.filter(({ connection }) => connection === 'pooled')],
    ['on new connections', own.filter(({ connection }) => connection === 'new')],
    ['partial, through its balancer', all.filter(({ via }) => via === 'balancer')],
  ];
  return rows.filter(([, of]) => of.length > 0).map(([of, some]) => ({ of, ...closeness(some) }));
}

/** The smallest value that a share of all values does not exceed. */
export function quantile(values: number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
