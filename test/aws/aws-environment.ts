import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

const files: { folder: string } = { folder: '' };

/** Nothing of the machine's own AWS settings reaches the tests, and no instance metadata is asked. */
export function isolateAws(environment: Readonly<Record<string, string>> = {}): void {
  const saved = { ...process.env };
  beforeEach(() => {
    files.folder = mkdtempSync(join(tmpdir(), 'podid-aws-'));
    for (const name of Object.keys(process.env)) {
      if (/^(AWS_|HTTPS?_PROXY|NO_PROXY|ALL_PROXY)/i.test(name)) delete process.env[name];
    }
    Object.assign(process.env, {
      AWS_CONFIG_FILE: join(files.folder, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(files.folder, 'credentials'),
      AWS_EC2_METADATA_DISABLED: 'true',
      HOME: files.folder,
      ...environment,
    });
  });
  afterEach(() => {
    rmSync(files.folder, { recursive: true, force: true });
    for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
    Object.assign(process.env, saved);
  });
}

export const keys = { AWS_ACCESS_KEY_ID: 'AKIDTEST00000000', AWS_SECRET_ACCESS_KEY: 'not-a-secret' };

export const writeConfig = (text: string): void => writeFileSync(process.env.AWS_CONFIG_FILE ?? '', text);

export const writeCredentials = (text: string): void =>
  writeFileSync(process.env.AWS_SHARED_CREDENTIALS_FILE ?? '', text);
