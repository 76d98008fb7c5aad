import * as z from 'zod'
import { LockOutRisk } from './lock-out.ts'
import { Time } from './time.ts'

/**
 * The state of a change of fail2ban's configuration: `prepared` (saved, the live folder untouched), `applying` (files are
 * being written and loaded), `applied` (loaded, and seen running), `failed` (undone automatically, or left to a rollback), `reverted` (rolled back), `abandoned` (never applied),
 * `provisional` (loaded, and rolled back unless it is confirmed in time).
 */
export const ChangeState = z.enum([
  'prepared',
  'applying',
  'provisional',
  'applied',
  'failed',
  'reverted',
  'abandoned',
])
export type ChangeState = z.infer<typeof ChangeState>

/** Why a change of the configuration is refused before anything is touched: by fail2ban, or because BanGUI cannot write. */
export const ChangeRefusal = z.enum(['config_refused', 'config_unwritable'])
export type ChangeRefusal = z.infer<typeof ChangeRefusal>

/**
 * How a jail is loaded: `start` (as the files have it), `stop`, `reload` and `restart` (where it runs: else the files count
 * from its next start), `none`. A reload keeps the actions as they are, so a jail whose actions changed is restarted, which
 * lifts its bans for a moment.
 */
export const LoadStep = z.object({
  jail: z.string(),
  how: z.enum(['none', 'reload', 'restart', 'start', 'stop']),
})
export type LoadStep = z.infer<typeof LoadStep>

/**
 * What is loaded after the files of a change are written: jails, one after the other; or fail2ban is restarted, for settings
 * that it reads at its start only; or the whole configuration is loaded, where a change without files asks for that.
 */
export const ChangeLoad = z.union([
  z.array(LoadStep).readonly(),
  z.literal('daemon-restart'),
  z.object({ all: z.literal(true) }).readonly(),
])
export type ChangeLoad = z.infer<typeof ChangeLoad>

/** Returns the jails that are loaded one by one. */
export const loadSteps = (load: ChangeLoad): readonly LoadStep[] =>
  load === 'daemon-restart' || 'all' in load ? [] : load

/** Returns whether the whole configuration is loaded. */
export const isFullLoad = (load: ChangeLoad): boolean => load !== 'daemon-restart' && 'all' in load

/** The settings of a running jail that a change may set after its load: a load resets them to the files. */
const JailRuntimeKey = z.enum(['bantime', 'findtime', 'maxretry', 'addignoreip', 'delignoreip'])

/** The settings of fail2ban itself that a running daemon takes; it reads all others at its start. */
export const DaemonRuntimeKey = z.enum(['loglevel', 'logtarget', 'dbpurgeage', 'dbmaxmatches'])
export type DaemonRuntimeKey = z.infer<typeof DaemonRuntimeKey>

/** A setting that a change sets after its load; `jail` null: of fail2ban itself. */
export const RuntimeSetting = z.union([
  z.object({ jail: z.string(), key: JailRuntimeKey, value: z.string() }),
  z.object({ jail: z.null(), key: DaemonRuntimeKey, value: z.string() }),
])
export type RuntimeSetting = z.infer<typeof RuntimeSetting>

/** Which jails run after a change: those that ran before it and `running`, without `stopped`. */
export const ChangeExpect = z.object({
  before: z.array(z.string()).readonly(),
  running: z.array(z.string()).readonly(),
  stopped: z.array(z.string()).readonly(),
})
export type ChangeExpect = z.infer<typeof ChangeExpect>

/** A change of fail2ban's configuration, or a load of it as it stands: a change without files. The files stay on the host. */
export const Change = z.object({
  id: z.uuid(),
  /** a few words for people, such as "Activating jail sshd" */
  title: z.string(),
  createdAt: Time,
  state: ChangeState,
  load: ChangeLoad,
  /** what is set after the load */
  runtime: z.array(RuntimeSetting).readonly(),
  expect: ChangeExpect,
})
export type Change = z.infer<typeof Change>

/** The content of a file of a change, which lies beside the manifest; null: there is no file. */
const SavedContent = z
  .object({ name: z.string().regex(/^(?:before|written)-\d{1,4}$/), sha256: z.hex().length(64) })
  .nullable()

/** Until when a change has to be confirmed. */
export const ChangeConfirmation = z.object({
  /** how long after its load, in milliseconds */
  withinMs: z.int().positive().max(3_600_000),
  /** null: it is not loaded yet */
  by: Time.nullable(),
})
export type ChangeConfirmation = z.infer<typeof ChangeConfirmation>

/** How fail2ban tested a copy of the configuration with a change. */
export const ChangeTest = z.object({
  /** what fail2ban said that does not stop the change; empty: nothing */
  output: z.string(),
  /** samples of filters that the change touches */
  samples: z.object({ passed: z.int().nonnegative(), failed: z.int().nonnegative() }),
})
export type ChangeTest = z.infer<typeof ChangeTest>

/** A change that somebody made without BanGUI, between two looks at the files. */
export const OutsideChange = z.object({
  /** when the files were last seen as before */
  since: Time,
  /** paths of files of which nothing is kept, because they are too large or links, or there are too many */
  omitted: z.array(z.string()).readonly(),
})
export type OutsideChange = z.infer<typeof OutsideChange>

/** What a host keeps of a change beside the contents of its files: `manifest.json` in the folder of the change. */
export const ChangeManifest = Change.extend({
  version: z.literal(1),
  /** the files before the change */
  files: z
    .array(
      z.object({
        path: z.string(),
        content: SavedContent,
        mode: z.int().nonnegative().max(0o7777),
        uid: z.int().nonnegative(),
        gid: z.int().nonnegative(),
      }),
    )
    .readonly(),
  /** the files as the change leaves them */
  written: z.array(z.object({ path: z.string(), content: SavedContent })).readonly(),
  /** why it can lock people out */
  risks: z.array(LockOutRisk).readonly().optional(),
  /** it has to be confirmed; absent: it does not */
  confirmation: ChangeConfirmation.optional(),
  /** where fail2ban's log ended before a load without files; absent: that is no file */
  log: z.object({ path: z.string(), offset: z.int().nonnegative() }).optional(),
  /** how fail2ban tested it before it was written; absent: it did not */
  tested: ChangeTest.optional(),
  /** somebody else made it; absent: BanGUI did */
  outside: OutsideChange.optional(),
})
export type ChangeManifest = z.infer<typeof ChangeManifest>

/** The paths of the files of a change. */
export const ChangePaths = z.array(z.string())

/** What the server keeps of a change: its files stay on the host. */
export interface ChangeRecord extends Omit<Change, 'runtime'> {
  /** null: nobody knows whose change it was */
  readonly operationId: string | null
  /** what its author noted about it */
  readonly note: string | null
  /** the paths of its files */
  readonly files: readonly string[]
  /** somebody else made it @default BanGUI did */
  readonly outside?: true
}
