import path from 'node:path';
import { exportCli } from '../files/export/cli.ts';
import { exportEksctl } from '../files/export/cluster-config.ts';
import type { Exporter } from '../files/export/model.ts';
import { exportTerraform } from '../files/export/terraform.ts';
import { plainText } from '../identity/plain-text.ts';
import type { World } from '../read/world.ts';
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
import { connectionFlags, connectionUsage, namedCluster, withWorld, worldSettings } from './connect.ts';
import { exportAll, exportCluster } from './export/read.ts';
import { writeFiles } from './export/write.ts';
import { withTimeout } from './timeout.ts';

const usage = `podid-tui export: the pod identity associations that are there, as files

Usage
  podid-tui export --cluster NAME --to eksctl         an eksctl ClusterConfig, which podid-tui apply reads too
  podid-tui export --cluster NAME --to terraform      resources, each with the import block that adopts it
  podid-tui export --cluster NAME --to cli            a shell script of aws commands
  podid-tui export --all --to FORMAT --out DIR        of every cluster in scope, in folders: account, region, cluster

Options
  -c, --cluster NAME|ARN      the cluster
  --all                       every cluster of the account, in each region in scope
  --to eksctl|terraform|cli   default eksctl
  --out FILE|DIR              write to a file (with --all: below a folder) in place of stdout
  --force                     write over files that are there
  --timeout 25m               give up after this long
  --sandbox                   on the embedded AWS and Kubernetes; takes the options of podid-tui sandbox
${connectionUsage}
Exit codes: 0 done; 1 failed; 2 wrong usage; 3 something could not be read, and is named.
`;

type Format = { readonly exporter: Exporter; readonly file: string };

const formats = {
  eksctl: { exporter: exportEksctl, file: 'cluster.yaml' },
  terraform: { exporter: exportTerraform, file: 'pod-identity.tf' },
  cli: { exporter: exportCli, file: 'pod-identity.sh' },
} as const satisfies Readonly<Record<string, Format>>;

/** `podid-tui export`. */
export const exportAssociations: Command = {
  usage,
  flags: {
    ...connectionFlags,
    cluster: { type: 'string', short: 'c' },
    all: { type: 'boolean' },
    to: { type: 'string' },
    out: { type: 'string' },
    force: { type: 'boolean' },
    timeout: { type: 'string' },
  },
  async run(values, context) {
    const format = formats[oneOf(values, 'to', ['eksctl', 'terraform', 'cli'], 'eksctl')];
    refuse(problemsOf(values));
    return withTimeout(context, duration(values, 'timeout'), bounded =>
      withWorld(worldSettings(values, bounded.clock, { regions: bounded.regions ?? [] }), world =>
        on(values, 'all') ? all(world, format, values, bounded) : one(world, format, values, bounded),
      ),
    );
  },
};

function problemsOf(values: Values): readonly string[] {
  const [cluster, everything] = [text(values, 'cluster'), on(values, 'all')];
  return [
    ...(cluster === undefined && !everything ? ['--cluster must be set, or --all'] : []),
    ...(cluster !== undefined && everything ? ['--cluster and --all cannot be used together'] : []),
    ...(everything && text(values, 'out') === undefined
      ? ['--all needs --out DIR: each cluster has files of its own']
      : []),
  ];
}

async function one(world: World, { exporter }: Format, values: Values, context: CommandContext): Promise<ExitCode> {
  const { clock, signal, stdout } = context;
  const cluster = await namedCluster(world, text(values, 'cluster') ?? '', { signal });
  const { eks } = await world.portsFor(cluster, { signal });
  const content = await exportCluster(eks, cluster, { clock, signal, exporter });
  const out = text(values, 'out');
  if (out === undefined) stdout.write(content);
  else await writeFiles([{ path: out, text: content }], on(values, 'force'));
  return 0;
}

async function all(world: World, format: Format, values: Values, context: CommandContext): Promise<ExitCode> {
  const { clock, signal, stderr } = context;
  const { exporter, file } = format;
  const folder = text(values, 'out') ?? '.';
  const exported = await exportAll(world, { clock, signal, exporter });
  const written = new Map(exported.flatMap(each => ('text' in each ? [[each.cluster.arn, each] as const] : [])));
  const files = [...written.values()].map(({ cluster: { account, region, name }, text: content }) => ({
    path: path.join(folder, account, region, name, file),
    text: content,
  }));
  await writeFiles(files, on(values, 'force'));
  stderr.write(`${files.length} clusters written\n`);
  const failures = exported.flatMap(each => ('failure' in each ? [each] : []));
  for (const { what, failure } of failures) stderr.write(`${plainText(`${what}: ${failure.message}`, 600)}\n`);
  if (failures.length === 0) return 0;
  return files.length === 0 ? 1 : 3;
}
