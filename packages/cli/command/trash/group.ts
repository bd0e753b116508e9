// `mainstay trash`: what was destroyed, and how it comes back.
import type { GroupSpec } from '../../command.ts'
import { command as list } from './list.ts'
import { command as restore } from './restore.ts'
import { command as show } from './show.ts'

/** Its commands in the order of use. */
export const group: GroupSpec = {
  kind: 'group',
  name: 'trash',
  summary: 'Look at what was deleted and bring it back',
  commands: [list, show, restore],
}
