/** What add-ons there are (EKS API reference, DescribeAddonVersions and DescribeAddonConfiguration). */
import { ADDON_OFFERS, type AddonOffer, OFFERED_KUBERNETES } from '../addon-catalogue.ts';
import type { RestOperation } from '../context.ts';
import { invalidParameter, notFound } from './faults.ts';
import { pageAsked } from './shared.ts';

export const OFFER_OPERATIONS: Readonly<Record<string, RestOperation>> = {
  DescribeAddonVersions: context => {
    const name = context.query.get('addonName');
    const kubernetes = context.query.get('kubernetesVersion');
    const types = context.query.getAll('types');
    const versions = OFFERED_KUBERNETES.filter(each => kubernetes === null || each === kubernetes);
    const offers = ADDON_OFFERS.filter(
      each => (name === null || each.name === name) && (types.length === 0 || types.includes(each.type)),
    );
    if (name !== null && offers.length === 0 && types.length === 0) {
      throw invalidParameter(`Addon ${name} specified is not supported`, { addonName: name });
    }
    const question = JSON.stringify(['offers', name, kubernetes, types]);
    const page = pageAsked(context, versions.length === 0 ? [] : offers, each => each.name, question);
    return { addons: page.items.map(each => describeOffer(each, versions)), nextToken: page.next ?? null };
  },
  DescribeAddonConfiguration: ({ query }) => {
    const name = query.get('addonName') ?? '';
    const version = query.get('addonVersion') ?? '';
    const offer = ADDON_OFFERS.find(each => each.name === name);
    if (offer === undefined || !offer.versions.includes(version)) {
      throw notFound(`No addon configuration found for ${name} ${version}`, { addonName: name });
    }
    return {
      addonName: name,
      addonVersion: version,
      configurationSchema: JSON.stringify({
        $schema: 'http://json-schema.org/draft-07/schema#',
        type: 'object',
        additionalProperties: true,
      }),
      podIdentityConfiguration: offer.identities.map(each => ({
        serviceAccount: each.serviceAccount,
        recommendedManagedPolicies: each.managedPolicies,
      })),
    };
  },
};

function describeOffer(offer: AddonOffer, kubernetes: readonly string[]): object {
  return {
    addonName: offer.name,
    type: offer.type,
    owner: 'aws',
    publisher: 'eks',
    defaultNamespace: offer.namespace,
    addonVersions: offer.versions.map((addonVersion, index) => ({
      addonVersion,
      architecture: ['amd64', 'arm64'],
      computeTypes: ['ec2', 'auto', 'hybrid'],
      compatibilities: kubernetes.map(clusterVersion => ({
        clusterVersion,
        platformVersions: ['*'],
        defaultVersion: index === 0,
      })),
      requiresConfiguration: false,
      requiresIamPermissions: offer.identities.length > 0,
    })),
  };
}
