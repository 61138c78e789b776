/** The one error that the sandbox's AWS operations throw: what goes on the wire. */
export class AwsFault extends Error {
  readonly code: string;
  readonly status: number;
  /** Further members of the error body (EKS names the cluster or the add-on there). */
  readonly details: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, details: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** CloudFormation and IAM answer bad input so. */
export function validationError(message: string): AwsFault {
  return new AwsFault(400, 'ValidationError', message);
}
