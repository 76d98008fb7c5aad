import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { findSocket, isDaemonRunning, isServiceEnabled } from './machine-facts.ts'

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'machine-'))
  return () => rm(root, { recursive: true, force: true })
})

async function put(path: string, content = ''): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), content)
}

async function link(path: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await symlink('/nowhere', join(root, path))
}

test('a socket that is not there is missing, and so is one below a folder that is not there', async () => {
  expect(await findSocket(join(root, 'fail2ban.sock'))).toBe('missing')
  expect(await findSocket(join(root, 'run/fail2ban/fail2ban.sock'))).toBe('missing')
})

test('a socket is present, and so is a plain file in its place', async () => {
  const path = join(root, 's')
  const server = createServer().listen(path)
  onTestFinished(() => void server.close())
  await expect.poll(() => findSocket(path)).toBe('present')
  await put('plain')
  expect(await findSocket(join(root, 'plain'))).toBe('present')
})

test('a path that cannot be followed to its end is not taken for a missing socket', async () => {
  await symlink(join(root, 'loop'), join(root, 'loop'))
  expect(await findSocket(join(root, 'loop/fail2ban.sock'))).toBe('unreachable')
})

const python = '/usr/bin/python3\0/usr/bin/fail2ban-server\0'
const processes: { title: string; cmdline: string; running: boolean }[] = [
  { title: 'a fail2ban-server runs', cmdline: `${python}-xf\0start\0`, running: true },
  {
    title: 'one with a socket of its own runs, too',
    cmdline: `${python}-s\0/run/other/fail2ban.sock\0`,
    running: true,
  },
  {
    title: 'a demo does not count',
    cmdline: `${python}-s\0/var/lib/bangui/bangui-demo/fail2ban/fail2ban.sock\0`,
    running: false,
  },
  {
    title: 'nor one with a short path',
    cmdline: `${python}-s\0/tmp/bangui-demo-0-0a1b/fail2ban.sock\0`,
    running: false,
  },
  {
    title: 'an editor with its configuration open is none',
    cmdline: 'vi\0/etc/fail2ban/jail.local\0',
    running: false,
  },
  { title: 'a kernel thread is none', cmdline: '', running: false },
]

test.each(processes)('$title', async ({ cmdline, running }) => {
  await put('proc/self/cmdline', python)
  await put('proc/812/cmdline', cmdline)
  expect(await isDaemonRunning({ root })).toBe(running)
})

test('a machine without /proc runs no fail2ban that we know of', async () => {
  expect(await isDaemonRunning({ root })).toBe(false)
})

const wants = 'etc/systemd/system/multi-user.target.wants/fail2ban.service'

test('a service that systemd wants is enabled', async () => {
  await put('run/systemd/system/.keep')
  expect(await isServiceEnabled({ root })).toBe(false)
  await link(wants)
  expect(await isServiceEnabled({ root })).toBe(true)
})

test('where no init system runs, the links of an installed package enable nothing', async () => {
  await link(wants)
  await link('etc/rc2.d/S01fail2ban')
  await put('proc/1/comm', 'bash\n')
  expect(await isServiceEnabled({ root })).toBe(false)
})

test('System V init and OpenRC have their own links', async () => {
  await put('proc/1/comm', 'init\n')
  expect(await isServiceEnabled({ root })).toBe(false)
  await link('etc/rc2.d/S01fail2ban')
  expect(await isServiceEnabled({ root })).toBe(true)
  await put('run/openrc/softlevel')
  expect(await isServiceEnabled({ root })).toBe(false)
  await put('etc/runlevels/default/fail2ban')
  expect(await isServiceEnabled({ root })).toBe(true)
})
