// The controllers of a cluster apart from its workloads.
import type { Controller } from '../controller.ts'
import { accountController, rootCaController } from './account.ts'
import { collector } from './collector.ts'
import { endpointSliceController } from './endpoint-slices.ts'
import { endpointsController } from './endpoints.ts'
import { namespaceController } from './namespace.ts'

/** What a cluster's controllers may be told. */
export interface ClusterOptions {
  /** The certificate of the API server's authority (PEM), as every namespace has it. */
  readonly certificate?: string
}

/** All of them. */
export function clusterControllers(options: ClusterOptions = {}): readonly Controller[] {
  return [
    namespaceController,
    collector,
    accountController,
    rootCaController(options.certificate ?? CERTIFICATE),
    endpointsController,
    endpointSliceController,
  ]
}

/** A certificate of nobody. */
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nc2FuZGJveA==\n-----END CERTIFICATE-----\n'
