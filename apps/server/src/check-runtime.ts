import { readFileSync } from 'node:fs'

/** BanGUI has about 35 files open when idle; each visitor and each request to fail2ban needs some more. */
const MIN_FILES = 64

/**
 * Returns why BanGUI cannot run here, in words, or undefined. With a Node that is too old, or too few files that may be
 * open, a native module would crash it.
 */
export const runtimeProblem = (
  versions: { readonly node: string; readonly napi?: string },
  limits: string = readLimits(),
): string | undefined => nodeProblem(versions) ?? filesProblem(limits)

function nodeProblem(versions: { readonly node: string; readonly napi?: string }): string | undefined {
  if (Number(versions.napi ?? 0) >= 10) return undefined
  return (
    `BanGUI needs Node 22.14 or newer, and this is Node ${versions.node}. ` +
    'Start it with `npm start`, which installs the right version, or install a newer Node.'
  )
}

function filesProblem(limits: string): string | undefined {
  const files = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Infinity)
  if (files >= MIN_FILES) return undefined
  return (
    `BanGUI did not start: this process may have only ${files} files open at once, and BanGUI needs at least ${MIN_FILES}. ` +
    'Raise the limit: `ulimit -n 1024` in the shell that starts it, or LimitNOFILE=1024 in its systemd unit.'
  )
}

/** The limits of this process as Linux lists them (proc(5)); empty where it does not. */
function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8')
  } catch {
    return ''
  }
}
