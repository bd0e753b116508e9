// Where the URL of a submodule leads, and where it must not.
import { afterEach, describe, expect, it } from 'vitest'
import { NO_ACCESS } from './access.ts'
import { faultOf } from './contract.ts'
import { absoluteUrl } from './submodules.ts'
import { Beds } from './testing/bed.ts'
import { startGitServer } from './testing/https-server.ts'

const beds = new Beds()
afterEach(() => beds.end())

describe('the URL of a submodule', () => {
  it.each([
    ['https://h.example.com/ops/shop.git', 'https://other.example.com/x', 'https://other.example.com/x'],
    ['https://h.example.com/ops/shop.git', '../lib.git', 'https://h.example.com/ops/lib.git'],
    ['https://h.example.com/ops/shop.git/', '../../lib', 'https://h.example.com/lib'],
    ['https://h.example.com/ops/shop', './sub', 'https://h.example.com/ops/shop/sub'],
    ['git@h.example.com:ops/shop.git', '../lib.git', 'git@h.example.com:ops/lib.git'],
    ['git@h.example.com:shop.git', '../lib.git', 'git@h.example.com:lib.git'],
    ['ssh://git@h.example.com:2222/ops/shop', '../lib', 'ssh://git@h.example.com:2222/ops/lib'],
    ['file:///srv/git/shop', '../lib', 'file:///srv/git/lib'],
    ['/srv/git/shop', '../lib', '/srv/git/lib'],
    ['https://h.example.com/shop', '../../x', null],
    ['https://h.example.com/shop', '../../../evil.example.com/x', null],
    ['git@h.example.com:shop', '../../x', null],
  ])('%s and %s give %s', (holder, url, whole) => {
    expect(absoluteUrl(holder, url)).toBe(whole)
  })

  it.each(['/etc', 'file:///etc', 'ext::sh -c id', 'ssh://-oProxyCommand=id/x'])(
    'in a repository on a server cannot be %s',
    async (url) => {
      const git = beds.keep(await startGitServer())
      const repository = beds.repository({ '.gitmodules': `[submodule "s"]\n\tpath = s\n\turl = ${url}\n` })
      repository.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},s`)
      repository.git('commit', '--quiet', '--message=submodule')
      const { source } = beds.open({ tls: { ...NO_ACCESS.tls, ca: git.ca } })
      const snapshot = await source.snapshot(await source.resolve(git.urlOf(repository), 'main'))
      expect(['invalid-input', 'unsupported']).toContain((await faultOf(snapshot.list('s'))).kind)
    },
  )
})
