import { timingSafeEqual } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { AwsError, type AwsRequest } from './service.ts';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** The parts of an `Authorization` header of Signature Version 4. */
export interface Signature {
  accessKeyId: string;
  date: string;
  region: string;
  service: string;
  signedHeaders: string[];
  signature: string;
}

const pattern =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/** Reads who signed a request and for which service; throws an AwsError when it is not signed. */
export function readSignature({ headers }: AwsRequest): Signature {
  const { authorization } = headers;
  if (!authorization) throw new AwsError('MissingAuthenticationToken', 403, 'Request is missing Authentication Token');
  const match = pattern.exec(authorization);
  if (!match) throw new AwsError('IncompleteSignature', 400, 'The Authorization header is not a Signature Version 4.');
  const [, accessKeyId, date, region, service, signedHeaders, signature] = match as unknown as string[];
  return { accessKeyId, date, region, service, signedHeaders: signedHeaders?.split(';'), signature } as Signature;
}

/** Throws an AwsError unless the request was signed with these credentials for this region. */
export async function verifySignature(
  request: AwsRequest,
  given: Signature,
  credentials: Credentials,
  region: string,
): Promise<void> {
  if (given.accessKeyId !== credentials.accessKeyId) {
    throw new AwsError('InvalidClientTokenId', 403, 'The security token included in the request is invalid.');
  }
  if (given.region !== region) {
    throw new AwsError(
      'SignatureDoesNotMatch',
      403,
      `Credential should be scoped to a valid region, not '${given.region}'.`,
    );
  }
  const expected = await sign(request, given, credentials);
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(given.signature))) {
    throw new AwsError(
      'SignatureDoesNotMatch',
      403,
      'The request signature we calculated does not match the signature you provided.',
    );
  }
}

/** The expected signature of a request, over the headers that it says it signs. */
async function sign(
  { method, path, query, headers, body }: AwsRequest,
  { date, region, service, signedHeaders }: Signature,
  credentials: Credentials,
): Promise<string> {
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256, applyChecksum: false });
  const request = {
    method,
    protocol: 'http:',
    hostname: headers.host ?? '',
    path,
    query: bagOf(new URLSearchParams(query)),
    headers: Object.fromEntries(signedHeaders.map((name) => [name, headers[name] ?? ''])),
    body,
  };
  const signed = await signer.sign(request, {
    signingDate: dateOf(headers['x-amz-date'] ?? '', date),
    signableHeaders: new Set(signedHeaders),
  });
  return /Signature=([0-9a-f]{64})$/.exec(signed.headers.authorization ?? '')?.[1] ?? '0'.repeat(64);
}

/** Parameters, each with all its values. */
const bagOf = (parameters: URLSearchParams): Record<string, string[]> =>
  Object.fromEntries([...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name)]));

/** Parses 20240229T123456Z; throws on another form, or another day than in the credential's scope. */
function dateOf(amzDate: string, day: string): Date {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(amzDate);
  if (!parts || !amzDate.startsWith(day))
    throw new AwsError('IncompleteSignature', 400, 'The request has no X-Amz-Date of the day that it is signed for.');
  const [, year, month, date, hours, minutes, seconds] = parts;
  return new Date(`${year}-${month}-${date}T${hours}:${minutes}:${seconds}Z`);
}
