import { describe, expect, it } from 'vitest';
import { doorOf, pictureDirectory } from '../../source/start/door.ts';

describe('the door', () => {
  const environment = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLEEXAMPLE00', AWS_REGION: 'eu-west-1', TERM: 'xterm' };
  const door = doorOf(['--region', 'eu-west-1'], environment);

  it('is the same for the same settings, whatever is only display', () => {
    expect(doorOf(['--region', 'eu-west-1', '--offline', '--no-color'], { ...environment, TERM: 'dumb' })).toBe(door);
  });

  it('is another one for another caller, place, endpoint or flag', () => {
    const others = [
      doorOf(['--region', 'us-east-1'], environment),
      doorOf(['--region', 'eu-west-1', '--profile', 'prod'], environment),
      doorOf(['--region', 'eu-west-1'], { ...environment, AWS_ACCESS_KEY_ID: 'AKIAEXAMPLEEXAMPLE01' }),
      doorOf(['--region', 'eu-west-1'], { ...environment, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }),
      doorOf(['--region', 'eu-west-1'], { ...environment, AWS_ENDPOINT_URL_EKS: 'http://127.0.0.1:1' }),
      doorOf(['--region', 'eu-west-1'], { ...environment, KUBECONFIG: '/tmp/other' }),
    ];
    expect(new Set([door, ...others]).size).toBe(others.length + 1);
  });

  it('tells nothing of what it was made of, and can be a directory', () => {
    expect(door).toMatch(/^[0-9a-f]{16}$/);
  });

  it('of a sandbox leads nowhere', () => {
    expect(doorOf(['--sandbox'], environment)).toBeUndefined();
  });

  it('keeps its pictures where XDG says, if that is absolute', () => {
    expect(pictureDirectory('d', { XDG_STATE_HOME: '/s', HOME: '/h' })).toBe('/s/podid-tui/pictures/d');
    expect(pictureDirectory('d', { XDG_STATE_HOME: 's', HOME: '/h' })).toBe('/h/.local/state/podid-tui/pictures/d');
    expect(pictureDirectory('d', {})).toBeUndefined();
  });
});
