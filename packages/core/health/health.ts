// Health of one object: the words users of Argo CD know, as a pure function of the object alone.

/** Ordered from best to worst for aggregation, as Argo CD does. */
export const HEALTH_ORDER = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'] as const

export type HealthStatus = (typeof HEALTH_ORDER)[number]

/** A health status and the reason a person can act on; an empty message where there is nothing to say. */
export interface Health {
  readonly status: HealthStatus
  readonly message: string
}

/** The worse of two, so that an application is as healthy as its worst object. */
export function worse(a: HealthStatus, b: HealthStatus): HealthStatus {
  return HEALTH_ORDER.indexOf(a) >= HEALTH_ORDER.indexOf(b) ? a : b
}
