import { keys } from './stage.ts';

/** What would lead the AWS SDK to other credentials, another region, another endpoint or a proxy. */
const meddlers = /^AWS_|_PROXY$/i;

/** Makes the sandbox's keys the only ones the SDK finds; gives back what undoes it. */
export function onlySandboxKeys(): () => void {
  const saved = { ...process.env };
  for (const name of Object.keys(process.env)) if (meddlers.test(name)) delete process.env[name];
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  });
  return () => {
    for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
    Object.assign(process.env, saved);
  };
}
