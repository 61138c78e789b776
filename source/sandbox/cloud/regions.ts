import type { Account, World } from '../model.ts';

/**
 * Regions launched before 20 March 2019, which every account has; the others are off until an account turns them on (AWS
 * Account Management Reference Guide, "Enable or disable AWS Regions in your account").
 */
const defaults: ReadonlySet<string> = new Set([
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'sa-east-1'],
  ...['eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-2', 'eu-west-3'],
  ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2'],
]);

/** Whether an account has turned a region on: those with a cluster of its own count as such. */
export const isEnabled = (world: World, account: Account, region: string): boolean =>
  account.partition !== 'aws' ||
  defaults.has(region) ||
  [...world.clusters.values()].some(cluster => cluster.account === account.id && cluster.region === region);
