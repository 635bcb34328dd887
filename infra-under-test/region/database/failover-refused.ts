/** Why a failover did not begin. */
export class FailoverRefused extends Error {
  readonly reason: 'cluster-unavailable' | 'no-such-instance' | 'already-writer' | 'instance-unavailable';

  constructor(reason: FailoverRefused['reason'], message: string) {
    super(message);
    this.name = 'FailoverRefused';
    this.reason = reason;
  }
}
