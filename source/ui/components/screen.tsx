import { Box } from 'ink';
import { logLines } from '../controller/app.ts';
import { useApp, useUi } from '../hooks/use-app.ts';
import { ContextsScreen } from '../screens/contexts/contexts-screen.tsx';
import { CopiesScreen } from '../screens/copies/copies-screen.tsx';
import { DetailScreen } from '../screens/detail/detail-screen.tsx';
import { DialogOverlay } from '../screens/dialog/dialog-overlay.tsx';
import { FormScreen } from '../screens/form/form-screen.tsx';
import { HelpScreen } from '../screens/help/help-screen.tsx';
import { MigrateScreen } from '../screens/migrate/migrate-screen.tsx';
import { PageScreen } from '../screens/page-screen.tsx';
import { ReviewScreen } from '../screens/review/review-screen.tsx';
import { RunsScreen } from '../screens/runs/runs-screen.tsx';
import { TableScreen } from '../screens/table/table-screen.tsx';
import { layoutOf } from '../state/layout.ts';
import { topFrame } from '../state/state.ts';
import type { View } from '../state/view.ts';
import { BottomLine, Suggestions } from './bottom-line.tsx';
import { PaneBoundary } from './boundary.tsx';
import { Crumbs } from './crumbs.tsx';
import { Header } from './header.tsx';
import { TooSmall } from './too-small.tsx';

function Pane({ kind }: { readonly kind: View['kind'] }) {
  switch (kind) {
    case 'detail':
      return <DetailScreen />;
    case 'help':
      return <HelpScreen />;
    case 'log':
    case 'run':
      return <PageScreen />;
    case 'contexts':
      return <ContextsScreen />;
    case 'copies':
      return <CopiesScreen />;
    case 'runs':
      return <RunsScreen />;
    case 'form':
      return <FormScreen />;
    case 'review':
      return <ReviewScreen />;
    case 'migrate':
      return <MigrateScreen />;
    default:
      return <TableScreen />;
  }
}

/** The shell: header, pane, crumbs, bottom line; dialogs and suggestions lie over them. */
export function Screen() {
  const app = useApp();
  const columns = useUi(state => state.columns);
  const rows = useUi(state => state.rows);
  const kind = useUi(state => topFrame(state).view.kind);
  const frame = useUi(state => topFrame(state).id);
  if (layoutOf(columns, rows).mode === 'small') return <TooSmall columns={columns} rows={rows} />;
  return (
    <Box width="100%" height={rows} flexDirection="column" overflowY="hidden">
      <Header />
      <PaneBoundary key={frame} report={error => app.reportCrash?.(error, logLines(app))}>
        <Pane kind={kind} />
      </PaneBoundary>
      <Crumbs />
      <BottomLine />
      <Suggestions />
      <DialogOverlay />
    </Box>
  );
}
