import { spawnSync } from 'node:child_process'
import { expect, test, vi } from 'vitest'
import { ToolMissingError } from '../errors.ts'
import { isAlive } from '../is-alive.ts'
import { runTool } from './run-tool.ts'

const shell = (script: string, deadline = 10_000) => runTool(['/bin/sh', '-c', script], { deadline })

test('a tool gives its code and both its streams', async () => {
  expect(await shell('echo out; echo err >&2; exit 3')).toEqual({
    ok: false,
    code: 3,
    timedOut: false,
    output: expect.stringMatching(/^(out\nerr|err\nout)$/),
  })
})

test('a tool that does not end is killed with its children at the deadline', async () => {
  const result = await shell('sleep 60 & echo $!; wait', 2000)
  expect(result).toMatchObject({ ok: false, code: null, timedOut: true })
  const child = Number(result.output)
  expect(child).toBeGreaterThan(1)
  await vi.waitFor(() => expect(isAlive(child)).toBe(false))
})

const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0

test.skipIf(!hasPrlimit)(
  'the kernel ends a tool that needs too much processor time, without any deadline',
  async () => {
    const options = { deadline: 110_000, maxCpuSeconds: 1 }
    const result = await runTool(['sh', '-c', 'while :; do :; done'], options)
    expect(result).toMatchObject({ ok: false, code: null, timedOut: false })
  },
)

test('a daemon that keeps the streams open does not keep the tool waiting', async () => {
  const result = await shell('sleep 600 & echo $!')
  expect(result).toMatchObject({ ok: true, timedOut: false })
  const daemon = Number(result.output)
  expect(isAlive(daemon)).toBe(true)
  process.kill(daemon)
})

test('endless output is bounded, with its beginning and its end', async () => {
  const { output } = await shell('echo first; head -c 5000000 /dev/zero | tr "\\0" x; echo; echo last')
  expect(output.length).toBeLessThan(70_000)
  expect(output).toMatch(/^first\n/)
  expect(output).toMatch(/bytes left out/)
  expect(output).toMatch(/\nlast$/)
})

test('terminal sequences and control characters do not get through', async () => {
  const { output } = await shell(String.raw`printf 'a\033[31mred\033[0m\007\tb\r\n\342\200\256c'`)
  expect(output).toBe('ared\tb\nc')
})

test('nothing of our environment reaches a tool', async () => {
  vi.stubEnv('BANGUI_ADMIN_PASSWORD', 'secret')
  const { output } = await shell('env')
  vi.unstubAllEnvs()
  expect(output).not.toContain('secret')
  expect(output).toContain('LANG=C.UTF-8')
})

test('a missing program is named in the error', async () => {
  await expect(runTool(['/nonexistent/tool'], { deadline: 1000 })).rejects.toThrow(ToolMissingError)
  await expect(runTool(['/nonexistent/tool'], { deadline: 1000 })).rejects.toThrow('/nonexistent/tool')
})

test('a tool that needs more memory than allowed is killed', async () => {
  const script =
    'import time\nkept = bytearray(64 * 1024 * 1024)\nkept[::4096] = b"x" * (len(kept) // 4096)\ntime.sleep(60)'
  const result = await runTool(['/usr/bin/python3', '-c', script], {
    deadline: 60_000,
    maxMemoryBytes: 32 * 1024 * 1024,
  })
  expect(result).toMatchObject({ ok: false, code: null, timedOut: false, outOfMemory: true })
})

test('standard output can be received as it comes, and variables can be given', async () => {
  const received: string[] = []
  const { output } = await runTool(['/bin/sh', '-c', 'echo "$TZ"; echo err >&2'], {
    deadline: 10_000,
    env: { TZ: 'UTC-2' },
    onStdout: (chunk) => received.push(chunk.toString()),
  })
  expect(received.join('')).toBe('UTC-2\n')
  expect(output).toBe('err')
})
