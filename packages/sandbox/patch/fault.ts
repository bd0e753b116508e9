// Why a patch does not apply, before it becomes an answer of the server.

/** A patch that does not apply. */
export class PatchFault extends Error {}
