// Fills Secrets that ask for the token of an account, and takes away those whose account is gone.
import { base64OfText } from '@mainstay/core/object/base64.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { annotationOf, isTerminating, uidOf } from '@mainstay/core/object/object.ts'
import { has, objectAt, textAt, withAt } from '../../kinds/look.ts'
import { tokenOf } from '../../verbs/token.ts'
import type { World } from '../../world.ts'
import { type Controller, placeOf, subjectOf } from '../controller.ts'
import { MANAGER, unlessGone } from './objects.ts'

const TYPE = 'kubernetes.io/service-account-token'
const NAME = 'kubernetes.io/service-account.name'
const UID = 'kubernetes.io/service-account.uid'

/** The controller of such Secrets; the certificate (PEM) goes along with the token. */
export function accountTokenController(certificate: string): Controller {
  return {
    name: 'account-token',
    follows: [
      { resource: '/secrets', subjects: (secret) => (secret.type === TYPE ? [subjectOf(secret)] : []) },
      {
        resource: '/serviceaccounts',
        subjects: (account, { world }) =>
          world
            .list('v1', 'Secret', textAt(account, 'metadata', 'namespace'))
            .filter((secret) => secret.type === TYPE && annotationOf(secret, NAME) === account.metadata.name)
            .map(subjectOf),
      },
    ],
    reconcile: (subject, { world }) => {
      const place = { apiVersion: 'v1', kind: 'Secret', ...placeOf(subject) }
      const secret = world.get(place)
      if (secret === null || isTerminating(secret)) return null
      const account = accountOf(world, secret)
      if (account === null) unlessGone(() => world.delete(place, { uid: uidOf(secret) }))
      else if (!isWhole(secret)) world.update(filled(secret, account, certificate), MANAGER)
      return null
    },
  }
}

/** The account whose token a Secret holds; null where it is gone, also where another one has its name. */
function accountOf(world: World, secret: KubeObject): KubeObject | null {
  const namespace = textAt(secret, 'metadata', 'namespace')
  const name = annotationOf(secret, NAME) ?? ''
  const account = world.get({ apiVersion: 'v1', kind: 'ServiceAccount', namespace, name })
  const uid = annotationOf(secret, UID)
  return account !== null && (uid === undefined || uid === uidOf(account)) ? account : null
}

function isWhole(secret: KubeObject): boolean {
  return (
    ['token', 'namespace', 'ca.crt'].every((key) => has(secret, 'data', key)) && annotationOf(secret, UID) !== undefined
  )
}

function filled(secret: KubeObject, account: KubeObject, certificate: string): KubeObject {
  const namespace = textAt(secret, 'metadata', 'namespace')
  const { name } = account.metadata
  const about = 'kubernetes.io/serviceaccount'
  const token = tokenOf({
    iss: about,
    [`${about}/namespace`]: namespace,
    [`${about}/secret.name`]: secret.metadata.name,
    [`${about}/service-account.name`]: name,
    [`${about}/service-account.uid`]: uidOf(account) ?? '',
    sub: `system:serviceaccount:${namespace}:${name}`,
  })
  const texts = { 'ca.crt': certificate, namespace, token }
  const data = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, base64OfText(text)]))
  const noted = withAt(secret, ['metadata', 'annotations', UID], uidOf(account) ?? '')
  return { ...noted, data: { ...objectAt(secret, 'data'), ...data } }
}
