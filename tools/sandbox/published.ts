// What an API server publishes of itself: its documents, its discovery and its version, as the texts it sends.

import { Agent, fetch } from 'undici'

/** Where to ask, and as whom. */
export interface Server {
  readonly url: string
  readonly ca: string
  readonly token: string
}

/** Everything that is pinned for the sandbox. Documents are texts, byte for byte. */
export interface Published {
  readonly version: unknown
  /** `GET /openapi/v2` as JSON, and its ETag. */
  readonly openapi2: { readonly text: string; readonly etag: string }
  /** `GET /openapi/v3`, parsed: path (`apis/apps/v1`) → address with the digest. */
  readonly openapi3: OpenApi3Index
  /** The documents of that index: path → text. */
  readonly documents: ReadonlyMap<string, string>
  /** `GET /api` and `GET /apis` as aggregated discovery (v2). */
  readonly aggregated: { readonly api: unknown; readonly apis: unknown }
  /** The older discovery: address → answer, for `/apis`, each group and each group-version. */
  readonly legacy: ReadonlyMap<string, unknown>
  /** The columns of `kubectl get`: `apps/deployments` → what the server's Table begins with. */
  readonly columns: ReadonlyMap<string, unknown>
  /** The roles and bindings that it makes when it starts, each as one text. */
  readonly roles: readonly string[]
}

/** The index of OpenAPI v3 documents. */
export interface OpenApi3Index {
  readonly paths: Readonly<Record<string, { readonly serverRelativeURL: string }>>
}

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

/** Asks a server for everything that it publishes. Whatever is not answered with 200 is an error. */
export async function readPublished(server: Server): Promise<Published> {
  const agent = new Agent({ connect: { ca: server.ca } })
  const get = async (path: string, accept = 'application/json'): Promise<{ text: string; etag: string }> => {
    const headers = { authorization: `Bearer ${server.token}`, accept }
    const response = await fetch(`${server.url}${path}`, { dispatcher: agent, headers })
    const text = await response.text()
    if (response.status !== 200) throw new Error(`GET ${path}: ${response.status} ${text}`)
    return { text, etag: response.headers.get('etag') ?? '' }
  }
  const json = async (path: string, accept?: string): Promise<unknown> => JSON.parse((await get(path, accept)).text)
  try {
    const openapi3 = (await json('/openapi/v3')) as OpenApi3Index // As Kubernetes documents it.
    const documents = new Map<string, string>()
    for (const [path, { serverRelativeURL }] of Object.entries(openapi3.paths)) {
      const [root, group] = path.split('/')
      if (root === 'apis' && group !== undefined && !isBuiltIn(group)) continue
      documents.set(path, (await get(serverRelativeURL)).text)
    }
    return {
      version: await json('/version'),
      openapi2: await get('/openapi/v2'),
      openapi3,
      documents,
      aggregated: { api: await json('/api', AGGREGATED), apis: await json('/apis', AGGREGATED) },
      legacy: await readLegacy(json),
      columns: await readColumns(json),
      roles: await readRoles(json),
    }
  } finally {
    await agent.close()
  }
}

interface Groups {
  readonly groups: readonly { readonly name: string; readonly versions: readonly { readonly groupVersion: string }[] }[]
}

/** True for a group of Kubernetes itself: on a shared server others come and go, with kinds that may not even answer. */
function isBuiltIn(group: string): boolean {
  return !group.includes('.') || group.endsWith('.k8s.io')
}

async function readLegacy(json: (path: string) => Promise<unknown>): Promise<ReadonlyMap<string, unknown>> {
  const groups = (await json('/apis')) as Groups // An APIGroupList.
  const each = groups.groups
    .filter(({ name }) => isBuiltIn(name))
    .flatMap(({ name, versions }) => [`/apis/${name}`, ...versions.map(({ groupVersion }) => `/apis/${groupVersion}`)])
  const answers = new Map<string, unknown>([['/apis', groups]])
  for (const path of ['/api/v1', ...each]) answers.set(path, await json(path))
  return answers
}

interface Resources {
  readonly resources: readonly { readonly name: string; readonly verbs: readonly string[] }[]
}

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io'

async function readColumns(
  json: (path: string, accept?: string) => Promise<unknown>,
): Promise<ReadonlyMap<string, unknown>> {
  const columns = new Map<string, unknown>()
  const groups = (await json('/apis')) as Groups // An APIGroupList.
  const builtIn = groups.groups.filter(({ name }) => isBuiltIn(name))
  const served = builtIn.flatMap(({ name, versions }) =>
    versions.map(({ groupVersion }) => ({ name, path: `/apis/${groupVersion}` })),
  )
  for (const { name, path } of [{ name: '', path: '/api/v1' }, ...served]) {
    const { resources } = (await json(path)) as Resources // An APIResourceList.
    for (const resource of resources.filter(({ verbs }) => verbs.includes('list'))) {
      const table = (await json(`${path}/${resource.name}?limit=1`, TABLE)) as { readonly columnDefinitions: unknown }
      columns.set(`${name}/${resource.name}`, table.columnDefinitions)
    }
  }
  return columns
}

/** As much of a role or a binding as is read here. */
interface Role {
  readonly metadata: Readonly<Record<string, unknown>> & { readonly labels?: Readonly<Record<string, string>> }
  readonly aggregationRule?: unknown
  readonly rules?: unknown
  readonly roleRef?: unknown
  readonly subjects?: unknown
}

const ROLES = [
  ['ClusterRole', 'clusterroles'],
  ['ClusterRoleBinding', 'clusterrolebindings'],
  ['Role', 'roles'],
  ['RoleBinding', 'rolebindings'],
] as const

async function readRoles(json: (path: string) => Promise<unknown>): Promise<readonly string[]> {
  const apiVersion = 'rbac.authorization.k8s.io/v1'
  const lines: string[] = []
  for (const [kind, plural] of ROLES) {
    const { items } = (await json(`/apis/${apiVersion}/${plural}`)) as { readonly items: readonly Role[] } // A list of them.
    for (const { metadata, aggregationRule, rules, roleRef, subjects } of items) {
      const { name, namespace, labels, annotations } = metadata
      if (labels?.['kubernetes.io/bootstrapping'] !== 'rbac-defaults') continue
      // A sum has the rules that controllers found for it.
      const own = aggregationRule === undefined ? { rules } : { aggregationRule }
      const made = { apiVersion, kind, metadata: { name, namespace, labels, annotations }, ...own, roleRef, subjects }
      lines.push(JSON.stringify(made))
    }
  }
  return lines
}
