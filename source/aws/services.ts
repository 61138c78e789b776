export const awsServices = ['eks', 'iam', 'cloudformation', 'sts'] as const;

export type AwsService = (typeof awsServices)[number];

/** Custom endpoints by service; a service that is absent has AWS's own. */
export type Endpoints = { readonly [Service in AwsService]?: string };
