// Reads how an installation marks its objects, and how it renders, from Argo CD's own ConfigMap, where there is one.
import type { Tracking } from '@mainstay/core/app/application.ts'
import { DEFAULT_TRACKING } from '@mainstay/core/app/tracking.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt } from '@mainstay/core/object/object.ts'
import { FaultError, isFault } from '../fault.ts'
import type { ClusterReader } from '../ports.ts'
import { DEFAULT_SETTINGS, type RenderSettings, readRenderSettings } from '../render/settings.ts'

const METHODS: readonly Tracking['method'][] = ['annotation', 'annotation+label', 'label']

/** What an installation has decided for all its applications. */
export interface InstallationSettings {
  readonly tracking: Tracking
  readonly render: RenderSettings
}

/**
 * Settings from `argocd-cm` in the control plane's namespace; the defaults where there is none or where this user may not
 * read it. A malformed value is a fault that names the key: guessing would re-mark every object.
 */
export async function readInstallation(
  reader: ClusterReader,
  controlPlaneNamespace: string,
): Promise<InstallationSettings> {
  const ref = { group: '', kind: 'ConfigMap', namespace: controlPlaneNamespace, name: 'argocd-cm' }
  const defaults: Tracking = { ...DEFAULT_TRACKING, controlPlaneNamespace }
  const config = await reader.get({ ref, apiVersion: 'v1' }).catch((error: unknown) => {
    // Somebody who may not read the control plane's settings plans with the defaults; the plan shows every mark.
    if (isFault(error, 'forbidden')) return null
    throw error
  })
  if (config === null) return { tracking: defaults, render: DEFAULT_SETTINGS }
  const tracking: Tracking = {
    ...defaults,
    method: methodOf(config),
    labelKey: nonEmpty(config, 'application.instanceLabelKey') ?? defaults.labelKey,
    installationId: nonEmpty(config, 'installationID'),
  }
  return { tracking, render: readRenderSettings(textsOf(config)) }
}

function textsOf(config: KubeObject): Readonly<Record<string, string>> {
  const data = isObject(config.data) ? Object.entries(config.data) : []
  return Object.fromEntries(data.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])))
}

function methodOf(config: KubeObject): Tracking['method'] {
  const key = 'application.resourceTrackingMethod'
  const value = nonEmpty(config, key)
  if (value === null) return DEFAULT_TRACKING.method
  const method = METHODS.find((each) => each === value)
  if (method !== undefined) return method
  throw new FaultError({
    kind: 'invalid-input',
    what: `"${value}" is not a tracking method`,
    where: `ConfigMap ${config.metadata.name}: ${key}`,
    fix: [`Write one of: ${METHODS.join(', ')}`],
  })
}

function nonEmpty(config: KubeObject, key: string): string | null {
  const value = stringAt(config, 'data', key)?.trim()
  return value === undefined || value === '' ? null : value
}
