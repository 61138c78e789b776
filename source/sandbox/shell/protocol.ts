/**
 * What the sandbox tells whoever uses it. Started with `fork`, it sends one `SandboxReady` over the IPC channel once
 * all its sockets are open, and ends when that channel disconnects, unless somebody asked before by `POST
 * /_sandbox/keep` that the world is kept: then it waits for an app that holds `GET /_sandbox/lease` open, and ends with it. Production code may not import from here: the
 * message is plain JSON and the parent checks its shape itself.
 */
export type SandboxReady = {
  readonly ready: true;
  /** The environment variables with which AWS and Kubernetes clients reach the sandbox and nothing else. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variables that must not be set beside them, because they would win over `environment`. */
  readonly unset: readonly string[];
  /** Regions in which the default profile's account has clusters. */
  readonly regions: readonly string[];
  /** Path of a kubeconfig with one context per cluster, named by the cluster's ARN; removed when the sandbox ends. */
  readonly kubeconfig: string;
};

/** An AWS profile that the sandbox knows. The keys are made up: they open nothing outside the sandbox. */
export type SandboxProfile = {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
};
