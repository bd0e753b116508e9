// What a run of the conformance suite is told by whoever starts it.

/** Environment variable: `real`, `sandbox` or `both`; without it the quick one. */
export const subjectVariable = 'MAINSTAY_CONFORM'
