import { spawn } from 'node:child_process'
import { root, toolEnvironment } from './project.mjs'

const keptOutput = 200_000

/**
 * Runs a command to its end and gives its exit code and the end of its output. `show` lets it write to our terminal
 * instead.
 */
export function run([command, ...args], { show = false, env = {}, cwd = root } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: toolEnvironment(env),
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    })
    let output = ''
    const keep = (chunk) => {
      output = (output + chunk).slice(-keptOutput)
    }
    child.stdout?.setEncoding('utf8').on('data', keep)
    child.stderr?.setEncoding('utf8').on('data', keep)
    const stopForwarding = forwardSignals(child)
    child.on('error', (error) => {
      stopForwarding()
      resolve({ code: 127, output: `${command}: ${error.message}\n` })
    })
    child.on('close', (code, signal) => {
      stopForwarding()
      resolve({ code: code ?? 1, output, signal })
    })
  })
}

function forwardSignals(child) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  const end = (signal) => {
    child.kill(signal)
    process.exitCode = 130
    setTimeout(() => process.exit(130), 2_000).unref()
  }
  for (const signal of signals) process.on(signal, end)
  return () => {
    for (const signal of signals) process.off(signal, end)
  }
}
