/**
 * A sandbox that outlives the app that started it, for the next app to take over: what a crash in the middle of a run is
 * tried with. Its keys are made up, but the file is the user's alone all the same.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { type ClientRequest, get } from 'node:http';
import path from 'node:path';
import { stateDirectory } from '../files/state-files.ts';

export type KeptSandbox = {
  /** Flags that shaped its world, as typed: another shape starts another sandbox. */
  readonly flags: readonly string[];
  readonly pid: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly regions: readonly string[];
};

const fileOf = (environment: NodeJS.ProcessEnv): string => path.join(stateDirectory(environment), 'sandbox.json');

/** Writes down where the sandbox is. */
export async function noteKept(kept: KeptSandbox, environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const file = fileOf(environment);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, JSON.stringify(kept), { mode: 0o600 });
}

export type Lease = { readonly kept: KeptSandbox; release(): void };

/**
 * Takes over the sandbox that was kept, if it still serves and has the wanted shape; the note of it is gone afterwards.
 * What is not a note, or of a sandbox that is gone, is the same as none.
 */
export async function takeOverKept(
  flags: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Lease | undefined> {
  const file = fileOf(environment);
  const kept = await readFile(file, 'utf8').then(readNote, () => undefined);
  if (!kept || JSON.stringify(kept.flags) !== JSON.stringify(flags)) return undefined;
  await rm(file, { force: true });
  const url = kept.environment.AWS_ENDPOINT_URL;
  const request = url === undefined ? undefined : await holdLease(`${url}/_sandbox/lease`);
  return request && { kept, release: () => request.destroy() };
}

function readNote(text: string): KeptSandbox | undefined {
  try {
    const note = JSON.parse(text) as Partial<KeptSandbox>;
    const whole = Array.isArray(note.flags) && Number.isInteger(note.pid) && note.environment && note.regions;
    return whole ? (note as KeptSandbox) : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined where nobody answers. */
async function holdLease(url: string): Promise<ClientRequest | undefined> {
  return new Promise(resolve => {
    const request = get(url, { agent: false }, response => {
      response.resume();
      // An app that is done must not be held by its lease.
      response.socket.unref();
      resolve(response.statusCode === 200 ? request : undefined);
    });
    request.on('error', () => resolve(undefined));
  });
}
