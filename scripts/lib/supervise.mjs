import { readFileSync } from 'node:fs'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
const pollMs = 500
const patienceMs = 20_000

/**
 * Waits until the children have ended; when the first ends, so do the others. Forwards signals, and ends the children
 * when the process that started us is gone. Gives the exit code to end with.
 */
export function supervise(children) {
  return new Promise((resolve) => {
    let running = children.length
    let exitCode
    let asked = false
    const isParentGone = watchParent()

    const kill = (signal) => {
      asked = true
      for (const child of children)
        if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    }
    const end = (code) => {
      exitCode ??= code
      running -= 1
      if (running > 0 && !asked) kill('SIGTERM')
      if (running === 0) {
        clearInterval(poll)
        resolve(exitCode)
      }
    }
    // once: a server that was already asked to stop would take a second signal as "at once"
    const poll = setInterval(() => {
      if (!isParentGone()) return
      clearInterval(poll)
      if (!asked) kill('SIGTERM')
      setTimeout(() => kill('SIGKILL'), patienceMs)
    }, pollMs)

    for (const signal of signals) process.on(signal, () => kill(signal === 'SIGHUP' ? 'SIGTERM' : signal))
    for (const child of children) {
      child.on('error', (error) => {
        process.stderr.write(`${child.spawnfile}: ${error.message}\n`)
        end(127)
      })
      child.on('exit', (code, signal) => end(code ?? (signal === 'SIGINT' ? 130 : 143)))
    }
  })
}

/** npm starts scripts through a shell, which may stay between npm and us: then both are watched. */
function watchParent() {
  const parent = process.ppid
  const shell = process.env.npm_lifecycle_event ? readStat(parent) : undefined
  const grandparent = shell && /^(sh|dash|bash)$/.test(shell.name) ? shell.parent : undefined
  return () => {
    if (process.ppid !== parent) return true
    return grandparent !== undefined && readStat(parent)?.parent !== grandparent
  }
}

function readStat(pid) {
  try {
    const [, name, rest] = /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    return { name, parent: Number(rest.split(' ')[1]) }
  } catch {
    return undefined // no /proc here, or the process is gone
  }
}
