import type { MigrateRequest } from '../plan/request.ts';
import { makeWorkbench } from '../read/make-workbench.ts';
import { carryOut, showPlan } from './carry-out.ts';
import { type Command, duration, list, on, oneOf, required, text, UsageError, type Values } from './command.ts';
import { connectionFlags, connectionUsage, namedCluster, withWorld, worldSettings } from './connect.ts';
import { withTimeout } from './timeout.ts';

const usage = `podid-tui migrate: move service accounts from IRSA to Pod Identity

Usage
  podid-tui migrate --cluster NAME             print the plan; nothing is written
  podid-tui migrate --cluster NAME --approve   carry it out

Options
  -c, --cluster NAME|ARN      the cluster
  --approve                   carry the plan out
  --namespace NS[,NS...]      only these namespaces
  --service-account-name SA   only this service account of the one namespace
  --remove-oidc-provider-trust-relationship
                              also list what could be retired; held until it is verified that nobody needs it
  --timeout 25m               give up after this long
  -o, --output text|json
  --sandbox                   on the embedded AWS and Kubernetes; takes the options of podid-tui sandbox
${connectionUsage}
Exit codes: 0 planned or done; 1 failed; 2 wrong usage; 3 partly: something failed, was skipped or is held.
`;

/** `podid-tui migrate`: plan, or carry out. Options carry eksctl's names. */
export const migrate: Command = {
  usage,
  flags: {
    ...connectionFlags,
    cluster: { type: 'string', short: 'c' },
    approve: { type: 'boolean' },
    namespace: { type: 'string', multiple: true },
    'service-account-name': { type: 'string' },
    'remove-oidc-provider-trust-relationship': { type: 'boolean' },
    timeout: { type: 'string' },
    output: { type: 'string', short: 'o' },
  },
  async run(values, context) {
    const name = required(values, 'cluster');
    const request = requestOf(values);
    const output = oneOf(values, 'output', ['text', 'json'], 'text');
    return withTimeout(context, duration(values, 'timeout'), bounded =>
      withWorld(worldSettings(values, context.clock), async world => {
        const cluster = await namedCluster(world, name, { signal: bounded.signal });
        const workbench = makeWorkbench(world, context.clock);
        const { plan } = await workbench.plan(cluster, request, { signal: bounded.signal });
        return on(values, 'approve') ? carryOut(workbench, plan, output, bounded) : showPlan(plan, output, bounded);
      }),
    );
  },
};

function requestOf(values: Values): MigrateRequest {
  const namespaces = list(values, 'namespace');
  const serviceAccount = text(values, 'service-account-name');
  const base = {
    command: 'migrate',
    removeOidcProviderTrust: on(values, 'remove-oidc-provider-trust-relationship'),
  } as const;
  if (!serviceAccount) return { ...base, namespaces };
  const [namespace, another] = namespaces;
  if (!namespace || another) throw new UsageError('--service-account-name needs exactly one --namespace');
  return { ...base, subjects: [{ namespace, serviceAccount }] };
}
