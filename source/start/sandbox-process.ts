import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type KeptSandbox, type Lease, noteKept, takeOverKept } from './kept-sandbox.ts';

/** What the sandbox process sends once it listens (documented in source/sandbox/shell/protocol.ts). */
type ReadyMessage = {
  readonly ready: true;
  readonly environment: Readonly<Record<string, string>>;
  /** Regions in which the world has clusters. */
  readonly regions: readonly string[];
};

export type SandboxProcess = {
  readonly environment: Readonly<Record<string, string>>;
  readonly regions: readonly string[];
  /** Lets its world outlive this process: the next one that starts a sandbox of the same shape takes it over. */
  keep(): Promise<void>;
  /** Ends the process and waits until it is gone. */
  stop(): Promise<void>;
};

/** The sandbox could not be started; the message is the sandbox's own sentence. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError';
}

const isReady = (message: unknown): message is ReadyMessage =>
  typeof message === 'object' && message !== null && 'ready' in message && message.ready === true;

/**
 * Starts the sandbox as a child process, so that the app's event loop is its own. The child ends when this
 * process ends, however that happens: it watches the channel between them.
 *
 * A world that was kept is taken over instead.
 *
 * @param flags flags of `podid-tui sandbox`, as typed
 * @param after whether a world that was taken over ends with this process, or waits for the next one again
 */
export async function startSandboxProcess(
  flags: readonly string[],
  after: 'ends' | 'kept' = 'ends',
): Promise<SandboxProcess> {
  const lease = await takeOverKept(flags);
  return lease ? takenOver(lease, after) : started(flags);
}

async function started(flags: readonly string[]): Promise<SandboxProcess> {
  const child = fork(process.argv[1] ?? '', ['sandbox', ...flags], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
  });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2_000);
  });
  const ready = await Promise.race([waitForReady(child), failedToStart(child, () => complaint)]);
  // The child must not keep a finished app alive; `stop` still waits for it.
  child.unref();
  child.channel?.unref();
  const { environment, regions } = ready;
  return {
    environment,
    regions,
    keep: () => keep({ flags, pid: child.pid ?? 0, environment, regions }),
    stop: () => stop(child),
  };
}

function takenOver({ kept, release }: Lease, after: 'ends' | 'kept'): SandboxProcess {
  const { environment, regions } = kept;
  const stop = async () => {
    if (after === 'kept') await keep(kept);
    release();
  };
  return { environment, regions, keep: () => keep(kept), stop };
}

async function keep(sandbox: KeptSandbox): Promise<void> {
  await fetch(`${sandbox.environment.AWS_ENDPOINT_URL}/_sandbox/keep`, { method: 'POST' });
  await noteKept(sandbox);
}

async function waitForReady(child: ChildProcess): Promise<ReadyMessage> {
  for (;;) {
    const [message] = await once(child, 'message');
    if (isReady(message)) return message;
  }
}

async function failedToStart(child: ChildProcess, complaint: () => string): Promise<never> {
  await once(child, 'exit');
  throw new SandboxError(complaint().trim().split('\n')[0] || 'the sandbox ended before it was ready');
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

/** Variables that could lead a sandboxed process to a real account, or through a proxy. */
const outside = /^(AWS_|KUBECONFIG$|https?_proxy$|all_proxy$|no_proxy$)/i;

/**
 * Makes this process see the sandbox and nothing else: no profile, endpoint, credential or proxy of the
 * user's own survives, so that nothing tried in the sandbox can reach a real account.
 */
export function enterSandbox(sandbox: SandboxProcess, environment: NodeJS.ProcessEnv = process.env): void {
  for (const name of Object.keys(environment)) if (outside.test(name)) delete environment[name];
  Object.assign(environment, sandbox.environment, { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' });
}
