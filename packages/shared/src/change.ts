import * as z from 'zod'
import { Time } from './time.ts'

/**
 * The state of a change of fail2ban's configuration: `prepared` (saved, the live folder untouched), `applying` (files are
 * being written and loaded), `applied`, `failed` (undone automatically), `reverted` (rolled back), `abandoned` (never applied).
 */
export const ChangeState = z.enum(['prepared', 'applying', 'applied', 'failed', 'reverted', 'abandoned'])
export type ChangeState = z.infer<typeof ChangeState>

/** Why a change of the configuration is refused before anything is touched: by fail2ban, or because BanGUI cannot write. */
export const ChangeRefusal = z.enum(['config_refused', 'config_unwritable'])
export type ChangeRefusal = z.infer<typeof ChangeRefusal>

/** What a change did to its jail: switched it on or off, or changed its settings. */
export const ChangeKind = z.enum(['activate', 'deactivate', 'edit'])
export type ChangeKind = z.infer<typeof ChangeKind>

/** A change of fail2ban's configuration. Its files stay on the host. */
export const Change = z.object({
  id: z.uuid(),
  kind: ChangeKind,
  jailName: z.string(),
  createdAt: Time,
  state: ChangeState,
  /** the jails that ran before */
  jailsBefore: z.array(z.string()).readonly(),
})
export type Change = z.infer<typeof Change>

/** The content of a file of a change, which lies beside the manifest; null: there is no file. */
const SavedContent = z.object({ name: z.string(), sha256: z.hex().length(64) }).nullable()

/** What a host keeps of a change beside the contents of its files: `manifest.json` in the folder of the change. */
export const ChangeManifest = Change.extend({
  version: z.literal(1),
  /** the files before the change */
  files: z
    .array(
      z.object({
        path: z.string(),
        content: SavedContent,
        mode: z.int().nonnegative(),
        uid: z.int().nonnegative(),
        gid: z.int().nonnegative(),
      }),
    )
    .readonly(),
  /** the files as the change leaves them */
  written: z.array(z.object({ path: z.string(), content: SavedContent })).readonly(),
})
export type ChangeManifest = z.infer<typeof ChangeManifest>

/** What is loaded after the files of a change are written: how each jail is loaded. */
export const ChangeLoad = z
  .array(z.object({ jail: z.string(), how: z.enum(['none', 'reload', 'restart', 'start', 'stop']) }))
  .readonly()
export type ChangeLoad = z.infer<typeof ChangeLoad>

/** Which jails run after a change, and which do not. */
export const ChangeExpect = z.object({
  running: z.array(z.string()).readonly(),
  stopped: z.array(z.string()).readonly(),
})
export type ChangeExpect = z.infer<typeof ChangeExpect>

/** What the server keeps of a change: its files stay on the host. */
export interface ChangeRecord {
  readonly id: string
  /** null: nobody knows whose change it was */
  readonly operationId: string | null
  readonly title: string
  readonly load: ChangeLoad
  readonly expect: ChangeExpect
  readonly state: ChangeState
  readonly createdAt: number
}
