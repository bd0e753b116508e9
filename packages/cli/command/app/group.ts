// `mainstay app`: everything about one application.
import type { GroupSpec } from '../../command.ts'
import { command as deletion } from './delete.ts'
import { command as diff } from './diff.ts'
import { command as get } from './get.ts'
import { command as history } from './history.ts'
import { command as manifests } from './manifests.ts'
import { command as plan } from './plan.ts'
import { command as resources } from './resources.ts'
import { command as rollback } from './rollback.ts'
import { command as sync } from './sync.ts'
import { command as wait } from './wait.ts'

/** The commands in the order of a day's work. */
export const group: GroupSpec = {
  kind: 'group',
  name: 'app',
  summary: 'Look at an application and change it by plans',
  commands: [get, plan, diff, sync, wait, history, rollback, resources, manifests, deletion],
}
