import type { JournalingWorkbench } from '../read/workbench.ts';

/** A workbench of a world that is still being opened: whatever is asked of it waits until it is. */
export function laterWorkbench(opening: Promise<JournalingWorkbench>): JournalingWorkbench {
  // Whoever opens the world hears why it cannot be; here it matters only to who asks.
  opening.catch(() => {});
  return {
    plan: async (...call) => (await opening).plan(...call),
    async *run(...call) {
      yield* (await opening).run(...call);
    },
    async *resume(...call) {
      yield* (await opening).resume(...call);
    },
    async *managedPolicies(...call) {
      yield* (await opening).managedPolicies?.(...call) ?? [];
    },
    async *rolePolicies(...call) {
      yield* (await opening).rolePolicies?.(...call) ?? [];
    },
    undo: async (...call) => (await opening).undo(...call),
    journals: {
      list: async () => (await opening).journals.list(),
      read: async run => (await opening).journals.read(run),
    },
  };
}
