import { backupLimits, type BackupComparison, type ConfigBackup } from '@bangui/shared'
import { createSignal, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { formatBytes, plural } from '../../lib/format.ts'
import { useCan } from '../../lib/permissions.ts'
import { AsyncButton } from '../../ui/async-button.tsx'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import styles from './config-backup.module.css'
import type { Draft } from './draft.ts'
import { LeftOutFiles } from './left-out-files.tsx'
import { RestoreDialog } from './restore-dialog.tsx'

/** Makes a backup and reads one, with what came of it. */
function createBackup() {
  const api = useApi()
  const [made, setMade] = createSignal<ConfigBackup>()
  const [found, setFound] = createSignal<BackupComparison>()
  const [problem, setProblem] = createSignal<string>()
  const attempt = async (work: () => Promise<void>) => {
    setProblem(undefined)
    setMade(undefined)
    try {
      await work()
    } catch (error) {
      setProblem(describeError(error).message)
    }
  }
  return {
    made,
    found,
    problem,
    forget: () => setFound(undefined),
    download: () =>
      attempt(async () => {
        const backup = await api.config.backup.query({})
        saveFile(backup)
        setMade(backup)
      }),
    read: (file: File) =>
      attempt(async () => {
        if (file.size > MAX_ARCHIVE_BYTES)
          setProblem(`A backup has at most ${formatBytes(MAX_ARCHIVE_BYTES)}.`)
        else setFound(await api.config.readBackup.mutate({ archive: await base64Of(file) }))
      }),
  }
}

type Backup = ReturnType<typeof createBackup>

/** All own files as one archive, and the way back, which ends in the draft. Empty for users who may not see the files. */
export function ConfigBackupCard(props: { draft: Draft | undefined }): JSX.Element {
  const maySee = useCan('secrets.read')
  const backup = createBackup()
  return (
    <Show when={maySee()}>
      <Card
        title="Backup"
        description="Your own files as one archive: every .local file, and the files that no package owns. The archive can contain passwords and keys of other services."
      >
        <div class={styles['actions']}>
          <AsyncButton size="sm" onPress={backup.download}>
            Download backup
          </AsyncButton>
          <Show when={props.draft}>
            <RestoreButton backup={backup} />
          </Show>
        </div>
        <p class={styles['quiet']}>
          A restore changes no file by itself: BanGUI adds the differences to the draft, where you can review,
          test and apply them.
        </p>
        <Outcome backup={backup} />
      </Card>
      <Show when={props.draft}>
        {(draft) => (
          <Show when={backup.found()}>
            {(comparison) => (
              <RestoreDialog comparison={comparison()} draft={draft()} onClose={backup.forget} />
            )}
          </Show>
        )}
      </Show>
    </Show>
  )
}

function RestoreButton(props: { backup: Backup }): JSX.Element {
  const [isReading, setReading] = createSignal(false)
  let input: HTMLInputElement | undefined
  const read = async (file: File) => {
    setReading(true)
    await props.backup.read(file)
    setReading(false)
  }
  return (
    <>
      <Button size="sm" loading={isReading()} onClick={() => input?.click()}>
        Restore from a backup…
      </Button>
      <input
        ref={(element) => (input = element)}
        class={styles['file']}
        type="file"
        accept=".gz,.tgz,application/gzip"
        aria-label="Backup to restore from"
        tabindex="-1"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? []
          // the same file can be chosen again
          event.currentTarget.value = ''
          if (file) void read(file)
        }}
      />
    </>
  )
}

function Outcome(props: { backup: Backup }): JSX.Element {
  return (
    <div aria-live="polite">
      <Show when={props.backup.problem()}>{(text) => <Banner tone="danger" title={text()} />}</Show>
      <Show when={props.backup.made()}>
        {(made) => (
          <>
            <p class={styles['quiet']}>
              {made().name} has {plural(made().files.length, 'file')}.
            </p>
            <LeftOutFiles files={made().leftOut} label="Files that are not in the backup" />
          </>
        )}
      </Show>
    </div>
  )
}

/** Of an archive: base64 is a third longer. */
const MAX_ARCHIVE_BYTES = (backupLimits.archive / 4) * 3

/** How long the browser may take to save a file, in milliseconds. */
const SAVED_WITHIN_MS = 60_000

function saveFile({ name, archive }: ConfigBackup): void {
  const bytes = Uint8Array.from(atob(archive), (character) => character.charCodeAt(0))
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/gzip' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // the browser reads it a moment later
  setTimeout(() => URL.revokeObjectURL(url), SAVED_WITHIN_MS)
}

/** Returns the bytes of a file as base64. */
async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  const parts: string[] = []
  for (let at = 0; at < bytes.length; at += 0x80_00)
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 0x80_00)))
  return btoa(parts.join(''))
}
