import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Change, ChangeManifest } from '@bangui/shared'
import { isMissing } from '../config/writable-file.ts'
import { ConfigUnwritableError } from '../errors.ts'
import { hashOf } from '../hash-of.ts'
import { readPrivateFile, syncFolder, writePrivateFile } from './private-files.ts'
import type { ChangeStore, DamagedRecord, SavedChange, WrittenFile } from './saved-change.ts'

/** The most changes that a host keeps. The server forgets them earlier; this bounds those that no server knows. */
const MAX_CHANGES = 1000

const MANIFEST = 'manifest.json'

/** Creates the store of changes in `stateDir`: a folder for each, which only this user can read. */
export function createSavedChanges(stateDir: string, maxChanges = MAX_CHANGES): ChangeStore {
  const root = rootOf(stateDir)
  const folderOf = (id: string) => (Change.shape.id.safeParse(id).success ? join(root, id) : undefined)

  const readManifest = async (folder: string): Promise<ChangeManifest | undefined> => {
    try {
      if (!(await isFolder(folder))) return undefined
      return ChangeManifest.parse(JSON.parse((await readPrivateFile(join(folder, MANIFEST))).toString()))
    } catch (error) {
      throw damaged(folder, error)
    }
  }

  const list = async (): Promise<ChangeManifest[]> => {
    const names = (await isFolder(root)) ? await readdir(root) : []
    const found = await Promise.all(
      names.map(async (name) => {
        const folder = folderOf(name)
        // a damaged one is reported to whoever asks for it
        return folder === undefined ? undefined : readManifest(folder).catch(() => undefined)
      }),
    )
    const byAge = (one: Change, other: Change) =>
      one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1)
    return found.filter((manifest) => manifest !== undefined).toSorted(byAge)
  }

  const forget = async (id: string) => {
    const folder = folderOf(id)
    if (folder === undefined) return
    const manifest = await readManifest(folder).catch(() => undefined)
    if (manifest?.state !== 'applying' && manifest?.state !== 'provisional')
      await rm(folder, { recursive: true, force: true })
  }

  const get = async (id: string): Promise<SavedChange | undefined> => {
    const folder = folderOf(id)
    if (folder === undefined) return undefined
    const manifest = await readManifest(folder)
    return manifest && withContents(folder, manifest)
  }

  return {
    get,
    forget,
    async save(change) {
      await saveRecord(stateDir, change)
      const old = (await list()).toReversed().slice(maxChanges)
      for (const { id } of old) await forget(id)
    },
    async setState(id, state, confirmation) {
      const folder = folderOf(id)
      const manifest = folder === undefined ? undefined : await readManifest(folder)
      if (folder === undefined || !manifest) throw new Error(`There is no change with the id ${id}.`)
      await replaceManifest(folder, { ...manifest, state, ...(confirmation && { confirmation }) })
    },
    async clean(before) {
      const names = (await isFolder(root)) ? await readdir(root) : []
      const records: DamagedRecord[] = []
      for (const name of names) {
        const folder = folderOf(name)
        // nothing else writes here: it is the draft of a save that was cut off
        if (folder === undefined) await rm(join(root, name), { recursive: true, force: true })
        const found = await get(name).catch(reasonOf)
        if (folder !== undefined && typeof found === 'string') records.push({ folder, message: found })
        else if (typeof found === 'object' && isGivenUp(found, before)) await forget(name)
      }
      return records
    },
    async listSince(time) {
      const recent = (await list()).filter(({ createdAt }) => createdAt >= time)
      const found = await Promise.all(recent.map(({ id }) => get(id).catch(() => undefined)))
      return found.filter((change) => change !== undefined)
    },
    async findProvisional() {
      const found = (await list()).findLast(({ state }) => state === 'provisional')
      return found && get(found.id).catch(() => undefined)
    },
    async listInterrupted() {
      const interrupted = (await list()).filter(({ state }) => state === 'applying')
      const changes = await Promise.all(interrupted.map(({ id }) => get(id).catch(() => undefined)))
      return changes.filter((change) => change !== undefined)
    },
  }
}

