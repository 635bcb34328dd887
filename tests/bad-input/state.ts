import { hostname } from 'node:os';
import type { Row } from './row.ts';

const locks = '../state/tenfold/locks';
const journal = (owner: unknown): string => `${JSON.stringify({ atMs: 1, entry: 'begun', owner })}\n`;
const owner = {
  platform: 'attached-shop-80',
  runId: 'theirs',
  runFolder: '/nowhere',
  pid: process.pid,
  host: hostname(),
};
const isUnknown = /no platform [\s\S]* is known[\s\S]*what to do: npm run tenfold -- unlock lists those that are known/;
const hasNoJournal = /has no drill journal[\s\S]*what to do: give the folder of a run/;
const lockCannotBeRead = /the lock \S+shop\.json cannot be read[\s\S]*what to do: make sure that no drill runs/;
const held = JSON.stringify({ ...owner, platform: undefined, expiresAtMs: 4_000_000_000_000 });
const dead = JSON.stringify({ ...owner, platform: undefined, expiresAtMs: 0 });

/** Locks, journals, and what leads to them. */
export const state: Row[] = [
  ...['nope', '..', '.', '../../state', 'a/b', '__proto__'].map(
    (name): Row => ({
      what: `a platform ${name} to unlock`,
      args: ['unlock', name, '--reason', 'x'],
      files: { [`${locks}/shop.json`]: dead },
      says: isUnknown,
    }),
  ),
  { what: 'a platform to stop drills on that is none', args: ['stop', '../shop'], says: isUnknown },
  {
    what: 'to unlock without a reason',
    args: ['unlock', 'shop'],
    files: { [`${locks}/shop.json`]: dead },
    says: /a reason is needed, and is kept on record[\s\S]*what to do: npm run tenfold -- unlock shop --reason/,
  },
  {
    what: 'to unlock for a reason that is blank',
    args: ['unlock', 'shop', '--reason', '  '],
    files: { [`${locks}/shop.json`]: dead },
    says: /a reason is needed, and is kept on record/,
  },
  {
    what: 'to unlock what is in use',
    args: ['unlock', 'shop', '--reason', 'x'],
    files: { [`${locks}/shop.json`]: held },
    says: /drill theirs \(process \d+ on \S+\) is using shop[\s\S]*what to do: stop it with Ctrl-C/,
  },
  {
    what: 'a lock that is cut off, to unlock',
    args: ['unlock', 'shop', '--reason', 'x'],
    files: { [`${locks}/shop.json`]: '{"pid":' },
    says: lockCannotBeRead,
  },
  {
    what: 'a lock of another version, to list',
    args: ['unlock'],
    files: { [`${locks}/shop.json`]: '{"version":9}' },
    says: lockCannotBeRead,
  },
  {
    what: 'a lock that is cut off, to stop',
    args: ['stop'],
    files: { [`${locks}/shop.json`]: '{"pid":' },
    says: lockCannotBeRead,
  },
  { what: 'a run to clean up that is not there', args: ['cleanup', 'gone'], says: hasNoJournal },
  { what: 'a file to clean up', args: ['cleanup', 'file'], files: { file: '' }, says: hasNoJournal },
  {
    what: 'a journal that is empty',
    args: ['cleanup', 'run'],
    files: { 'run/journal.ndjson': '' },
    says: hasNoJournal,
  },
  {
    what: 'a journal of nonsense',
    args: ['cleanup', 'run'],
    files: { 'run/journal.ndjson': '[]\nnull\n7\n{"a":1}\n{"entry":"begun"}\n' },
    says: hasNoJournal,
  },
  {
    what: 'a journal of nobody',
    args: ['cleanup', 'run'],
    files: { 'run/journal.ndjson': journal(5) },
    says: hasNoJournal,
  },
  {
    what: 'a journal that leads elsewhere',
    args: ['cleanup', 'run'],
    files: { 'run/journal.ndjson': journal({ ...owner, platform: '../../../elsewhere' }) },
    says: hasNoJournal,
  },
  {
    what: 'a journal that is a link to itself',
    args: ['cleanup', 'run'],
    files: { 'run/journal.ndjson': { linkTo: 'journal.ndjson' } },
    says: /the system refuses: ELOOP.*journal\.ndjson[\s\S]*what to do: see what is there/,
  },
  {
    what: 'a journal that is a folder',
    args: ['cleanup', 'run'],
    files: { 'run/journal.ndjson': { folder: true } },
    says: /the system refuses: EISDIR.*journal\.ndjson[\s\S]*what to do: see what is there/,
  },
  {
    what: 'a run to clean up that goes on',
    args: ['cleanup', 'run'],
    files: { 'run/journal.ndjson': journal(owner) },
    says: /the drill theirs \(process \d+\) is still running[\s\S]*what to do: stop it with Ctrl-C/,
  },
];
