/** What can be typed, when lines are all there is. */
export const helpLines: readonly string[] = [
  'A number opens that line. more says the next ones, list says the place again, back goes back, quit ends.',
  'cl: clusters. The name of a cluster: its service accounts. ns, sa, a, roles, each with the name of a cluster: its namespaces, service accounts, associations, roles.',
  'filter TEXT keeps the lines that have it; filter alone keeps all. The rest of the grammar is that of the screens: column=value, !not, |.',
  'migrate CLUSTER plans the move from IRSA to Pod Identity, and asks for the name of the cluster before anything is written.',
  'runs lists what was carried out. resume RUN goes on with one that was cut off, undo RUN plans its way back; without RUN, the newest.',
  'refresh reads again. log says what was seen. set ro forbids changes, set rw allows them.',
];
