// The server's own form of values: names, order, and what is there although nobody said it.
import { describe, expect, it } from 'vitest'
import { internalForm, internalLines } from './internal.ts'

describe('the own form of the server', () => {
  it('names every field in Go and leaves none out', () => {
    const action = { tcpSocket: { port: 80 } }
    expect(internalForm('core.v1.Probe', action)).toEqual({
      Exec: null,
      HTTPGet: null,
      TCPSocket: { Port: 80, Host: '' },
      GRPC: null,
      InitialDelaySeconds: 0,
      TimeoutSeconds: 0,
      PeriodSeconds: 0,
      SuccessThreshold: 0,
      FailureThreshold: 0,
      TerminationGracePeriodSeconds: null,
    })
  })

  it('has what a Pod shares with its host beside its security', () => {
    const form = internalForm('core.v1.PodSpec', { hostNetwork: true, securityContext: { runAsUser: 5 } })
    expect(form.SecurityContext).toMatchObject({ HostNetwork: true, HostPID: false, HostUsers: null, RunAsUser: 5 })
    expect(Object.keys(form)).not.toContain('HostNetwork')
    expect(Object.keys(form).slice(15, 18)).toEqual(['Subdomain', 'SetHostnameAsFQDN', 'Affinity'])
  })

  it('keeps metadata and selectors as they are sent', () => {
    const form = internalForm('core.v1.PodTemplateSpec', { metadata: { labels: { a: 'b' } }, spec: {} })
    expect(Object.keys(form)).toEqual(['labels', 'Spec'])
    const claim = internalForm('core.v1.PersistentVolumeClaimSpec', { selector: { matchLabels: { a: 'b' } } })
    expect(claim.Selector).toEqual({ matchLabels: { a: 'b' } })
  })

  it('shows some fields alone', () => {
    expect(
      internalLines('core.v1.PersistentVolumeSpec', { nfs: { server: 'a', path: '/b' } }, ['nfs', 'hostPath']),
    ).toBe('{\n "HostPath": null,\n "NFS": {\n  "Server": "a",\n  "Path": "/b",\n  "ReadOnly": false\n }\n}')
  })
})
