import { cp, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { rootFolder } from '../../src/runtime/processes.ts';
import type { Row } from './row.ts';

const recorded = join(rootFolder, 'fixtures', 'runs', 'spot-eviction-brief');
const to = (format: string, where: string, run = recorded): string[] => [
  'export',
  run,
  '--format',
  format,
  '--to',
  where,
];

export const exporting: Row[] = [
  {
    what: 'an export without a format',
    args: ['export', '--to', 'x'],
    says: /required option '--format <name>'[\s\S]*--help/,
  },
  {
    what: 'an export to nowhere',
    args: ['export', '--format', 'csv'],
    says: /required option '--to <where>'[\s\S]*--help/,
  },
  {
    what: 'an unknown format',
    args: to('xlsx', 'x'),
    says: /Allowed choices are openmetrics, csv, parquet, otlp, grafana/,
  },
  {
    what: 'an export of a run that is not there',
    args: to('csv', 'x', 'gone'),
    says: /is not the folder of a run: it has no plan\.json[\s\S]*what to do: runs are below reports/,
  },
  {
    what: 'an export where there are no runs',
    args: ['export', '--format', 'csv', '--to', 'x', '--reports', 'stored'],
    says: /there is no run in .*stored[\s\S]*what to do: name the folder of a run/,
  },
  {
    what: 'an export of a run that was cut',
    args: to('openmetrics', 'x', 'run'),
    prepare: async (folder) => {
      await cp(recorded, join(folder, 'run'), { recursive: true });
      await truncate(join(folder, 'run', 'evidence', 'probes.csv.gz'), 1_000);
    },
    says: /the evidence of run is not what the run left:\s+probes\.csv\.gz is not the file that the run sealed[\s\S]*what to do: export the run where it is whole/,
  },
  {
    what: 'an export over a file',
    args: to('openmetrics', 'mine'),
    files: { mine: 'mine' },
    says: /something at mine already[\s\S]*what to do: name another file/,
  },
  {
    what: 'an export into a folder that holds something',
    args: to('parquet', 'mine'),
    files: { 'mine/series.parquet': 'mine' },
    says: /something in mine already[\s\S]*what to do: name another folder/,
  },
  {
    what: 'tables into a file',
    args: to('csv', 'mine'),
    files: { mine: 'mine' },
    says: /mine is a file, and this format needs a folder[\s\S]*what to do: /,
  },
  {
    what: 'a file for a receiver',
    args: to('otlp', 'run.otlp'),
    says: /needs the URL of a server[\s\S]*what to do: give one such as/,
  },
  {
    what: 'credentials on the command line',
    args: to('otlp', 'http://me:very-secret@localhost:4318'),
    says: /^(?![\s\S]*very-secret)[\s\S]*needs the URL of a server[\s\S]*what to do: .*environment/,
  },
  {
    what: 'a receiver that is not there',
    args: to('otlp', 'http://127.0.0.1:9'),
    says: /http:\/\/127\.0\.0\.1:9\/: .*ECONNREFUSED[\s\S]*what to do: see whether it is up, takes OTLP over HTTP/,
  },
  {
    what: 'headers for a receiver that are none',
    args: to('otlp', 'http://127.0.0.1:9'),
    env: { OTEL_EXPORTER_OTLP_HEADERS: 'very-secret' },
    says: /^(?![\s\S]*very-secret)[\s\S]*OTEL_EXPORTER_OTLP_HEADERS does not hold headers[\s\S]*what to do: it must be like key=value/,
  },
  {
    what: 'a Grafana without a token',
    args: to('grafana-annotations', 'http://127.0.0.1:9'),
    env: { GRAFANA_TOKEN: '' },
    says: /the environment variable GRAFANA_TOKEN is not set[\s\S]*what to do: set GRAFANA_TOKEN/,
  },
  {
    what: 'a Grafana that is not there',
    args: to('grafana-annotations', 'http://127.0.0.1:9'),
    env: { GRAFANA_TOKEN: 'very-secret' },
    says: /^(?![\s\S]*very-secret)[\s\S]*ECONNREFUSED[\s\S]*what to do: see whether it is up/,
  },
  {
    what: 'metrics at a port that is none',
    args: ['run', 'aurora-failover', '--metrics', '99999'],
    says: /--metrics <port>.*is invalid\. It must be a port, or address:port/,
  },
  {
    what: 'metrics for a receiver without a URL',
    args: ['run', 'aurora-failover', '--otlp', 'localhost:4318'],
    says: /--otlp needs the URL of an OTLP receiver[\s\S]*what to do: give one such as http:\/\/localhost:4318/,
  },
];
