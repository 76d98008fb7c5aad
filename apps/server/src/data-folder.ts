import { createPrivateFolder } from '@bangui/db'
import { accessSync, constants } from 'node:fs'

/** A setting cannot work on this machine; the message names it and what to do. Another try would fail as well. */
export class SettingError extends Error {
  override readonly name = 'SettingError'
}

/** Creates the data folder where it is missing. @throws SettingError where it cannot be made, or not be written to */
export function prepareDataFolder(path: string): void {
  try {
    createPrivateFolder(path)
    accessSync(path, constants.W_OK | constants.X_OK)
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new SettingError(
      `The data folder ${path} cannot be created or written to (${why}). Set BANGUI_DATA_DIR to a folder that this user may write to.`,
      { cause: error },
    )
  }
}
