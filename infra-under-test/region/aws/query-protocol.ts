import { XMLBuilder } from 'fast-xml-parser';
import { AwsError, type AwsReply } from './service.ts';

/** Parameters of an awsQuery request: a form with nested names joined by dots. */
export interface QueryParameters {
  get(name: string): string | undefined;
  /** Throws MissingParameter. */
  required(name: string): string;
  /** A list, sent as `name.1`, `name.2` ... */
  list(name: string): string[];
  /** Throws InvalidParameterValue. */
  integer(name: string): number | undefined;
  /** An instant in epoch ms. Throws InvalidParameterValue. */
  instant(name: string): number | undefined;
}

export function readParameters(body: string): QueryParameters {
  const form = new URLSearchParams(body);
  const get = (name: string) => form.get(name) ?? undefined;
  const numeric = (name: string, parse: (text: string) => number) => {
    const text = get(name);
    const value = text === undefined ? undefined : parse(text);
    if (Number.isNaN(value)) throw new AwsError('InvalidParameterValue', 400, `Invalid value for ${name}: ${text}`);
    return value;
  };
  return {
    get,
    required(name) {
      const value = get(name);
      if (!value) throw new AwsError('MissingParameter', 400, `The request must contain the parameter ${name}`);
      return value;
    },
    list(name) {
      const values = [];
      for (let i = 1, value = get(`${name}.1`); value !== undefined; i += 1, value = get(`${name}.${i}`))
        values.push(value);
      return values;
    },
    integer: (name) => numeric(name, (text) => (/^\d+$/.test(text) ? Number(text) : Number.NaN)),
    instant: (name) => numeric(name, Date.parse),
  };
}

const builder = new XMLBuilder({ ignoreAttributes: false, suppressEmptyNode: true });

/** A result in XML. Lists are objects with one array, named by their elements: `{ DBClusters: { DBCluster: [...] } }`. */
export function xmlReply(namespace: string, action: string, result: object, requestId: string): AwsReply {
  const response = { '@_xmlns': namespace, [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } };
  return reply(200, { [`${action}Response`]: response }, requestId);
}

export function xmlError(namespace: string, error: AwsError, requestId: string): AwsReply {
  const type = error.status < 500 ? 'Sender' : 'Receiver';
  const response = { Error: { Type: type, Code: error.code, Message: error.message }, RequestId: requestId };
  return reply(error.status, { ErrorResponse: { '@_xmlns': namespace, ...response } }, requestId);
}

const reply = (status: number, document: object, requestId: string): AwsReply => ({
  status,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
  body: builder.build(document),
});
