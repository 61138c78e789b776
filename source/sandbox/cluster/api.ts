import type { ClusterRecord, SandboxRequest, SandboxResponse, World } from '../model.ts';

export function handleKubernetes(
  _world: World,
  _cluster: ClusterRecord,
  _request: SandboxRequest,
  _now: number,
): SandboxResponse {
  return { status: 503, headers: {}, body: '' };
}
