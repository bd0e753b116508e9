// `mainstay plan`: plans that were made and stored.
import type { GroupSpec } from '../../command.ts'
import { command as list } from './list.ts'
import { command as show } from './show.ts'

/** Making a plan is `mainstay app plan`; here are the ones that exist. */
export const group: GroupSpec = {
  kind: 'group',
  name: 'plan',
  summary: 'Look at plans that were made before',
  commands: [list, show],
}
