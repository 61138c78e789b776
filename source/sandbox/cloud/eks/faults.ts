/** EKS's errors, with the texts that the service gives (EKS API reference; texts as seen in the field). */
import type { ClusterRecord } from '../../model.ts';
import { AwsFault } from '../fault.ts';

export function invalidParameter(message: string, details: Readonly<Record<string, string>> = {}): AwsFault {
  return new AwsFault(400, 'InvalidParameterException', message, details);
}

export function invalidRequest(message: string, details: Readonly<Record<string, string>> = {}): AwsFault {
  return new AwsFault(400, 'InvalidRequestException', message, details);
}

export function notFound(message: string, details: Readonly<Record<string, string>> = {}): AwsFault {
  return new AwsFault(404, 'ResourceNotFoundException', message, details);
}

export function inUse(message: string, details: Readonly<Record<string, string>> = {}): AwsFault {
  return new AwsFault(409, 'ResourceInUseException', message, details);
}

export function associationExists(cluster: ClusterRecord, id: string): AwsFault {
  return inUse(`Association already exists: ${id}`, { clusterName: cluster.name });
}

export function crossAccountRole(): AwsFault {
  return invalidParameter('Cross-account pass role is not allowed.');
}
