import { Box, Text } from 'ink';
import { FieldText } from '../../components/field-text.tsx';
import { type Form, isFixed } from '../../state/form.ts';
import { type FieldId, fieldLabels, hasChoices, isTextField } from '../../state/form-fields.ts';
import type { Verdict } from '../../state/form-validation.ts';
import { levelRole, levelSign } from '../../text/health.ts';
import { cut } from '../../text/pad.ts';
import { clean } from '../../text/sanitise.ts';
import { useTheme } from '../../theme/context.ts';
import { valueText } from './field-lines.ts';

/** Cells of a label, with what stands before and after it. */
export const labelWidth = 19;

/** Cells for the value, and for what is said beside it, of a form of this width. */
export function fieldWidths(width: number): { readonly value: number; readonly note: number } {
  const value = Math.max(16, Math.floor((width - labelWidth) * 0.46));
  return { value, note: Math.max(8, width - labelWidth - value - 1) };
}

const placeholders: Readonly<Record<FieldId, string>> = {
  cluster: '(choose)',
  namespace: '(choose or type)',
  serviceAccount: '(choose or type)',
  createAccount: '',
  role: '(choose, or a name or ARN)',
  roleName: '(none)',
  policies: '(search)',
  wellKnown: '(none)',
  inlinePolicy: '(none)',
  inlineName: '(none)',
  boundary: '(none)',
  targetRole: '(none)',
  sessionTags: '',
  policy: '(none)',
  tags: '(none)',
  recreate: '',
};

type Props = { readonly form: Form; readonly field: FieldId; readonly verdict: Verdict; readonly width: number };

/** One field: its label, its value, and beside it what is to be said about it. */
export function FieldRow({ form, field, verdict, width }: Props) {
  const theme = useTheme();
  const focused = form.focus === field;
  const widths = fieldWidths(width);
  const sign = verdict.level === 'info' ? ' ' : verdict.level === 'pending' ? '○' : levelSign[verdict.level];
  const said = valueText(form, field);
  return (
    <Box>
      <Text {...(focused ? theme.roles.title : theme.roles.dim)}>
        {` ${fieldLabels[field].padEnd(labelWidth - 4)} ${focused ? '>' : ' '} `}
      </Text>
      <Box width={widths.value}>
        {said === undefined && isTextField(field) ? (
          <FieldText
            field={form.text[field]}
            focused={focused && !isFixed(form, field)}
            width={widths.value - 3}
            placeholder={placeholders[field]}
          />
        ) : (
          <Text bold={focused} wrap="truncate">
            {cut(said ?? '', widths.value - 3)}
          </Text>
        )}
        {hasChoices(field) && !isFixed(form, field) && <Text {...theme.roles.dim}> ▾</Text>}
      </Box>
      <Text wrap="truncate-end" {...theme.roles[levelRole[verdict.level]]}>
        {cut(`${sign} ${clean(verdict.text)}`, widths.note)}
      </Text>
    </Box>
  );
}
