// Reads where the manifests come from: spec.source, spec.sources and spec.sourceHydrator.
import { isList } from '../object/json.ts'
import type { Finding } from '../policy/finding.ts'
import type { Source } from './application.ts'
import type { Fields, Notes } from './fields.ts'
import { readFields } from './fields.ts'
import { readTool } from './read-tools.ts'

/** The sources in force. `sources` wins over `source`; a hydrated application is read from its rendered branch. */
export function readSources(spec: Fields, notes: Notes): readonly Source[] {
  const single = spec.child('source')
  const several = spec.list('sources')
  const hydrator = spec.child('sourceHydrator')
  const hydrated = hydrator === null ? [] : readHydrator(hydrator, notes)
  const winner = hydrator !== null ? 'spec.sourceHydrator' : several.length > 0 ? 'spec.sources' : null
  if (single !== null && winner !== null) notes.findings.push(shadowedSource(winner))
  if (hydrator !== null) return hydrated
  if (several.length > 0) {
    return several.flatMap((item) => {
      const fields = readFields(item.value, item.path, notes)
      return fields === null ? [] : readSource(fields, 'several', notes)
    })
  }
  if (single !== null) return readSource(single, 'single', notes)
  if (!spec.has('source') && !spec.has('sources')) {
    spec.problem('source', 'is missing', 'write source: with repoURL, path and targetRevision')
  } else if (isList(spec.any('sources'))) {
    spec.problem('sources', 'is empty', 'write at least one source')
  }
  return []
}

function readSource(fields: Fields, place: 'single' | 'several', notes: Notes): readonly Source[] {
  const repoURL = fields.required('repoURL', 'write the URL of the repository')
  const path = fields.text('path')
  const chart = fields.text('chart')
  const ref = place === 'several' ? fields.text('ref') : null
  const source: Source = {
    repoURL: repoURL ?? '',
    path: path === '' ? null : path,
    chart: chart === '' ? null : chart,
    targetRevision: fields.text('targetRevision')?.trim() || 'HEAD',
    tagPrefix: fields.text('tagPrefix') || null,
    ref: ref === '' ? null : ref,
    name: place === 'several' ? fields.text('name') || null : null,
    tool: readTool(fields, notes),
  }
  if (source.path === null && source.chart === null && source.ref === null && !isOci(source)) {
    fields.problem('path', 'is missing', 'write the folder in the repository, or . for its root')
  }
  if (source.path !== null) checkPath(fields, source.path)
  // An unread field here may change what is rendered, so somebody should look at the plan.
  fields.finish('needs-approval')
  return repoURL === null ? [] : [source]
}

/** A path leads into the repository, never out of it. */
function checkPath(fields: Fields, path: string): void {
  if (path.startsWith('/')) {
    fields.problem(
      'path',
      'is absolute',
      `write it from the root of the repository: ${path.replace(/^\/+/, '') || '.'}`,
    )
  }
  let depth = 0
  for (const part of path.split('/')) {
    if (part === '..') depth--
    else if (part !== '' && part !== '.') depth++
    if (depth < 0) {
      fields.problem('path', 'leads out of the repository', 'write a folder inside it')
      return
    }
  }
}

/** True where the manifests are an artifact of an OCI registry, which needs no path. */
export function isOci(source: Source): boolean {
  return source.repoURL.toLowerCase().startsWith('oci://')
}

/** What a hydrator pushes to is what runs: the branch with the rendered manifests. */
function readHydrator(fields: Fields, notes: Notes): readonly Source[] {
  const dry = fields.child('drySource')
  const sync = fields.child('syncSource')
  const to = fields.child('hydrateTo')
  if (dry === null) fields.problem('drySource', 'is missing', 'write the source that is rendered')
  if (sync === null) fields.problem('syncSource', 'is missing', 'write the branch that receives the manifests')
  const dryURL = dry?.required('repoURL', 'write the URL of the repository') ?? ''
  dry?.text('targetRevision')
  dry?.text('path')
  if (dry !== null) readTool(dry, notes)
  const branch = sync?.required('targetBranch', 'write the branch that receives the manifests') ?? ''
  const path = sync?.required('path', 'write the folder that receives the manifests') ?? null
  const syncURL = sync?.text('repoURL') || dryURL
  to?.required('targetBranch', 'write the branch')
  for (const each of [dry, sync, to, fields]) each?.finish('needs-approval')
  if (syncURL === '' || branch === '' || path === null) return []
  return [
    {
      repoURL: syncURL,
      path,
      chart: null,
      targetRevision: branch,
      tagPrefix: null,
      ref: null,
      name: null,
      tool: { kind: 'directory', directory: HYDRATED },
    },
  ]
}

const HYDRATED = { recurse: false, include: null, exclude: null, disableExtensionFilter: false, jsonnet: null }

function shadowedSource(winner: string): Finding {
  return {
    rule: 'shadowed-field',
    level: 'warning',
    ref: null,
    title: `spec.source has no effect beside ${winner}`,
    what: `only ${winner} is read`,
    fixes: [{ kind: 'do', text: 'remove one of the two' }],
  }
}
