import * as z from 'zod'
import { DurationInput, OperationId } from './ban.ts'
import { ChangeRefusal } from './change.ts'
import { LockOutReport, LockOutRisk } from './lock-out.ts'
import { Count } from './time.ts'
import { JailName } from './jail-name.ts'

/** A jail of the configuration, running or not. Times are whole seconds, `-1` is permanent. */
export const Jail = z.object({
  name: z.string(),
  /** the key of its host, in a list of all hosts */
  host: z.string().optional(),
  /** switched on in the configuration */
  enabled: z.boolean(),
  /** runs in the daemon now */
  running: z.boolean(),
  backend: z.string().nullable(),
  currentlyBanned: Count,
  totalBanned: Count,
  currentlyFailed: Count,
  totalFailed: Count,
  filter: z.string().nullable(),
  logPaths: z.array(z.string()),
  bantime: z.int().nullable(),
  findtime: z.int().nullable(),
  maxretry: z.int().nullable(),
  /** only the daemon has it, not the configuration, as far as that can be read */
  unconfigured: z.boolean().optional(),
  /** fail2ban leaves it out until it has a log, as its configuration says (`skip_if_nologs`) */
  waitsForLog: z.boolean().optional(),
  /** BanGUI paused it and nothing has resumed it since; fail2ban itself does not report which jails are idle */
  idle: z.boolean().optional(),
  /** runs and reads what fail2ban itself logs, as recidive does: its failures repeat the bans of other jails */
  readsOwnLog: z.boolean().optional(),
  /** a sentence that says why the configuration of this jail cannot be used; null: it can */
  problem: z.string().nullable(),
})
export type Jail = z.infer<typeof Jail>

/** One option of a jail with the file and line that set it. `line` counts from 1; null: fail2ban's built-in default. */
export const JailSetting = z.object({
  key: z.string(),
  value: z.string(),
  file: z.string().nullable(),
  line: z.int().nullable(),
  /** there is a value, for administrators only; `value` is empty then */
  hidden: z.boolean().optional(),
  /** what the running daemon has instead, where it differs: the files are not loaded yet, or it was changed at run time */
  inForce: z.string().optional(),
})
export type JailSetting = z.infer<typeof JailSetting>

export const JailDetail = Jail.extend({
  /** the values in the files; a running jail may have other values until its next load, which are in the jail itself */
  settings: z.array(JailSetting),
  /** the numbers among them, as fail2ban reads them; null: the configuration has no such jail */
  configured: Jail.pick({ bantime: true, findtime: true, maxretry: true }).nullable(),
})
export type JailDetail = z.infer<typeof JailDetail>

export const JailInput = z.object({ name: JailName })
export type JailInput = z.infer<typeof JailInput>

/** A change of a jail; under the client's id as an operation. */
export const JailChangeInput = JailInput.extend({
  operationId: OperationId.optional(),
  /** a change that can lock people out has to be confirmed with `config.confirm` @default it is kept without */
  provisional: z.boolean().optional(),
})
export type JailChangeInput = z.infer<typeof JailChangeInput>

export const SetUpManualJailInput = JailChangeInput.pick({ provisional: true }).prefault({})

export const SetIdleInput = JailInput.extend({ idle: z.boolean() })
export type SetIdleInput = z.infer<typeof SetIdleInput>

/** A file whose addresses a jail never bans (`file:` in `ignoreip`, fail2ban 1.1.1). */
export const IgnoredFile = z.object({
  path: z.string(),
  /** addresses and networks in the file, the first 500 of `total` */
  addresses: z.array(z.string()),
  total: Count,
  /** words in it that are neither an address nor a network, such as host names */
  others: Count,
  /** a sentence that says why its content is unknown; null: it is known */
  problem: z.string().nullable(),
})
export type IgnoredFile = z.infer<typeof IgnoredFile>

/** The values that a running jail uses, as the daemon reports them. Times are whole seconds, -1 is permanent. */
export const JailTuningNow = z.object({
  bantime: z.int().optional(),
  findtime: z.int().optional(),
  maxretry: z.int().optional(),
  /** addresses, networks and host names that are never banned */
  ignored: z.array(z.string()),
  /** files whose addresses are also never banned */
  ignoredFiles: z.array(IgnoredFile),
})
export type JailTuningNow = z.infer<typeof JailTuningNow>

