import type { Plan } from '../model/plan.ts';
import type { Protection } from '../model/protection.ts';

/** What a catalogue is checked against. */
export interface CatalogueContext {
  target: string;
  /** The protections that the target can switch off. */
  switches: readonly string[];
  /** Every drill that there is. */
  drillNames: readonly string[];
  /** The plans of the drills that are about to run, on the whole platform. */
  plans: readonly Plan[];
  /** The ids of the findings by which a run of a plan is judged. */
  findingsOf: (plan: Plan) => string[];
}

/** All that keeps a catalogue from being proven, in words; empty when nothing does. */
export function catalogueProblems(protections: readonly Protection[], context: CatalogueContext): string[] {
  return [
    ...protections.flatMap((protection) => problemsOf(protection, context)),
    ...namedTwice(protections),
    ...unguarded(protections, context),
  ];
}

function problemsOf(
  { name, drill, finding }: Protection,
  { drillNames, plans, switches, target, findingsOf }: CatalogueContext,
) {
  const problems: string[] = [];
  if (!switches.includes(name)) problems.push(`${name} is in the catalogue, but ${target} cannot switch it off`);
  if (!drillNames.includes(drill)) {
    problems.push(`${name} is guarded by the drill ${drill}, which does not exist; known: ${drillNames.join(', ')}`);
    return problems;
  }
  const plan = plans.find((candidate) => candidate.drill === drill);
  const findings = plan === undefined ? [finding] : findingsOf(plan);
  if (!findings.includes(finding)) {
    problems.push(
      `${name} is guarded by ${finding}, which ${drill} does not judge at profile ${plan?.profile.name}; ` +
        `it judges ${findings.join(', ')}`,
    );
  }
  return problems;
}

/** Several drills may guard one protection, each once. */
const namedTwice = (protections: readonly Protection[]): string[] =>
  protections
    .filter(({ name, owner, drill }, index) =>
      protections
        .slice(0, index)
        .some((other) => other.name === name && (other.owner !== owner || other.drill === drill)),
    )
    .map(({ name, drill }) => `${name} is in the catalogue twice: by two owners, or twice with ${drill}`);

const unguarded = (protections: readonly Protection[], { switches, target }: CatalogueContext): string[] =>
  switches
    .filter((name) => !protections.some((protection) => protection.name === name))
    .map((name) => `${name} is a protection of ${target} that no catalogue entry guards`);
