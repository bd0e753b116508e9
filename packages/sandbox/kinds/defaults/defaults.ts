// Every default that OpenAPI does not say, by the definition it belongs to.
import type { Defaults } from '../../schema/normal.ts'
import { coreDefaults } from './core.ts'
import { otherDefaults } from './others.ts'
import { podDefaults } from './pod.ts'
import { workloadDefaults } from './workloads.ts'

/** The table. */
export const defaults: Defaults = new Map([...podDefaults, ...workloadDefaults, ...coreDefaults, ...otherDefaults])
