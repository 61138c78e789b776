import { randomUUID } from 'node:crypto';
import {
  CreateAddonCommand,
  CreatePodIdentityAssociationCommand,
  DeletePodIdentityAssociationCommand,
  DescribeAddonCommand,
  DescribeAddonConfigurationCommand,
  DescribeAddonVersionsCommand,
  DescribeClusterCommand,
  DescribePodIdentityAssociationCommand,
  type EKSClient,
  ListAddonsCommand,
  ListClustersCommand,
  ListPodIdentityAssociationsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAddonCommand,
  UpdatePodIdentityAssociationCommand,
} from '@aws-sdk/client-eks';
import type { AddonVersion, CallOptions, EksPort } from '../run/ports.ts';
import { type Attempt, abortable, type Caller } from './call.ts';
import { addonFact, associationFact, clusterFact, summaryFact } from './eks-facts.ts';
import { errorFacts } from './error-facts.ts';
import { pages } from './pages.ts';

/** The largest page that the API allows (EKS API reference, maxResults). */
const pageSize = 100;

/** The EKS API as a port. `client` is asked at each call, so that nothing is made before it is needed. */
export function makeEks(client: () => EKSClient, caller: Caller): EksPort {
  return {
    ...clusters(client, caller),
    ...associations(client, caller),
    ...addons(client, caller),
    ...tags(client, caller),
  };
}

type Clusters = Pick<EksPort, 'listClusters' | 'describeCluster'>;

const clusters = (client: () => EKSClient, caller: Caller): Clusters => ({
  listClusters: options =>
    pages(async nextToken => {
      const answer = await caller.call(
        { operation: 'ListClusters', repeatable: true },
        ({ signal }) => client().send(new ListClustersCommand({ maxResults: pageSize, nextToken }), abortable(signal)),
        options,
      );
      return { items: answer.clusters ?? [], next: answer.nextToken };
    }),

  async describeCluster(name, options) {
    const answer = await caller.call(
      { operation: 'DescribeCluster', cluster: name, subject: name, repeatable: true },
      ({ signal }) => client().send(new DescribeClusterCommand({ name }), abortable(signal)),
      options,
    );
    return clusterFact(answer.cluster);
  },
});

type Associations = Pick<
  EksPort,
  'listAssociations' | 'describeAssociation' | 'createAssociation' | 'updateAssociation' | 'deleteAssociation'
>;

const associations = (client: () => EKSClient, caller: Caller): Associations => ({
  listAssociations: (clusterName, filter = {}, options = {}) =>
    pages(async nextToken => {
      const input = { clusterName, ...filter, maxResults: pageSize, nextToken };
      const answer = await caller.call(
        { operation: 'ListPodIdentityAssociations', cluster: clusterName, repeatable: true },
        ({ signal }) => client().send(new ListPodIdentityAssociationsCommand(input), abortable(signal)),
        options,
      );
      const items = (answer.associations ?? []).map(summaryFact).filter(item => item !== undefined);
      return { items, next: answer.nextToken };
    }),

  async describeAssociation(clusterName, associationId, options) {
    const operation = 'DescribePodIdentityAssociation';
    const answer = await caller.call(
      { operation, cluster: clusterName, subject: associationId, repeatable: true },
      ({ signal }) =>
        client().send(new DescribePodIdentityAssociationCommand({ clusterName, associationId }), abortable(signal)),
      options,
    );
    return associationFact(answer.association, `eks:${operation}`);
  },

  async createAssociation({ tags: wanted = {}, ...input }, options) {
    const operation = 'CreatePodIdentityAssociation';
    // One token for every attempt; and the API model wants one tag at least where there are tags.
    const request = {
      ...input,
      clientRequestToken: input.clientRequestToken ?? randomUUID(),
      ...(Object.keys(wanted).length > 0 ? { tags: { ...wanted } } : {}),
    };
    const subject = `${input.namespace}/${input.serviceAccount}`;
    const answer = await caller.call(
      { operation, cluster: input.clusterName, subject, write: true, repeatable: true },
      ({ signal }) => client().send(new CreatePodIdentityAssociationCommand(request), abortable(signal)),
      options,
    );
    return associationFact(answer.association, `eks:${operation}`);
  },

  async updateAssociation(input, options) {
    const operation = 'UpdatePodIdentityAssociation';
    const request = { ...input, clientRequestToken: input.clientRequestToken ?? randomUUID() };
    const answer = await caller.call(
      { operation, cluster: input.clusterName, subject: input.associationId, write: true, repeatable: true },
      ({ signal }) => client().send(new UpdatePodIdentityAssociationCommand(request), abortable(signal)),
      options,
    );
    return associationFact(answer.association, `eks:${operation}`);
  },

  async deleteAssociation(clusterName, associationId, options) {
    const command = () => new DeletePodIdentityAssociationCommand({ clusterName, associationId });
    await caller.call(
      {
        operation: 'DeletePodIdentityAssociation',
        cluster: clusterName,
        subject: associationId,
        write: true,
        repeatable: true,
      },
      attempt => client().send(command(), abortable(attempt.signal)).catch(goneByNow(attempt)),
      options,
    );
  },
});

/** A delete whose answer was lost may have been done: then "not found" is what was wanted. */
const goneByNow = (attempt: Attempt) => (error: unknown) => {
  if (attempt.maybeDone && errorFacts(error).code === 'ResourceNotFoundException') return undefined;
  throw error;
};

type Addons = Pick<
  EksPort,
  | 'listAddons'
  | 'describeAddon'
  | 'createAddon'
  | 'updateAddon'
  | 'addonVersions'
  | 'addonServiceAccounts'
  | 'addonRecommendations'
>;

