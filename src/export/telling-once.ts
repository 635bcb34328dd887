import { type OtlpKind, remarkOf, type Taken } from './otlp-receiver.ts';
import type { Receiver } from './send.ts';

/** What became of a request. */
export type Answer = { kind: OtlpKind; taken: Taken } | { kind: OtlpKind; error: Error };

const names = { metrics: 'metrics', logs: 'events' } as const;
const namesOf = (answers: readonly Answer[]): string => answers.map(({ kind }) => names[kind]).join(' and ');

/** Tells once, of metrics and of events, that they are not taken and that they are again, what is rejected, and a warning. */
export function tellingOnce(receiver: Receiver, say: (line: string) => void): (answers: readonly Answer[]) => void {
  const away = new Set<OtlpKind>();
  const remarked = new Set<string>();

  const remark = (kind: OtlpKind, taken: Taken): void => {
    const text = remarkOf(receiver, kind, taken);
    const which = `${kind} ${taken.rejected > 0}`;
    if (text === null || remarked.has(which)) return;
    remarked.add(which);
    say(`${text}; more of this is not told`);
  };

  return (answers) => {
    const lost = answers.filter((answer) => 'error' in answer).filter(({ kind }) => !away.has(kind));
    const back = answers.filter((answer) => 'taken' in answer).filter(({ kind }) => away.has(kind));
    for (const { kind } of lost) away.add(kind);
    for (const { kind } of back) away.delete(kind);
    if (lost[0]) say(`${namesOf(lost)} cannot be sent, and the drill goes on without: ${lost[0].error.message}`);
    if (back.length > 0) say(`${receiver.url} takes ${namesOf(back)} again`);
    for (const answer of answers) if ('taken' in answer) remark(answer.kind, answer.taken);
  };
}
