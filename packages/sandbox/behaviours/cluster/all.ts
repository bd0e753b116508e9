// The controllers of a cluster apart from its workloads.
import type { Admission } from '../../registry/admission.ts'
import type { Controller } from '../controller.ts'
import { accountController, rootCaController } from './account.ts'
import { accountTokenController } from './account-token.ts'
import { apiServiceController } from './api-service.ts'
import { claimController } from './claims.ts'
import { collector } from './collector.ts'
import { disruptionController } from './disruption.ts'
import { type DnsOptions, externalDns } from './dns.ts'
import { endpointMirror } from './endpoint-mirror.ts'
import { endpointSliceController } from './endpoint-slices.ts'
import { endpointsController } from './endpoints.ts'
import { type IngressOptions, ingressAddresses } from './ingress-address.ts'
import { ingressClassAdmission } from './ingress-class.ts'
import { limitRangeAdmission } from './limit-range.ts'
import { type LoadBalancerOptions, loadBalancers } from './load-balancer.ts'
import { namespaceController } from './namespace.ts'
import { type ProvisionerOptions, provisioner } from './provisioner.ts'
import { quotaController } from './quota.ts'
import { quotaAdmission } from './quota-admission.ts'
import { claimProtection, volumeProtection } from './storage-protection.ts'
import { volumeController } from './volumes.ts'

/** What a cluster's controllers may be told. */
export interface ClusterOptions {
  /** The certificate of the API server's authority (PEM), as every namespace has it. */
  readonly certificate?: string
  /** How the storage system of the classes `standard` works. */
  readonly storage?: ProvisionerOptions
  /** How Services get addresses; null: nobody gives any. */
  readonly loadBalancers?: LoadBalancerOptions | null
  /** Who serves Ingresses; nobody where absent. */
  readonly ingress?: readonly IngressOptions[]
  /** How DNS names follow addresses; not at all where absent. */
  readonly dns?: DnsOptions
}

/** All of them. */
export function clusterControllers(options: ClusterOptions = {}): readonly Controller[] {
  const { certificate = CERTIFICATE } = options
  return [
    namespaceController,
    collector,
    apiServiceController,
    accountController,
    accountTokenController(certificate),
    rootCaController(certificate),
    endpointsController,
    endpointSliceController,
    endpointMirror,
    claimController,
    volumeController,
    claimProtection,
    volumeProtection,
    provisioner(options.storage),
    disruptionController,
    quotaController,
    ...(options.loadBalancers === null ? [] : [loadBalancers(options.loadBalancers)]),
    ...(options.ingress ?? []).map(ingressAddresses),
    ...(options.dns === undefined ? [] : [externalDns(options.dns)]),
  ]
}

/** What the real server asks beside its own rules, in its order; for the `admission` of a sandbox with these controllers. */
export const clusterAdmission: readonly Admission[] = clusterAdmissionWith()

/** The same with others (webhooks, policies) between, who are asked before quotas are. */
export function clusterAdmissionWith(...others: readonly Admission[]): readonly Admission[] {
  return [limitRangeAdmission, ingressClassAdmission, ...others, quotaAdmission]
}

/** A certificate of nobody. */
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nc2FuZGJveA==\n-----END CERTIFICATE-----\n'
