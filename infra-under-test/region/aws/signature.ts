import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
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
export function verifySignature(request: AwsRequest, given: Signature, credentials: Credentials, region: string): void {
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
  const expected = sign(request, given, credentials.secretAccessKey);
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(given.signature))) {
    throw new AwsError(
      'SignatureDoesNotMatch',
      403,
      'The request signature we calculated does not match the signature you provided.',
    );
  }
}

/** The signature of a request, as "Create a signed AWS API request" in the IAM user guide has it. */
function sign(request: AwsRequest, { date, region, service, signedHeaders }: Signature, secret: string): string {
  const canonicalRequest = [
    request.method,
    request.path.split('/').map(encodeURIComponent).join('/'),
    request.query.split('&').sort().join('&'),
    ...signedHeaders.map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha256(canonicalRequest)].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, toSign).toString('hex');
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
