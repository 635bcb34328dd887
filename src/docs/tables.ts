/** Tables of README and docs that the code itself can tell. Pure: data in, Markdown out. */
import { metricNames, metricOf, seriesNameOf } from '../export/catalogue.ts';
import { type Capability, capabilities } from '../model/capabilities.ts';
import type { Drill } from '../model/drill.ts';
import { exitCodeMeanings, exitCodes } from '../model/exit-codes.ts';
import type { Fault } from '../model/fault.ts';
import type { Protection } from '../model/protection.ts';
import type { Target } from '../model/target.ts';

/** A drill with what it promises besides latency, budget and orders, in words and in production's time. */
export interface DrillRow {
  drill: Drill;
  promises: string[];
}

export const drillTable = (rows: readonly DrillRow[]): string =>
  table(
    ['drill', 'what happens', 'fault, and its ways', 'promised besides latency, budget and orders'],
    rows.map(({ drill: { name, title, fault }, promises }) => [
      `[\`${name}\`](scenarios/${name}.ts)`,
      title,
      fault === null ? 'none' : `\`${fault.kind}\`, by ${fault.ways.map((way) => way.name).join(' or ')}`,
      promises.join('; ') || 'nothing',
    ]),
  );

/** Faults of one kind each; what is put together of others stands with these. */
export function faultTable(faults: readonly Fault[]): string {
  const kinds = new Map(faults.filter(({ effects }) => effects.length === 1).map((fault) => [fault.kind, fault]));
  return table(
    ['fault', 'example', 'ways', 'which require'],
    [...kinds.values()].map(({ kind, summary, ways }) => [
      `[\`${kind}\`](../chaos/${kind}.ts)`,
      summary,
      ways.map(({ name }) => `[\`${name}\`](../chaos/${kind}/by-${name}.ts)`).join('<br>'),
      ways.map(({ requires }) => requires.map((name) => `\`${name}\``).join(', ')).join('<br>'),
    ]),
  );
}

export const metricTable = (): string =>
  table(
    ['metric', 'what it is', 'labels besides `drill` and `run`'],
    metricNames.map((name) => [
      `\`${seriesNameOf(name)}\``,
      metricOf(name).help,
      metricOf(name)
        .labels.map((label) => `\`${label}\``)
        .join(', '),
    ]),
  );

export const protectionTable = (protections: readonly Protection[]): string =>
  table(
    ['protection', 'of', 'what it does', 'guarded by'],
    [...new Set(protections.map(({ name }) => name))].map((name) => {
      const guards = protections.filter((protection) => protection.name === name);
      const guardedBy = guards.map(({ drill, finding }) => `\`${finding}\` of \`${drill}\``);
      return [`\`${name}\``, `the ${guards[0]?.owner}`, guards[0]?.what ?? '', guardedBy.join(', ')];
    }),
  );

/** @param targets those whose capabilities do not depend on a config */
export const capabilityTable = (targets: readonly Pick<Target, 'name' | 'capabilities'>[]): string =>
  table(
    ['capability', 'facet', 'what it is', 'on'],
    (Object.keys(capabilities) as Capability[]).map((name) => {
      const { facet, what } = capabilities[name];
      const on = targets.filter((target) => target.capabilities.has(name)).map((target) => `\`${target.name}\``);
      return [`\`${name}\``, facet === null ? '' : `\`${facet}\``, what, on.join(', ')];
    }),
  );

/** Which drills have which runbook. */
export function runbookTable(drills: readonly Drill[]): string {
  const files = Map.groupBy(
    drills.filter(({ runbook }) => runbook !== undefined),
    ({ runbook }) => runbook?.file ?? '',
  );
  return table(
    ['runbook', 'what happens', 'steps', 'drills'],
    [...files].map(([file, ofIt]) => {
      const [first] = ofIt;
      const path = file.replace(/^docs\//, '');
      const names = ofIt.map(({ name }) => `\`${name}\``).join(', ');
      return [`[\`${path}\`](${path})`, first?.runbook?.title ?? '', String(first?.runbook?.steps.length), names];
    }),
  );
}

export const exitCodeTable = (): string =>
  table(
    ['exit code', 'name', 'when'],
    (Object.keys(exitCodes) as (keyof typeof exitCodes)[]).map((name) => [
      String(exitCodes[name]),
      name,
      exitCodeMeanings[name],
    ]),
  );

/** A package as the lockfile has it. */
export interface LockedPackage {
  name: string;
  version: string;
  license: string;
}

/** Packages by their licences, those with the most packages first. */
export function packageList(packages: readonly LockedPackage[]): string {
  const byLicence = Map.groupBy(packages, ({ license }) => license);
  return [...byLicence]
    .sort(([, one], [, other]) => other.length - one.length)
    .map(([license, ofIt]) => {
      const names = ofIt.map(({ name, version }) => `${name} ${version}`).sort();
      return `**${license}** (${ofIt.length}): ${names.join(', ')}`;
    })
    .join('\n\n');
}

const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
