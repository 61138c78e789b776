/** What a request wants of an add-on, checked as EKS checks it (EKS API reference, CreateAddon and UpdateAddon). */
import type { ClusterRecord } from '../../model.ts';
import { ADDON_OFFERS, type AddonOffer } from '../addon-catalogue.ts';
import { accountOf } from '../arns.ts';
import type { RestContext } from '../context.ts';
import { isObject, type JsonObject, parseJson } from '../values.ts';
import { checkRole } from './associations.ts';
import { crossAccountRole, invalidParameter } from './faults.ts';
import { requiredText, textAsked } from './shared.ts';

export type WantedAssociation = {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: string;
};

/** Undefined: the request leaves the associations as they are. */
export function readAssociations(
  context: RestContext,
  cluster: ClusterRecord,
  offer: AddonOffer,
  namespace: string,
): WantedAssociation[] | undefined {
  const list = context.body.podIdentityAssociations;
  if (list === undefined || list === null) {
    return undefined;
  }
  if (!Array.isArray(list)) {
    throw invalidParameter('podIdentityAssociations must be a list.');
  }
  const wanted = list.map((each): WantedAssociation => {
    const entry: JsonObject = isObject(each) ? each : {};
    return {
      namespace,
      serviceAccount: requiredText(entry, 'serviceAccount'),
      roleArn: requiredText(entry, 'roleArn'),
    };
  });
  if (new Set(wanted.map(each => each.serviceAccount)).size < wanted.length) {
    throw invalidParameter('A service account can be named only once in podIdentityAssociations.');
  }
  for (const { serviceAccount, roleArn } of wanted) {
    if (!offer.identities.some(each => each.serviceAccount === serviceAccount)) {
      throw invalidParameter(
        `Service account ${serviceAccount} in pod identity configuration is not supported for addon ${offer.name}`,
        { clusterName: cluster.name, addonName: offer.name },
      );
    }
    checkRole(context, cluster, roleArn, namespace, serviceAccount);
  }
  return wanted;
}

export function readRoleArn(context: RestContext): string | undefined {
  const arn = textAsked(context.body, 'serviceAccountRoleArn');
  if (arn === undefined) {
    return undefined;
  }
  if (accountOf(arn) !== context.account.id) {
    throw crossAccountRole();
  }
  return arn;
}

export function readConfiguration(body: JsonObject): string | undefined {
  const text = textAsked(body, 'configurationValues');
  if (text !== undefined && text !== '' && text.trimStart().startsWith('{') && !isObject(parseJson(text))) {
    throw invalidParameter('ConfigurationValue provided in request is not supported: it is neither JSON nor YAML.');
  }
  return text;
}

export function namespaceAsked(body: JsonObject): string | undefined {
  return isObject(body.namespaceConfig) ? textAsked(body.namespaceConfig, 'namespace') : undefined;
}

export function readVersion(offer: AddonOffer, body: JsonObject): string | undefined {
  const version = textAsked(body, 'addonVersion');
  if (version !== undefined && !offer.versions.includes(version)) {
    throw invalidParameter(`Addon version specified is not supported`, { addonName: offer.name });
  }
  return version;
}

export function offerNamed(cluster: ClusterRecord, name: string): AddonOffer {
  const offer = ADDON_OFFERS.find(each => each.name === name);
  if (offer === undefined) {
    throw invalidParameter(`Addon ${name} specified is not supported in ${cluster.version} kubernetes version`, {
      clusterName: cluster.name,
      addonName: name,
    });
  }
  return offer;
}

/** Throws unless `resolveConflicts` is absent or one of the three ways there are. */
export function checkConflictResolution(body: JsonObject): void {
  const value = textAsked(body, 'resolveConflicts');
  if (value !== undefined && !['NONE', 'OVERWRITE', 'PRESERVE'].includes(value)) {
    throw invalidParameter('resolveConflicts must be NONE, OVERWRITE or PRESERVE.');
  }
}
