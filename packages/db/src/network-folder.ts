import { statfsSync } from 'node:fs'

/** Gives the number that names the file system of a folder (statfs(2), `f_type`). */
export type FileSystemType = (folder: string) => number

/** The file system of a real folder. */
export const fileSystemType: FileSystemType = (folder) => statfsSync(folder).type

/** NFS, CIFS, SMB, SMB2 (statfs(2), linux/magic.h). */
const networkTypes = new Set([0x6969, 0xff534d42, 0x517b, 0xfe534d42])

/** Whether a folder is on a network file system; there SQLite's write-ahead log would break (sqlite.org/wal.html). */
export const isNetworkFolder = (folder: string, typeOf: FileSystemType): boolean =>
  networkTypes.has(typeOf(folder) >>> 0)
