/** Which operation of EKS a method and a path mean (EKS API reference, request syntax of each operation). */
export type EksRoute = { readonly operation: string; readonly labels: Readonly<Record<string, string>> };

const ROUTES: readonly (readonly [method: string, path: string, operation: string])[] = [
  ['GET', '/clusters', 'ListClusters'],
  ['GET', '/clusters/{name}', 'DescribeCluster'],
  ['GET', '/clusters/{clusterName}/pod-identity-associations', 'ListPodIdentityAssociations'],
  ['POST', '/clusters/{clusterName}/pod-identity-associations', 'CreatePodIdentityAssociation'],
  ['GET', '/clusters/{clusterName}/pod-identity-associations/{associationId}', 'DescribePodIdentityAssociation'],
  ['POST', '/clusters/{clusterName}/pod-identity-associations/{associationId}', 'UpdatePodIdentityAssociation'],
  ['DELETE', '/clusters/{clusterName}/pod-identity-associations/{associationId}', 'DeletePodIdentityAssociation'],
  ['GET', '/clusters/{clusterName}/addons', 'ListAddons'],
  ['POST', '/clusters/{clusterName}/addons', 'CreateAddon'],
  ['GET', '/clusters/{clusterName}/addons/{addonName}', 'DescribeAddon'],
  ['POST', '/clusters/{clusterName}/addons/{addonName}/update', 'UpdateAddon'],
  ['DELETE', '/clusters/{clusterName}/addons/{addonName}', 'DeleteAddon'],
  ['GET', '/clusters/{name}/updates/{updateId}', 'DescribeUpdate'],
  ['GET', '/addons/supported-versions', 'DescribeAddonVersions'],
  ['GET', '/addons/configuration-schemas', 'DescribeAddonConfiguration'],
  ['GET', '/tags/{resourceArn}', 'ListTagsForResource'],
  ['POST', '/tags/{resourceArn}', 'TagResource'],
  ['DELETE', '/tags/{resourceArn}', 'UntagResource'],
];

const COMPILED = ROUTES.map(([method, path, operation]) => ({ method, operation, parts: path.split('/').slice(1) }));

/** `path` is still percent-encoded: a label may hold an encoded slash. */
export function eksRoute(method: string, path: string): EksRoute | undefined {
  const parts = path.split('/').slice(1);
  for (const route of COMPILED) {
    if (route.method === method && route.parts.length === parts.length) {
      const labels = match(route.parts, parts);
      if (labels !== undefined) {
        return { operation: route.operation, labels };
      }
    }
  }
  return undefined;
}

function match(route: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  for (const [index, part] of route.entries()) {
    const given = parts[index] ?? '';
    if (!part.startsWith('{')) {
      if (part !== given) {
        return undefined;
      }
      continue;
    }
    const label = decode(given);
    if (label === undefined || label === '') {
      return undefined;
    }
    labels[part.slice(1, -1)] = label;
  }
  return labels;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
