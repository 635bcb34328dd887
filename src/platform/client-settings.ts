import type { AwsAccess } from '../model/facets.ts';

/** An endpoint that takes a connection and says nothing, as one that hangs does, may not keep a drill from its undo. */
const silentMs = 15_000;
const dialMs = 5_000;

/** How a client of an AWS service reaches its endpoint. @param timeoutMs for each of its tries */
export const clientSettings = ({ region, endpoint, credentials }: AwsAccess, timeoutMs = silentMs) => ({
  region,
  // What AWS_USE_FIPS_ENDPOINT and its like say is about AWS's own endpoints; with another, the SDK would refuse to work.
  ...(endpoint && { endpoint, useFipsEndpoint: false, useDualstackEndpoint: false }),
  retryMode: 'standard',
  // Of a mode that AWS_DEFAULTS_MODE or a shared config file names and that it does not know, the SDK ends the process.
  defaultsMode: 'legacy' as const,
  ...(credentials && { credentials }),
  maxAttempts: 3,
  // Newer SDKs only warn without the last of these, and never give up.
  requestHandler: { connectionTimeout: dialMs, requestTimeout: timeoutMs, throwOnRequestTimeout: true },
});
