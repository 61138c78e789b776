import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

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
 * @param flags flags of `podid-tui sandbox`, as typed
 */
export async function startSandboxProcess(flags: readonly string[]): Promise<SandboxProcess> {
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
  return { environment: ready.environment, regions: ready.regions, stop: () => stop(child) };
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