/** @throws ConfigUnwritableError; the manifest has its previous content then */
async function replaceManifest(folder: string, manifest: ChangeManifest): Promise<void> {
  const draft = join(folder, `${MANIFEST}.new`)
  try {
    await rm(draft, { force: true })
    await writePrivateFile(draft, JSON.stringify(manifest))
    await rename(draft, join(folder, MANIFEST))
    await syncFolder(folder)
  } catch (error) {
    throw notSaved(folder, error)
  }
}

/** It was prepared before `before`, and never applied. */
const isGivenUp = ({ state, createdAt }: SavedChange, before: number) =>
  state === 'prepared' && createdAt < before

const rootOf = (stateDir: string) => join(stateDir, 'changes')

/** @throws ConfigUnwritableError */
async function saveRecord(stateDir: string, change: SavedChange): Promise<void> {
  const root = rootOf(stateDir)
  const folder = join(root, Change.shape.id.parse(change.id))
  const draft = join(root, `.${change.id}`)
  try {
    await mkdir(root, { recursive: true, mode: 0o700 })
    if (!(await isFolder(root)) || (await isFolder(folder))) throw new Error('The folder already exists.')
    await rm(draft, { recursive: true, force: true })
    await writeFolder(draft, change)
    await rename(draft, folder)
    for (const parent of [root, stateDir, dirname(stateDir)]) await syncFolder(parent)
  } catch (error) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined)
    throw notSaved(folder, error)
  }
}

/** Returns whether there is a folder. @throws for anything else, a link to a folder included */
async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await lstat(path)).isDirectory()) return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
  throw new Error(`${path} is not a folder.`)
}

async function writeFolder(folder: string, change: SavedChange): Promise<void> {
  await mkdir(folder, { mode: 0o700 })
  const save = async (name: string, content: Uint8Array | null) => {
    if (content === null) return null
    await writePrivateFile(join(folder, name), content)
    return { name, sha256: hashOf(content) }
  }
  const { files, written, ...rest } = change
  const manifest: ChangeManifest = {
    version: 1,
    ...rest,
    files: await Promise.all(
      files.map(async (file, index) => ({ ...file, content: await save(`before-${index}`, file.content) })),
    ),
    written: await Promise.all(
      written.map(async ({ path, content }, index) => ({
        path,
        content: await save(`written-${index}`, content),
      })),
    ),
  }
  await writePrivateFile(join(folder, MANIFEST), JSON.stringify(manifest))
  await syncFolder(folder)
}

/** Reads the contents of the files of a change. @throws ConfigUnwritableError where one is not as it was saved */
async function withContents(folder: string, manifest: ChangeManifest): Promise<SavedChange> {
  const read = async <TFile extends ChangeManifest['written'][number]>(file: TFile) => {
    const { content: saved } = file
    if (saved === null) return { ...file, content: null } satisfies WrittenFile
    const content = new Uint8Array(await readPrivateFile(join(folder, saved.name)))
    if (hashOf(content) !== saved.sha256)
      throw new Error(`The content of ${saved.name} has changed since it was saved.`)
    return { ...file, content } satisfies WrittenFile
  }
  try {
    return {
      // without the version and what else only the manifest has
      ...Change.parse(manifest),
      ...(manifest.risks && { risks: manifest.risks }),
      ...(manifest.confirmation && { confirmation: manifest.confirmation }),
      ...(manifest.log && { log: manifest.log }),
      ...(manifest.tested && { tested: manifest.tested }),
      ...(manifest.outside && { outside: manifest.outside }),
      files: await Promise.all(manifest.files.map(read)),
      written: await Promise.all(manifest.written.map(read)),
    }
  } catch (error) {
    throw damaged(folder, error)
  }
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

const damaged = (folder: string, cause: unknown) =>
  new ConfigUnwritableError(`The saved files in ${folder} cannot be used: ${reasonOf(cause)}`, { cause })

const notSaved = (folder: string, cause: unknown) =>
  new ConfigUnwritableError(`The change could not be recorded in ${folder}: ${reasonOf(cause)}`, { cause })
