import type { Row } from './row.ts';

const run = ['run', 'aurora-failover', '--scale', '1:60', '--reports', 'reports'];
const noState = /locks and journals \S+ be (read|written)|locks and journals would be in/;
const stateRemedy = /[\s\S]*what to do: set XDG_STATE_HOME or HOME to the absolute path of a folder that you own/;
const then = (first: RegExp, second: RegExp) => new RegExp(`${first.source}${second.source}`);
const noTemp = /temporary files cannot be written to [\s\S]*what to do: set TMPDIR to a writable folder, or unset it/;

const noK6 = (what: string, path: string, says: RegExp): Row => ({
  what: `a K6_PATH that ${what}`,
  args: run,
  files: { 'k6-file': 'no program', 'old/k6': '#!/bin/sh\necho k6 v0.49.0', 'a-folder': { folder: true } },
  env: { K6_PATH: path },
  says: new RegExp(
    `no usable k6, the load generator:\\s+- K6_PATH: ${says.source}[\\s\\S]*what to do: install k6 2\\.x`,
  ),
});

/** Correct commands on a machine, or with environment variables, that make them fail. */
export const environment: Row[] = [
  {
    what: 'a home where nothing can be made',
    args: run,
    env: { XDG_STATE_HOME: '', HOME: '/proc/nowhere' },
    says: then(noState, stateRemedy),
  },
  {
    what: 'a home that is a file',
    args: run,
    files: { home: '' },
    env: { XDG_STATE_HOME: '', HOME: '/dev/null' },
    says: then(noState, stateRemedy),
  },
  { what: 'a home that is empty', args: run, env: { XDG_STATE_HOME: '', HOME: '' }, says: then(noState, stateRemedy) },
  {
    what: 'a state folder that is relative, to clean up',
    args: ['cleanup'],
    env: { XDG_STATE_HOME: 'state' },
    says: then(noState, stateRemedy),
  },
  {
    what: 'a state folder that is a file, to unlock',
    args: ['unlock'],
    env: { XDG_STATE_HOME: '/dev/null' },
    says: then(noState, stateRemedy),
  },
  {
    what: 'a state folder that is a file, to stop',
    args: ['stop'],
    env: { XDG_STATE_HOME: '/dev/null' },
    says: then(noState, stateRemedy),
  },
  { what: 'a temporary folder that is not there', args: run, env: { TMPDIR: '/nowhere' }, says: noTemp },
  { what: 'a temporary folder that is a file', args: ['analyze', 'run'], env: { TMPDIR: '/dev/null' }, says: noTemp },
  {
    what: 'a temporary folder where nothing can be made',
    args: ['compare', 'a', 'b'],
    env: { TMPDIR: '/proc/self' },
    says: noTemp,
  },
  {
    what: 'next to no memory for Node',
    args: run,
    env: { NODE_OPTIONS: '--max-old-space-size=50' },
    says: /Node may use only \d+ MB here; judging needs 256 MB[\s\S]*what to do: remove --max-old-space-size/,
  },
  {
    what: 'no addons for Node',
    args: ['analyze', 'run'],
    env: { NODE_OPTIONS: '--no-addons' },
    says: /a library cannot be loaded: [\s\S]*what to do: npm ci/,
  },
  noK6('is not there', '/nowhere/k6', /\/nowhere\/k6 is not a working k6/),
  noK6('is no program', './k6-file', /\S+k6-file is not a working k6/),
  noK6('is a folder', './a-folder', /\S+a-folder is not a working k6/),
  noK6('is on no PATH', 'k7', /k7 is not a working k6/),
  {
    what: 'no k6, and no Go',
    args: run,
    env: { K6_PATH: '', PATH: '/nowhere', XDG_CACHE_HOME: '/nowhere' },
    says: /no usable k6[\s\S]*K6_PATH is not set[\s\S]*PATH: no k6[\s\S]*cache: no k6[\s\S]*Go: there is no go[\s\S]*what to do: install k6/,
  },
  {
    what: 'reports below a file',
    args: ['run', 'aurora-failover', '--scale', '1:60', '--reports', 'file/reports'],
    files: { file: '' },
    says: /reports cannot be written to \S+file\/reports: E\w+[\s\S]*what to do: make it writable/,
  },
  {
    what: 'reports that are a file',
    args: ['prove', 'node-loss', '--scale', '1:60', '--reports', 'file'],
    files: { file: '' },
    says: /reports cannot be written to \S+file: E\w+[\s\S]*what to do: make it writable/,
  },
  {
    what: 'reports where nothing can be made',
    args: ['run', 'node-loss', 'az-outage', '--scale', '1:60', '--reports', '/proc/self/reports'],
    says: /reports cannot be written to \/proc\/self\/reports: E\w+[\s\S]*what to do: make it writable/,
  },
];
