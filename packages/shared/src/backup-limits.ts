/** Bounds of a backup of the configuration: files, bytes of one of them and of all together, and of the archive as base64. */
export const backupLimits = {
  files: 1000,
  fileBytes: 1024 * 1024,
  bytes: 8 * 1024 * 1024,
  archive: 3 * 1024 * 1024,
} as const
