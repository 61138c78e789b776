/** Where something lives. Everything that belongs to an account or a cluster carries this. */
export type Scope = {
  /** `aws`, `aws-cn`, `aws-us-gov`, ... */
  readonly partition: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
};

/** Names one cluster for good: names repeat across regions and accounts, ARNs do not. */
export type ClusterRef = Scope & {
  /** `arn:{partition}:eks:{region}:{account}:cluster/{name}`; the key of a cluster everywhere. */
  readonly arn: string;
  readonly name: string;
};

/** A service account in a cluster whose identity is clear from the context. */
export type Subject = {
  readonly namespace: string;
  readonly serviceAccount: string;
};

/** The stable text form of a subject: `namespace/name`, as eksctl and kubectl users write it. */
export const subjectText = (subject: Subject): string => `${subject.namespace}/${subject.serviceAccount}`;
