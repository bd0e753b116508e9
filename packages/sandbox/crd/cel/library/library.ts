// All functions that a rule may call: those of a 1.36 API server for expressions that are new.
import { functionsOf } from '../function.ts'
import { CORE } from './core.ts'
import { COLLECTIONS } from './lists.ts'
import { MEASURES } from './measure.ts'
import { NET } from './net.ts'
import { TEXT } from './text.ts'

/** By name; names with a dot are called on no value (`sets.contains`). */
export const FUNCTIONS = functionsOf(CORE, TEXT, COLLECTIONS, NET, MEASURES)