const addons = (client: () => EKSClient, caller: Caller): Addons => ({
  listAddons: (clusterName, options) =>
    pages(async nextToken => {
      const answer = await caller.call(
        { operation: 'ListAddons', cluster: clusterName, repeatable: true },
        ({ signal }) =>
          client().send(new ListAddonsCommand({ clusterName, maxResults: pageSize, nextToken }), abortable(signal)),
        options,
      );
      return { items: answer.addons ?? [], next: answer.nextToken };
    }),

  async describeAddon(clusterName, addonName, options) {
    const answer = await caller.call(
      { operation: 'DescribeAddon', cluster: clusterName, subject: addonName, repeatable: true },
      ({ signal }) => client().send(new DescribeAddonCommand({ clusterName, addonName }), abortable(signal)),
      options,
    );
    return addonFact(answer.addon, 'eks:DescribeAddon');
  },

  async createAddon({ podIdentityAssociations, ...input }, options) {
    const request = {
      ...input,
      clientRequestToken: input.clientRequestToken ?? randomUUID(),
      ...addonAssociations(podIdentityAssociations),
    };
    const answer = await caller.call(
      { operation: 'CreateAddon', cluster: input.clusterName, subject: input.addonName, write: true, repeatable: true },
      ({ signal }) => client().send(new CreateAddonCommand(request), abortable(signal)),
      options,
    );
    return addonFact(answer.addon, 'eks:CreateAddon');
  },

  async updateAddon({ podIdentityAssociations, ...input }, options) {
    // The list replaces the whole of what the add-on has; left out, it leaves it as it is (EKS API, UpdateAddon).
    const request = {
      ...input,
      clientRequestToken: input.clientRequestToken ?? randomUUID(),
      ...addonAssociations(podIdentityAssociations),
    };
    const answer = await caller.call(
      { operation: 'UpdateAddon', cluster: input.clusterName, subject: input.addonName, write: true, repeatable: true },
      ({ signal }) => client().send(new UpdateAddonCommand(request), abortable(signal)),
      options,
    );
    return { updateId: answer.update?.id ?? '' };
  },

  async addonVersions(addonName, kubernetesVersion, options) {
    const versions: AddonVersion[] = [];
    const all = pages(async nextToken => {
      const answer = await caller.call(
        { operation: 'DescribeAddonVersions', subject: addonName, repeatable: true },
        ({ signal }) =>
          client().send(
            new DescribeAddonVersionsCommand({ addonName, kubernetesVersion, maxResults: pageSize, nextToken }),
            abortable(signal),
          ),
        options,
      );
      return { items: answer.addons ?? [], next: answer.nextToken };
    });
    for await (const page of all) {
      for (const info of page.flatMap(addon => addon.addonVersions ?? [])) {
        if (!info.addonVersion) continue;
        const fits = (info.compatibilities ?? []).filter(each => each.clusterVersion === kubernetesVersion);
        versions.push({ version: info.addonVersion, isDefault: fits.some(each => each.defaultVersion === true) });
      }
    }
    return versions.sort((a, b) => newestFirst(a.version, b.version));
  },

  async addonServiceAccounts(addonName, addonVersion, options) {
    const found = await recommendations(client, caller, addonName, addonVersion, options);
    return found.map(({ serviceAccount }) => serviceAccount);
  },

  addonRecommendations: (addonName, addonVersion, options) =>
    recommendations(client, caller, addonName, addonVersion, options),
});

type Recommendations = Awaited<ReturnType<EksPort['addonRecommendations']>>;

/** `podIdentityConfiguration` of DescribeAddonConfiguration (EKS API reference). */
async function recommendations(
  client: () => EKSClient,
  caller: Caller,
  addonName: string,
  addonVersion: string,
  options: CallOptions | undefined,
): Promise<Recommendations> {
  const answer = await caller.call(
    { operation: 'DescribeAddonConfiguration', subject: addonName, repeatable: true },
    ({ signal }) =>
      client().send(new DescribeAddonConfigurationCommand({ addonName, addonVersion }), abortable(signal)),
    options,
  );
  return (answer.podIdentityConfiguration ?? []).flatMap(({ serviceAccount, recommendedManagedPolicies = [] }) =>
    serviceAccount ? [{ serviceAccount, recommendedPolicyArns: recommendedManagedPolicies }] : [],
  );
}

type AddonAssociations = readonly { readonly serviceAccount: string; readonly roleArn: string }[];

const addonAssociations = (wanted: AddonAssociations | undefined) =>
  wanted ? { podIdentityAssociations: wanted.map(({ serviceAccount, roleArn }) => ({ serviceAccount, roleArn })) } : {};

/** `v1.3.10-eksbuild.3` is newer than `v1.3.9-eksbuild.4`. */
const newestFirst = (a: string, b: string): number => b.localeCompare(a, 'en', { numeric: true });

type Tags = Pick<EksPort, 'tagResource' | 'untagResource'>;

const tags = (client: () => EKSClient, caller: Caller): Tags => ({
  async tagResource(resourceArn, wanted, options) {
    if (Object.keys(wanted).length === 0) return;
    await caller.call(
      { operation: 'TagResource', subject: resourceArn, write: true, repeatable: true },
      ({ signal }) => client().send(new TagResourceCommand({ resourceArn, tags: { ...wanted } }), abortable(signal)),
      options,
    );
  },

  async untagResource(resourceArn, keys, options) {
    if (keys.length === 0) return;
    await caller.call(
      { operation: 'UntagResource', subject: resourceArn, write: true, repeatable: true },
      ({ signal }) => client().send(new UntagResourceCommand({ resourceArn, tagKeys: [...keys] }), abortable(signal)),
      options,
    );
  },
});
