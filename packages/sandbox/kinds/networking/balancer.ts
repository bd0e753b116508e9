// What load balancers report of themselves in a status: addresses, and names in DNS.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { addressCauses } from '../address.ts'
import { invalid, invalids } from '../causes.ts'
import { dnsSubdomain } from '../formats.ts'
import { objectsAt, textAt } from '../look.ts'

/** What is wrong with the points of entry in a status. */
export function balancerStatusCauses(object: KubeObject): readonly Cause[] {
  return objectsAt(object, 'status', 'loadBalancer', 'ingress').flatMap((each, at) => {
    const path = `status.loadBalancer.ingress[${at}]`
    const [ip, hostname] = [textAt(each, 'ip'), textAt(each, 'hostname')]
    const isAddress = /^\d+\.\d+\.\d+\.\d+$/.test(hostname) || hostname.includes(':')
    return [
      ...(ip === '' ? [] : addressCauses(`${path}.ip`, ip)),
      ...(hostname === '' ? [] : invalids(`${path}.hostname`, hostname, dnsSubdomain(hostname))),
      ...(isAddress ? [invalid(`${path}.hostname`, hostname, 'must be a DNS name, not an IP address')] : []),
    ]
  })
}
