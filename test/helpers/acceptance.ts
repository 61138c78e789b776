/** Tables of what eksctl does in a case, what we do, and why where that differs. */
import { describe, test } from 'vitest';
import { openScene, type Scene, type SceneOptions } from './scene.ts';

export type Row = {
  /** A case of eksctl's own tests, or one that they lack, and what comes of it there. */
  readonly eksctl: string;
  /** What comes of it here; the same when absent. */
  readonly ours?: string;
  /** Why that differs. */
  readonly because?: string;
  readonly scene?: SceneOptions;
  /** The built program on a cluster of the row's own. */
  readonly act: (scene: Scene) => Promise<void>;
};

/** Rows run side by side: each waits for stacks most of its time. */
export function accept(title: string, rows: readonly Row[]): void {
  describe.concurrent(title, () => {
    const named = rows.map(row => ({
      ...row,
      name: row.ours === undefined ? row.eksctl : `${row.eksctl} -> ${row.ours}`,
    }));
    test.each(named)('$name', async ({ scene: options = {}, act }) => {
      const scene = await openScene(options);
      try {
        await act(scene);
      } finally {
        await scene.close();
      }
    });
  });
}