/** The patterns of a running jail, as the daemon reports them: regular expressions of Python with fail2ban's tags. */
export const JailFilter = z.object({
  failRegex: z.array(z.string()),
  ignoreRegex: z.array(z.string()),
  /** the expression that each line is matched with first; null: none */
  prefRegex: z.string().nullable(),
})
export type JailFilter = z.infer<typeof JailFilter>

const IgnoreList = z.array(z.string().max(100)).max(500)

/** Changes of a jail, which last until its next reload or permanently. */
export const UpdateJailInput = JailChangeInput.extend({
  bantime: DurationInput.optional(),
  findtime: DurationInput.optional(),
  maxretry: z.int().min(1).max(1_000_000).optional(),
  addIgnored: IgnoreList.optional(),
  removeIgnored: IgnoreList.optional(),
  /** also adds very wide networks (isVeryWide) to the ignore list */
  force: z.boolean().default(false),
  /** also writes them into the configuration */
  permanent: z.boolean().default(false),
  /**
   * what was changed until the next load and ends with the load of a permanent change: names of settings, and addresses of
   * the ignore list. All other such changes stay in effect
   */
  giveUp: IgnoreList.optional(),
})
export type UpdateJailInput = z.infer<typeof UpdateJailInput>

/** What switching a jail on or off would do. */
export const SwitchPreview = z.object({
  name: z.string(),
  enabled: z.boolean(),
  /** nothing to do: the jail already is on or off */
  already: z.boolean(),
  /** null if it would work, else why not: fail2ban's own output, or why BanGUI cannot write the files */
  refused: z.string().nullable(),
  refusedReason: ChangeRefusal.nullable(),
  /** the configuration is read-only on this host (BANGUI_CONFIG_WRITE=off) */
  readOnly: z.boolean(),
  files: z.array(z.object({ path: z.string(), diff: z.string() })),
  /** bans that end when the jail is switched off */
  bansEnding: Count,
  /** warnings that do not stop the change, such as another jail whose configuration is broken */
  warnings: z.array(z.string()),
  /** why the change can lock people out; empty: it cannot */
  risks: z.array(LockOutRisk),
  /** seconds in which the change has to be confirmed; null: it does not */
  confirmWithin: z.int().nullable(),
  /** whether it would have banned people; null: it cannot lock anybody out, or would be refused */
  lockOut: LockOutReport.nullable(),
})
export type SwitchPreview = z.infer<typeof SwitchPreview>

/** A setting of a running jail that a load changes. Each entry of a list is one setting, `null` if it is absent. */
export const SettingChange = z.object({
  /** the name that fail2ban uses */
  key: z.string(),
  /** in effect now; times in seconds */
  now: z.string().nullable(),
  /** in effect after the load */
  after: z.string().nullable(),
  /**
   * `asked`: it was requested; `temporary`: it was changed until the next load, and BanGUI can keep it after this one;
   * `lost`: it was changed until the next load, and ends with it
   */
  kind: z.enum(['asked', 'temporary', 'lost']),
})
export type SettingChange = z.infer<typeof SettingChange>

/** What new settings of a jail would do when they are made permanent. */
export const SettingsPreview = SwitchPreview.omit({ enabled: true, bansEnding: true }).extend({
  /** the jail runs and is loaded again; else the settings apply from its next start */
  loads: z.boolean(),
  changes: z.array(SettingChange),
})
export type SettingsPreview = z.infer<typeof SettingsPreview>

/** What a change of configuration did. `files` are the paths written; `output` is fail2ban's own output. */
export const ChangeResult = z.object({
  applied: z.boolean(),
  /** fail2ban ended while it loaded the change, which stands until it is rolled back */
  crashed: z.literal(true).optional(),
  files: z.array(z.string()),
  output: z.string().nullable(),
  /** the id of the change, which is rolled back unless it is confirmed; absent: it needs no confirmation */
  unconfirmed: z.string().optional(),
  /** a sentence for people about a secondary problem, such as that the user could not be recorded */
  note: z.string().optional(),
})
export type ChangeResult = z.infer<typeof ChangeResult>
