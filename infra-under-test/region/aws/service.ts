/** A request as a service sees it, with its sender already verified. */
export interface AwsRequest {
  method: string;
  /** The path as sent, percent-encoded. */
  path: string;
  query: string;
  headers: Record<string, string>;
  body: string;
}

export interface AwsReply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** One AWS service behind the endpoint. */
export interface AwsService {
  /** Its name in a request's credential scope, e.g. `rds`. */
  scope: string;
  handle(request: AwsRequest, requestId: string): Promise<AwsReply>;
  /** An error in the protocol of the service. */
  refuse(error: AwsError, requestId: string): AwsReply;
}

/** What a service answers when it does not do what was asked. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
