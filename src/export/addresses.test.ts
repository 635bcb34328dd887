import { expect, test } from 'vitest';
import { listenAtOf, urlOf } from './addresses.ts';

test.each([
  ['9464', { host: '127.0.0.1', port: 9464 }],
  ['0', { host: '127.0.0.1', port: 0 }],
  ['0.0.0.0:9464', { host: '0.0.0.0', port: 9464 }],
  ['metrics.example:80', { host: 'metrics.example', port: 80 }],
  ['[::1]:9464', { host: '::1', port: 9464 }],
  ['65536', undefined],
  ['', undefined],
  [':9464', undefined],
  ['::1:9464', undefined],
  ['http://127.0.0.1:9464', undefined],
  ['94 64', undefined],
])('to listen at %j is %j', (text, at) => expect(listenAtOf(text)).toEqual(at));

test.each([
  ['http://localhost:4318', 'http://localhost:4318/'],
  ['https://otlp.example/base/', 'https://otlp.example/base/'],
  ['localhost:4318', undefined],
  ['grpc://localhost:4317', undefined],
  ['http://me:secret@host', undefined],
  ['http://host/?key=secret', undefined],
  ['aurora-failover', undefined],
])('%j as a URL is %j', (text, url) => expect(urlOf(text)).toBe(url));
