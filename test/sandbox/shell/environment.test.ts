import { existsSync } from 'node:fs';
import { EKSClient, ListClustersCommand } from '@aws-sdk/client-eks';
import { fromIni } from '@aws-sdk/credential-providers';
import { expect, it, onTestFinished } from 'vitest';
import { writeClientSettings } from '../../../source/sandbox/shell/environment.ts';
import { makeWorld } from '../../../source/sandbox/worlds/worlds.ts';
import { worldOptions } from '../worlds/world-helpers.ts';
import { open } from './rig.ts';

it('writes AWS profiles that open each account, and takes the files away', async () => {
  const made = makeWorld(worldOptions('demo'), Date.now());
  const { sandbox } = await open(made);
  const settings = writeClientSettings(made.world, sandbox.url, made.profiles);
  onTestFinished(settings.remove);
  const { AWS_CONFIG_FILE: configFilepath = '', AWS_SHARED_CREDENTIALS_FILE: filepath = '' } = settings.environment;
  const clustersOf = async (profile: string) => {
    const credentials = fromIni({ configFilepath, filepath, profile, ignoreCache: true });
    const client = new EKSClient({ endpoint: sandbox.url, region: 'eu-west-1', credentials });
    return (await client.send(new ListClustersCommand({}))).clusters;
  };
  expect(await clustersOf('default')).toEqual(['prod-eu-1', 'stg-eu-1']);
  expect(await clustersOf('northwind-prod')).toEqual(['prod-eu-1', 'stg-eu-1']);
  expect(await clustersOf('northwind-data')).toEqual(['data-eu-1']);
  expect(settings.regions).toEqual(['eu-central-1', 'eu-west-1', 'us-east-1']);
  settings.remove();
  expect([configFilepath, filepath, settings.kubeconfig].filter(existsSync)).toEqual([]);
});
