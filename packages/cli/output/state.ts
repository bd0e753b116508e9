// The words and shapes for sync and health: shape, word and colour always together.
import type { HealthStatus } from '@mainstay/core/health/health.ts'
import type { AppState } from '@mainstay/engine/reconcile/session.ts'
import type { Span } from './line.ts'
import { span } from './line.ts'

/** `✓ Synced`, `≠ OutOfSync`, `? Unknown`. */
export function syncSpan(sync: AppState['sync']): Span {
  switch (sync) {
    case 'Synced':
      return span('✓ Synced', 'good')
    case 'OutOfSync':
      return span('≠ OutOfSync', 'warn')
    case 'Unknown':
      return span('? Unknown', 'warn')
  }
}

/** `● Healthy`, `◐ Progressing`, …; an empty text for kinds that have no health. */
export function healthSpan(status: HealthStatus | null): Span {
  switch (status) {
    case null:
      return span('')
    case 'Healthy':
      return span('● Healthy', 'good')
    case 'Progressing':
      return span('◐ Progressing', 'accent')
    case 'Degraded':
      return span('▲ Degraded', 'bad')
    case 'Suspended':
      return span('❚❚ Suspended', 'warn')
    case 'Missing':
      return span('○ Missing', 'warn')
    case 'Unknown':
      return span('? Unknown', 'warn')
  }
}
