import type { Subject } from '../identity/scope.ts';

/** A value that an earlier action makes; shown as "known after step N". */
export type Ref = { readonly $from: string; readonly output: string };

export type Value<T> = T | Ref;

export const isRef = (value: unknown): value is Ref =>
  typeof value === 'object' && value !== null && '$from' in value && 'output' in value;

/** What every action says of itself, so that it can be shown, run, journaled and exported as data. */
type ActionBase = {
  readonly account: string;
  readonly region: string;
  /** Cluster ARN. */
  readonly cluster: string;
  /** Who is served: a service account, a role, an add-on; as text for people. */
  readonly subject: string;
  /** The equal `aws` or `kubectl` command, ready to paste. */
  readonly command: string;
  /** What would take it back, in words; absent: it cannot be undone, or need not be. */
  readonly undo?: string;
};

/** An association that an add-on makes and owns. */
export type AddonAssociation = { readonly serviceAccount: string; readonly roleArn: Value<string> };

/** CreateAddon for the agent (or another add-on), waited for until ACTIVE. */
export type InstallAddon = ActionBase & {
  readonly type: 'install-addon';
  readonly service: 'eks';
  readonly operation: 'CreateAddon';
  readonly request: {
    readonly clusterName: string;
    readonly addonName: string;
    readonly addonVersion?: string;
    readonly podIdentityAssociations?: readonly AddonAssociation[];
    /** Of the add-on itself. */
    readonly tags?: Readonly<Record<string, string>>;
  };
  /**
   * Also wait until its DaemonSet is ready on every node that it is meant for: an ACTIVE add-on says that it is installed,
   * not that it serves each node. Absent where nodes cannot be read, or there are none.
   */
  readonly readyOnNodes?: true;
};

/**
 * What an edit of a trust policy is for: `admit` lets Pod Identity in, `retire` takes a cluster's issuer out, `restore`
 * puts back what a journal has kept.
 */
export type TrustIntent = 'admit' | 'retire' | 'restore';

/** A direct edit of a role's trust policy; only for roles that no stack owns. */
export type EditTrust = ActionBase & {
  readonly type: 'edit-trust';
  readonly service: 'iam';
  readonly operation: 'UpdateAssumeRolePolicy';
  readonly roleArn: string;
  readonly intent: TrustIntent;
  /** The document that the plan was made from; another one at run time stops the branch. */
  readonly expects: string;
  readonly request: { readonly RoleName: string; readonly PolicyDocument: string };
};

/** The same edit for a role that an eksctl stack owns: through its stack, never by a direct IAM write. */
export type EditStackTrust = ActionBase & {
  readonly type: 'edit-stack-trust';
  readonly service: 'cloudformation';
  readonly operation: 'UpdateStack';
  readonly roleArn: string;
  readonly intent: TrustIntent;
  readonly expects: string;
  /** The trust the role shall have: the live document plus the edit. */
  readonly trustPolicy: string;
  /** The trust that the stack's template gives the role today, where it is not what the role has: it is written over. */
  readonly templateTrust?: string;
  readonly request: {
    readonly StackName: string;
    readonly StackId: string;
    readonly LogicalResourceId?: string;
    /**
     * Whole template body after the edit, when the planner had it: a template that comes to another one at run time stops
     * the branch. Else made from the live one at run time.
     */
    readonly TemplateBody?: string;
    /** Tags the stack shall carry after the edit (all old ones kept). */
    readonly Tags: Readonly<Record<string, string>>;
    readonly Capabilities: readonly string[];
    /** Parameters that keep their present value: all of the stack's. */
    readonly KeepParameters?: readonly string[];
  };
};

export type CreateAssociation = ActionBase & {
  readonly type: 'create-association';
  readonly service: 'eks';
  readonly operation: 'CreatePodIdentityAssociation';
  readonly target: Subject;
  readonly request: {
    readonly clusterName: string;
    readonly namespace: string;
    readonly serviceAccount: string;
    readonly roleArn: Value<string>;
    readonly targetRoleArn?: string;
    readonly disableSessionTags?: boolean;
    readonly policy?: string;
    readonly tags?: Readonly<Record<string, string>>;
  };
};

export type UpdateAssociation = ActionBase & {
  readonly type: 'update-association';
  readonly service: 'eks';
  readonly operation: 'UpdatePodIdentityAssociation';
  readonly target: Subject;
  /** What the plan saw of the fields it changes; another value at run time stops the branch. */
  readonly expects: {
    readonly roleArn?: string;
    readonly targetRoleArn?: string | null;
    readonly disableSessionTags?: boolean;
    readonly policy?: string | null;
  };
  readonly request: {
    readonly clusterName: string;
    readonly associationId: string;
    readonly roleArn?: Value<string>;
    /** Empty string: clear it (no API page says how; tried in place and read back). */
    readonly targetRoleArn?: string;
    readonly disableSessionTags?: boolean;
    readonly policy?: string;
  };
};

/** Tags of an association change through TagResource and UntagResource, not through the update. */
export type TagAssociation = ActionBase & {
  readonly type: 'tag-association';
  readonly service: 'eks';
  readonly operation: 'TagResource';
  readonly target: Subject;
  readonly request: {
    readonly resourceArn: string;
    readonly tags: Readonly<Record<string, string>>;
    readonly untag: readonly string[];
  };
};

export type DeleteAssociation = ActionBase & {
  readonly type: 'delete-association';
  readonly service: 'eks';
  readonly operation: 'DeletePodIdentityAssociation';
  readonly target: Subject;
  readonly expects: { readonly roleArn: string };
  readonly request: { readonly clusterName: string; readonly associationId: string };
};

