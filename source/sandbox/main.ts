import { once } from 'node:events';
import { findCluster } from './control/lookup.ts';
import { replayEksctl } from './replay/eksctl.ts';
import { replayText } from './replay/text.ts';
import { type ClientSettings, writeClientSettings } from './shell/environment.ts';
import { Holders } from './shell/holders.ts';
import { parseSandboxArguments, type SandboxCommand, SandboxUsageError } from './shell/options.ts';
import type { SandboxReady } from './shell/protocol.ts';
import { type RunningSandbox, startSandbox } from './shell/server.ts';
import { makeWorld, type WorldOptions } from './worlds/worlds.ts';

/**
 * `podid-tui sandbox`: serves an embedded world until SIGINT, SIGTERM or SIGHUP. By hand it prints the shell lines
 * that lead clients to it; started with `fork` it sends one `SandboxReady` instead and ends with its parent.
 * Resolves with the exit code.
 */
export async function sandboxMain(argv: readonly string[]): Promise<number> {
  let command: SandboxCommand;
  try {
    command = parseSandboxArguments(argv);
  } catch (error) {
    if (!(error instanceof SandboxUsageError)) throw error;
    complain(error.message);
    return 2;
  }
  if (command.replay) return replay(command.world, command.replay.cluster);
  // A parent that died leaves pipes nobody reads.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  // From here on, so that nobody who ends us early is missed.
  const holders = new Holders();
  const ended = process.send ? parentEnds(holders) : userEnds();
  const { world, profiles } = makeWorld(command.world, Date.now());
  let sandbox: RunningSandbox;
  try {
    sandbox = await startSandbox({
      world,
      port: command.port,
      log: complain,
      onLeases: holders.changed,
      onKeep: holders.keep,
    });
  } catch (error) {
    complain(`The sandbox cannot listen: ${error instanceof Error ? error.message : String(error)}.`);
    disconnect();
    return 1;
  }
  const settings = writeClientSettings(world, sandbox.url, profiles);
  process.once('exit', settings.remove);
  try {
    if (process.send) await tellParent(settings);
    else tellUser(world.name, sandbox, settings);
    await ended;
    return 0;
  } finally {
    await sandbox.close();
    settings.remove();
    disconnect();
  }
}

/** Prints what eksctl's order of the same migration costs; nothing is served. */
function replay(options: WorldOptions, name: string | undefined): number {
  const { world } = makeWorld(options, Date.now());
  const cluster = name === undefined ? [...world.clusters.values()][0] : findCluster(world, name);
  if (cluster === undefined || typeof cluster === 'string') {
    complain(cluster ?? 'This world has no cluster.');
    return 2;
  }
  const replayed = replayEksctl(world, cluster);
  if (replayed === undefined) complain(`Cluster ${cluster.name} has no service account that eksctl would migrate.`);
  else process.stdout.write(replayText(replayed));
  return 0;
}

/** An open channel to the parent would keep this process alive. */
function disconnect(): void {
  if (process.connected) process.disconnect();
}

async function userEnds(): Promise<void> {
  await Promise.race((['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map(signal => once(process, signal)));
}

/**
 * A terminal sends Ctrl-C to the child as well, while the app may have a run to bring to a safe stop: only the app
 * decides when its sandbox ends.
 */
async function parentEnds(holders: Holders): Promise<void> {
  process.on('SIGINT', () => {});
  process.on('SIGHUP', () => {});
  if (!process.connected) return;
  const terminated = once(process, 'SIGTERM');
  await Promise.race([terminated, once(process, 'disconnect')]);
  if (!process.connected) await Promise.race([terminated, holders.lastGone()]);
}

/** Says nothing to a parent that is gone: `parentEnds` has noticed. */
async function tellParent({ environment, unset, regions, kubeconfig }: ClientSettings): Promise<void> {
  const message: SandboxReady = { ready: true, environment, unset, regions, kubeconfig };
  if (!process.connected) return;
  await new Promise<void>(resolve => {
    process.send?.(message, undefined, undefined, () => resolve());
  });
}

function tellUser(name: string, sandbox: RunningSandbox, settings: ClientSettings): void {
  const exports = Object.entries(settings.environment).map(([key, value]) => `export ${key}=${shellWord(value)}\n`);
  process.stdout.write(`unset ${settings.unset.join(' ')}\n${exports.join('')}`);
  const clusters = sandbox.world.clusters.size;
  complain(`Serving world "${name}": ${clusters} ${clusters === 1 ? 'cluster' : 'clusters'}, AWS at ${sandbox.url}.`);
  complain('Run the lines above in another shell, then podid-tui, aws or kubectl. Ctrl-C ends the sandbox.');
}

/** Quoted for a POSIX shell where it must be. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}
