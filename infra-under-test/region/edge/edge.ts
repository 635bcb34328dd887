import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { constants } from '../constants.ts';
import { forward } from './forward.ts';
import { wantedPod } from './sticky.ts';
import type { TargetGroup } from './target-group.ts';

/** What the edge has done so far. `own` counts answers of the edge itself, by status; 499: the client left. */
export interface EdgeCounters {
  requests: number;
  inFlight: number;
  own: Record<number, number>;
}

/** An L7 balancer over a group of targets; not listening yet. */
export function createEdge(group: TargetGroup): { server: Server; counters: EdgeCounters } {
  const counters: EdgeCounters = { requests: 0, inFlight: 0, own: {} };
  const server = createServer({ keepAliveTimeout: constants.clientIdleTimeoutMs }, (request, response) =>
    balance(group, counters, request, response),
  );
  return { server, counters };
}

function balance(group: TargetGroup, counters: EdgeCounters, request: IncomingMessage, response: ServerResponse): void {
  counters.requests += 1;
  const target = group.next(wantedPod(request.headers.cookie));
  if (!target) {
    count(counters, 503);
    response.writeHead(503, { 'content-length': 0 }).end();
    return;
  }
  counters.inFlight += 1;
  target.inFlight += 1;
  target.requests += 1;
  forward(request, response, target, (ownStatus) => {
    counters.inFlight -= 1;
    target.inFlight -= 1;
    if (ownStatus) count(counters, ownStatus);
  });
}

function count(counters: EdgeCounters, status: number): void {
  counters.own[status] = (counters.own[status] ?? 0) + 1;
}

/** The edge's status for tests and metrics: GET /__edge/status, on a port of its own. */
export function createAdmin(group: TargetGroup, counters: EdgeCounters): Server {
  return createServer((request, response) => {
    const known = request.url === '/__edge/status';
    response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
    response.end(known ? JSON.stringify({ ...counters, targets: group.list().map(describe) }) : '{}');
  });
}

/** A target as the edge sees it. */
export interface TargetStatus {
  name: string;
  zone: string;
  port: number;
  health: 'initial' | 'healthy' | 'unhealthy';
  requests: number;
  inFlight: number;
}

function describe({ address, health, requests, inFlight }: ReturnType<TargetGroup['list']>[number]): TargetStatus {
  return { name: address.name, zone: address.zone, port: address.port, health: health.state, requests, inFlight };
}
