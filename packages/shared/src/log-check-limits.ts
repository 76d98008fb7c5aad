/** Bounds of looking at the logs of a jail. */
export const logCheckLimits = { paths: 20, files: 10, lines: 200 } as const
