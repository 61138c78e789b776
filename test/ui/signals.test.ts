import { afterEach, describe, expect, it, vi } from 'vitest';
import { beforeSignal } from '../../source/ui/signals.ts';

afterEach(() => vi.restoreAllMocks());

const listeners = () => [...process.listeners('SIGTERM')];

describe('a signal that ends the process', () => {
  it.each([true, false])('is sent once more when the last things are done (well: %s)', async well => {
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    const before = listeners();
    const last = Promise.withResolvers<void>();
    beforeSignal(() => last.promise);
    const [own] = listeners().filter(listener => !before.includes(listener));
    own?.('SIGTERM');
    expect(kill).not.toHaveBeenCalled();
    if (well) last.resolve();
    else last.reject(new Error('no'));
    await vi.waitFor(() => expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGTERM'));
    expect(listeners()).toEqual(before);
  });

  it('is nobody’s business any more once it stopped listening', () => {
    const before = listeners();
    const stop = beforeSignal(async () => {});
    expect(listeners()).toHaveLength(before.length + 1);
    stop();
    expect(listeners()).toEqual(before);
  });
});
