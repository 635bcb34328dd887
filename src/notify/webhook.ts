import { createHmac } from 'node:crypto';

/**
 * The headers by which a receiver knows who sent a body, and that it has it already: those of Standard Webhooks 1.0
 * (https://www.standardwebhooks.com), whose libraries check them.
 */
export const webhookHeaders = (id: string, key: Buffer | null, body: string, atMs: number): Record<string, string> => {
  const timestamp = String(Math.floor(atMs / 1_000));
  const signature = key && createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    ...(signature !== null && { 'webhook-signature': `v1,${signature}` }),
  };
};
