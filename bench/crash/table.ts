import type { RoundLine } from './round.ts';

interface Row {
  kind: string;
  rounds: number;
  clean: number;
  left: number;
  missed: number;
  skipped: number;
}

const kindsOf: ((line: RoundLine) => string)[] = [
  ({ round: { where, drill } }) => `${where} ${drill}`,
  ({ round: { way, victim, reach } }) =>
    victim === null ? way : `${way} to ${victim}${reach === 'group' ? ' and its group' : ''}`,
  ({ round: { stage } }) => `in ${stage}`,
];

/** Rounds counted by place and drill, by blow, and by part of a drill's life. */
export function rowsOf(lines: RoundLine[]): Row[] {
  return kindsOf.flatMap((kindOf) =>
    [...Map.groupBy(lines, kindOf)]
      .map(([kind, of]) => rowOf(kind, of))
      .toSorted((a, b) => a.kind.localeCompare(b.kind)),
  );
}

export function rowOf(kind: string, lines: RoundLine[]): Row {
  const count = (result: RoundLine['result']) => lines.filter((line) => line.result === result).length;
  return {
    kind,
    rounds: lines.length,
    clean: count('clean'),
    left: count('left'),
    missed: count('missed'),
    skipped: count('skipped'),
  };
}

export function tableOf(rows: Row[]): string {
  const head = ['', 'rounds', 'clean', 'left', 'missed', 'skipped'];
  const lines = rows.map(({ kind, rounds, clean, left, missed, skipped }) => [
    kind,
    ...[rounds, clean, left, missed, skipped].map((count) => (count === 0 ? '' : String(count))),
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...lines].map((line) => line[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0);
  return [head, ...lines].map((line) => line.map(pad).join('  ')).join('\n');
}
