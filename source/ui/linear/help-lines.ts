import type { Place } from '../state/view.ts';
import { wordsIn } from './acts.ts';

/** What can be typed, when lines are all there is. */
const everywhere: readonly string[] = [
  'A number opens that line. more says the next ones, list says the place again, back goes back, quit ends.',
  'cl: clusters. The name of a cluster: its service accounts. ns, sa, a, roles, each with the name of a cluster: its namespaces, service accounts, associations, roles.',
  'filter TEXT keeps the lines that have it; filter alone keeps all. The rest of the grammar is that of the screens: column=value, !not, |.',
  'new CLUSTER asks for a new association, field by field. edit NUMBER changes one, delete NUMBER NUMBER takes them away; NAMESPACE/ACCOUNT names a line as well as its number.',
  'migrate CLUSTER plans the move from IRSA to Pod Identity. Whatever writes says its plan first, and asks for a word or a name before anything is written.',
  'cli NUMBER, json NUMBER and yaml NUMBER say a line as a command, or its facts.',
  'runs lists what was carried out. resume RUN goes on with one that was cut off, undo RUN plans its way back; without RUN, the newest.',
  'refresh reads again. log says what was seen. set ro forbids changes, set rw allows them.',
];

/** The words of a place, and those that work everywhere. */
export function helpLines(place: Place): readonly string[] {
  const words = wordsIn(place).map(({ id, label }) => (id === label ? id : `${id} (${label})`));
  return words.length === 0 ? everywhere : [...everywhere, `Here also: ${words.join(', ')}.`];
}
