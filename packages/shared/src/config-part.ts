import * as z from 'zod'

/** A jail of the configuration with what it uses, by name. */
export const ConfigJail = z.object({
  name: z.string(),
  enabled: z.boolean(),
  /** null: it has none, or none that can be read */
  filter: z.string().nullable(),
  actions: z.array(z.string()),
  /** somebody made it on this machine, so that it can be deleted; false: it comes with a package */
  own: z.boolean(),
})
export type ConfigJail = z.infer<typeof ConfigJail>

/** A filter or an action that has a file, with the jails that use it. A program ends with `.py`. */
export const ConfigDefinition = z.object({
  name: z.string(),
  /** its own files, relative to the configuration folder */
  files: z.array(z.string()),
  jails: z.array(z.string()),
  /** as of a jail */
  own: z.boolean(),
  /** of an own one: the filters or actions whose files include it */
  includedBy: z.array(z.string()).optional(),
})
export type ConfigDefinition = z.infer<typeof ConfigDefinition>

/** What fail2ban's configuration consists of. */
export const ConfigParts = z.object({
  jails: z.array(ConfigJail),
  filters: z.array(ConfigDefinition),
  actions: z.array(ConfigDefinition),
})
export type ConfigParts = z.infer<typeof ConfigParts>

/** The files in the configuration folder. */
export const ConfigFiles = z.object({
  configDir: z.string(),
  /** relative to the folder, by name */
  files: z.array(z.object({ path: z.string(), size: z.int() })),
  /** there are more files than are listed */
  isCut: z.boolean(),
})
export type ConfigFiles = z.infer<typeof ConfigFiles>

const MAX_PATH_LENGTH = 1024

/** Returns whether a text is a path that stays inside a folder: relative, without `..`, empty parts and control characters. */
export const isPathInside = (path: string): boolean =>
  path.length <= MAX_PATH_LENGTH &&
  !/[\u0000-\u001f\u007f]/.test(path) &&
  path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')

/** The path of a file, relative to the configuration folder. */
export const ConfigPath = z.string().refine(isPathInside, 'A path inside the configuration folder is wanted.')

export const ConfigFileInput = z.object({ path: ConfigPath })
export type ConfigFileInput = z.infer<typeof ConfigFileInput>

/** The text of one file of the configuration. */
export const ConfigFile = z.object({
  path: z.string(),
  text: z.string(),
  /** `latin1`: the file is not valid UTF-8, so that fail2ban does not use it; each byte is shown as one character */
  encoding: z.enum(['utf-8', 'latin1']),
  /** in bytes */
  size: z.int(),
  /** only the beginning is in `text` */
  isCut: z.boolean(),
  /** of the whole file, which an edit of it names; null: it is not in `text` as a whole */
  sha256: z.string().nullable(),
  /** values and comments are left out, for administrators only */
  hidden: z.boolean().optional(),
})
export type ConfigFile = z.infer<typeof ConfigFile>
