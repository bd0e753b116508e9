// The tour's first part: what the server is, what it serves, who asks.
import { type Step, step } from './step.ts'

/** Kinds that other tests bring into a shared cluster. */
const OTHERS = /example|conform|mainstay|argoproj/

/** In order. */
export const looking: readonly Step[] = [
  step('version'),
  step('cluster-info'),
  step('api-versions', { without: OTHERS }),
  step('api-resources --sort-by=name', { without: OTHERS }),
  step('api-resources --namespaced=false --verbs=list,create -o name', { without: OTHERS }),
  step('api-resources --api-group=apps -o wide'),
  step('explain deployment.spec.strategy'),
  step('explain service.spec.ports --recursive'),
  step('explain cronjobs.spec.jobTemplate.spec.completions'),
  step('explain nothing'),
  step('explain pods.spec.nothing'),
  step('auth whoami'),
  step('auth can-i create deployments'),
  step(`auth can-i '*' '*' --all-namespaces`),
  step('auth can-i list secrets --as alice'),
  step('get nothings'),
  step('get namespace NS'),
  step('get namespace NS -o yaml'),
  step('describe namespace NS'),
  step('get serviceaccounts', { until: /default/ }),
  step('get --raw /healthz'),
  step('get --raw /livez/ping'),
  step('get --raw /apis/apps'),
  step('get --raw /no/such/path'),
  step('top pods'),
  step('top nodes'),
]
