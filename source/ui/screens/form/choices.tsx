import { Box, Text } from 'ink';
import SelectInput from 'ink-select-input';
import { createContext, useContext } from 'react';
import type { Choice } from '../../state/form-facts.ts';
import { levelRole } from '../../text/health.ts';
import { pad } from '../../text/pad.ts';
import { clean } from '../../text/sanitise.ts';
import { useRole, useTheme } from '../../theme/context.ts';

type Props = {
  readonly choices: readonly Choice[];
  readonly picked: number;
  readonly limit: number;
  readonly width: number;
};

/** Cells for what is said of a choice. */
const hintWidth = 30;

/** Lines that the list takes. */
export const choicesHeight = (count: number, limit: number): number => Math.min(count, limit) + (count > limit ? 1 : 0);

const windowStart = (picked: number, size: number, limit: number): number =>
  Math.max(0, Math.min(picked - limit + 1, size - limit));

function Indicator({ isSelected = false }: { readonly isSelected?: boolean }) {
  return <Text {...useRole('accent')}>{isSelected ? '▌ ' : '  '}</Text>;
}

const mark = ({ picked }: Choice): string => (picked === undefined ? '' : picked ? '[x] ' : '[ ] ');

type Drawn = { readonly byLabel: ReadonlyMap<string, Choice>; readonly width: number };

/** ink-select-input hands an item its label alone: what else is drawn of it comes this way. */
const DrawnContext = createContext<Drawn>({ byLabel: new Map(), width: 0 });

function Item({ isSelected = false, label }: { readonly isSelected?: boolean; readonly label: string }) {
  const theme = useTheme();
  const { byLabel, width } = useContext(DrawnContext);
  const choice = byLabel.get(label);
  if (!choice) return null;
  const hint = Math.min(hintWidth, Math.floor(width / 2));
  const name = pad(
    `${mark(choice)}${clean(choice.label ?? choice.value)}`,
    Math.max(10, width - hint - 1),
    'left',
    '…',
  );
  const role = choice.level === undefined ? 'dim' : levelRole[choice.level];
  return (
    <Text wrap="truncate" {...(isSelected ? theme.selection : {})}>
      <Text {...(isSelected ? {} : theme.roles.text)}>{`${name} `}</Text>
      <Text {...(isSelected ? {} : theme.roles[role])}>{pad(clean(choice.hint), hint, 'left', '…')}</Text>
    </Text>
  );
}

/**
 * The choices of the focused field. The keys are the app's own: ink-select-input keeps its index in a closure, which
 * loses steps when several keys arrive in one chunk, and selects at once on a digit. It draws, unfocused.
 */
export function Choices({ choices, picked, limit, width }: Props) {
  const theme = useTheme();
  const start = windowStart(picked, choices.length, limit);
  const shown = choices.slice(start, start + limit);
  const items = shown.map(choice => ({ key: choice.value, value: choice.value, label: choice.value }));
  return (
    <Box flexDirection="column" paddingLeft={19}>
      <DrawnContext.Provider value={{ byLabel: new Map(shown.map(choice => [choice.value, choice])), width }}>
        <SelectInput
          key={`${start}:${picked}:${choices.length}`}
          items={items}
          isFocused={false}
          initialIndex={Math.max(0, Math.min(picked - start, shown.length - 1))}
          indicatorComponent={Indicator}
          itemComponent={Item}
        />
      </DrawnContext.Provider>
      {choices.length > limit && <Text {...theme.roles.dim}>{`  ${picked + 1} of ${choices.length}`}</Text>}
    </Box>
  );
}
