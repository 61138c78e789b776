import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type App, say } from '../../controller/app.ts';
import { lendTerminal } from '../../signals.ts';
import type { ContextRow } from '../../state/contexts.ts';
import { clean } from '../../text/sanitise.ts';

/**
 * Hands the terminal to `aws sso login`, which asks for a browser and waits, and reads everything anew when it is back.
 * Signing in is the AWS CLI's: it keeps the token where every SDK looks for it.
 */
export async function ssoLogin(app: App, row: ContextRow): Promise<void> {
  const { hands } = app;
  if (!hands) return;
  const name = clean(row.name);
  if (row.auth !== 'sso')
    return say(app, 'warning', `${name} does not sign in through IAM Identity Center: it signs in by ${row.auth}`);
  const program = await onPath('aws', app.environment.PATH);
  if (program === undefined)
    return say(app, 'warning', `the AWS CLI is not on the PATH: install it, or run aws sso login --profile ${name}`);
  try {
    await lendTerminal(() => hands.suspend(() => run(program, ['sso', 'login', '--profile', row.name])));
    say(app, 'info', `signed in for ${name}: reading anew`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(app, 'error', `✗ aws sso login --profile ${name}: ${clean(reason)}`);
  }
  // However long it was away, what it knows is old.
  app.store.update(state => ({ ...state, now: app.clock.now() }));
  void app.contexts.read();
  app.model.refresh();
}

/** Where a program is; undefined: nowhere on the path. */
async function onPath(name: string, path = ''): Promise<string | undefined> {
  const names = process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`] : [name];
  for (const folder of path.split(delimiter).filter(Boolean))
    for (const each of names) {
      const file = join(folder, each);
      const found = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (found) return file;
    }
  return undefined;
}

const run = (program: string, words: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) return resolve();
      reject(
        new Error(
          signal === 'SIGINT' || code === 130 ? 'broken off' : `it ended with ${signal ?? `exit code ${code}`}`,
        ),
      );
    });
  });
