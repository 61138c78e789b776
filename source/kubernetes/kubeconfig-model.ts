/** A file's path, or its contents where the kubeconfig holds them itself. */
export type Material = { readonly file: string } | { readonly pem: string };

export type KubeCluster = {
  readonly name: string;
  readonly server: string;
  readonly ca?: Material;
  readonly serverName?: string;
  readonly insecure: boolean;
  readonly proxyUrl?: string;
  /** What the cluster entry holds for exec plugins (`client.authentication.k8s.io/exec`). */
  readonly execConfig?: unknown;
};

export type ExecPlugin = {
  readonly apiVersion: string;
  /** A name to look up in PATH, or an absolute path. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly installHint?: string;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode: string;
};

/** A user entry; several ways in at once are tried as kubectl does: exec, else token, else password, with a certificate. */
export type KubeUser = {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly basic?: { readonly username: string; readonly password: string };
  readonly certificate?: Material;
  readonly key?: Material;
  readonly exec?: ExecPlugin;
  readonly impersonate?: { readonly user: string; readonly uid?: string; readonly groups: readonly string[] };
  /** Asks for something that we cannot do; using the entry without it would be another identity. */
  readonly unsupported?: string;
};

export type KubeContext = { readonly name: string; readonly cluster: KubeCluster; readonly user: KubeUser };

export type Kubeconfig = {
  readonly currentContext?: string;
  /** In the order of the files. */
  readonly contexts: readonly KubeContext[];
  /** By name of a context: why it cannot be used. */
  readonly broken: ReadonlyMap<string, string>;
};
