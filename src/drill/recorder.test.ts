import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { evidenceFiles, type Observation } from '../model/evidence.ts';
import { Recorder } from './recorder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenfold-recorder-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const stop: Observation = { kind: 'stop', atMs: 1, because: 'it was enough' };

test('what is observed is written before anybody is told of it', () => {
  const file = join(folder, evidenceFiles.observations);
  const told: string[] = [];
  using recorder = new Recorder(
    folder,
    () => told.push(readFileSync(file, 'utf8')),
    (error) => told.push(error.message),
  );
  recorder.emit(stop);
  expect(told).toEqual([`${JSON.stringify(stop)}\n`]);
});

test.runIf(process.platform === 'linux')('a full disk is told, and whoever watches goes on', () => {
  symlinkSync('/dev/full', join(folder, evidenceFiles.observations));
  const failures: string[] = [];
  const told: Observation[] = [];
  using recorder = new Recorder(
    folder,
    (observation) => told.push(observation),
    ({ message }) => failures.push(message),
  );
  recorder.emit(stop);
  recorder.emit(stop);
  expect(failures).toEqual([expect.stringContaining('ENOSPC'), expect.stringContaining('ENOSPC')]);
  expect(told).toEqual([stop, stop]);
});

test('what comes after the end is dropped, and reaches no file that has taken its place', () => {
  const told: Observation[] = [];
  const recorder = new Recorder(folder, (observation) => told.push(observation));
  recorder[Symbol.dispose]();
  // The system gives the next file the same number.
  const other = join(folder, 'other');
  const descriptor = openSync(other, 'w');
  recorder.emit(stop);
  recorder[Symbol.dispose]();
  writeSync(descriptor, 'mine');
  closeSync(descriptor);
  expect(readFileSync(other, 'utf8')).toBe('mine');
  expect(readFileSync(join(folder, evidenceFiles.observations), 'utf8')).toBe('');
  expect(told).toEqual([]);
});
