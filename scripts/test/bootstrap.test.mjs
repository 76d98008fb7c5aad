import { cp, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const scripts = fileURLToPath(new URL('..', import.meta.url))
let root
let project

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'project-'))
  await cp(join(scripts, 'lib'), join(root, 'scripts/lib'), { recursive: true })
  await put('package.json', JSON.stringify({ packageManager: 'pnpm@12.21.0' }))
  await put('apps/web/package.json', '{}')
  await put('apps/web/src/main.tsx', 'one')
  await put('apps/web/src/main.test.tsx', 'one')
  await put('packages/db/src/index.ts', 'one')
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'tsconfig.base.json']) await put(file, '')
  project = await import(pathToFileURL(join(root, 'scripts/lib/project.mjs')).href)
})

afterAll(() => rm(root, { recursive: true, force: true }))

async function put(path, content) {
  await mkdir(join(root, path, '..'), { recursive: true })
  await writeFile(join(root, path), content)
}

test('the build is repeated when a source changes, and not for a test or a result', async () => {
  const before = project.buildStamp()
  await put('apps/web/src/main.test.tsx', 'two')
  await put('apps/web/dist/index.js', 'built')
  await put('apps/web/node_modules/x/index.js', 'installed')
  expect(project.buildStamp()).toBe(before)
  await put('apps/web/src/main.tsx', 'other')
  const changed = project.buildStamp()
  expect(changed).not.toBe(before)
  await utimes(join(root, 'packages/db/src/index.ts'), new Date(), new Date(0))
  expect(project.buildStamp()).not.toBe(changed)
})

test('dependencies are installed again when the lockfile or a package changes, and not for a source', async () => {
  const before = project.installStamp()
  await put('packages/db/src/index.ts', 'three')
  expect(project.installStamp()).toBe(before)
  await put('apps/web/package.json', '{ "dependencies": {} }')
  const changed = project.installStamp()
  expect(changed).not.toBe(before)
  await put('pnpm-lock.yaml', 'other')
  expect(project.installStamp()).not.toBe(changed)
})

test("npm's log level is not handed down, and the project's tools come first", () => {
  process.env.npm_config_loglevel = 'silent'
  try {
    const env = project.toolEnvironment({ CI: 'true' })
    expect(env.npm_config_loglevel).toBeUndefined()
    expect(env.CI).toBe('true')
    expect(env.PATH.startsWith(join(root, 'node_modules/.bin'))).toBe(true)
  } finally {
    delete process.env.npm_config_loglevel
  }
})
