import { Box, Text } from 'ink';
import { Component, type ReactNode } from 'react';
import { clean } from '../text/sanitise.ts';

type Props = {
  readonly children: ReactNode;
  /** Writes down what threw and tells the path; undefined: it could not be. */
  readonly report?: (error: unknown) => string | undefined;
};
type State = { readonly message?: string; readonly path?: string };

/**
 * Lets one pane fail alone: what threw is said in its place, and the header, the crumbs and every way out still work.
 * A class, because React has no other way to catch.
 */
export class PaneBoundary extends Component<Props, State> {
  override state: State = {};

  static getDerivedStateFromError(error: unknown): State {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override componentDidCatch(error: unknown): void {
    const path = this.props.report?.(error);
    if (path !== undefined) this.setState({ path });
  }

  override render(): ReactNode {
    const { message, path } = this.state;
    if (message === undefined) return this.props.children;
    return (
      <Box flexGrow={1} flexDirection="column" paddingLeft={2}>
        <Text bold>✗ This screen failed</Text>
        <Text>{clean(message)}</Text>
        {path !== undefined && <Text>{`What led to it is in ${clean(path)}`}</Text>}
        <Text>{'<esc> leads back; a run that is on goes on.'}</Text>
      </Box>
    );
  }
}
