// `mainstay cert`: which hosts of repositories are trusted.
import type { GroupSpec } from '../../command.ts'
import { command as addSsh } from './add-ssh.ts'
import { command as addTls } from './add-tls.ts'
import { command as list } from './list.ts'
import { command as rm } from './rm.ts'

/** Its commands in the order of use. */
export const group: GroupSpec = {
  kind: 'group',
  name: 'cert',
  summary: 'Say which hosts of repositories are trusted',
  commands: [addSsh, addTls, list, rm],
}
