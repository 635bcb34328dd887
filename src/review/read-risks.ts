import { parseDocument } from 'yaml';
import { invalid } from '../model/errors.ts';
import { problemsIn } from '../model/problems-in.ts';
import { type Risks, risksSchema } from '../model/review.ts';

/**
 * Reads risks.yaml.
 * @param today YYYY-MM-DD @param drills all that a risk may cover
 * @throws TenfoldError (invalid) with all that is wrong with it
 */
export function readRisks(
  text: string,
  { path, today, drills }: { path: string; today: string; drills: readonly string[] },
): Risks {
  const refuse = (problems: string[]) =>
    invalid(
      problems.map((problem) => `${path}: ${problem}`),
      'docs/REVIEW.md shows what stands in it',
    );
  const document = parseDocument(text);
  if (document.errors.length > 0) throw refuse(document.errors.map(({ message }) => message.split('\n')[0] as string));
  const parsed = risksSchema.safeParse(document.toJS() ?? {});
  if (!parsed.success) throw refuse(problemsIn(parsed.error).split('\n'));
  const problems = [...riskProblems(parsed.data, today, drills), ...freezeProblems(parsed.data)];
  if (problems.length > 0) throw refuse(problems);
  return parsed.data;
}

function riskProblems({ risks }: Risks, today: string, drills: readonly string[]): string[] {
  const seen = new Set<string>();
  return risks.flatMap(({ id, until, covers }) => {
    const isTwice = seen.has(id);
    seen.add(id);
    return [
      ...(isTwice ? [`there are two risks ${id}`] : []),
      ...(until < today ? [`risk ${id} ended on ${until}: renew it, or take it out`] : []),
      ...covers
        .filter((one) => !drills.includes(one.split(':')[0] ?? ''))
        .map((one) => `risk ${id} covers ${one}, which is no drill`),
    ];
  });
}

const freezeProblems = ({ freezes }: Risks): string[] =>
  freezes
    .filter(({ from, to }) => to < from)
    .map(({ from, to, what }) => `the freeze "${what}" ends on ${to}, before it begins on ${from}`);
