// Build variables: the expected texts are what Go's os.Expand gives with Argo CD's mapping.
import { describe, expect, it } from 'vitest'
import { buildVariables, fillIn } from './environment.ts'

const variables = buildVariables({
  appName: 'ops_shop',
  namespace: 'shop',
  project: 'default',
  revision: 'f913b6cbf58aa5ae5ca1f8a2b149477aebcbd9d8',
  path: 'apps/shop',
  repoURL: 'https://git.example.com/ops.git',
  targetRevision: 'main',
})

/** A name in braces, as texts have it. */
const braced = (name: string) => `\${${name}}`

describe('a text', () => {
  it.each([
    ['plain', 'plain'],
    ['$ARGOCD_APP_NAME-x', 'ops_shop-x'],
    [`${braced('ARGOCD_APP_NAME')}x`, 'ops_shopx'],
    ['$ARGOCD_APP_REVISION_SHORT $ARGOCD_APP_REVISION_SHORT_8', 'f913b6c f913b6cb'],
    ['$ARGOCD_APP_SOURCE_REPO_URL@$ARGOCD_APP_SOURCE_TARGET_REVISION', 'https://git.example.com/ops.git@main'],
    ['$ARGOCD_APP_PROJECT_NAME/$ARGOCD_APP_NAMESPACE/$ARGOCD_APP_SOURCE_PATH', 'default/shop/apps/shop'],
    ['$$ARGOCD_APP_NAME', '$ARGOCD_APP_NAME'],
    ['$$$ARGOCD_APP_NAME', '$ops_shop'],
    ['a$NOTHING.b', 'a.b'],
    ['100$', '100$'],
    ['$ x', '$ x'],
    ['$.x', '$.x'],
    ['$1x', 'x'],
    [`${braced('*')}x`, 'x'],
    [`${braced('')}x`, 'x'],
    ['${open', 'open'],
    [`${braced('a.b')}c`, 'c'],
  ])('%s is filled in as %s', (text, filled) => {
    expect(fillIn(text, variables)).toBe(filled)
  })
})
