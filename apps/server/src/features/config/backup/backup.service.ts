import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import {
  backupLimits,
  FileEdit,
  MAX_EDITS,
  type BackupComparison,
  type ConfigBackup,
  type LeftOutFile,
  type OwnFile,
  type ReadBackupInput,
} from '@bangui/shared'
import type { HostDeps } from '../../../deps.ts'
import { AppError } from '../../../lib/errors.ts'
import { packTar, parseTar, TarError, type ParsedTar, type TarFile } from './tar.ts'

type BackupDeps = Pick<HostDeps, 'host' | 'clock'>

/** Returns all own files of the configuration as one archive. */
export async function backUpConfig({ host, clock }: BackupDeps): Promise<ConfigBackup> {
  const found: OwnFile[] = []
  for await (const file of host.config.readOwnFiles()) found.push(file)
  const files = found.flatMap(({ path, content, mode, changedAt }): TarFile[] =>
    content === null ? [] : [{ path, content: Buffer.from(content, 'base64'), mode, changedAt }],
  )
  const archive = await promisify(gzip)(packTar(files))
  return {
    name: `fail2ban-${new Date(clock()).toISOString().slice(0, 10)}.tar.gz`,
    archive: archive.toString('base64'),
    files: files.map(({ path }) => path),
    leftOut: found.flatMap(({ path, problem }) => (problem === null ? [] : [{ path, why: problem }])),
  }
}

/** Returns what a backup would change, as edits that are made on the present files. @throws AppError backup_unreadable */
export async function readBackup(
  { host }: Pick<BackupDeps, 'host'>,
  { archive }: ReadBackupInput,
): Promise<BackupComparison> {
  const { files, leftOut } = await unpack(Buffer.from(archive, 'base64'))
  const present = new Map<string, OwnFile>()
  for await (const file of host.config.readOwnFiles()) present.set(file.path, file)
  const left: LeftOutFile[] = [...leftOut]
  const edits: FileEdit[] = []
  const named = new Set<string>()
  let same = 0
  for (const { path, content } of files) {
    const text = decode(content)
    const why = named.has(path) ? 'The archive contains this file twice.' : whyNotText(path, text)
    named.add(path)
    if (why !== null || text === null) left.push({ path, why: why ?? '' })
    else if (present.get(path)?.content === content.toString('base64')) same += 1
    else edits.push({ kind: 'file', file: path, content: text, base: hashOf(present.get(path)) })
  }
  const removals = [...present.values()].flatMap((file): FileEdit[] =>
    named.has(file.path) || file.content === null
      ? []
      : [{ kind: 'file', file: file.path, content: null, base: hashOf(file) }],
  )
  const checked = await withoutProblems(host, edits)
  return {
    edits: checked.edits,
    removals: (await withoutProblems(host, removals)).edits,
    same,
    leftOut: [...left, ...checked.leftOut],
  }
}

/** Nothing is unpacked beyond the limits, however small the archive is. */
async function unpack(archive: Buffer): Promise<ParsedTar> {
  const limit = 2 * backupLimits.bytes
  const bytes = await promisify(gunzip)(archive, { maxOutputLength: limit }).catch((error: unknown) => {
    const isLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw unreadable(
      isLarge
        ? 'The archive contains more than 16 MiB of files.'
        : 'The file is not a tar.gz archive, or it is damaged.',
    )
  })
  try {
    const { files, leftOut } = parseTar(bytes, backupLimits.files)
    const bare = ({ path }: { readonly path: string }) => path.replace(/^(?:\.\/)+/, '')
    return {
      files: files.map((file) => ({ ...file, path: bare(file) })),
      leftOut: leftOut.map((file) => ({ ...file, path: bare(file) })),
    }
  } catch (error) {
    throw error instanceof TarError ? unreadable(error.message) : error
  }
}

const unreadable = (why: string) => new AppError('backup_unreadable', { why })

function whyNotText(path: string, text: string | null): string | null {
  if (text === null) return 'The file is not valid UTF-8.'
  const edit = FileEdit.safeParse({ kind: 'file', file: path, content: text })
  if (edit.success) return null
  return edit.error.issues.some(({ path: [key] }) => key === 'file')
    ? 'The path of the file is outside the configuration folder.'
    : 'The file is larger than 1 MiB.'
}

function decode(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    // the decoder throws for nothing but invalid UTF-8
    return null
  }
}

const hashOf = (file: OwnFile | undefined): string | null =>
  file === undefined || file.content === null
    ? null
    : createHash('sha256').update(Buffer.from(file.content, 'base64')).digest('hex')

/** Splits edits into those that the host can make, and files that it does not write. */
async function withoutProblems(
  host: BackupDeps['host'],
  edits: readonly FileEdit[],
): Promise<Pick<BackupComparison, 'edits' | 'leftOut'>> {
  const some = edits.slice(0, MAX_EDITS)
  const compared = some.length === 0 ? [] : (await host.config.compareDraft(some)).edits
  const problemAt = (index: number) =>
    index < MAX_EDITS ? compared[index]?.problem?.message : `A change has at most ${MAX_EDITS} edits.`
  return {
    edits: some.filter((_, index) => problemAt(index) === undefined),
    leftOut: edits.flatMap(({ file }, index) => {
      const why = problemAt(index)
      return why === undefined ? [] : [{ path: file, why }]
    }),
  }
}
