// Groups that another server answers, and requests for certificates.
import { decodeBase64 } from '@mainstay/core/object/base64.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { timeText } from '../../schema/time.ts'
import { duplicate, invalid, invalids, notSupported, required } from '../causes.ts'
import { spanText } from '../duration.ts'
import type { Entry } from '../entry.ts'
import { dns1035Label, dnsSubdomain, pathSegment } from '../formats.ts'
import { has, isTrue, objectAt, objectsAt, textAt, textsAt, wholeAt, withAt } from '../look.ts'
import { serviceCauses } from './webhooks.ts'

function apiServiceCauses(object: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  const [group, version] = [textAt(spec, 'group'), textAt(spec, 'version')]
  const wanted = `${version}.${group}`
  const text = `must be \`spec.version+"."+spec.group\`: "${wanted}"`
  const legacy = 'only v1 may have an empty group and it better be legacy kube'
  return [
    ...(object.metadata.name === wanted ? [] : [invalid('metadata.name', object.metadata.name, text)]),
    ...(group === '' && version !== 'v1' ? [required('spec.group', legacy)] : []),
    ...(group === '' ? [] : invalids('spec.group', group, dnsSubdomain(group))),
    ...invalids('spec.version', version, dns1035Label(version)),
    ...priorityCauses(spec.groupPriorityMinimum, 'spec.groupPriorityMinimum', 20_000),
    ...priorityCauses(spec.versionPriority, 'spec.versionPriority', 1000),
    ...answererCauses(object),
  ]
}

function priorityCauses(value: unknown, path: string, most: number): readonly Cause[] {
  const number = typeof value === 'number' ? value : 0
  const text = `must be positive and less than ${most}`
  return number <= 0 || number > most ? [invalid(path, number, text)] : []
}

function answererCauses(object: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  const loose = isTrue(spec, 'insecureSkipTLSVerify')
  const path = 'spec.insecureSkipTLSVerify'
  if (!has(spec, 'service')) {
    return [
      ...(has(spec, 'caBundle')
        ? [invalid('spec.caBundle', spec.caBundle, 'local APIServices may not have a caBundle')]
        : []),
      ...(loose ? [invalid(path, true, 'local APIServices may not have insecureSkipTLSVerify')] : []),
    ]
  }
  const service = objectAt(spec, 'service')
  const given = ['namespace', 'name'].flatMap((key) =>
    textAt(service, key) === '' ? [required(`spec.service.${key}`)] : [],
  )
  return [
    ...given,
    ...serviceCauses({ name: 'x', namespace: 'x', port: service.port ?? 443 }, 'spec.service'),
    ...(loose && has(spec, 'caBundle') ? [invalid(path, true, 'may not be true if caBundle is present')] : []),
  ]
}

const AVAILABLE = { type: 'Available', status: 'True', reason: 'Local' }

/** What this server answers itself is there at once. */
function withAvailable(object: KubeObject, now: number): KubeObject {
  if (has(object, 'spec', 'service')) return object
  const message = 'Local APIServices are always available'
  const condition = { ...AVAILABLE, lastTransitionTime: timeText(now), message }
  return withAt(object, ['status', 'conditions'], [condition])
}

/** Groups that another server answers. */
export const apiService: Entry = {
  name: pathSegment,
  prepareCreate: (object, around) => withAvailable(object, around.now),
  validate: apiServiceCauses,
  cells: {
    Service: (object) =>
      has(object, 'spec', 'service')
        ? `${textAt(object, 'spec', 'service', 'namespace')}/${textAt(object, 'spec', 'service', 'name')}`
        : 'Local',
    Available: (object) => {
      const found = objectsAt(object, 'status', 'conditions').find((each) => textAt(each, 'type') === 'Available')
      const state = textAt(found, 'status')
      return found === undefined ? 'Unknown' : state === 'True' ? 'True' : `${state} (${textAt(found, 'reason')})`
    },
  },
}

function requestState(object: KubeObject): string {
  const types = objectsAt(object, 'status', 'conditions').map((each) => textAt(each, 'type'))
  const word = types.includes('Denied') ? 'Denied' : types.includes('Approved') ? 'Approved' : 'Pending'
  const failed = types.includes('Failed') ? ',Failed' : ''
  return `${word}${failed}${textAt(object, 'status', 'certificate') === '' ? '' : ',Issued'}`
}

const USAGES = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
]

const BLOCK = /-----BEGIN CERTIFICATE REQUEST-----[\s\S]*-----END CERTIFICATE REQUEST-----/
const SHORTEST = 600

function requestCauses(object: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  const bytes = decodeBase64(textAt(spec, 'request'))
  const read = bytes !== null && BLOCK.test(new TextDecoder().decode(bytes))
  const usages = textsAt(spec, 'usages')
  const seconds = wholeAt(spec, 'expirationSeconds')
  const short = `may not specify a duration less than ${SHORTEST} seconds (10 minutes)`
  return [
    ...(read
      ? []
      : [
          invalid(
            'spec.request',
            spec.request === '' ? null : spec.request,
            'PEM block type must be CERTIFICATE REQUEST',
          ),
        ]),
    ...(usages.length === 0 ? [required('spec.usages')] : []),
    ...usages.flatMap((each, at) => [
      ...(USAGES.includes(each) ? [] : [notSupported(`spec.usages[${at}]`, each, USAGES)]),
      ...(usages.indexOf(each) < at ? [duplicate(`spec.usages[${at}]`, each)] : []),
    ]),
    ...signerCauses(textAt(spec, 'signerName'), 'spec.signerName'),
    ...(seconds !== null && seconds < SHORTEST ? [invalid('spec.expirationSeconds', seconds, short)] : []),
  ]
}

function signerCauses(name: string, path: string): readonly Cause[] {
  if (name === '') return [required(path)]
  if (name === 'kubernetes.io/legacy-unknown') {
    return [invalid(path, name, 'the legacy signerName is not allowed via this API version')]
  }
  const text = "must be a fully qualified domain and path of the form 'example.com/signer-name'"
  return name.split('/').length === 2 ? [] : [invalid(path, name, text)]
}

/** Requests for certificates. */
export const certificateSigningRequest: Entry = {
  validate: requestCauses,
  cells: {
    SignerName: (object) => textAt(object, 'spec', 'signerName') || '<none>',
    Requestor: (object) => textAt(object, 'spec', 'username'),
    RequestedDuration: (object) => {
      const seconds = wholeAt(object, 'spec', 'expirationSeconds')
      return seconds === null ? '<none>' : spanText(seconds * 1000)
    },
    Condition: requestState,
  },
}
