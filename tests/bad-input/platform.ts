import { join } from 'node:path';
import { rootFolder } from '../../src/runtime/processes.ts';
import type { Row } from './row.ts';

const platform = join(rootFolder, 'infra-under-test', 'region', 'main.ts');
const bench = join(rootFolder, 'bench', 'main.ts');

const badPort = (value: string): Row => ({
  what: `a port ${JSON.stringify(value)}`,
  program: platform,
  args: ['up', '--edge-port', value],
  says: /--edge-port <port>.*is invalid\. It must be a whole number from 0 to 65535/,
});

const noProtection = (value: string): Row => ({
  what: `a platform without ${value}`,
  program: platform,
  args: ['up', '--without', value],
  says: /--without names no protection: .*Known: autoscaling,/,
});

/** Relative to the checkout's root, as with `npm run platform`; so files have absolute names that exist nowhere else. */
export const platforms: Row[] = [
  { what: 'no command of the platform', program: platform, args: [], says: /Usage: platform/ },
  {
    what: 'a command that the platform does not know',
    program: platform,
    args: ['pu'],
    says: /unknown command 'pu'[\s\S]*--help/,
  },
  {
    what: 'an option that the platform does not know',
    program: platform,
    args: ['up', '--dri', 'x'],
    says: /unknown option '--dri'[\s\S]*--help/,
  },
  {
    what: 'an argument that the platform does not take',
    program: platform,
    args: ['down', 'now'],
    says: /too many arguments[\s\S]*--help/,
  },
  ...['70000', '-1', 'NaN', '', '1.5', 'http'].map(badPort),
  ...['luck', '__proto__', 'constructor'].map(noProtection),
  {
    what: 'a platform without commas',
    program: platform,
    args: ['up', '--without', ','],
    says: /--without <names>.*is invalid\. It must be one name/,
  },
  {
    what: 'a folder for a platform that has no name',
    program: platform,
    args: ['up', '--dir', ''],
    says: /--dir <folder>.*is invalid\. It must not be empty/,
  },
  {
    what: 'a folder for a platform that holds something',
    program: platform,
    args: ['up', '--lifeline', '--dir', rootFolder],
    says: /--dir \S+ is not empty, and the region removes its folder at the end\. Name a new one/,
  },
  {
    what: 'a folder for a platform below a file',
    program: platform,
    args: ['up', '--lifeline', '--dir', '/dev/null/x'],
    says: /--dir \/dev\/null\/x cannot be used: ENOTDIR/,
  },
  {
    what: 'a folder for a platform where nothing can be made',
    program: platform,
    args: ['up', '--lifeline', '--dir', '/proc/self/x'],
    says: /--dir \/proc\/self\/x cannot be used: E/,
  },
  {
    what: 'a file to remember a platform in',
    program: platform,
    args: ['up', '--state', '/dev/null'],
    says: /What is known of the platform cannot be kept in \/dev\/null: E/,
  },
  {
    what: 'no place for temporary files',
    program: platform,
    args: ['up', '--lifeline'],
    env: { TMPDIR: '/nowhere' },
    says: /The region has no place for its data: ENOENT.*Set TMPDIR/,
  },
  { what: 'a bench that is none', program: bench, args: ['nope'], says: /there is no bench nope, there are certain, / },
  {
    what: 'a bench that is a path',
    program: bench,
    args: ['../src'],
    says: /there is no bench \.\.\/src, there are certain, /,
  },
  {
    what: 'a bench of an object',
    program: bench,
    args: ['__proto__'],
    says: /there is no bench __proto__, there are certain, /,
  },
  {
    what: 'an option for a bench that it does not know',
    program: bench,
    args: ['judging', '--clals', '2'],
    says: /[Uu]nknown option '--clals'/,
    prints: /^\n== judging\n$/,
  },
];
