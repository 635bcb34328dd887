import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { loadDrills } from '../cli/load-drill.ts';
import { folders, profileNamed, protectionCatalogue, targetNamed } from '../cli/wire.ts';
import { type Capability, capabilities } from '../model/capabilities.ts';
import type { Drill } from '../model/drill.ts';
import type { Target } from '../model/target.ts';
import { makePlan } from '../plan/make-plan.ts';
import { readCatalogue } from '../prove/catalogue.ts';
import { readIfThere, readJson } from '../runtime/files.ts';
import { rootFolder } from '../runtime/processes.ts';
import { plannedPromises } from '../verdict/checkers.ts';
import { dashboard } from './dashboard.ts';
import {
  capabilityTable,
  drillTable,
  exitCodeTable,
  faultTable,
  type LockedPackage,
  metricTable,
  packageList,
  protectionTable,
  runbookTable,
} from './tables.ts';

/** Which tables stand in which document, each between `<!-- name -->` and `<!-- /name -->`. */
const documents = {
  'README.md': ['drills', 'exit-codes'],
  'docs/ADDING-A-FAULT.md': ['faults'],
  'docs/ARCHITECTURE.md': ['capabilities', 'protections'],
  'docs/RUNBOOKS.md': ['runbooks'],
  'docs/EXPORTING.md': ['metrics'],
  'THIRD-PARTY.md': ['packages'],
} as const;

type TableName = (typeof documents)[keyof typeof documents][number];

/** A file as it stands, and as it has to be. */
interface Kept {
  path: string;
  is: string;
  shouldBe: string;
}

/** Files that are made as a whole. */
export async function generatedFiles(): Promise<Kept[]> {
  const path = join(rootFolder, 'grafana', 'tenfold.json');
  return [{ path, is: (await readIfThere(path)) ?? '', shouldBe: `${JSON.stringify(dashboard(), null, 2)}\n` }];
}

/** Documents with tables in them. */
export async function documentsWithTables(): Promise<Kept[]> {
  const tables = await allTables();
  return await Promise.all(
    Object.entries(documents).map(async ([name, inIt]) => {
      const path = join(rootFolder, name);
      const is = await readFile(path, 'utf8');
      return { path, is, shouldBe: inIt.reduce((text, table) => withTable(text, table, tables[table]), is) };
    }),
  );
}

async function allTables(): Promise<Record<TableName, string>> {
  const drills = await loadDrills(folders.scenarios);
  const local = targetNamed('local');
  const rows = await Promise.all(drills.map(async (drill) => ({ drill, promises: await promisesOf(drill, local) })));
  return {
    drills: drillTable(rows),
    faults: faultTable(drills.flatMap(({ fault }) => fault ?? [])),
    'exit-codes': exitCodeTable(),
    capabilities: capabilityTable([local]),
    protections: protectionTable(readCatalogue(protectionCatalogue())),
    runbooks: runbookTable(drills),
    metrics: metricTable(),
    packages: packageList(await lockedPackages()),
  };
}

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({ version: z.string(), license: z.string().default('unknown'), dev: z.boolean().default(false) }),
  ),
});

/** What is installed besides tenfold itself, without what is for its development. */
async function lockedPackages(): Promise<LockedPackage[]> {
  const { packages } = lockSchema.parse(await readJson(join(rootFolder, 'package-lock.json')));
  const locked = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);
  const named = locked.map(([path, { version, license }]): LockedPackage => {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return { name, version, license };
  });
  return [...new Map(named.map((one) => [`${one.name} ${one.version}`, one])).values()];
}

const all = new Set(Object.keys(capabilities) as Capability[]);

/** What not every drill promises, in production's time, on a target that can do all; with what differs on one that is slower to miss pods. */
async function promisesOf(drill: Drill, target: Target): Promise<string[]> {
  const usual = await promisesOn(drill, target);
  const slower = await promisesOn(drill, { ...target, missing: 'by-not-ready' });
  const others = slower.filter((line) => !usual.includes(line));
  return [...usual, ...(others.length > 0 ? [`where NotReady alone tells of lost pods: ${others.join(', ')}`] : [])];
}

async function promisesOn(drill: Drill, target: Target): Promise<string[]> {
  const inventory = await target.inventory();
  const able = { ...target, capabilities: all, timeScale: 1 };
  const plan = makePlan(drill, profileNamed('readiness'), able, { without: [], inventory });
  const { latency, orders, errorBudget } = plan.objectives;
  const usual = plannedPromises({ ...plan, objectives: { latency, orders, errorBudget, recovery: [] } });
  return plannedPromises(plan).filter((line) => !usual.includes(line));
}

function withTable(text: string, name: TableName, table: string): string {
  const between = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!between.test(text)) throw new Error(`there is no place for the table ${name}`);
  return text.replace(between, (_, begin: string, end: string) => `${begin}\n${table}\n\n${end}`);
}
