import type { MigrateRequest } from '../plan/request.ts';
import { carryOut, showPlan } from './carry-out.ts';
import {
  type Command,
  type CommandContext,
  duration,
  type ExitCode,
  list,
  on,
  oneOf,
  required,
  text,
  UsageError,
  type Values,
} from './command.ts';
import { connectionFlags, connectionUsage, namedCluster } from './connect.ts';
import { readPlanFile, readTerraformOwners, writePlanFile } from './plan-files.ts';
import { withTimeout } from './timeout.ts';
import { withWorkbench } from './workbench.ts';

const usage = `podid-tui migrate: move service accounts from IRSA to Pod Identity

Usage
  podid-tui migrate --cluster NAME                    print the plan; nothing is written
  podid-tui migrate --cluster NAME --approve          carry it out
  podid-tui migrate --cluster NAME --out FILE         print the plan and keep it in a file
  podid-tui migrate --approve FILE                    carry out exactly that plan, or stop where the world differs

Options
  -c, --cluster NAME|ARN      the cluster
  --approve [FILE]            carry the plan out; with a file of --out, that plan (also: --approve --plan FILE)
  --namespace NS[,NS...]      only these namespaces
  --service-account-name SA   only this service account of the one namespace
  --exclude WORD[,WORD...]    leave out namespaces, namespace/name pairs, or whoever uses a role of that name
  --restart-workloads         then re-create pods that still hold web identity, in waves: one pod, its workload, its
                              namespace, the cluster
  --remove-oidc-provider-trust-relationship
                              then remove annotations and the OIDC provider's trust of those whose running pods are
                              seen on Pod Identity; everybody else is held
  --retire-wildcards          also remove trust for subjects with wildcards, once all they cover are retired
  --assume-agent-ready        go ahead where nodes or pods cannot be read
  --session-tags auto|on|off  auto: off where the role's policies allow sts:AssumeRole, or cannot be read
  --trust-scope none|account|cluster|subject
                              conditions of the new trust statement (default none, as eksctl has it)
  --terraform-state FILE      output of "terraform show -json": the roles in it are marked
  --out FILE                  write the plan to a file
  --exit-code                 exit 4 when the plan has changes, 0 when there is nothing to do
  --timeout 25m               give up after this long
  -o, --output text|json|markdown
  --sandbox                   on the embedded AWS and Kubernetes; takes the options of podid-tui sandbox
${connectionUsage}
Exit codes: 0 planned or done; 1 failed; 2 wrong usage; 3 partly: something failed, was skipped or is held; 4 see
--exit-code.
`;

/** `podid-tui migrate`: plan, or carry out. Options carry eksctl's names. */
export const migrate: Command = {
  usage,
  flags: {
    ...connectionFlags,
    cluster: { type: 'string', short: 'c' },
    approve: { type: 'boolean' },
    plan: { type: 'string' },
    namespace: { type: 'string', multiple: true },
    'service-account-name': { type: 'string' },
    exclude: { type: 'string', multiple: true },
    'restart-workloads': { type: 'boolean' },
    'remove-oidc-provider-trust-relationship': { type: 'boolean' },
    'retire-wildcards': { type: 'boolean' },
    'assume-agent-ready': { type: 'boolean' },
    'session-tags': { type: 'string' },
    'trust-scope': { type: 'string' },
    'terraform-state': { type: 'string' },
    out: { type: 'string' },
    'exit-code': { type: 'boolean' },
    timeout: { type: 'string' },
    output: { type: 'string', short: 'o' },
  },
  takesWord: { approve: 'plan' },
  async run(values, context) {
    const file = text(values, 'plan');
    return withTimeout(context, duration(values, 'timeout'), bounded =>
      file === undefined ? planned(values, bounded) : fromFile(file, values, bounded),
    );
  },
};

async function planned(values: Values, context: CommandContext): Promise<ExitCode> {
  const name = required(values, 'cluster');
  const request = requestOf(values);
  const output = outputOf(values);
  const [out, state] = [text(values, 'out'), text(values, 'terraform-state')];
  if (out !== undefined && on(values, 'approve'))
    throw new UsageError('--out is for a plan that is not carried out yet');
  const roleOwners = state === undefined ? undefined : await readTerraformOwners(state);
  return withWorkbench(values, context, async (workbench, world) => {
    const cluster = await namedCluster(world, name, { signal: context.signal });
    const options = { signal: context.signal, ...(roleOwners ? { roleOwners } : {}) };
    const { plan } = await workbench.plan(cluster, request, options);
    if (on(values, 'approve')) return carryOut(workbench, plan, output, context);
    if (out !== undefined) {
      await writePlanFile(out, plan);
      context.stderr.write(`The plan is in ${out}: podid-tui migrate --approve ${out} carries it out.\n`);
    }
    return showPlan(plan, output, context, { changes: on(values, 'exit-code') });
  });
}

/** Flags that shape a plan; a plan that is there has its shape. */
const shaping = [
  'namespace',
  'service-account-name',
  'exclude',
  'restart-workloads',
  'remove-oidc-provider-trust-relationship',
  'retire-wildcards',
  'assume-agent-ready',
  'session-tags',
  'trust-scope',
  'terraform-state',
  'out',
] as const;

/** Carries out the plan of a file as it is, or shows it: nothing is planned anew. */
async function fromFile(file: string, values: Values, context: CommandContext): Promise<ExitCode> {
  const stray = shaping.find(name => values[name] !== undefined);
  if (stray) throw new UsageError(`--${stray} has no place beside a plan: ${file} says what is done`);
  const output = outputOf(values);
  const plan = await readPlanFile(file);
  if (plan.command !== 'migrate') throw new UsageError(`${file} is the plan of a ${plan.command}, not of a migration`);
  const named = text(values, 'cluster');
  if (named !== undefined && named !== plan.cluster.name && named !== plan.cluster.arn)
    throw new UsageError(`${file} is a plan for cluster ${plan.cluster.arn}, not for ${named}`);
  if (!on(values, 'approve')) return showPlan(plan, output, context, { changes: on(values, 'exit-code') });
  const where = list(values, 'region').length > 0 ? values : { ...values, region: [plan.cluster.region] };
  return withWorkbench(where, context, workbench => carryOut(workbench, plan, output, context));
}

const outputOf = (values: Values) => oneOf(values, 'output', ['text', 'json', 'markdown'], 'text');

function requestOf(values: Values): MigrateRequest {
  const namespaces = list(values, 'namespace');
  const serviceAccount = text(values, 'service-account-name');
  const base = {
    command: 'migrate',
    removeOidcProviderTrust: on(values, 'remove-oidc-provider-trust-relationship'),
    exclude: list(values, 'exclude'),
    assumeAgentReady: on(values, 'assume-agent-ready'),
    restartWorkloads: on(values, 'restart-workloads'),
    retireWildcards: on(values, 'retire-wildcards'),
    sessionTags: oneOf(values, 'session-tags', ['auto', 'on', 'off'], 'auto'),
    trustScope: oneOf(values, 'trust-scope', ['none', 'account', 'cluster', 'subject'], 'none'),
  } as const;
  if (!serviceAccount) return { ...base, namespaces };
  const [namespace, another] = namespaces;
  if (!namespace || another) throw new UsageError('--service-account-name needs exactly one --namespace');
  return { ...base, subjects: [{ namespace, serviceAccount }] };
}
