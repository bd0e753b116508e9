// The variables of Argo CD's build environment, and how texts of a source are filled in with them.

/** What the variables say. */
export interface BuildEnvironment {
  /** Name of the application, with its namespace in front outside of the control plane's: `ops_shop`. */
  readonly appName: string
  /** The destination's namespace; empty where none is named. */
  readonly namespace: string
  readonly project: string
  readonly revision: string
  readonly path: string
  readonly repoURL: string
  readonly targetRevision: string
}

/** The variables by name. Helm adds `KUBE_VERSION` and `KUBE_API_VERSIONS`, which only it has in Argo CD. */
export function buildVariables(environment: BuildEnvironment): ReadonlyMap<string, string> {
  const { revision } = environment
  return new Map([
    ['ARGOCD_APP_NAME', environment.appName],
    ['ARGOCD_APP_NAMESPACE', environment.namespace],
    ['ARGOCD_APP_PROJECT_NAME', environment.project],
    ['ARGOCD_APP_REVISION', revision],
    ['ARGOCD_APP_REVISION_SHORT', revision.slice(0, 7)],
    ['ARGOCD_APP_REVISION_SHORT_8', revision.slice(0, 8)],
    ['ARGOCD_APP_SOURCE_PATH', environment.path],
    ['ARGOCD_APP_SOURCE_REPO_URL', environment.repoURL],
    ['ARGOCD_APP_SOURCE_TARGET_REVISION', environment.targetRevision],
  ])
}

/**
 * Fills in `$NAME` and `${NAME}` as Go's os.Expand does, with `$$` for a dollar sign as Argo CD has it. A variable that
 * is not known is empty; a brace that is not closed takes the dollar sign and the brace with it.
 */
export function fillIn(text: string, variables: ReadonlyMap<string, string>): string {
  let filled = ''
  let at = 0
  for (;;) {
    const dollar = text.indexOf('$', at)
    if (dollar < 0 || dollar === text.length - 1) return filled + text.slice(at)
    filled += text.slice(at, dollar)
    const { name, length } = nameAfter(text, dollar + 1)
    // A dollar sign before something that names nothing stays; what Go calls bad syntax is eaten.
    if (name === null && length === 0) filled += '$'
    else if (name !== null) filled += name === '$' ? '$' : (variables.get(name) ?? '')
    at = dollar + 1 + length
  }
}

const NAME = /[A-Za-z0-9_]*/y
const SPECIAL = /[*#$@!?\-0-9]/

/** The name that stands after a dollar sign, and how many characters it takes; null for none. */
function nameAfter(text: string, at: number): { readonly name: string | null; readonly length: number } {
  const first = text[at] ?? ''
  if (first === '{') {
    const special = text[at + 1] ?? ''
    if (SPECIAL.test(special) && text[at + 2] === '}') return { name: special, length: 3 }
    const end = text.indexOf('}', at + 1)
    if (end < 0) return { name: null, length: 1 }
    return end === at + 1 ? { name: null, length: 2 } : { name: text.slice(at + 1, end), length: end - at + 1 }
  }
  if (SPECIAL.test(first)) return { name: first, length: 1 }
  NAME.lastIndex = at
  const name = NAME.exec(text)?.[0] ?? ''
  return name === '' ? { name: null, length: 0 } : { name, length: name.length }
}