/** An add-on's own service account moves through UpdateAddon, waited for. */
export type UpdateAddon = ActionBase & {
  readonly type: 'update-addon';
  readonly service: 'eks';
  readonly operation: 'UpdateAddon';
  /** Associations that the plan saw and that the update replaces; absent: none. Others at run time stop the branch. */
  readonly expects?: readonly { readonly serviceAccount: string; readonly roleArn: string }[];
  readonly request: {
    readonly clusterName: string;
    readonly addonName: string;
    readonly addonVersion: string;
    readonly configurationValues?: string;
    readonly podIdentityAssociations: readonly AddonAssociation[];
  };
};

/** Sets or removes single annotations of a service account, with its resourceVersion as an optimistic lock. */
export type Annotate = ActionBase & {
  readonly type: 'annotate';
  readonly service: 'kubernetes';
  readonly operation: 'PatchServiceAccount';
  readonly target: Subject;
  /** Values that the plan saw; null: not there. Others at run time stop the branch. */
  readonly expects: Readonly<Record<string, string | null>>;
  /** Null removes an annotation. */
  readonly request: { readonly annotations: Readonly<Record<string, string | null>> };
};

/** Of a stack that makes a role, as it is sent. */
type StackRequest = {
  readonly StackName: string;
  readonly TemplateBody: string;
  readonly Tags: Readonly<Record<string, string>>;
  readonly Capabilities: readonly string[];
};

/**
 * Makes a role by a CloudFormation stack in eksctl's shape, waited for; output `roleArn` is the stack's output `Role1`. A
 * stack of that name at run time that this run did not make stops the branch.
 */
export type CreateRoleStack = ActionBase & {
  readonly type: 'create-role-stack';
  readonly service: 'cloudformation';
  readonly operation: 'CreateStack';
  readonly request: StackRequest & { readonly EnableTerminationProtection: boolean };
};

/** Changes what a stack of ours or eksctl's makes of its role; output `roleArn` as of `create-role-stack`. */
export type UpdateRoleStack = ActionBase & {
  readonly type: 'update-role-stack';
  readonly service: 'cloudformation';
  readonly operation: 'UpdateStack';
  /** The template that the plan was made from; another one at run time stops the branch. */
  readonly expects: { readonly TemplateBody: string };
  readonly request: StackRequest & { readonly StackId: string; readonly KeepParameters?: readonly string[] };
};

/**
 * Deletes a stack that makes a role, waited for; its termination protection is turned off first. As a clean-up
 * (`onlyIfFails`) it takes only what this run made: without `StackId` the stack that this run's request token made.
 */
export type DeleteRoleStack = ActionBase & {
  readonly type: 'delete-role-stack';
  readonly service: 'cloudformation';
  readonly operation: 'DeleteStack';
  readonly request: { readonly StackName: string; readonly StackId?: string };
};

export type CreateNamespace = ActionBase & {
  readonly type: 'create-namespace';
  readonly service: 'kubernetes';
  readonly operation: 'CreateNamespace';
  readonly request: { readonly name: string };
};

/** Makes a service account; one that is there by now is left as it is. */
export type CreateServiceAccount = ActionBase & {
  readonly type: 'create-service-account';
  readonly service: 'kubernetes';
  readonly operation: 'CreateServiceAccount';
  readonly target: Subject;
  readonly request: { readonly labels: Readonly<Record<string, string>> };
};

/** Deletes a service account that this tool or eksctl made; one with another `managed-by` label at run time is left. */
export type DeleteServiceAccount = ActionBase & {
  readonly type: 'delete-service-account';
  readonly service: 'kubernetes';
  readonly operation: 'DeleteServiceAccount';
  readonly target: Subject;
  readonly expects: { readonly uid: string };
  readonly request: Record<string, never>;
};

export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet';

/**
 * Re-creates pods so that they are born with today's identity, and looks at what they were born with. `one-pod` deletes
 * a single pod and waits for its replacement; `rollout` restarts the workload as `kubectl rollout restart` does and waits
 * until it is through. A new pod with neither environment fails the action.
 */
export type RestartWorkload = ActionBase & {
  readonly type: 'restart-workload';
  readonly service: 'kubernetes';
  readonly operation: 'DeletePod' | 'PatchWorkload';
  readonly target: Subject;
  readonly workload: { readonly kind: WorkloadKind; readonly name: string };
  readonly scope: 'one-pod' | 'rollout';
  /** What new pods must be born with. */
  readonly wants: 'pod-identity' | 'irsa';
  readonly request: { readonly namespace: string; readonly name: string };
};

/**
 * A gate, not a write: passes when every running pod of the service account was born with the wanted mechanism and there
 * is at least one. Otherwise what needs it is held, not failed.
 */
export type VerifyPods = ActionBase & {
  readonly type: 'verify-pods';
  readonly service: 'kubernetes';
  readonly operation: 'ListPods';
  readonly target: Subject;
  readonly wants: 'pod-identity' | 'irsa';
  readonly request: { readonly namespace: string; readonly serviceAccount: string };
};

/** One write, or one gate, as data. */
export type Action =
  | InstallAddon
  | EditTrust
  | EditStackTrust
  | CreateAssociation
  | UpdateAssociation
  | TagAssociation
  | DeleteAssociation
  | UpdateAddon
  | Annotate
  | CreateRoleStack
  | UpdateRoleStack
  | DeleteRoleStack
  | CreateNamespace
  | CreateServiceAccount
  | DeleteServiceAccount
  | RestartWorkload
  | VerifyPods;
