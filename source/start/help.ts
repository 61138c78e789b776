export const help = `podid-tui: see, edit and migrate EKS Pod Identity, across a fleet, in the terminal

Usage
  podid-tui [options]                 open the app
  podid-tui --sandbox                 open it on the embedded AWS and Kubernetes; nothing real is touched
  podid-tui get --cluster NAME        pod identity associations; --all for every cluster
  podid-tui create|update|delete      one of them by flags, or those of an eksctl file: -f FILE
  podid-tui apply -f FILE             make the cluster as the file wants it; --prune --approve deletes the rest
  podid-tui export --cluster NAME     what is there, --to eksctl|terraform|cli
  podid-tui migrate --cluster NAME    plan the move from IRSA to Pod Identity; --approve carries it out
  podid-tui runs                      what was carried out; runs show RUN for a change record
  podid-tui resume RUN                go on with a run that was cut short
  podid-tui undo RUN                  plan the way back from a run; --approve carries it out
  podid-tui sandbox                   serve the embedded world, print the environment to use it

Options
  --profile P[,P...]     AWS profiles (default: AWS_PROFILE, then the default chain); --all-profiles for every one
  --region R[,R...]      regions to look in (default: AWS_REGION, then the profile's)
  --kubeconfig FILE      use this kubeconfig for the Kubernetes API; --context NAME picks a context
  --read-only            change nothing; :set rw in the app allows changes again
  --offline              show what was seen last time, and call nothing
  --once                 print the view once as text and exit (the default where there is no terminal)
  --view VIEW            with --once: clusters|namespaces|service-accounts|associations|roles; --cluster NAME for one
  -o, --output FORMAT    with --once: text or json
  --theme NAME           dark, light, safe, safe-light (no red against green), mono; :theme in the app keeps one
  --no-color             no colour; NO_COLOR and FORCE_COLOR count too
  --ascii                draw with ASCII alone (the default for locales other than UTF-8); :set ascii in the app keeps it
  --no-motion            nothing moves by itself; NO_MOTION counts too
  --linear               lines instead of screens, for screen readers (the default for TERM=dumb)
  --sandbox              with --world docs|demo|fleet --clusters N --associations M --latency MS
                         --throttle RPS --fault-rate P --consistency MS --seed N
  --reset-terminal       give a terminal back that a killed process has left behind
  -h, --help             this help; podid-tui COMMAND --help for a command's
  -V, --version          version

Exit codes: 0 done, planned or nothing to do; 1 failed; 2 wrong usage; 3 partly done, held or not readable.
`;

export const sandboxHelp = `podid-tui sandbox: serve an embedded AWS and Kubernetes on loopback until Ctrl-C

Prints the environment that leads podid-tui, aws, kubectl and others to it. Nothing real is touched.

Options
  --world docs|demo|fleet   the cluster of eksctl's documentation; a company of four (default); many clusters
  --clusters N              of the fleet
  --associations M          of each cluster of the fleet
  --latency MS              before each answer
  --throttle RPS            requests a second that AWS answers; more are refused
  --fault-rate P            share of requests that fail, from 0 to 1
  --consistency MS          until a write is seen by reads
  --seed N                  the same number makes the same world and the same faults
  --port P                  of the AWS endpoint (default: any free one)
  --replay eksctl           serve nothing: carry out eksctl's order of a migration with one fault, on a clock that runs
                            ahead, and count the pods that lose their credentials (--cluster NAME: of which cluster)

Under /_sandbox/ of the endpoint: state, requests, oracle, pods, faults.
`;
