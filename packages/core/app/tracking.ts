// The marks by which an object says which application it belongs to: written byte for byte as existing installations do.
import type { Json, JsonObject } from '../object/json.ts'
import { isObject } from '../object/json.ts'
import { sameKind } from '../object/moves.ts'
import type { KubeObject } from '../object/object.ts'
import { annotationOf, labelOf, refOf } from '../object/object.ts'
import type { ObjectRef } from '../object/ref.ts'
import { parseApiVersion } from '../object/ref.ts'
import type { AppKey, Tracking } from './application.ts'

export const TRACKING_ANNOTATION = 'argocd.argoproj.io/tracking-id'
export const INSTALLATION_ANNOTATION = 'argocd.argoproj.io/installation-id'
export const DEFAULT_LABEL_KEY = 'app.kubernetes.io/instance'

/** What an installation uses that configured nothing. */
export const DEFAULT_TRACKING: Tracking = {
  method: 'annotation',
  labelKey: DEFAULT_LABEL_KEY,
  installationId: null,
  controlPlaneNamespace: 'argocd',
}

/** The longest label value Kubernetes takes. */
const LABEL_LIMIT = 63

/** The parts of a tracking id. `app` is as written: `shop`, or `team_shop` for an application in another namespace. */
export interface TrackingId {
  readonly app: string
  readonly group: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

/** What an object says of its owner. Whether that is proof is for the comparison to judge. */
export type Mark =
  | { readonly kind: 'none' }
  /** `by: 'label'` names only the application: `self` cannot be told and stays `unknown`. */
  | {
      readonly kind: 'app'
      readonly by: 'annotation' | 'label'
      readonly app: AppKey
      /** As written, for messages. */
      readonly text: string
      /** Does the mark describe the object that carries it? `other` is a copied mark: no proof of anything. */
      readonly self: 'yes' | 'other' | 'unknown'
    }
  /** A tracking annotation that does not parse. */
  | { readonly kind: 'unreadable'; readonly text: string }
  /** Marked by another installation (or by one without an id while ours has one). */
  | { readonly kind: 'other-installation'; readonly text: string; readonly installationId: string | null }

/** The application's name in marks: bare in the control plane's namespace, `<namespace>_<name>` elsewhere. */
export function instanceName(key: AppKey, tracking: Tracking): string {
  return key.namespace === tracking.controlPlaneNamespace ? key.name : `${key.namespace}_${key.name}`
}

/** The application a name in a mark stands for. Names hold no underscore, so the first one divides. */
export function appOfInstance(instance: string, tracking: Tracking): AppKey {
  const at = instance.indexOf('_')
  return at < 0
    ? { namespace: tracking.controlPlaneNamespace, name: instance }
    : { namespace: instance.slice(0, at), name: instance.slice(at + 1) }
}

/**
 * The tracking id of an object. A cluster-scoped object carries the application's destination namespace (trap T18),
 * or nothing where the application names none.
 */
export function trackingId(
  key: AppKey,
  ref: ObjectRef,
  destinationNamespace: string | null,
  tracking: Tracking,
): string {
  const namespace = ref.namespace ?? destinationNamespace ?? ''
  return `${instanceName(key, tracking)}:${ref.group}/${ref.kind}:${namespace}/${ref.name}`
}

/**
 * Reads a tracking id: three parts divided by the first two colons (names such as `system:reader` hold more of them),
 * the second and third of exactly two parts divided by a slash. Null for anything else.
 */
export function parseTrackingId(text: string): TrackingId | null {
  const first = text.indexOf(':')
  const second = first < 0 ? -1 : text.indexOf(':', first + 1)
  if (second < 0) return null
  const [group, kind, ...moreKind] = text.slice(first + 1, second).split('/')
  const [namespace, name, ...moreName] = text.slice(second + 1).split('/')
  if (group === undefined || kind === undefined || moreKind.length > 0) return null
  if (namespace === undefined || name === undefined || moreName.length > 0) return null
  return { app: text.slice(0, first), group, kind, namespace, name }
}

/**
 * True when a tracking id describes the object that carries it. A cluster-scoped object may carry any namespace (it is
 * the destination's, trap T18), and a kind that moved to another API group is still the same kind.
 */
export function describesItself(object: KubeObject, id: TrackingId): boolean {
  const ref = refOf(object)
  return ref.name === id.name && sameKind(ref, id) && (ref.namespace === null || ref.namespace === id.namespace)
}

/** Reads the mark of a live object, by the tracking method in force. */
export function readMark(object: KubeObject, tracking: Tracking): Mark {
  if (tracking.method === 'label') {
    const text = labelOf(object, tracking.labelKey)
    if (text === undefined || text === '') return { kind: 'none' }
    return { kind: 'app', by: 'label', app: appOfInstance(text, tracking), text, self: 'unknown' }
  }
  const text = annotationOf(object, TRACKING_ANNOTATION)
  if (text === undefined || text === '') return { kind: 'none' }
  const installationId = annotationOf(object, INSTALLATION_ANNOTATION) ?? null
  if ((installationId ?? '') !== (tracking.installationId ?? '')) {
    return { kind: 'other-installation', text, installationId }
  }
  const id = parseTrackingId(text)
  if (id === null) return { kind: 'unreadable', text }
  const self = describesItself(object, id) ? 'yes' : 'other'
  return { kind: 'app', by: 'annotation', app: appOfInstance(id.app, tracking), text, self }
}

/** True when a mark names this application (whether it describes the object is a second question: `Mark.self`). */
export function claims(mark: Mark, key: AppKey): boolean {
  return mark.kind === 'app' && mark.app.name === key.name && mark.app.namespace === key.namespace
}

/**
 * A manifest with the application's mark on it. CustomResourceDefinitions never carry one (trap T07). The label is cut
 * to 63 characters only beside the annotation, which keeps the whole name.
 */
export function stamp(
  manifest: KubeObject,
  key: AppKey,
  ref: ObjectRef,
  destinationNamespace: string | null,
  tracking: Tracking,
): KubeObject {
  if (isCrd(manifest)) return manifest
  const instance = instanceName(key, tracking)
  switch (tracking.method) {
    case 'label':
      return withLabel(manifest, tracking.labelKey, instance)
    case 'annotation':
      return withAnnotations(manifest, trackingId(key, ref, destinationNamespace, tracking), tracking)
    case 'annotation+label': {
      const marked = withAnnotations(manifest, trackingId(key, ref, destinationNamespace, tracking), tracking)
      return withLabel(marked, tracking.labelKey, shortLabel(instance))
    }
  }
}

/** True for a CustomResourceDefinition of any version. */
export function isCrd(object: KubeObject): boolean {
  return object.kind === 'CustomResourceDefinition' && parseApiVersion(object.apiVersion).group === CRD_GROUP
}

const CRD_GROUP = 'apiextensions.k8s.io'

/** Cut to the limit, and then back to a letter or digit: a label value may not end in a dot, dash or underscore. */
function shortLabel(text: string): string {
  return text.length <= LABEL_LIMIT ? text : text.slice(0, LABEL_LIMIT).replace(/[^A-Za-z0-9]+$/, '')
}

function withLabel(manifest: KubeObject, key: string, value: string): KubeObject {
  const labels = { ...textMap(manifest.metadata.labels), [key]: value }
  return { ...manifest, metadata: { ...manifest.metadata, labels } }
}

function withAnnotations(manifest: KubeObject, id: string, tracking: Tracking): KubeObject {
  // An id that stands in Git belongs to whoever wrote it there, not to this installation.
  const { [INSTALLATION_ANNOTATION]: _, ...others } = textMap(manifest.metadata.annotations)
  const installation = tracking.installationId === null ? {} : { [INSTALLATION_ANNOTATION]: tracking.installationId }
  const annotations = { ...others, ...installation, [TRACKING_ANNOTATION]: id }
  return { ...manifest, metadata: { ...manifest.metadata, annotations } }
}

function textMap(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}
