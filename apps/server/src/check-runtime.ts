/** Why this Node cannot run BanGUI, in words, or undefined. On one that is too old a native module would crash it. */
export function runtimeProblem(versions: {
  readonly node: string
  readonly napi?: string
}): string | undefined {
  if (Number(versions.napi ?? 0) >= 10) return undefined
  return (
    `BanGUI needs Node 22.14 or newer, and this is Node ${versions.node}. ` +
    'Start it with `npm start`, which brings the right one along, or install a newer Node.'
  )
}
