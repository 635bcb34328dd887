import { AwsError, type AwsReply, type AwsRequest, type AwsService } from '../service.ts';
import { validation } from './errors.ts';
import { type FisRegionOptions, fisRegion } from './region.ts';
import { type Call, fisRoutes, type Handler } from './routes.ts';

export interface FisOptions extends FisRegionOptions {
  /** Receives every change of state. */
  tell: (message: string) => void;
}

/** The calls of AWS Fault Injection Service that experiments need, on a region's machines and database. */
export function fisService({ tell, ...options }: FisOptions): AwsService {
  const routes = Object.entries(fisRoutes(fisRegion(options), tell)).map(toRoute);
  return {
    scope: 'fis',
    async handle(request, requestId) {
      for (const { method, pattern, handler } of routes) {
        const match = method === request.method && pattern.exec({ pathname: request.path });
        if (match) return reply(200, handler(callOf(request, match.pathname.groups.id ?? '')), requestId);
      }
      throw new AwsError('UnknownOperationException', 404, `No operation at ${request.method} ${request.path}.`);
    },
    refuse: refusal,
  };
}

function toRoute([route, handler]: [string, Handler]) {
  const [method = '', pathname = ''] = route.split(' ');
  return { method, pattern: new URLPattern({ pathname }), handler };
}

const callOf = ({ query, body }: AwsRequest, id: string): Call => ({
  id: decodeURIComponent(id),
  query: new URLSearchParams(query),
  body: readBody(body),
});

function readBody(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch (error) {
    throw validation(`The body of the request is not JSON: ${(error as Error).message}`);
  }
}

/** Names of errors in awsQuery services, and their names in services of this protocol. */
const namesHere: Record<string, string> = {
  InvalidClientTokenId: 'UnrecognizedClientException',
  SignatureDoesNotMatch: 'InvalidSignatureException',
  InternalFailure: 'InternalServerException',
};

function refusal({ code, status, message }: AwsError, requestId: string): AwsReply {
  const { headers, ...rest } = reply(status, { message }, requestId);
  return { ...rest, headers: { ...headers, 'x-amzn-errortype': namesHere[code] ?? code } };
}

const reply = (status: number, body: object, requestId: string): AwsReply => ({
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
  body: JSON.stringify(body),
});
