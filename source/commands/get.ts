import { plainText } from '../identity/plain-text.ts';
import type { AssociationFilter } from '../read/associations.ts';
import {
  type Command,
  type CommandContext,
  duration,
  type ExitCode,
  on,
  oneOf,
  refuse,
  text,
  type Values,
} from './command.ts';
import { configFlags, configOf, incompatibleWithFile } from './config-file.ts';
import { connectionFlags, connectionUsage, withWorld, worldSettings } from './connect.ts';
import { type AssociationJson, inOrder } from './get/association-json.ts';
import { associationTable } from './get/association-table.ts';
import { type Found, readAll, readCluster } from './get/read.ts';
import { jsonText } from './json-text.ts';
import { nounProblems, takesNoun } from './noun.ts';
import { withTimeout } from './timeout.ts';
import { yamlText } from './yaml-text.ts';

const usage = `podid-tui get: the pod identity associations that are there

Usage
  podid-tui get --cluster NAME                        those of a cluster
  podid-tui get --cluster NAME --namespace NS [--service-account-name SA]
  podid-tui get --all                                 those of every cluster in scope
  podid-tui get -f FILE                               those of the cluster that an eksctl file names

Options
  -c, --cluster NAME|ARN      the cluster
  -f, --config-file FILE|-    eksctl ClusterConfig: its metadata name the cluster and the region
  --all                       every cluster of the account, in each region in scope; adds account and region
  --namespace NS              only this namespace
  --service-account-name SA   only this service account; needs --namespace
  --timeout 25m               give up after this long
  -o, --output table|wide|json|yaml
                              table: the columns of eksctl; wide, json, yaml: every field that EKS has of them
  --sandbox                   on the embedded AWS and Kubernetes; takes the options of podid-tui sandbox
${connectionUsage}
Exit codes: 0 done; 1 failed; 2 wrong usage; 3 something could not be read, and is named.
`;

/** `podid-tui get`: what is there, sorted by namespace and service account. */
export const get: Command = {
  usage,
  ...takesNoun,
  flags: {
    ...connectionFlags,
    cluster: { type: 'string', short: 'c' },
    ...configFlags,
    all: { type: 'boolean' },
    namespace: { type: 'string' },
    'service-account-name': { type: 'string' },
    timeout: { type: 'string' },
    output: { type: 'string', short: 'o' },
  },
  async run(values, context) {
    const output = oneOf(values, 'output', ['table', 'wide', 'json', 'yaml'], 'table');
    refuse([...nounProblems(values, 'get'), ...problemsOf(values)]);
    return withTimeout(context, duration(values, 'timeout'), bounded => show(values, output, bounded));
  },
};

/** Flags that say which cluster is meant, as a file does. */
const placeFlags = { cluster: { type: 'string' }, region: { type: 'string' }, all: { type: 'boolean' } } as const;

function problemsOf(values: Values): readonly string[] {
  const [cluster, all] = [text(values, 'cluster'), on(values, 'all')];
  const file = text(values, 'config-file') !== undefined;
  return [
    ...(file ? incompatibleWithFile(values, placeFlags) : []),
    ...(cluster === undefined && !all && !file ? ['--cluster must be set (or --all, or --config-file)'] : []),
    ...(cluster !== undefined && all ? ['--cluster and --all cannot be used together'] : []),
    ...(text(values, 'service-account-name') !== undefined && text(values, 'namespace') === undefined
      ? ['--namespace must be set in order to specify --service-account-name']
      : []),
  ];
}

type Output = 'table' | 'wide' | 'json' | 'yaml';

async function show(values: Values, output: Output, context: CommandContext): Promise<ExitCode> {
  const { clock, signal, stdout, stderr } = context;
  const all = on(values, 'all');
  const config = text(values, 'config-file') === undefined ? undefined : await configOf(values, 'get', context);
  const where = config ? { ...values, region: [config.region] } : values;
  const cluster = config?.clusterName ?? text(values, 'cluster') ?? '';
  const settings = { clock, signal, filter: filterOf(values) };
  const found = await withWorld(worldSettings(where, clock, { regions: context.regions ?? [] }), world =>
    all ? readAll(world, settings) : readCluster(world, cluster, settings),
  );
  const code = exitCode(found);
  if (code !== 1) stdout.write(shown(inOrder(found.rows), output, { places: all, partly: code === 3 }));
  for (const what of found.gone) stderr.write(`${plainText(`${what}: deleted since it was listed; left out`)}\n`);
  for (const { what, failure } of found.failures) stderr.write(`${plainText(`${what}: ${failure.message}`, 600)}\n`);
  return code;
}

function exitCode({ rows, complete, failures }: Found): ExitCode {
  if (failures.length === 0) return 0;
  return rows.length === 0 && complete === 0 ? 1 : 3;
}

function filterOf(values: Values): AssociationFilter {
  const [namespace, serviceAccount] = [text(values, 'namespace'), text(values, 'service-account-name')];
  return { ...(namespace !== undefined && { namespace }), ...(serviceAccount !== undefined && { serviceAccount }) };
}

type Shape = { readonly places: boolean; readonly partly: boolean };

function shown(rows: readonly AssociationJson[], output: Output, { places, partly }: Shape): string {
  if (output === 'json') return jsonText(rows);
  if (output === 'yaml') return yamlText(rows);
  if (rows.length === 0) return `No pod identity associations found${partly ? ' in what could be read' : ''}\n`;
  return associationTable(rows, { wide: output === 'wide', places });
}
